// SPDX-License-Identifier: Apache-2.0
#include "web/api/kit.h"

#include <charconv>

#include "base/text.h"
#include "wire/attribution_json.h"
#include "wire/incident_json.h"

namespace abate::web {
namespace {

namespace json = boost::json;

std::optional<std::uint64_t> whole_number(std::string_view text) {
  std::uint64_t out = 0;
  const auto [end, wrong] = std::from_chars(text.data(), text.data() + text.size(), out);
  if (text.empty() || wrong != std::errc{} || end != text.data() + text.size()) return std::nullopt;
  return out;
}

Response bad(int status, std::string_view detail) { return problem(status, reason_phrase(status), detail); }

}  // namespace

Response json_answer(int status, const json::object& body) {
  Response out;
  out.status = status;
  out.content_type = "application/json";
  out.body = json::serialize(body);
  return out;
}

Response list_answer(json::array items, const std::string& next) {
  return json_answer(
      200, {{"items", std::move(items)}, {"next_cursor", next.empty() ? json::value(nullptr) : json::value(next)}});
}

Result<desk::Page> page_of(const Request& request) {
  desk::Page page;
  page.after = request.argument("cursor");
  const std::string_view limit = request.argument("limit");
  if (limit.empty()) return page;
  const std::optional<std::uint64_t> number = whole_number(limit);
  if (!number || *number == 0 || *number > desk::kPageMax)
    return failure(Fault::malformed, "'limit' is a number from 1 to {}", desk::kPageMax);
  page.limit = *number;
  return page;
}

Result<std::optional<bool>> flag_argument(const Request& request, std::string_view name) {
  const std::string_view text = request.argument(name);
  if (text.empty()) return std::optional<bool>{};
  if (text == "true" || text == "1" || text == "yes") return std::optional{true};
  if (text == "false" || text == "0" || text == "no") return std::optional{false};
  return failure(Fault::malformed, "'{}' is true or false", name);
}

std::string media_type(const Request& request) {
  const std::string_view field = request.header("content-type");
  return to_lower(trim(field.substr(0, field.find(';'))));
}

std::expected<std::uint64_t, Response> if_match(const Request& request) {
  std::size_t count = 0;
  std::string_view tag;
  for (const auto& [name, value] : request.headers)
    if (name == "if-match") {
      tag = value;
      ++count;
    }
  if (count == 0) return std::unexpected(bad(428, "say which version you saw: If-Match: \"VERSION\", as in the ETag"));
  const bool quoted = count == 1 && tag.size() > 2 && tag.front() == '"' && tag.back() == '"';
  const std::optional<std::uint64_t> version =
      quoted ? whole_number(tag.substr(1, tag.size() - 2)) : std::optional<std::uint64_t>{};
  if (!version) return std::unexpected(bad(400, "If-Match is one ETag of this ticket, like \"7\"; '*' is not taken"));
  return *version;
}

std::string etag(const Ticket& ticket) { return fmt::format("\"{}\"", ticket.version); }

Result<std::string> idempotency_key(const Request& request) {
  const std::string_view key = request.header("idempotency-key");
  const bool given = std::ranges::any_of(request.headers, [](const auto& h) { return h.first == "idempotency-key"; });
  if (given && (key.empty() || key.size() > kKeyBytesMax || !is_valid_utf8(key)))
    return failure(Fault::malformed, "Idempotency-Key has 1 to {} characters", kKeyBytesMax);
  return std::string{key};
}

std::expected<json::object, Response> json_body(const Request& request) {
  if (trim(request.body).empty()) return json::object{};
  json::parse_options options;
  options.max_depth = kJsonDepthMax;
  boost::system::error_code error;
  json::value value = json::parse(request.body, error, {}, options);
  if (error) return std::unexpected(bad(422, "the body is no JSON that is taken here: " + error.message()));
  if (!value.is_object()) return std::unexpected(bad(422, "the body is to be one JSON object"));
  return std::move(value.as_object());
}

Result<std::string> text_field(const json::object& body, std::string_view name) {
  const json::value* field = body.if_contains(name);
  if (field == nullptr || field->is_null()) return std::string{};
  if (!field->is_string()) return failure(Fault::malformed, "'{}' must be a string", name);
  return std::string{field->as_string()};
}

Result<bool> flag_field(const json::object& body, std::string_view name, bool otherwise) {
  const json::value* field = body.if_contains(name);
  if (field == nullptr || field->is_null()) return otherwise;
  if (!field->is_bool()) return failure(Fault::malformed, "'{}' must be true or false", name);
  return field->as_bool();
}

Result<std::vector<std::string>> texts_field(const json::object& body, std::string_view name) {
  const json::value* field = body.if_contains(name);
  if (field == nullptr || !field->is_array()) return failure(Fault::malformed, "'{}' must be a list of strings", name);
  std::vector<std::string> out;
  for (const json::value& item : field->as_array()) {
    if (!item.is_string()) return failure(Fault::malformed, "'{}' must be a list of strings", name);
    out.emplace_back(item.as_string());
  }
  return out;
}

wire::View view_of(const Principal& who) { return who.is_customer() ? wire::View::customer : wire::View::team; }

json::object kept_attribution_json(const desk::Attribution& attribution, const Principal& who) {
  return wire::attribution_json({.verdict = attribution.verdict,
                                 .assignment = attribution.assignment,
                                 .candidates = attribution.candidates,
                                 .span = attribution.span,
                                 .ledger_version = attribution.ledger_version,
                                 .with_customer = who.is_team()});
}

json::object kept_incident_json(const desk::KeptIncident& kept, const Principal& who) {
  json::object out = wire::incident_json(kept.incident);
  out["id"] = kept.id;
  out["seen_at"] = format_rfc3339(kept.seen_at);
  if (who.is_customer()) return out;
  out["report_id"] = kept.report_id;
  out["ticket_id"] = kept.ticket_id.empty() ? json::value(nullptr) : json::value(kept.ticket_id);
  out["attribution"] = kept_attribution_json(kept.attribution, who);
  return out;
}

}  // namespace abate::web
