// SPDX-License-Identifier: Apache-2.0
// /reports and /reports/ID, for the team: what came in, and placing what could not be placed by itself (law 2, B2).
#include <fmt/format.h>

#include "base/text.h"
#include "desk/look.h"
#include "desk/team.h"
#include "web/pages/report_page.h"
#include "web/pages/site.h"

namespace abate::web {
namespace {

constexpr std::size_t kListRowsMax = 50;

Response show_list(const Site& site, const Request& request) {
  ReportListView view;
  view.status = request.argument("status");
  desk::ReportFilter filter;
  if (view.status == "person")
    filter.needs_person = true;
  else if (!view.status.empty() && !(filter.status = parse_report_status(view.status)))
    return error_page(site, request, 422, "There is no such status.");
  const std::string after{request.argument("after")};
  Result<desk::Listed<Report>> listed =
      desk::see_reports(site.desk, *request.who, filter, desk::Page{after, kListRowsMax});
  if (!listed) return error_page(site, request, listed.error());
  const Result<desk::ReportTotals> totals =
      desk::in_read(site.desk.store, [](desk::Transaction& store) { return store.report_totals(); });
  if (!totals) return error_page(site, request, totals.error());
  view.reports = std::move(listed->items);
  view.next = std::move(listed->next);
  view.first = after.empty();
  view.totals = *totals;
  return html(200, render(frame_of(site, request, "Reports", "reports"), view));
}

Result<ReportView> gather(const Site& site, const Principal& who, const std::string& id) {
  ReportView view;
  TRY_ASSIGN(view.report, desk::see_report(site.desk, who, id));
  TRY_ASSIGN(view.incidents, desk::see_report_incidents(site.desk, who, id));
  view.incident_count = view.incidents.size();
  if (view.incidents.size() > kIncidentsShownMax) view.incidents.resize(kIncidentsShownMax);
  TRY_ASSIGN(const std::string bytes, desk::see_report_bytes(site.desk, who, id));
  view.raw_excerpt = bytes.substr(0, kRawExcerptBytesMax);
  for (const desk::KeptIncident& kept : view.incidents)
    view.passages.push_back(passage_of(kept.incident, bytes, view.report.reading.mail.has_value()));
  const std::string& authenticated = view.report.reading.reporter.authenticated;
  if (is_authenticated(authenticated)) {
    TRY_ASSIGN(view.record, desk::in_read(site.desk.store, [&](desk::Transaction& store) {
                 return store.reporter_record(authenticated);
               }));
  }
  return view;
}

Response report_page(const Site& site, const Request& request, int status, const Banner& banner, Draft draft) {
  Result<ReportView> view = gather(site, *request.who, request.captures.at("id"));
  if (!view) return error_page(site, request, view.error());
  view->draft = std::move(draft);
  Frame frame = frame_of(site, request, "Report " + view->report.id, "reports");
  if (!banner.text.empty()) frame.banner = banner;
  return html(status, render(frame, *view));
}

Response show(const Site& site, const Request& request) { return report_page(site, request, 200, {}, {}); }

// Handed out to be kept, never to be shown by the browser.
Response raw(const Site& site, const Request& request) {
  const std::string& id = request.captures.at("id");
  Result<std::string> bytes = desk::see_report_bytes(site.desk, *request.who, id);
  if (!bytes) return error_page(site, request, bytes.error());
  Response out = html(200, *std::move(bytes));
  out.content_type = "application/octet-stream";
  out.headers.emplace_back("Content-Disposition", fmt::format("attachment; filename=\"{}.eml\"", percent_encode(id)));
  return out;
}

Response failed(const Site& site, const Request& request, const Form& sent, const Error& error, std::string action) {
  if (error.fault == Fault::not_found || error.fault == Fault::refused) return error_page(site, request, error);
  return report_page(site, request, status_of(error.fault), problem_banner(error), Draft{std::move(action), sent});
}

Response dismiss(const Site& site, const Request& request, const Form& sent) {
  const std::string& id = request.captures.at("id");
  const auto done = desk::dismiss_report(site.desk, *request.who, id, sent.value("reason"));
  if (!done) return failed(site, request, sent, done.error(), "dismiss");
  return see_other(fmt::format("/reports/{}?done=dismiss", percent_encode(id)));
}

Response file(const Site& site, const Request& request, const Form& sent) {
  const std::optional<Category> category = parse_category(sent.value("category"));
  const auto done = category ? desk::file_report(site.desk, *request.who, request.captures.at("id"),
                                                 std::string{trim(sent.value("service"))}, *category)
                             : Result<Ticket>{failure(Fault::malformed, "Please choose a category.")};
  if (!done) return failed(site, request, sent, done.error(), "file");
  return see_other(fmt::format("/tickets/{}?done=file", done->id));
}

}  // namespace

void add_report_pages(Routes& routes, const SitePtr& site) {
  routes.add("GET", "/reports", page(site, Door::team, show_list));
  routes.add("GET", "/reports/{id}", page(site, Door::team, show));
  routes.add("GET", "/reports/{id}/raw", page(site, Door::team, raw));
  routes.add("POST", "/reports/{id}/dismiss", form(site, Door::team, dismiss));
  routes.add("POST", "/reports/{id}/file", form(site, Door::team, file));
}

}  // namespace abate::web
