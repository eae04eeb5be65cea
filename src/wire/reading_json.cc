// SPDX-License-Identifier: Apache-2.0
#include "wire/reading_json.h"

#include <boost/json/array.hpp>
#include <boost/json/serialize.hpp>

#include "base/text.h"
#include "wire/incident_json.h"

namespace abate::wire {

namespace json = boost::json;

json::object reporter_json(const Reporter& reporter) {
  json::object form;
  form["address"] = reporter.address.empty() ? json::value(nullptr) : json::value(make_valid_utf8(reporter.address));
  form["name"] = reporter.name ? json::value(make_valid_utf8(*reporter.name)) : json::value(nullptr);
  form["authenticated"] = make_valid_utf8(reporter.authenticated);
  form["disclosure"] = reporter.disclosure;
  if (!reporter.keys.empty()) {
    json::array keys;
    for (const DnsText& key : reporter.keys)
      keys.push_back({{"name", make_valid_utf8(key.name)}, {"text", make_valid_utf8(key.text)}});
    form["keys"] = std::move(keys);
  }
  return form;
}

json::object reading_json(std::string_view file, const Reading& reading) {
  json::object form;
  form["file"] = make_valid_utf8(file);
  form["format"] = make_valid_utf8(reading.format);
  form["outcome"] = json::string(outcome_name(reading.outcome));
  json::array incidents;
  for (const Incident& incident : reading.incidents) incidents.emplace_back(incident_json(incident));
  form["incidents"] = std::move(incidents);
  form["reporter"] = reporter_json(reading.reporter);
  json::array warnings;
  for (const std::string& sentence : reading.warnings) warnings.emplace_back(make_valid_utf8(sentence));
  form["warnings"] = std::move(warnings);
  return form;
}

std::string reading_line(std::string_view file, const Reading& reading) {
  return json::serialize(reading_json(file, reading));
}

}  // namespace abate::wire
