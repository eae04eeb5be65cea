// SPDX-License-Identifier: Apache-2.0
// /api/v1/assignments and /attribution: the ledger, and what it says.
#include "desk/ledger.h"

#include <sstream>

#include "base/log.h"
#include "base/text.h"
#include "desk/attribute.h"
#include "web/api/api.h"
#include "web/api/kit.h"

namespace abate::web {
namespace {

namespace json = boost::json;

Response import(const Api& api, const Request& request) {
  if (!request.who->may_lead())
    return problem(403, "Not allowed", "the ledger is brought in by a lead, an admin or a desk token");
  if (media_type(request) != "text/csv") return problem(415, "Unsupported media type", "the ledger is text/csv");
  const auto dry_run = flag_argument(request, "dry_run");
  if (!dry_run) return problem(dry_run.error());
  std::istringstream csv{request.body};
  const Result<desk::LedgerChange> change = desk::import_ledger(api.desk.store, csv, dry_run->value_or(false));
  if (!change) return problem(change.error());
  if (!dry_run->value_or(false)) {
    log_info("ledger_imported", {{"by", request.who->actor()}, {"rows", std::to_string(change->rows)}});
    api.desk.bell.ring(desk::Bell::Topic::ledger);
  }
  json::array examples;
  for (const std::string& example : change->examples) examples.emplace_back(make_valid_utf8(example));
  return json_answer(200, {{"rows", change->rows},
                           {"services", change->services},
                           {"added", change->added},
                           {"removed", change->removed},
                           {"examples", std::move(examples)},
                           {"dry_run", dry_run->value_or(false)}});
}

// A time without a zone is asked for with its doubt, as a report's would be. A "+" that stands raw in a query has
// become a blank.
Result<TimeSpan> span_asked(const Request& request, Instant now) {
  std::string at{request.argument("at")};
  if (at.empty()) return TimeSpan{now, now};
  if (at.size() > 6 && at[at.size() - 6] == ' ' && at.contains('T')) at[at.size() - 6] = '+';
  const Result<ParsedTime> time = parse_rfc3339_lenient(at);
  if (!time) return failure(Fault::malformed, "'at': {}", time.error().what);
  return time->zoned ? TimeSpan{time->at, time->at} : span_of_unzoned(time->at);
}

Response attribution(const Api& api, const Request& request) {
  if (!request.who->is_team()) return problem(403, "Not allowed", "whose an address was is shown to the Abuse Team");
  const Result<IpAddress> address = parse_ip(request.argument("ip"));
  if (!address) return problem({Fault::malformed, "'ip': " + address.error().what});
  const Result<TimeSpan> span = span_asked(request, api.desk.clock.now());
  if (!span) return problem(span.error());
  const Result<desk::Attribution> found = desk::attribution_of(api.desk, *address, *span);
  if (!found) return problem(found.error());
  json::object out = kept_attribution_json(*found, *request.who);
  out["ip"] = address->to_string();
  return json_answer(200, out);
}

}  // namespace

void add_ledger_routes(Routes& routes, const Api& api) {
  routes.add("PUT", "/api/v1/assignments", [&api](const Request& request) { return import(api, request); });
  routes.add("GET", "/api/v1/attribution", [&api](const Request& request) { return attribution(api, request); });
}

}  // namespace abate::web
