// SPDX-License-Identifier: Apache-2.0
#include "reply/words_of.h"

#include <initializer_list>
#include <string_view>

#include <boost/json.hpp>

#include "base/canonical_json.h"
#include "base/json_fields.h"

namespace abate::reply {
namespace {

namespace json = boost::json;

// Of each object of the list these fields.
json::array fields_of(const json::array& list, std::initializer_list<std::string_view> names) {
  json::array out;
  for (const json::value& one : list) {
    if (!one.is_object()) continue;
    json::object kept;
    for (const std::string_view name : names)
      if (const json::value* value = one.get_object().if_contains(name); value != nullptr) kept[name] = *value;
    out.push_back(std::move(kept));
  }
  return out;
}

}  // namespace

std::string words_of(const json::object& form) {
  json::object out{{"ticket", text_of(form, "ticket")}};
  for (const std::string_view part : {"cause", "done", "confirmed", "prevention"}) out[part] = list_of(form, part);
  out["proofs"] = fields_of(list_of(form, "proofs"), {"id", "about", "tried", "seen", "service", "good"});
  out["findings"] = fields_of(list_of(form, "findings"), {"id", "subject"});
  return canonical_json(out);
}

}  // namespace abate::reply
