// SPDX-License-Identifier: Apache-2.0
// tests/support/schema.h — holds JSON against one of docs/schemas. Understands what our schemas use: type, enum, const,
// required, properties, additionalProperties (false), items, minimum, maximum, pattern, anyOf and $ref within the file.
//
//   EXPECT_EQ(schema_breach("reading", value), "");
#pragma once

#include <fstream>
#include <regex>
#include <sstream>
#include <string>

#include <boost/json.hpp>

namespace abate::test {

class Schema {
 public:
  explicit Schema(const std::string& name) {
    std::ifstream file(std::string(ABATE_SOURCE_DIR "/docs/schemas/") + name + ".schema.json");
    std::stringstream text;
    text << file.rdbuf();
    root_ = boost::json::parse(text.str());
  }
  [[nodiscard]] const boost::json::value& root() const { return root_; }
  // "" where the value holds, else the first breach: "/incidents/0/count: below minimum".
  [[nodiscard]] std::string breach(const boost::json::value& value) const { return check(value, root_, ""); }

 private:
  using Value = boost::json::value;

  static bool has_type(const Value& value, std::string_view type) {
    if (type == "object") return value.is_object();
    if (type == "array") return value.is_array();
    if (type == "string") return value.is_string();
    if (type == "boolean") return value.is_bool();
    if (type == "null") return value.is_null();
    if (type == "integer") return value.is_int64() || value.is_uint64();
    return type == "number" && value.is_number();
  }
  static bool fits_type(const Value& value, const Value& types) {
    if (types.is_string()) return has_type(value, types.as_string());
    for (const Value& type : types.as_array())
      if (has_type(value, type.as_string())) return true;
    return false;
  }
  [[nodiscard]] const Value& resolve(const Value& rule) const {
    const Value* at = rule.as_object().if_contains("$ref");
    if (at == nullptr) return rule;
    return root_.at_pointer(std::string_view(at->as_string()).substr(1));
  }

  [[nodiscard]] std::string check_object(const Value& value, const boost::json::object& rules,
                                         const std::string& where) const {
    if (const Value* required = rules.if_contains("required"))
      for (const Value& name : required->as_array())
        if (!value.as_object().contains(name.as_string()))
          return where + ": " + std::string(name.as_string()) + " is missing";
    const Value* properties = rules.if_contains("properties");
    const Value* others = rules.if_contains("additionalProperties");
    for (const auto& [name, field] : value.as_object()) {
      const std::string path = where + "/" + std::string(name);
      const Value* rule = properties != nullptr ? properties->as_object().if_contains(name) : nullptr;
      if (rule == nullptr && others != nullptr && others->is_bool() && !others->as_bool()) return path + ": not known";
      if (rule == nullptr) continue;
      if (auto wrong = check(field, *rule, path); !wrong.empty()) return wrong;
    }
    return {};
  }

  [[nodiscard]] std::string check(const Value& value, const Value& rule, const std::string& where) const {
    const boost::json::object& rules = resolve(rule).as_object();
    if (const Value* type = rules.if_contains("type"); type != nullptr && !fits_type(value, *type))
      return where + ": wrong type";
    if (const Value* fixed = rules.if_contains("const"); fixed != nullptr && *fixed != value)
      return where + ": not the fixed value";
    if (const Value* words = rules.if_contains("enum")) {
      bool known = false;
      for (const Value& word : words->as_array()) known = known || word == value;
      if (!known) return where + ": not among the known values";
    }
    if (const Value* pattern = rules.if_contains("pattern"); pattern != nullptr && value.is_string())
      if (!std::regex_search(std::string(value.as_string()), std::regex(std::string(pattern->as_string()))))
        return where + ": breaks its pattern";
    if (value.is_number()) {
      const double number = value.to_number<double>();
      if (const Value* least = rules.if_contains("minimum"); least != nullptr && number < least->to_number<double>())
        return where + ": below minimum";
      if (const Value* most = rules.if_contains("maximum"); most != nullptr && number > most->to_number<double>())
        return where + ": above maximum";
    }
    if (const Value* choices = rules.if_contains("anyOf")) {
      bool fits = false;
      for (const Value& choice : choices->as_array()) fits = fits || check(value, choice, where).empty();
      if (!fits) return where + ": fits none of its forms";
    }
    if (const Value* items = rules.if_contains("items"); items != nullptr && value.is_array())
      for (std::size_t i = 0; i < value.as_array().size(); ++i)
        if (auto wrong = check(value.as_array()[i], *items, where + "/" + std::to_string(i)); !wrong.empty())
          return wrong;
    return value.is_object() ? check_object(value, rules, where) : std::string();
  }

  Value root_;
};

}  // namespace abate::test
