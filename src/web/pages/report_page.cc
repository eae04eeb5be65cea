// SPDX-License-Identifier: Apache-2.0
#include "web/pages/report_page.h"

#include <algorithm>
#include <map>
#include <set>

#include <fmt/format.h>

#include "base/text.h"

namespace abate::web {
namespace {

std::string from_of(const Report& report) {
  if (!report.reading.reporter.address.empty()) return report.reading.reporter.address;
  if (!report.envelope_from.empty()) return report.envelope_from;
  return report.token.empty() ? "unknown sender" : "token " + report.token;
}

// Only mails have subjects.
std::string subject_of(const Report& report) {
  const auto& mail = report.reading.mail;
  return mail && !mail->subject.empty() ? shorten(mail->subject, 200) : "Report from " + shorten(from_of(report), 190);
}

std::string_view tone_of(const Report& report) {
  if (report.needs_person) return "warn";
  switch (report.status) {
    case ReportStatus::received: return "busy";
    case ReportStatus::read: return "good";
    case ReportStatus::unreadable: return "warn";
    case ReportStatus::not_a_report:
    case ReportStatus::dismissed: return "quiet";
  }
  return "quiet";
}

void add_tab(Part& main, const ReportListView& view, std::string_view key, std::string_view label,
             std::uint64_t count) {
  Part tab = main.add("TAB");
  tab.set("TAB_URL", "/reports" + query_string({{"status", std::string{key}}})).set("TAB_LABEL", label);
  tab.set_number("TAB_COUNT", count);
  if (view.status == key) tab.show("TAB_HERE");
}

std::string bytes_for_people(std::size_t bytes) {
  if (bytes < 1024) return fmt::format("{} bytes", bytes);
  if (bytes < 1024 * 1024) return fmt::format("{:.1f} KB", static_cast<double>(bytes) / 1024);
  return fmt::format("{:.1f} MB", static_cast<double>(bytes) / 1024 / 1024);
}

void set_common(Part& row, const Report& report, Instant now) {
  row.set("ID", report.id).set("FROM", from_of(report)).set("SUBJECT", subject_of(report));
  row.set("STATUS", report_status_title(report.status)).set("STATUS_TONE", tone_of(report));
  row.set("CHANNEL", channel_name(report.channel));
  row.set("FORMAT", report.reading.format.empty() ? "–" : report.reading.format);
  row.set("AUTH", authentication_title(report.reading.reporter.authenticated));
  row.set("AUTH_TONE", is_authenticated(report.reading.reporter.authenticated) ? "good" : "warn");
  set_time(row, "RECEIVED", report.received_at);
  row.set("RECEIVED_AGO", from_now(report.received_at, now));
  row.set_if("REASON", report.reason).set_if("SUGGESTION", report.suggestion);
  if (report.needs_person) row.show("NEEDS_PERSON");
}

}  // namespace

std::string render(const Frame& frame, const ReportListView& view) {
  Sheet sheet;
  Part main = framed(sheet, frame, "reports.html");
  const desk::ReportTotals& totals = view.totals;
  add_tab(main, view, "", "All",
          totals.received + totals.read + totals.not_a_report + totals.unreadable + totals.dismissed);
  add_tab(main, view, "person", "Needs a person", totals.needs_person);
  add_tab(main, view, "received", "Being read", totals.received);
  add_tab(main, view, "read", "Read", totals.read);
  add_tab(main, view, "not_a_report", "Not a report", totals.not_a_report);
  add_tab(main, view, "unreadable", "Unreadable", totals.unreadable);
  add_tab(main, view, "dismissed", "Dismissed", totals.dismissed);
  for (const Report& report : view.reports) {
    Part row = main.add("REPORT");
    set_common(row, report, frame.now);
  }
  main.show_if(!view.reports.empty(), "REPORTS");
  const auto url = [&](const std::string& after) {
    return "/reports" + query_string({{"status", view.status}, {"after", after}});
  };
  set_pager(main, view.first ? "" : url(""), view.next.empty() ? "" : url(view.next));
  return sheet.render("layout.html");
}

namespace {

void add_way(Part& main, const Report& report) {
  const auto fact = [&](std::string_view label, const std::string& value) {
    if (!value.empty()) main.add("FACT").set("FACT_LABEL", label).set("FACT_VALUE", value);
  };
  fact("Came by",
       fmt::format("{}{}", channel_name(report.channel),
                   report.arrivals > 1 ? fmt::format(", {} arrivals of the same bytes", report.arrivals) : ""));
  for (const DnsText& key : report.reading.reporter.keys)
    fact("Proved by", fmt::format("the key {} as DNS had it then", shorten(key.name, 253)));
  fact("Envelope",
       report.envelope_from.empty() && report.envelope_to.empty()
           ? ""
           : fmt::format("{} → {}", report.envelope_from.empty() ? "<>" : report.envelope_from, report.envelope_to));
  fact("API token", report.token);
  fact("Content", fmt::format("{}, {}", report.content_type, bytes_for_people(report.size_bytes)));
  fact("SHA-256", report.sha256);
  fact("Read as", report.reading.format);
  fact("Names the reporter to the customer",
       report.reading.reporter.disclosure ? "" : "no: the reporter asks not to be named");
}

void add_passage(Part& row, const Passage& shown) {
  Part passage = row.add("PASSAGE");
  passage.set("PASSAGE_FROM", shown.from.empty() ? "the report" : shown.from);
  for (const NumberedLine& line : shown.lines)
    passage.add("LINE").set_number("LINE_NUMBER", line.number).set_evidence("LINE_TEXT", line.text);
}

void add_decisions(Part& main, const ReportView& view) {
  const bool placed = std::ranges::any_of(view.incidents, [](const auto& kept) { return !kept.ticket_id.empty(); });
  if (view.report.status == ReportStatus::received) return;
  if (placed && !view.report.needs_person) return;
  Part decide = main.add("DECIDE");
  if (view.report.status != ReportStatus::dismissed) {
    Part dismiss = decide.add("DISMISS");
    if (view.draft.action == "dismiss") dismiss.set("TYPED", view.draft.form.value("reason"));
  }
  Part file = decide.add("FILE");
  const bool drafted = view.draft.action == "file";
  if (drafted) file.set("SERVICE_TYPED", view.draft.form.value("service"));
  std::map<std::string, std::string> services;  // those that attribution could not decide between come first to mind
  for (const desk::KeptIncident& kept : view.incidents) {
    for (const Assignment& candidate : kept.attribution.candidates)
      services.emplace(candidate.service.id, candidate.service.name);
    if (kept.attribution.assignment)
      services.emplace(kept.attribution.assignment->service.id, kept.attribution.assignment->service.name);
  }
  for (const auto& [id, name] : services)
    file.add("CANDIDATE_SERVICE").set("SERVICE_ID", id).set("SERVICE_LABEL", name);
  const Category first = view.incidents.empty() ? Category::other : view.incidents.front().incident.category;
  const std::string chosen = drafted ? view.draft.form.value("category") : std::string{category_name(first)};
  for (const Category category : kCategories) {
    Part choice = file.add("CATEGORY_CHOICE");
    choice.set("VALUE", category_name(category)).set("LABEL", category_title(category));
    if (chosen == category_name(category)) choice.show("CHOSEN");
  }
}

}  // namespace

std::string render(const Frame& frame, const ReportView& view) {
  Sheet sheet;
  Part main = framed(sheet, frame, "report.html");
  const Report& report = view.report;
  set_common(main, report, frame.now);
  main.set("HEADING", subject_of(report));
  add_way(main, report);
  main.set_if("RECORD", record_sentence(view.record));
  for (const std::string& warning : report.reading.warnings) main.add("WARNING").set("WARNING_TEXT", warning);
  if (!report.reading.warnings.empty()) main.show("WARNINGS");
  std::set<std::string> tickets;
  for (std::size_t i = 0; i < view.incidents.size(); ++i) {
    const desk::KeptIncident& kept = view.incidents[i];
    Part row = main.add("INCIDENTS");
    const bool shown = i < view.passages.size() && !view.passages[i].lines.empty();
    add_incident(row, kept, Reader::team, nullptr, "", shown ? Folded::yes : Folded::no);
    if (shown) add_passage(row, view.passages[i]);
    if (!kept.ticket_id.empty()) tickets.insert(kept.ticket_id);
  }
  for (const std::string& id : tickets) main.add("TICKET").set("TICKET_ID", id);
  main.set_number("INCIDENT_COUNT", view.incident_count);
  main.show_if(!view.incidents.empty(), "ANY_INCIDENT");
  if (view.incident_count > view.incidents.size())
    main.add("REST").set_number("REST_COUNT", view.incident_count - view.incidents.size());
  if (report.reading.mail && !report.reading.mail->text.empty())
    main.add("MAIL_TEXT").set_evidence("MAIL_BODY", report.reading.mail->text);
  if (!view.raw_excerpt.empty()) main.add("RAW").set_evidence("RAW_BODY", view.raw_excerpt);
  add_decisions(main, view);
  return sheet.render("layout.html");
}

}  // namespace abate::web
