// SPDX-License-Identifier: Apache-2.0
// web/api/api.h — the REST API of CONTRACT.md, one file a resource. openapi.json beside this file describes all of it.
//
//   Api api{desk, intake, traffic, [&] { return std::vector{HealthPart{"readers", reader.check()}}; }};
//   add_api(routes, api);                 // `api` outlives `routes`
//   Server::start(config, routes, traffic, [&](Request& r) { return sign_in.gate(r); }, api_body_max(message_max));
//
// Who asks was settled at the gate (web/sign_in.h): beneath /api/v1/ `who` is always set. What is asked is judged in
// this order: may they see it (404) and do it (403), which version did they see (428, 400, 412), does the state allow
// it (409), is the body whole (422).
#pragma once

#include <cstdint>
#include <functional>
#include <string>
#include <vector>

#include "desk/accept.h"
#include "desk/desk.h"
#include "web/http.h"
#include "web/server.h"

namespace abate::web {

struct HealthPart {
  std::string name;
  Result<void> standing;
  bool vital = true;  // the desk is not ready without it; else it is told and the desk goes on
};

struct Api {
  desk::Desk& desk;
  desk::Intake& intake;
  const Traffic& traffic;
  std::function<std::vector<HealthPart>()> parts;  // besides the store, which is always asked; empty: none
};

void add_api(Routes& routes, const Api& api);

// How large a body may be: a report message_max, a ledger (by whoever may bring one) kLedgerBytesMax, else
// kBodyBytesMax.
constexpr std::size_t kLedgerBytesMax = std::size_t{512} << 20;
BodyMax api_body_max(std::size_t message_max);

// The resources; called by add_api.
void add_report_routes(Routes& routes, const Api& api);
void add_ticket_routes(Routes& routes, const Api& api);
void add_ticket_moves(Routes& routes, const Api& api);
void add_link_routes(Routes& routes, const Api& api);
void add_history_routes(Routes& routes, const Api& api);
void add_ledger_routes(Routes& routes, const Api& api);
void add_health_routes(Routes& routes, const Api& api);

std::string_view openapi_text();

}  // namespace abate::web
