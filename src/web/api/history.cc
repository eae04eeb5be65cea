// SPDX-License-Identifier: Apache-2.0
// /api/v1/tickets/{id}/entries and /events: the history of a case, and what is added to it while one looks.
#include <charconv>

#include "base/log.h"
#include "desk/look.h"
#include "web/api/api.h"
#include "web/api/kit.h"
#include "wire/entry_json.h"

namespace abate::web {
namespace {

namespace json = boost::json;

// Then the browser connects again by itself, and is asked anew who it is: a session that ended sees no more.
constexpr std::chrono::minutes kStreamLasts{10};

Response entries(const Api& api, const Request& request) {
  const Result<desk::Page> page = page_of(request);
  if (!page) return problem(page.error());
  const auto listed = desk::see_entries(api.desk, *request.who, request.captures.at("id"), *page);
  if (!listed) return problem(listed.error());
  json::array items;
  for (const Entry& entry : listed->items) items.push_back(wire::entry_json(entry, view_of(*request.who)));
  return list_answer(std::move(items), listed->next);
}

// Where a stream stands. The cursor of entries is the seq of the last one seen (desk/ports/tickets.h).
struct Follower {
  const Api& api;
  Principal who;
  std::string ticket_id;
  std::uint64_t seen;
  std::chrono::steady_clock::time_point until = std::chrono::steady_clock::now() + kStreamLasts;
  bool begun = false;

  bool operator()(std::string& chunk) {
    if (!begun) chunk = "retry: 3000\n\n";
    begun = true;
    // The head of the history says cheaply whether there is news; a customer's list may leave some of it out.
    const Result<Ticket> ticket = desk::see_ticket(api.desk, who, ticket_id);
    if (!ticket) return ticket.error().fault == Fault::unavailable;
    while (seen < ticket->last_seq) {
      const auto listed = desk::see_entries(api.desk, who, ticket_id, {std::to_string(seen), desk::kPageMax});
      if (!listed) return listed.error().fault == Fault::unavailable;
      for (const Entry& entry : listed->items)
        fmt::format_to(std::back_inserter(chunk), "id: {}\nevent: {}\ndata: {}\n\n", entry.seq,
                       entry_kind_name(entry.kind), json::serialize(wire::entry_json(entry, view_of(who))));
      seen = listed->next.empty() ? ticket->last_seq : std::stoull(listed->next);
    }
    return std::chrono::steady_clock::now() < until;
  }
};

Response events(const Api& api, const Request& request) {
  const std::string& id = request.captures.at("id");
  const Result<Ticket> ticket = desk::see_ticket(api.desk, *request.who, id);
  if (!ticket) return problem(ticket.error());
  std::uint64_t seen = ticket->last_seq;
  if (const std::string_view last = request.header("last-event-id"); !last.empty()) {
    const auto [end, wrong] = std::from_chars(last.data(), last.data() + last.size(), seen);
    if (wrong != std::errc{} || end != last.data() + last.size())
      return problem(400, "Bad request", "Last-Event-ID is the id of an event of this stream");
  }
  Response out;
  out.stream = Follower{api, *request.who, id, seen};
  return out;
}

}  // namespace

void add_history_routes(Routes& routes, const Api& api) {
  routes.add("GET", "/api/v1/tickets/{id}/entries", [&api](const Request& request) { return entries(api, request); });
  routes.add("GET", "/api/v1/tickets/{id}/events", [&api](const Request& request) { return events(api, request); });
}

}  // namespace abate::web
