// SPDX-License-Identifier: Apache-2.0
// /api/v1/tickets/{id}/links: the links that lead a customer's programs into one ticket.
#include "desk/ticket_link.h"
#include "web/api/api.h"
#include "web/api/kit.h"

namespace abate::web {
namespace {

Response make(const Api& api, const Request& request) {
  const auto link = desk::new_link(api.desk, *request.who, request.captures.at("id"));
  if (!link) return problem(link.error());
  return json_answer(201, {{"url", link->url}, {"token", link->token}, {"expires_at", format_rfc3339(link->until)}});
}

Response withdraw(const Api& api, const Request& request) {
  const auto ended = desk::withdraw_links(api.desk, *request.who, request.captures.at("id"));
  return ended ? json_answer(200, {{"withdrawn", *ended}}) : problem(ended.error());
}

}  // namespace

void add_link_routes(Routes& routes, const Api& api) {
  routes.add("POST", "/api/v1/tickets/{id}/links", [&api](const Request& request) { return make(api, request); });
  routes.add("DELETE", "/api/v1/tickets/{id}/links", [&api](const Request& request) { return withdraw(api, request); });
}

}  // namespace abate::web
