// SPDX-License-Identifier: Apache-2.0
// web/api/kit.h — what the API's handlers share: answers, lists, If-Match, bodies of JSON. Internal to web/api. Pure.
#pragma once

#include <cstdint>
#include <expected>
#include <optional>
#include <string>
#include <string_view>

#include <boost/json.hpp>

#include "desk/ports/page.h"
#include "desk/ports/reports.h"
#include "model/ticket.h"
#include "web/http.h"
#include "wire/ticket_json.h"

namespace abate::web {

constexpr std::size_t kJsonDepthMax = 16;

Response json_answer(int status, const boost::json::object& body);
// {"items": [...], "next_cursor": string|null}
Response list_answer(boost::json::array items, const std::string& next);

// ?cursor= and ?limit= (1 to desk::kPageMax). malformed: no such limit.
Result<desk::Page> page_of(const Request& request);
Result<std::optional<bool>> flag_argument(const Request& request, std::string_view name);

// The media type of the request, in lower case and without parameters.
std::string media_type(const Request& request);

// The version in If-Match: "7". A problem where it is missing (428) or not one strong tag (400); `*` is not taken: it
// would mean "whatever it is now", and nobody decides about a case they have not seen.
std::expected<std::uint64_t, Response> if_match(const Request& request);
std::string etag(const Ticket& ticket);

constexpr std::size_t kKeyBytesMax = 255;
// Idempotency-Key; "" where there is none. malformed: empty, too long, no text.
Result<std::string> idempotency_key(const Request& request);

// A body that is one JSON object; an empty body is {}. Unknown fields are left alone. A problem: 422.
std::expected<boost::json::object, Response> json_body(const Request& request);
// malformed, naming the field: another type. What is missing is "", nothing, or `otherwise`.
Result<std::string> text_field(const boost::json::object& body, std::string_view name);
Result<bool> flag_field(const boost::json::object& body, std::string_view name, bool otherwise);
Result<std::vector<std::string>> texts_field(const boost::json::object& body, std::string_view name);

wire::View view_of(const Principal& who);
boost::json::object kept_incident_json(const desk::KeptIncident& kept, const Principal& who);
boost::json::object kept_attribution_json(const desk::Attribution& attribution, const Principal& who);

}  // namespace abate::web
