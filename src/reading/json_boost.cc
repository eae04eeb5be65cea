// SPDX-License-Identifier: Apache-2.0
// reading/json.h on Boost.JSON's event parser, for the program that is one static file (simdjson is no archive in
// Debian 12). The events are kept as a list of nodes in the order of the text, so that several fields of one name,
// their order and big integers come out as they do from simdjson.
#include <algorithm>
#include <bit>
#include <charconv>
#include <cmath>
#include <cstdlib>
#include <limits>

#include <boost/json/basic_parser_impl.hpp>

#include "base/text.h"
#include "reading/json.h"
#include "reading/json_shared.h"

namespace abate::reading {
namespace {

using boost::system::error_code;

enum class Kind : std::uint8_t { null, truth, signed_number, unsigned_number, real_number, text, array, object };

struct Node {
  Kind kind = Kind::null;
  std::uint32_t length = 0;  // of a text, in bytes
  std::uint64_t value = 0;   // the number's bits; where a text begins; the node behind an array or object
};
static_assert(sizeof(Node) == 16);

// An object holds a text node (the name) before each of its values.
struct Document {
  std::vector<Node> nodes;
  std::string texts;

  [[nodiscard]] std::size_t behind(std::size_t at) const {
    return nodes[at].kind >= Kind::array ? static_cast<std::size_t>(nodes[at].value) : at + 1;
  }
  [[nodiscard]] std::string_view text(std::size_t at) const {
    return std::string_view{texts}.substr(static_cast<std::size_t>(nodes[at].value), nodes[at].length);
  }
};

// Boost.JSON's handler: false from any function, with its error code set, ends the parse.
class Keeper {
 public:
  static constexpr std::size_t max_array_size = std::numeric_limits<std::size_t>::max();
  static constexpr std::size_t max_object_size = max_array_size;
  static constexpr std::size_t max_string_size = kJsonBytesMax;
  static constexpr std::size_t max_key_size = kJsonBytesMax;

  explicit Keeper(Document& document) : document_{document} {}

  bool on_document_begin(error_code&) { return true; }
  bool on_document_end(error_code&) { return true; }
  bool on_array_begin(error_code& error) { return open(Kind::array, error); }
  bool on_array_end(std::size_t, error_code&) { return close(); }
  bool on_object_begin(error_code& error) { return open(Kind::object, error); }
  bool on_object_end(std::size_t, error_code&) { return close(); }
  bool on_string_part(std::string_view part, std::size_t, error_code&) { return take(part); }
  bool on_string(std::string_view last, std::size_t bytes, error_code& error) { return keep_text(last, bytes, error); }
  bool on_key_part(std::string_view part, std::size_t, error_code&) { return take(part); }
  bool on_key(std::string_view last, std::size_t bytes, error_code& error) { return keep_text(last, bytes, error); }
  bool on_number_part(std::string_view part, error_code&) {
    number_ += part;
    return true;
  }
  bool on_int64(std::int64_t value, std::string_view, error_code& error) {
    number_.clear();
    return keep({.kind = Kind::signed_number, .value = static_cast<std::uint64_t>(value)}, error);
  }
  bool on_uint64(std::uint64_t value, std::string_view, error_code& error) {
    number_.clear();
    return keep({.kind = Kind::unsigned_number, .value = value}, error);
  }
  // Boost's own value may be a unit off in its last place.
  bool on_double(double, std::string_view last, error_code& error) {
    number_ += last;
    const double value = std::strtod(number_.c_str(), nullptr);
    const bool whole = number_.find_first_of(".eE") == std::string::npos;
    number_.clear();
    if (whole || !std::isfinite(value)) {  // an integer of more than 64 bits
      error = boost::json::error::not_number;
      return false;
    }
    return keep({.kind = Kind::real_number, .value = std::bit_cast<std::uint64_t>(value)}, error);
  }
  bool on_bool(bool value, error_code& error) { return keep({.kind = Kind::truth, .value = value ? 1U : 0U}, error); }
  bool on_null(error_code& error) { return keep({}, error); }
  bool on_comment_part(std::string_view, error_code&) { return true; }
  bool on_comment(std::string_view, error_code&) { return true; }

