// SPDX-License-Identifier: Apache-2.0
#include "base/canonical_json.h"

#include <algorithm>
#include <cstdint>
#include <iterator>
#include <string_view>
#include <vector>

#include <boost/json.hpp>
#include <fmt/format.h>

#include "base/check.h"
#include "base/text.h"

namespace abate {
namespace {

constexpr std::int64_t kWholeMax = (std::int64_t{1} << 53) - 1;

void write_string(std::string& out, std::string_view raw) {
  const std::string text = is_valid_utf8(raw) ? std::string{raw} : make_valid_utf8(raw);
  out += '"';
  for (const char c : text) {
    switch (c) {
      case '"': out += "\\\""; break;
      case '\\': out += "\\\\"; break;
      case '\b': out += "\\b"; break;
      case '\f': out += "\\f"; break;
      case '\n': out += "\\n"; break;
      case '\r': out += "\\r"; break;
      case '\t': out += "\\t"; break;
      default:
        if (static_cast<unsigned char>(c) < 0x20)
          fmt::format_to(std::back_inserter(out), "\\u{:04x}", static_cast<unsigned char>(c));
        else
          out += c;
    }
  }
  out += '"';
}

void write_value(std::string& out, const boost::json::value& value) {
  switch (value.kind()) {
    case boost::json::kind::null: out += "null"; return;
    case boost::json::kind::bool_: out += value.get_bool() ? "true" : "false"; return;
    case boost::json::kind::int64:
      CHECK(value.get_int64() <= kWholeMax && value.get_int64() >= -kWholeMax);
      out += std::to_string(value.get_int64());
      return;
    case boost::json::kind::uint64:
      CHECK(value.get_uint64() <= static_cast<std::uint64_t>(kWholeMax));
      out += std::to_string(value.get_uint64());
      return;
    case boost::json::kind::double_: CHECK(!"a fraction has no canonical form here"); return;
    case boost::json::kind::string: write_string(out, value.get_string()); return;
    case boost::json::kind::array: {
      out += '[';
      bool first = true;
      for (const boost::json::value& item : value.get_array()) {
        if (!first) out += ',';
        first = false;
        write_value(out, item);
      }
      out += ']';
      return;
    }
    case boost::json::kind::object: {
      // RFC 8785 sorts by UTF-16 code units; every key of ours is ASCII, where that is the order of bytes.
      std::vector<std::string_view> keys;
      for (const auto& member : value.get_object()) keys.emplace_back(member.key());
      std::sort(keys.begin(), keys.end());
      out += '{';
      bool first = true;
      for (const std::string_view key : keys) {
        if (!first) out += ',';
        first = false;
        write_string(out, key);
        out += ':';
        write_value(out, value.get_object().at(key));
      }
      out += '}';
      return;
    }
  }
}

}  // namespace

std::string canonical_json(const boost::json::value& value) {
  std::string out;
  write_value(out, value);
  return out;
}

}  // namespace abate
