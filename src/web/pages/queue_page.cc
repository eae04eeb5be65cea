// SPDX-License-Identifier: Apache-2.0
#include "web/pages/queue_page.h"

#include <algorithm>
#include <set>

#include <fmt/format.h>

#include "base/text.h"
#include "web/pages/form.h"

namespace abate::web {
namespace {

constexpr std::size_t kAddressesShown = 3;

std::string addresses_of(const Ticket& ticket) {
  std::vector<std::string> shown;
  for (const IpAddress& address : ticket.addresses)
    if (shown.size() < kAddressesShown) shown.push_back(address.to_string());
  std::string out = join(shown, ", ");
  if (ticket.addresses.size() > kAddressesShown)
    out += fmt::format(" and {} more", ticket.addresses.size() - kAddressesShown);
  return out;
}

// The verdict that asks for the most care, first.
const desk::KeptIncident* most_doubtful(const std::vector<desk::KeptIncident>& incidents) {
  const auto doubt = [](const desk::KeptIncident& kept) {
    switch (kept.attribution.verdict) {
      case Verdict::ambiguous: return 3;
      case Verdict::unassigned: return 2;
      case Verdict::not_ours: return 1;
      case Verdict::matched: return 0;
    }
    return 0;
  };
  const auto at = std::ranges::max_element(incidents, {}, doubt);
  return at == incidents.end() ? nullptr : &*at;
}

void set_verdict(Part& row, const std::vector<desk::KeptIncident>& incidents) {
  const desk::KeptIncident* const kept = most_doubtful(incidents);
  if (kept == nullptr) return;
  Part verdict = row.add("ATTRIBUTION");
  verdict.set("VERDICT", verdict_title(kept->attribution.verdict));
  verdict.set("VERDICT_TONE", verdict_tone(kept->attribution.verdict)).set("PROOF", verdict_sentence(*kept));
}

std::string excerpt_of(const std::vector<desk::KeptIncident>& incidents) {
  std::set<std::string> types;
  for (const desk::KeptIncident& kept : incidents) types.insert(shorten(kept.incident.type, 60));
  return join({types.begin(), types.end()}, ", ");
}

void add_ticket(Part& main, const QueueRow& view, const std::vector<std::string>& picked, Instant now) {
  const Ticket& ticket = view.ticket;
  Part row = main.add("TICKET");
  row.set("ID", ticket.id).set_number("VERSION", ticket.version).set("CATEGORY", category_title(ticket.category));
  row.set("SERVICE", ticket.service.id).set("SERVICE_NAME", ticket.service.name).set("CUSTOMER", ticket.customer.name);
  row.set("COUNT", ticket.incident_count == 1 ? "1 incident" : fmt::format("{} incidents", ticket.incident_count));
  row.set("ADDRESSES", addresses_of(ticket)).set("TYPES", excerpt_of(view.incidents));
  const Instant newest = ticket.last_incident_at.value_or(ticket.created_at);
  set_time(row, "NEWEST", newest);
  row.set("NEWEST_AGO", from_now(newest, now));
  if (std::ranges::find(picked, ticket.id) != picked.end()) row.show("PICKED");
  if (view.noise) row.show("NOISE");
  for (const ReporterLine& reporter : view.reporters) {
    Part who = row.add("REPORTER");
    who.set("REPORTER_ADDRESS", reporter.address.empty() ? "unknown sender" : reporter.address);
    who.set("REPORTER_AUTH", authentication_title(reporter.authenticated));
    who.set("REPORTER_TONE", is_authenticated(reporter.authenticated) ? "good" : "warn");
  }
  set_verdict(row, view.incidents);
}

void add_report(Part& main, const ReportRow& view, const std::vector<std::string>& picked, Instant now) {
  const Report& report = view.report;
  Part row = main.add("REPORT");
  const auto& mail = report.reading.mail;
  const std::string& from =
      report.reading.reporter.address.empty() ? report.envelope_from : report.reading.reporter.address;
  row.set("ID", report.id).set("STATUS", report_status_title(report.status));
  row.set("SUBJECT", mail && !mail->subject.empty() ? shorten(mail->subject, 200) : "(no subject)");
  row.set("FROM", from.empty() ? "unknown sender" : from);
  row.set("AUTH", authentication_title(report.reading.reporter.authenticated));
  row.set("AUTH_TONE", is_authenticated(report.reading.reporter.authenticated) ? "good" : "warn");
  row.set_if("REASON", report.reason).set_if("SUGGESTION", report.suggestion);
  set_time(row, "RECEIVED", report.received_at);
  row.set("RECEIVED_AGO", from_now(report.received_at, now));
  if (view.incident_count > 0)
    row.set_if("COUNT", view.incident_count == 1 ? "1 incident" : fmt::format("{} incidents", view.incident_count));
  if (std::ranges::find(picked, report.id) != picked.end()) row.show("PICKED");
  set_verdict(row, view.incidents);
}

void add_waiting(Part& main, const Ticket& ticket) {
  Part row = main.add("WAITING");
  row.set("ID", ticket.id).set("CATEGORY", category_title(ticket.category)).set("SERVICE", ticket.service.id);
  row.set("CUSTOMER", ticket.customer.name);
  const auto proposed = std::ranges::find(ticket.measures, MeasureState::proposed, &Measure::state);
  const auto failed = std::ranges::find(ticket.measures, MeasureState::failed, &Measure::state);
  if (ticket.state == TicketState::claimed)
    row.set("WHY", "The customer says that it is fixed: check and decide.").set("WHY_TONE", "busy");
  else if (failed != ticket.measures.end())
    row.set("WHY", fmt::format("Could not be carried out: {}.", measure_title(failed->kind))).set("WHY_TONE", "bad");
  else if (proposed != ticket.measures.end())
    row.set("WHY", fmt::format("A measure waits for a decision: {}.", measure_title(proposed->kind)))
        .set("WHY_TONE", "warn");
  else
    row.set("WHY", "The notice did not arrive: the customer does not know.").set("WHY_TONE", "bad");
}

}  // namespace

std::string render(const Frame& frame, const QueueView& view) {
  Sheet sheet;
  Part main = framed(sheet, frame, "review.html");
  for (const QueueRow& row : view.tickets) add_ticket(main, row, view.picked, frame.now);
  for (const ReportRow& row : view.reports) add_report(main, row, view.picked, frame.now);
  for (const Ticket& ticket : view.waiting) add_waiting(main, ticket);
  for (const Ticket& ticket : view.stuck) {
    Part row = main.add("WAITING");
    row.set("ID", ticket.id).set("CATEGORY", category_title(ticket.category)).set("SERVICE", ticket.service.id);
    row.set("CUSTOMER", ticket.customer.name);
    row.set("WHY", "The customer is stuck and asks for the next step.").set("WHY_TONE", "warn");
  }
  main.set("TICKET_COUNT", fmt::format("{}{}", view.tickets.size(), view.next_tickets.empty() ? "" : "+"));
  main.set("REPORT_COUNT", fmt::format("{}{}", view.reports.size(), view.next_reports.empty() ? "" : "+"));
  main.show_if(!view.tickets.empty(), "TICKETS").show_if(!view.reports.empty(), "REPORTS");
  main.show_if(!view.waiting.empty() || !view.stuck.empty(), "HAS_WAITING");
  main.set("TYPED_REASON", view.reason);
  if (!view.next_tickets.empty())
    main.add("MORE_TICKETS").set("MORE_URL", "/review" + query_string({{"after", view.next_tickets}}));
  if (!view.next_reports.empty()) main.show("MORE_REPORTS");
  return sheet.render("layout.html");
}

}  // namespace abate::web