  [[nodiscard]] bool too_many() const { return document_.nodes.size() >= kJsonNodesMax; }

 private:
  // An array or object may stand kJsonDepthMax deep when nothing is in it.
  bool keep(Node node, error_code& error) {
    if (open_.size() >= kJsonDepthMax || too_many()) {
      error = boost::json::error::too_deep;
      return false;
    }
    document_.nodes.push_back(node);
    return true;
  }
  bool open(Kind kind, error_code& error) {
    if (!keep({.kind = kind}, error)) return false;
    open_.push_back(document_.nodes.size() - 1);
    return true;
  }
  bool close() {
    document_.nodes[open_.back()].value = document_.nodes.size();
    open_.pop_back();
    return true;
  }
  bool take(std::string_view part) {
    document_.texts += part;
    return true;
  }
  bool keep_text(std::string_view last, std::size_t bytes, error_code& error) {
    document_.texts += last;
    return keep({.kind = Kind::text,
                 .length = static_cast<std::uint32_t>(bytes),
                 .value = static_cast<std::uint64_t>(document_.texts.size() - bytes)},
                error);
  }

  Document& document_;
  std::vector<std::size_t> open_;
  std::string number_;
};

const Document& document_of(JsonValue::Place place) { return *static_cast<const Document*>(place.document); }
const Node& node_of(JsonValue::Place place) { return document_of(place).nodes[place.at]; }

constexpr int kPlainDigitsMax = 15;  // a longer number is written with an exponent

// The shortest digits that mean this number, as simdjson writes them: 1.0, 1e+20, 1.5e-07, 0.0001.
std::string written(double value) {
  if (value == 0) return std::signbit(value) ? "-0.0" : "0.0";
  std::array<char, 40> buffer;
  const auto end =
      std::to_chars(buffer.data(), buffer.data() + buffer.size(), value, std::chars_format::scientific).ptr;
  std::string_view shown{buffer.data(), static_cast<std::size_t>(end - buffer.data())};
  const std::string sign = shown.starts_with('-') ? "-" : "";
  if (!sign.empty()) shown.remove_prefix(1);
  const std::size_t e = shown.find('e');
  std::string digits{shown.substr(0, e)};
  std::erase(digits, '.');
  const int places = std::atoi(std::string{shown.substr(e + 1)}.c_str()) + 1;  // digits before the point
  const int count = static_cast<int>(digits.size());
  if (places > kPlainDigitsMax || places <= -4) {
    const std::string fraction = count > 1 ? "." + digits.substr(1) : "";
    return fmt::format("{}{}{}e{}", sign, digits[0], fraction, shown.substr(e + 1));
  }
  if (places <= 0) return sign + "0." + std::string(static_cast<std::size_t>(-places), '0') + digits;
  if (count <= places) return sign + digits + std::string(static_cast<std::size_t>(places - count), '0') + ".0";
  return sign + digits.insert(static_cast<std::size_t>(places), ".");
}

}  // namespace

bool JsonValue::is_object() const { return exists() && node_of(place_).kind == Kind::object; }
bool JsonValue::is_array() const { return exists() && node_of(place_).kind == Kind::array; }
bool JsonValue::is_null() const { return !exists() || node_of(place_).kind == Kind::null; }

JsonValue JsonValue::operator[](std::string_view name) const {
  if (!is_object()) return {};
  const Document& in = document_of(place_);
  for (std::size_t at = place_.at + 1; at < in.behind(place_.at); at = in.behind(at + 1))
    if (in.text(at) == name) return JsonValue(Place{place_.document, at + 1});
  return {};
}

JsonValue JsonValue::any_of(std::initializer_list<std::string_view> names) const {
  if (!is_object()) return {};
  const Document& in = document_of(place_);
  const auto first = [&](std::string_view name) {
    for (std::size_t at = place_.at + 1; at < in.behind(place_.at); at = in.behind(at + 1))
      if (equals_ignoring_case(in.text(at), name)) return JsonValue(Place{place_.document, at + 1});
    return JsonValue();
  };
  for (const std::string_view name : names)
    if (const JsonValue found = first(name); !found.is_null()) return found;
  return {};
}

std::optional<std::string_view> JsonValue::string() const {
  if (!exists() || node_of(place_).kind != Kind::text) return std::nullopt;
  return document_of(place_).text(place_.at);
}

std::optional<std::int64_t> JsonValue::integer() const {
  if (exists() && node_of(place_).kind == Kind::signed_number) return static_cast<std::int64_t>(node_of(place_).value);
  const auto text = string();
  return text ? whole_number(*text) : std::nullopt;
}

std::optional<double> JsonValue::number() const {
  if (!exists()) return std::nullopt;
  const Node& node = node_of(place_);
  switch (node.kind) {
    case Kind::signed_number: return static_cast<double>(static_cast<std::int64_t>(node.value));
    case Kind::unsigned_number: return static_cast<double>(node.value);
    case Kind::real_number: return std::bit_cast<double>(node.value);
    default: return std::nullopt;
  }
}

std::optional<bool> JsonValue::boolean() const {
  if (exists() && node_of(place_).kind == Kind::truth) return node_of(place_).value != 0;
  const auto text = string();
  return text ? truth(*text) : std::nullopt;
}

std::vector<JsonValue> JsonValue::items(std::size_t items_max) const {
  std::vector<JsonValue> all;
  if (!is_array()) return all;
  const Document& in = document_of(place_);
  for (std::size_t at = place_.at + 1; at < in.behind(place_.at) && all.size() < items_max; at = in.behind(at))
    all.emplace_back(Place{place_.document, at});
  return all;
}

std::vector<std::pair<std::string_view, JsonValue>> JsonValue::fields(std::size_t fields_max) const {
  std::vector<std::pair<std::string_view, JsonValue>> all;
  if (!is_object()) return all;
  const Document& in = document_of(place_);
  for (std::size_t at = place_.at + 1; at < in.behind(place_.at) && all.size() < fields_max; at = in.behind(at + 1))
    all.emplace_back(in.text(at), JsonValue(Place{place_.document, at + 1}));
  return all;
}

std::string JsonValue::as_text() const {
  if (!exists()) return {};
  const Node& node = node_of(place_);
  switch (node.kind) {
    case Kind::truth: return node.value != 0 ? "true" : "false";
    case Kind::signed_number: return std::to_string(static_cast<std::int64_t>(node.value));
    case Kind::unsigned_number: return std::to_string(node.value);
    case Kind::real_number: return written(std::bit_cast<double>(node.value));
    case Kind::text: return text();
    default: return {};
  }
}

std::vector<std::size_t> Json::orders_of_objects(std::size_t count_max) const {
  std::vector<std::size_t> orders;
  const auto& nodes = static_cast<const Document*>(document_.get())->nodes;
  for (std::size_t at = 0; at < nodes.size() && orders.size() < count_max; ++at)
    if (nodes[at].kind == Kind::object) orders.push_back(at);
  return orders;
}

Result<Json> parse_json(std::string_view bytes) {
  std::string_view source = without_mark(bytes);
  if (source.size() > kJsonBytesMax) return failure(Fault::too_big, "The JSON is larger than {} bytes", kJsonBytesMax);
  std::string mended;
  if (!is_valid_utf8(source)) source = mended = make_valid_utf8(source);
  const auto document = std::make_shared<Document>();
  boost::json::parse_options options;
  options.max_depth = kJsonDepthMax + 1;  // Keeper counts more exactly
  boost::json::basic_parser<Keeper> parser{options, *document};
  error_code error;
  std::size_t read = parser.write_some(false, source.data(), source.size(), error);
  if (parser.handler().too_many()) return failure(Fault::too_big, "The JSON holds more than {} values", kJsonNodesMax);
  if (!error && source.find_first_not_of(" \t\r\n", read) != source.npos) error = boost::json::error::extra_data;
  if (error) return failure(Fault::malformed, "The JSON cannot be read: {}", error.message());
  Json json;
  json.document_ = document;
  json.root_ = JsonValue(JsonValue::Place{document.get(), 0});
  return json;
}

}  // namespace abate::reading
