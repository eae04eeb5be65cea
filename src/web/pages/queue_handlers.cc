// SPDX-License-Identifier: Apache-2.0
// /review: the queue, and opening or dismissing many at once (R5).
#include <algorithm>

#include <fmt/format.h>

#include "base/text.h"
#include "desk/look.h"
#include "desk/team.h"
#include "web/pages/gather.h"
#include "web/pages/queue_page.h"
#include "web/pages/reply_panel.h"
#include "web/pages/site.h"

namespace abate::web {
namespace {

constexpr std::size_t kQueueRowsMax = 25;
constexpr std::size_t kIncidentsSampled = 5;
constexpr std::size_t kWaitingMax = 50;
constexpr std::size_t kLookedAtMax = 100;  // answered tickets, the newest: does their customer ask for the next step?
constexpr std::uint64_t kThreadEnd = 30;   // entries of each
constexpr std::size_t kLookedIntoBytesMax =
    1024 * 1024;  // a report's incidents are read whole: large ones on their page

bool waits(const Ticket& ticket) {
  const bool measure = std::ranges::any_of(ticket.measures, [](const Measure& m) {
    return m.state == MeasureState::proposed || m.state == MeasureState::failed;
  });
  return ticket.state == TicketState::claimed || measure ||
         (ticket.state == TicketState::open && ticket.notice == NoticeStanding::undelivered);
}

// By the end of its thread.
Result<bool> asks_for_next_step(const Site& site, const Principal& who, const Ticket& ticket) {
  const std::uint64_t before = ticket.last_seq > kThreadEnd ? ticket.last_seq - kThreadEnd : 0;
  const std::string after = before == 0 ? std::string{} : fmt::format("{}", before);
  TRY_ASSIGN(const desk::Listed<Entry> end,
             desk::see_entries(site.desk, who, ticket.id, desk::Page{after, static_cast<std::size_t>(kThreadEnd)}));
  return waits_for_next_step(end.items);
}

Result<void> gather_waiting(const Site& site, const Principal& who, QueueView& view) {
  desk::TicketFilter claimed;
  claimed.state = TicketState::claimed;
  desk::TicketFilter open;
  open.state = TicketState::open;
  std::size_t looked_at = 0;
  for (const desk::TicketFilter& filter : {claimed, open}) {
    TRY_ASSIGN(desk::Listed<Ticket> listed, desk::see_tickets(site.desk, who, filter, desk::Page{{}, desk::kPageMax}));
    for (Ticket& ticket : listed.items) {
      if (waits(ticket)) {
        if (view.waiting.size() < kWaitingMax) view.waiting.push_back(std::move(ticket));
        continue;
      }
      if (!ticket.answered_at || looked_at == kLookedAtMax) continue;
      ++looked_at;
      TRY_ASSIGN(const bool stuck, asks_for_next_step(site, who, ticket));
      if (stuck) view.stuck.push_back(std::move(ticket));
    }
  }
  return {};
}

// Judged as triage judges it before a ticket opens by itself.
Result<bool> noise(const Site& site, const Ticket& ticket) {
  const std::shared_ptr<const Policy> policy = site.desk.policy.load();
  const Terms& terms = policy->of(ticket.category);
  if (terms.noise_incidents <= 1 && terms.noise_reporters <= 1) return false;
  TRY_ASSIGN(const desk::Echo echo, desk::in_read(site.desk.store, [&](desk::Transaction& store) {
               return store.echo_of_ticket(ticket.id, site.desk.clock.now() - terms.noise_window, "", "");
             }));
  return is_noise(terms, echo.incidents, echo.reporters);
}

Result<QueueView> gather(const Site& site, const Request& request) {
  const Principal& who = *request.who;
  QueueView view;
  desk::TicketFilter in_review;
  in_review.state = TicketState::in_review;
  TRY_ASSIGN(
      const desk::Listed<Ticket> tickets,
      desk::see_tickets(site.desk, who, in_review, desk::Page{std::string{request.argument("after")}, kQueueRowsMax}));
  for (const Ticket& ticket : tickets.items) {
    QueueRow row;
    row.ticket = ticket;
    TRY_ASSIGN(desk::Listed<desk::KeptIncident> sample,
               desk::see_incidents(site.desk, who, ticket.id, desk::Page{{}, kIncidentsSampled}));
    row.incidents = std::move(sample.items);
    TRY_ASSIGN(const auto reporters, reporters_of(site.desk, row.incidents));
    for (const auto& [id, reporter] : reporters) {
      const auto same = [&](const ReporterLine& other) {
        return other.address == reporter.address && other.authenticated == reporter.authenticated;
      };
      if (std::ranges::none_of(row.reporters, same)) row.reporters.push_back(reporter);
    }
    TRY_ASSIGN(row.noise, noise(site, ticket));
    view.tickets.push_back(std::move(row));
  }
  view.next_tickets = tickets.next;
  desk::ReportFilter person;
  person.needs_person = true;
  TRY_ASSIGN(desk::Listed<Report> reports, desk::see_reports(site.desk, who, person, desk::Page{{}, kQueueRowsMax}));
  for (Report& report : reports.items) {
    ReportRow row;
    if (report.status == ReportStatus::read && report.size_bytes <= kLookedIntoBytesMax) {
      TRY_ASSIGN(row.incidents, desk::see_report_incidents(site.desk, who, report.id));
      row.incident_count = row.incidents.size();
    }
    row.report = std::move(report);
    view.reports.push_back(std::move(row));
  }
  view.next_reports = reports.next;
  TRY(gather_waiting(site, who, view));
  return view;
}

Response show(const Site& site, const Request& request) {
  const Result<QueueView> view = gather(site, request);
  if (!view) return error_page(site, request, view.error());
  return html(200, render(frame_of(site, request, "Review", "review"), *view));
}

struct Bulk {  // what came of many decisions
  std::size_t done = 0;
  std::vector<std::string> failed;  // ids
  std::string first_problem;
  int status = 200;

