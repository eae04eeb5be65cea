// SPDX-License-Identifier: Apache-2.0
#include "web/pages/site.h"

#include <array>

#include <fmt/format.h>

#include "base/log.h"
#include "web/pages/assets.h"
#include "web/sign_in.h"

namespace abate::web {
namespace {

struct Done {
  std::string_view code;
  std::string_view says;
};
constexpr std::array kDone{
    Done{"open", "The ticket is open, and the customer is being told."},
    Done{"dismiss", "Dismissed."},
    Done{"reply", "Your message is in the ticket."},
    Done{"claim", "Thank you. We will check it; the fix clock rests until then."},
    Done{"accept", "The fix is accepted, and the ticket is closed."},
    Done{"refuse", "The claim went back with your reason; the fix clock goes on."},
    Done{"close", "The ticket is closed."},
    Done{"reopen", "The ticket is open again, and the customer is being told."},
    Done{"extend", "The fix deadline was moved."},
    Done{"merge", "Merged: this is the ticket that goes on."},
    Done{"split", "The ticked incidents are in a ticket of their own, in review."},
    Done{"note", "The note is kept."},
    Done{"assign", "Assigned."},
    Done{"withdrawn", "The links that were given out open this ticket no more."},
    Done{"measures", "The decision about the measure is recorded."},
    Done{"file", "The report is filed here."},
    Done{"bulk_open", "The picked tickets are open, and their customers are being told."},
    Done{"bulk_dismiss", "The picked tickets were dismissed."},
    Done{"bulk_reports", "The picked reports were dismissed."},
    Done{"out", "You are signed out."},
};

// Where to come back to after signing in.
std::string here(const Request& request) {
  std::vector<std::pair<std::string_view, std::string>> pairs;
  for (const auto& [name, value] : request.query) pairs.emplace_back(name, value);
  return request.path + query_string(pairs);
}

std::optional<Response> stopped_at(Door door, const Site& site, const Request& request) {
  if (!request.who || !request.session) {
    if (request.method != "GET" && request.method != "HEAD") return see_other("/login");
    return see_other("/login" + query_string({{"next", here(request)}}));
  }
  if (door == Door::team && !request.who->is_team()) return error_page(site, request, 403);
  return std::nullopt;
}

// The desk names a field as programs know it; on a page it is said as the form asks for it.
struct FieldProblem {
  std::string_view begins;
  std::string_view says;
};
constexpr std::array kFieldProblems{
    FieldProblem{"'reason' is missing or empty", "Please give a reason."},
    FieldProblem{"'text' is missing or empty", "Please write something first."},
    FieldProblem{"'incidents' must name", "Please tick the incidents first that belong to another case."},
    FieldProblem{"'fix_by' lies in the past", "The new deadline lies in the past."},
    FieldProblem{"'confirm' must repeat", "To terminate, type the service’s id exactly as it stands above."},
};

std::string sentence_of(const std::string& what) {
  for (const FieldProblem& row : kFieldProblems)
    if (what.starts_with(row.begins)) return std::string{row.says};
  if (what.empty()) return "That did not work.";
  std::string out = what;
  if (out[0] >= 'a' && out[0] <= 'z') out[0] = static_cast<char>(out[0] - 'a' + 'A');
  if (out.back() != '.') out += '.';
  return out;
}

// A person who mistyped an address gets a page; a program gets what programs get everywhere.
Response nowhere(const Site& site, const Request& request) {
  const bool person = request.header("accept").find("text/html") != std::string_view::npos;
  if (person && !request.path.starts_with("/api/")) return error_page(site, request, 404);
  return problem(404, "Not found", "there is nothing at this path");
}

}  // namespace

Frame frame_of(const Site& site, const Request& request, std::string title, std::string_view active) {
  Frame frame;
  frame.provider = site.desk.provider.load()->name;
  frame.title = std::move(title);
  frame.active = active;
  frame.demo_mail = !site.options.demo_mail_folder.empty();
  frame.now = site.desk.clock.now();
  if (request.session) {
    frame.who = request.who;
    frame.csrf = request.session->csrf;
  }
  frame.banner = done_banner(request.argument("done"));
  return frame;
}

Response error_page(const Site& site, const Request& request, int status, std::string what) {
  Frame frame = frame_of(site, request, "", "");
  frame.banner = {};
  return html(status, render(frame, ErrorView{status, std::move(what), "/"}));
}

Response error_page(const Site& site, const Request& request, const Error& error) {
  if (error.fault == Fault::unavailable) log_error("page_failed", {{"path", request.path}, {"why", error.what}});
  // What a database says is not for strangers; what the desk says is written for people.
  return error_page(site, request, status_of(error.fault), error.fault == Fault::unavailable ? "" : error.what);
}

Handler page(SitePtr site, Door door, std::function<Response(const Site&, const Request&)> show) {
  return [site = std::move(site), door, show = std::move(show)](const Request& request) {
    if (auto stop = stopped_at(door, *site, request)) return *std::move(stop);
    return show(*site, request);
  };
}

Handler form(SitePtr site, Door door, std::function<Response(const Site&, const Request&, const Form&)> take) {
  return [site = std::move(site), door, take = std::move(take)](const Request& request) {
    if (auto stop = stopped_at(door, *site, request)) return *std::move(stop);
    const Result<Form> sent = Form::parse(request);
    if (!sent) return error_page(*site, request, 400, sent.error().what);
    if (!csrf_holds(request, sent->value("csrf")))
      return error_page(*site, request, 403,
                        "The form was not the one that this page gave out, or you signed in anew since.");
    return take(*site, request, *sent);
  };
}

Banner done_banner(std::string_view done) {
  for (const Done& row : kDone)
    if (row.code == done) return {"good", std::string{row.says}};
  return {};
}

Banner problem_banner(const Error& error) {
  switch (error.fault) {
    case Fault::stale:
      return {
          "warn",
          "This ticket changed while you had it open. Nothing was sent: below it is as it is now, with what you typed. "
          "Look again, then decide."};
    case Fault::unavailable:
      return {"bad", "We can't reach our records right now. Nothing was changed; please try again in a minute."};
    case Fault::conflict: return {"warn", fmt::format("Not possible now: {}.", error.what)};
    case Fault::too_big:
    case Fault::malformed:
    case Fault::refused:
    case Fault::not_found: break;
  }
  return {"bad", sentence_of(error.what)};
}

void add_pages(Routes& routes, desk::Desk& desk, SignIn& sign_in, PagesOptions options) {
  const SitePtr site = std::make_shared<const Site>(Site{desk, sign_in, std::move(options)});
  routes.add("GET", "/assets/{name}", asset);
  routes.otherwise([site](const Request& request) { return nowhere(*site, request); });
  add_sign_in_pages(routes, site);
  add_queue_pages(routes, site);
  add_ticket_pages(routes, site);
  add_report_pages(routes, site);
  if (!site->options.demo_mail_folder.empty()) add_demo_mail_pages(routes, site);
}

}  // namespace abate::web
