// SPDX-License-Identifier: Apache-2.0
// /healthz, /readyz, /metrics. The first two are open to everybody and say no more than names; figures are for tokens
// of scope metrics or desk and for the team.
#include "base/log.h"
#include "web/api/api.h"
#include "web/api/kit.h"

namespace abate::web {
namespace {

namespace json = boost::json;

std::vector<HealthPart> parts_of(const Api& api) {
  std::vector<HealthPart> parts = api.parts ? api.parts() : std::vector<HealthPart>{};
  parts.insert(parts.begin(), HealthPart{"store", api.desk.store.check()});
  return parts;
}

Response ready(const Api& api) {
  json::object told;
  bool ready = true;
  for (const HealthPart& part : parts_of(api)) {
    told[part.name] = part.standing ? "ok" : "away";
    if (part.standing) continue;
    if (part.vital) ready = false;
    log_warning("not_ready", {{"part", part.name}, {"why", part.standing.error().what}});
  }
  return json_answer(ready ? 200 : 503, {{"status", ready ? "ready" : "away"}, {"parts", std::move(told)}});
}

struct Figures {
  desk::ReportTotals reports;
  std::vector<std::pair<TicketState, std::uint64_t>> tickets;
  desk::OutboxTotals outbox;
};

Result<Figures> figures(const Api& api) {
  return desk::in_read(api.desk.store, [](desk::Transaction& store) -> Result<Figures> {
    Figures out;
    TRY_ASSIGN(out.reports, store.report_totals());
    TRY_ASSIGN(out.tickets, store.ticket_totals());
    TRY_ASSIGN(out.outbox, store.outbox_totals());
    return out;
  });
}

std::string escape_label(std::string_view value) {
  std::string out;
  for (const char c : value) {
    if (c == '\\' || c == '"') out += '\\';
    out += c == '\n' ? ' ' : c;
  }
  return out;
}

class Exposition {  // Prometheus text format 0.0.4
 public:
  void begin(std::string_view name, std::string_view type, std::string_view help) {
    name_ = name;
    fmt::format_to(std::back_inserter(text_), "# HELP {} {}\n# TYPE {} {}\n", name, help, name, type);
  }
  void value(std::uint64_t value, std::string_view labels = {}) {
    fmt::format_to(std::back_inserter(text_), "{}{} {}\n", name_, labels, value);
  }
  std::string take() { return std::move(text_); }

 private:
  std::string name_;
  std::string text_;
};

void tell_desk(Exposition& out, const Figures& figures, Instant now) {
  const desk::ReportTotals& reports = figures.reports;
  out.begin("abate_reports", "gauge", "Reports by status.");
  out.value(reports.received, "{status=\"received\"}");
  out.value(reports.read, "{status=\"read\"}");
  out.value(reports.not_a_report, "{status=\"not_a_report\"}");
  out.value(reports.unreadable, "{status=\"unreadable\"}");
  out.value(reports.dismissed, "{status=\"dismissed\"}");
  out.begin("abate_reports_for_a_person", "gauge", "Reports that wait for a person.");
  out.value(reports.needs_person);
  out.begin("abate_tickets", "gauge", "Tickets by state.");
  for (const auto& [state, count] : figures.tickets)
    out.value(count, fmt::format("{{state=\"{}\"}}", ticket_state_name(state)));
  out.begin("abate_outbox_waiting", "gauge", "Mails and orders that are decided and not done yet.");
  out.value(figures.outbox.waiting);
  out.begin("abate_outbox_given_up", "gauge", "Mails and orders that a person must look at.");
  out.value(figures.outbox.given_up);
  out.begin("abate_outbox_oldest_seconds", "gauge", "Age of the oldest that waits.");
  const auto age = figures.outbox.oldest ? now - *figures.outbox.oldest : Duration{0};
  out.value(static_cast<std::uint64_t>(
      std::max<std::int64_t>(0, std::chrono::duration_cast<std::chrono::seconds>(age).count())));
}

void tell_process(Exposition& out, const Api& api) {
  out.begin("abate_away", "gauge", "1 where a part of the desk did not answer when it was last needed.");
  for (const HealthPart& part : parts_of(api))
    out.value(part.standing ? 0 : 1, fmt::format("{{part=\"{}\"}}", escape_label(part.name)));
  const std::shared_ptr<const desk::LedgerIndex> ledger = api.desk.ledger.load();
  out.begin("abate_ledger_version", "gauge", "Version of the ledger that attribution asks; 0 before the first.");
  out.value(ledger ? ledger->version : 0);
  out.begin("abate_ledger_assignments", "gauge", "Rows of that ledger.");
  out.value(ledger ? ledger->index.size() : 0);
  out.begin("abate_ledger_bytes", "gauge", "Memory of its index.");
  out.value(ledger ? ledger->index.memory_bytes() : 0);
  out.begin("abate_http_answers_total", "counter", "HTTP answers by kind of status.");
  for (std::size_t kind = 2; kind < api.traffic.answers.size(); ++kind)
    out.value(api.traffic.answers[kind], fmt::format("{{status=\"{}xx\"}}", kind));
  out.begin("abate_http_framing_errors_total", "counter", "Requests whose framing was refused.");
  out.value(api.traffic.framing_errors);
  out.begin("abate_http_connections", "gauge", "Connections that are open.");
  out.value(api.traffic.connections);
  out.begin("abate_http_streams", "gauge", "Event streams that are open.");
  out.value(api.traffic.streams);
}

Response metrics(const Api& api, const Request& request) {
  if (!request.who) {
    Response refused = problem(401, "Not signed in", "figures are shown to a token of scope metrics or desk");
    refused.headers.emplace_back("WWW-Authenticate", "Bearer realm=\"abate\"");
    return refused;
  }
  const bool for_metrics = request.who->kind == Principal::Kind::token && request.who->scope == Scope::metrics;
  if (!for_metrics && !request.who->is_team())
    return problem(403, "Not allowed", "figures are shown to a token of scope metrics or desk");
  const Result<Figures> found = figures(api);
  if (!found) return problem(found.error());
  Exposition out;
  tell_desk(out, *found, api.desk.clock.now());
  tell_process(out, api);
  Response answer;
  answer.content_type = "text/plain; version=0.0.4; charset=utf-8";
  answer.body = out.take();
  return answer;
}

}  // namespace

void add_health_routes(Routes& routes, const Api& api) {
  routes.add("GET", "/healthz", [](const Request&) { return json_answer(200, {{"status", "ok"}}); });
  routes.add("GET", "/readyz", [&api](const Request&) { return ready(api); });
  routes.add("GET", "/metrics", [&api](const Request& request) { return metrics(api, request); });
}

}  // namespace abate::web