  void note(const std::string& id, const Error& error) {
    if (failed.empty()) {
      status = status_of(error.fault);
      first_problem = error.fault == Fault::stale ? "it changed meanwhile, look at it again" : error.what;
    }
    failed.push_back(id);
  }
};

Result<void> decide(const Site& site, const Principal& who, const Form& sent, const std::string& picked) {
  if (sent.value("action") == "dismiss_reports") {
    TRY(desk::dismiss_report(site.desk, who, picked, sent.value("reason")));
    return {};
  }
  const std::size_t colon = picked.rfind(':');
  const Result<Form> version = Form::parse_body("version=" + (colon == picked.npos ? "" : picked.substr(colon + 1)));
  const std::string id = picked.substr(0, colon);
  if (!version || !version->version()) return failure(Fault::malformed, "which version of {} was seen is not said", id);
  const desk::Ask ask{who, id, *version->version()};
  if (sent.value("action") == "open")
    TRY(desk::open_ticket(site.desk, ask));
  else
    TRY(desk::dismiss_ticket(site.desk, ask, sent.value("reason")));
  return {};
}

Response again(const Site& site, const Request& request, const Form& sent, int status, Banner banner,
               std::vector<std::string> picked) {
  Result<QueueView> view = gather(site, request);
  if (!view) return error_page(site, request, view.error());
  view->reason = sent.value("reason");
  view->picked = std::move(picked);
  Frame frame = frame_of(site, request, "Review", "review");
  frame.banner = std::move(banner);
  return html(status, render(frame, *view));
}

std::vector<std::string> ids_of(const std::vector<std::string>& picked) {
  std::vector<std::string> ids;
  for (const std::string& one : picked) ids.push_back(one.substr(0, one.find(':')));
  return ids;
}

Response take(const Site& site, const Request& request, const Form& sent) {
  const std::string& action = sent.value("action");
  const bool reports = action == "dismiss_reports";
  if (action != "open" && action != "dismiss" && !reports) return error_page(site, request, 400);
  const std::vector<std::string> picked = sent.values(reports ? "report" : "ticket");
  if (picked.empty()) return again(site, request, sent, 422, {"warn", "Nothing was picked: tick the boxes first."}, {});
  if (action != "open" && trim(sent.value("reason")).empty())
    return again(site, request, sent, 422, {"warn", "Please give a reason for dismissing."}, ids_of(picked));
  Bulk bulk;
  for (const std::string& one : picked) {
    if (const Result<void> done = decide(site, *request.who, sent, one); done)
      ++bulk.done;
    else
      bulk.note(one.substr(0, one.find(':')), done.error());
  }
  if (bulk.failed.empty())
    return see_other(reports            ? "/review?done=bulk_reports"
                     : action == "open" ? "/review?done=bulk_open"
                                        : "/review?done=bulk_dismiss");
  return again(site, request, sent, bulk.status,
               {"warn", fmt::format("{} done, {} not. {}: {}.", bulk.done, bulk.failed.size(), bulk.failed.front(),
                                    bulk.first_problem)},
               bulk.failed);
}

}  // namespace

void add_queue_pages(Routes& routes, const SitePtr& site) {
  routes.add("GET", "/review", page(site, Door::team, show));
  routes.add("POST", "/review", form(site, Door::team, take));
}

}  // namespace abate::web
