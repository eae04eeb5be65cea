// SPDX-License-Identifier: Apache-2.0
#include "web/api/api.h"

#include "base/embedded.h"

namespace abate::web {

std::span<const EmbeddedFile> embedded_openapi();  // made by cmake/WebAssets.cmake

void add_api(Routes& routes, const Api& api) {
  add_health_routes(routes, api);
  add_report_routes(routes, api);
  add_ticket_routes(routes, api);
  add_link_routes(routes, api);
  add_history_routes(routes, api);
  add_ticket_moves(routes, api);
  add_ledger_routes(routes, api);
  routes.add("GET", "/openapi.json", [](const Request&) {
    Response out;
    out.content_type = "application/json";
    out.body = openapi_text();
    return out;
  });
}

BodyMax api_body_max(std::size_t message_max) {
  return [message_max](const Request& request) {
    if (request.method == "POST" && request.path == "/api/v1/reports") return message_max;
    if (request.method == "PUT" && request.path == "/api/v1/assignments" && request.who && request.who->may_lead())
      return kLedgerBytesMax;
    return kBodyBytesMax;
  };
}

std::string_view openapi_text() { return embedded_openapi().front().bytes; }

}  // namespace abate::web
