// SPDX-License-Identifier: Apache-2.0
// /tickets and /tickets/ID for the team and, at the same addresses, for customers; and all that is done to a ticket.
#include <array>

#include <fmt/format.h>

#include "base/log.h"
#include "base/text.h"
#include "desk/customer.h"
#include "desk/look.h"
#include "desk/team.h"
#include "desk/ticket_link.h"
#include "web/pages/gather.h"
#include "web/pages/reply_panel.h"
#include "web/pages/site.h"
#include "web/pages/ticket_list_page.h"

namespace abate::web {
namespace {

constexpr std::size_t kListRowsMax = 50;

Response show_list(const Site& site, const Request& request) {
  TicketListView view;
  desk::TicketFilter filter;
  view.state = request.argument("state");
  view.category = request.argument("category");
  view.overdue = request.argument("overdue") == "1";
  view.text = trim(request.argument("text"));
  if (!view.state.empty() && !(filter.state = parse_ticket_state(view.state)))
    return error_page(site, request, 422, "There is no such state.");
  if (!view.category.empty() && !(filter.category = parse_category(view.category)))
    return error_page(site, request, 422, "There is no such category.");
  if (view.overdue) filter.overdue = true;
  filter.text = view.text;
  const std::string after{request.argument("after")};
  Result<desk::Listed<Ticket>> listed =
      desk::see_tickets(site.desk, *request.who, filter, desk::Page{after, kListRowsMax});
  if (!listed) return error_page(site, request, listed.error());
  view.tickets = std::move(listed->items);
  view.next = std::move(listed->next);
  view.first = after.empty();
  const bool own = request.who->is_customer();
  const Frame frame = frame_of(site, request, own ? "My tickets" : "Tickets", "tickets");
  return html(200, own ? render_own(frame, view) : render(frame, view));
}

std::shared_ptr<const Playbooks> playbooks_of(const Site& site) {
  static const auto built_in = std::make_shared<const Playbooks>(Playbooks::built_in());
  return site.options.playbooks ? site.options.playbooks() : built_in;
}

// "?suggest=1": the playbook's text stands in the form for the reply, to be edited.
void offer_next_steps(const Site& site, const Request& request, CaseView& view) {
  view.stuck = waits_for_next_step(view.entries);
  std::vector<std::string> types;
  for (const desk::KeptIncident& kept : view.incidents) types.push_back(kept.incident.type);
  const std::shared_ptr<const Playbooks> books = playbooks_of(site);
  const Playbook& book = books->of(view.ticket.category, types);
  view.playbook = book.title;
  if (request.argument("suggest") != "1" || !view.draft.action.empty()) return;
  Result<Form> form = Form::parse_body("text=" + percent_encode(book.text));
  if (form) view.draft = {"reply", *std::move(form)};
}

// The ticket's page, with a status other than 200 when a form could not be carried out.
Response ticket_page(const Site& site, const Request& request, int status, const Banner& banner, Draft draft,
                     const desk::TicketLink& link = {}) {
  const std::string& id = request.captures.at("id");
  const Cursors cursors{std::string{request.argument("incidents")}, std::string{request.argument("entries")}};
  const auto framed_with = [&](const Ticket& ticket) {
    Frame frame = frame_of(site, request, fmt::format("{} {}", category_title(ticket.category), ticket.id), "tickets");
    if (!banner.text.empty()) frame.banner = banner;
    return frame;
  };
  if (request.who->is_customer()) {
    Result<ClientView> view = gather_client(site.desk, *request.who, id, cursors);
    if (!view) return error_page(site, request, view.error());
    view->draft = std::move(draft);
    view->fresh_link = link;
    return html(status, render(framed_with(view->ticket), *view));
  }
  Result<CaseView> view = gather_case(site.desk, *request.who, id, cursors);
  if (!view) return error_page(site, request, view.error());
  view->draft = std::move(draft);
  offer_next_steps(site, request, *view);
  return html(status, render(framed_with(view->ticket), *view));
}

Response show_ticket(const Site& site, const Request& request) {
  if (request.who->is_customer()) {
    const std::string& id = request.captures.at("id");
    const Result<void> seen = desk::note_viewed(site.desk, *request.who, id);
    // That somebody looked is worth an entry, not an error page.
    if (!seen && seen.error().fault == Fault::unavailable)
      log_warning("view_not_noted", {{"ticket", id}, {"why", seen.error().what}});
  }
  return ticket_page(site, request, 200, {}, {});
}

// The link is shown in the answer itself: it is kept nowhere, so no other page could show it.
Response make_link(const Site& site, const Request& request, const Form&) {
  const Result<desk::TicketLink> link = desk::new_link(site.desk, *request.who, request.captures.at("id"));
  if (link) return ticket_page(site, request, 200, {}, {}, *link);
  if (link.error().fault == Fault::conflict)
    return ticket_page(site, request, status_of(link.error().fault), problem_banner(link.error()), {});
  return error_page(site, request, link.error());
}

Response withdraw_links(const Site& site, const Request& request, const Form&) {
  const std::string& id = request.captures.at("id");
  const Result<std::uint64_t> ended = desk::withdraw_links(site.desk, *request.who, id);
  return ended ? see_other(fmt::format("/tickets/{}?done=withdrawn", id)) : error_page(site, request, ended.error());
}

using Act = Result<Ticket> (*)(desk::Desk&, const desk::Ask&, const Form&);

template <Result<Ticket> (*use_case)(desk::Desk&, const desk::Ask&, const std::string&)>
Result<Ticket> with_reason(desk::Desk& desk, const desk::Ask& ask, const Form& sent) {
  return use_case(desk, ask, sent.value("reason"));
}

template <Result<Ticket> (*use_case)(desk::Desk&, const desk::Ask&, const std::string&, bool)>
Result<Ticket> with_verdict(desk::Desk& desk, const desk::Ask& ask, const Form& sent) {
  return use_case(desk, ask, sent.value("reason"), sent.value("harmful") == "1");
}

Result<Ticket> open(desk::Desk& desk, const desk::Ask& ask, const Form&) { return desk::open_ticket(desk, ask); }

Result<Ticket> say_it(desk::Desk& desk, const desk::Ask& ask, const Form& sent) {
  return desk::reply(desk, ask, sent.value("text"), sent.value("stuck") == "1");
}

Result<Ticket> claim_it(desk::Desk& desk, const desk::Ask& ask, const Form& sent) {
  TRY_ASSIGN(const std::string text, claim_text(sent));
  return desk::claim(desk, ask, text);
}

Result<Ticket> note(desk::Desk& desk, const desk::Ask& ask, const Form& sent) {
  return desk::add_note(desk, ask, sent.value("text"));
}

Result<Ticket> assign(desk::Desk& desk, const desk::Ask& ask, const Form& sent) {
  return desk::assign_ticket(desk, ask, std::string{trim(sent.value("email"))});
}

Result<Ticket> extend(desk::Desk& desk, const desk::Ask& ask, const Form& sent) {
  // What <input type="datetime-local"> sends: no zone, and seconds only when they are set. The label says UTC.
  const std::string& typed = sent.value("fix_by");
  const Result<Instant> at = parse_rfc3339(typed + (typed.size() == 16 ? ":00Z" : "Z"));
  if (!at) return failure(Fault::malformed, "Please give the new deadline as date and time in UTC.");
  return desk::extend_ticket(desk, ask, *at, sent.value("reason"));
}

Result<Ticket> accept(desk::Desk& desk, const desk::Ask& ask, const Form& sent) {
  return desk::accept_claim(desk, ask, sent.value("reason"), sent.values("weighed"));
}

Result<Ticket> merge(desk::Desk& desk, const desk::Ask& ask, const Form& sent) {
  return desk::merge_ticket(desk, ask, std::string{trim(sent.value("into"))}, sent.value("reason"));
}

Result<Ticket> split(desk::Desk& desk, const desk::Ask& ask, const Form& sent) {
  return desk::split_ticket(desk, ask, sent.values("incident"), sent.value("reason"));
}

Result<Ticket> measures(desk::Desk& desk, const desk::Ask& ask, const Form& sent) {
  const std::optional<MeasureKind> kind = parse_measure(sent.value("measure"));
  if (!kind) return failure(Fault::malformed, "Please choose a measure.");
  desk::MeasureAsk measure;
  measure.measure = *kind;
  measure.on = sent.value("on") != "0";
  measure.reason = sent.value("reason");
  measure.deliberate = sent.value("deliberate") == "1";
  measure.confirm = trim(sent.value("confirm"));
  return desk::decide_measure(desk, ask, measure);
}

struct ActRow {
  std::string_view name;
  Act act;
};
constexpr std::array kActs{
    ActRow{"open", open},
    ActRow{"dismiss", with_verdict<desk::dismiss_ticket>},
    ActRow{"accept", accept},
    ActRow{"refuse", with_reason<desk::refuse_claim>},
    ActRow{"close", with_verdict<desk::close_ticket>},
    ActRow{"reopen", with_reason<desk::reopen_ticket>},
    ActRow{"reply", say_it},
    ActRow{"claim", claim_it},
    ActRow{"note", note},
    ActRow{"assign", assign},
    ActRow{"extend", extend},
    ActRow{"merge", merge},
    ActRow{"split", split},
    ActRow{"measures", measures},
};

Response take(const Site& site, const Request& request, const Form& sent, const ActRow& row) {
  const std::string& id = request.captures.at("id");
  // Without a version nobody knows what was seen: version 0 was never there, so the page is shown again.
  const desk::Ask ask{*request.who, id, sent.version().value_or(0)};
  const Result<Ticket> done = row.act(site.desk, ask, sent);
  if (done) {
    const std::string& onto = row.name == "merge" ? done->merged_into : std::string{};
    return see_other(fmt::format("/tickets/{}?done={}", onto.empty() ? id : onto, row.name));
  }
  const Error& error = done.error();
  if (error.fault == Fault::not_found && row.name != "merge") return error_page(site, request, error);
  if (error.fault == Fault::refused) return error_page(site, request, error);
  Banner banner = problem_banner(error);
  if (row.name == "reply" || row.name == "claim") banner.link = fmt::format("#{}", row.name);
  return ticket_page(site, request, status_of(error.fault), banner, Draft{std::string{row.name}, sent});
}

}  // namespace

void add_ticket_pages(Routes& routes, const SitePtr& site) {
  routes.add("GET", "/tickets", page(site, Door::anybody, show_list));
  routes.add("GET", "/tickets/{id}", page(site, Door::anybody, show_ticket));
  routes.add("POST", "/tickets/{id}/link", form(site, Door::anybody, make_link));
  routes.add("POST", "/tickets/{id}/withdraw-links", form(site, Door::team, withdraw_links));
  for (const ActRow& row : kActs)
    routes.add("POST", fmt::format("/tickets/{{id}}/{}", row.name),
               form(site, Door::anybody, [&row](const Site& here, const Request& request, const Form& sent) {
                 return take(here, request, sent, row);
               }));
}

}  // namespace abate::web
