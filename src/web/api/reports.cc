// SPDX-License-Identifier: Apache-2.0
// /api/v1/reports: posting what came in, and looking at it. SECURITY: raw bytes go out as an attachment of text/plain
// that no browser may sniff; nothing in them is read here.
#include "base/text.h"
#include "desk/look.h"
#include "desk/team.h"
#include "web/api/api.h"
#include "web/api/kit.h"
#include "wire/report_json.h"

namespace abate::web {
namespace {

namespace json = boost::json;

constexpr std::string_view kMailType = "message/rfc822";
constexpr std::string_view kFormType = "application/x-www-form-urlencoded";  // what clients say when told nothing

Result<void> may_post(const Principal& who) {
  if (who.is_team() || (who.kind == Principal::Kind::token && who.scope == Scope::reports)) return {};
  return failure(Fault::refused, "reports are posted with a token of scope reports or desk");
}

// Whose key and whose bytes: a token by its name; a person by a name that no token can have.
std::string poster(const Principal& who) { return who.kind == Principal::Kind::token ? who.name : who.actor(); }

Response kept_answer(int status, const std::string& id, ReportStatus state) {
  Response out = json_answer(status, {{"report_id", id}, {"status", report_status_name(state)}});
  out.headers.emplace_back("Location", "/api/v1/reports/" + id);
  return out;
}

Response post(const Api& api, const Request& request) {
  const Principal& who = *request.who;
  if (const auto may = may_post(who); !may) return problem(may.error());
  // The type is a hint for the reader, never a reason to refuse: many programs name none, or a wrong one.
  if (!request.header("content-encoding").empty())
    return problem(415, "Unsupported media type", "the body is to come as it is, without a Content-Encoding");
  const Result<std::string> key = idempotency_key(request);
  if (!key) return problem(key.error());
  desk::NewArrival arrival;
  arrival.channel = Channel::http;
  arrival.bytes = request.body;
  const std::string type = media_type(request);
  arrival.content_type = type.empty() || type == kFormType ? kMailType : request.header("content-type");
  arrival.token = poster(who);
  arrival.reporter_domain = who.reporter;
  arrival.idempotency_key = *key;
  const Result<desk::Kept> kept = api.intake.accept_and_wait(std::move(arrival));
  if (!kept && kept.error().fault == Fault::conflict)
    return problem(422, "Idempotency-Key used before", kept.error().what);
  if (!kept) return problem(kept.error());
  if (kept->fresh) return kept_answer(201, kept->report_id, ReportStatus::received);
  const Result<Report> there =
      desk::in_read(api.desk.store, [&](desk::Transaction& store) { return store.report(kept->report_id); });
  return kept_answer(200, kept->report_id, there ? there->status : ReportStatus::received);
}

// Whoever only reports is not told what the team thinks of it.
json::object shown(const Report& report, const Principal& who) {
  json::object out = wire::report_json(report);
  if (who.is_team()) return out;
  out["reason"] = nullptr;
  out["suggestion"] = nullptr;
  return out;
}

Response list(const Api& api, const Request& request) {
  desk::ReportFilter filter;
  if (const std::string_view status = request.argument("status"); !status.empty()) {
    filter.status = parse_report_status(status);
    if (!filter.status) return problem({Fault::malformed, fmt::format("'status': there is no status '{}'", status)});
  }
  const auto person = flag_argument(request, "needs_person");
  const Result<desk::Page> page = page_of(request);
  if (!person || !page) return problem(!person ? person.error() : page.error());
  filter.needs_person = *person;
  const auto listed = desk::see_reports(api.desk, *request.who, filter, *page);
  if (!listed) return problem(listed.error());
  json::array items;
  for (const Report& report : listed->items) items.push_back(shown(report, *request.who));
  return list_answer(std::move(items), listed->next);
}

Response one(const Api& api, const Request& request) {
  const std::string& id = request.captures.at("id");
  const Result<Report> report = desk::see_report(api.desk, *request.who, id);
  if (!report) return problem(report.error());
  const auto incidents = desk::see_report_incidents(api.desk, *request.who, id);
  if (!incidents) return problem(incidents.error());
  json::object out = shown(*report, *request.who);
  json::array array;
  for (const desk::KeptIncident& kept : *incidents) array.push_back(kept_incident_json(kept, *request.who));
  out["incidents"] = std::move(array);
  return json_answer(200, out);
}

Response raw(const Api& api, const Request& request) {
  const std::string& id = request.captures.at("id");
  Result<std::string> bytes = desk::see_report_bytes(api.desk, *request.who, id);
  if (!bytes) return problem(bytes.error());
  Response out;
  out.content_type = "text/plain";
  out.headers.emplace_back("Content-Disposition", fmt::format("attachment; filename=\"{}.txt\"", id));
  out.body = *std::move(bytes);
  return out;
}

Response dismiss(const Api& api, const Request& request) {
  const std::string& id = request.captures.at("id");
  const Result<Report> seen = desk::see_report(api.desk, *request.who, id);
  if (!seen) return problem(seen.error());
  if (!request.who->is_team()) return problem(403, "Not allowed", "reports are judged by the Abuse Team");
  const auto body = json_body(request);
  if (!body) return body.error();
  const Result<std::string> reason = text_field(*body, "reason");
  if (!reason) return problem(reason.error());
  const Result<bool> harmful = flag_field(*body, "harmful", false);
  if (!harmful) return problem(harmful.error());
  const Result<Report> report = desk::dismiss_report(api.desk, *request.who, id, *reason, *harmful);
  return report ? json_answer(200, shown(*report, *request.who)) : problem(report.error());
}

}  // namespace

void add_report_routes(Routes& routes, const Api& api) {
  routes.add("POST", "/api/v1/reports", [&api](const Request& request) { return post(api, request); });
  routes.add("GET", "/api/v1/reports", [&api](const Request& request) { return list(api, request); });
  routes.add("GET", "/api/v1/reports/{id}", [&api](const Request& request) { return one(api, request); });
  routes.add("GET", "/api/v1/reports/{id}/raw", [&api](const Request& request) { return raw(api, request); });
  routes.add("POST", "/api/v1/reports/{id}/dismiss", [&api](const Request& request) { return dismiss(api, request); });
}

}  // namespace abate::web
