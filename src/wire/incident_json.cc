// SPDX-License-Identifier: Apache-2.0
#include "wire/incident_json.h"

#include <boost/json/array.hpp>

#include "base/text.h"
#include "base/time.h"

namespace abate::wire {
namespace {

namespace json = boost::json;

template <class T, class Form>
json::value or_null(const std::optional<T>& value, Form form) {
  return value ? json::value(form(*value)) : json::value(nullptr);
}
json::string valid(const std::string& text) { return json::string(is_valid_utf8(text) ? text : make_valid_utf8(text)); }

bool is_text(const Evidence& evidence) {
  return evidence.content_type.starts_with("text/") || evidence.content_type.starts_with("message/") ||
         evidence.content_type == "application/json" || evidence.content_type == "application/xml" ||
         is_valid_utf8(evidence.bytes);
}

}  // namespace

json::object evidence_json(const Evidence& evidence) {
  json::object form;
  form["content_type"] = valid(evidence.content_type);
  form["description"] = valid(evidence.description);
  form["text"] = is_text(evidence) ? json::value(json::string(make_valid_utf8(evidence.bytes))) : json::value(nullptr);
  form["sha256"] = evidence.sha256;
  form["size"] = evidence.bytes.size();
  form["range"] = or_null(evidence.range, [](const ByteRange& range) {
    return json::object{{"offset", range.offset}, {"length", range.length}};
  });
  return form;
}

json::object incident_json(const Incident& incident) {
  const auto number = [](std::uint16_t port) { return std::uint64_t{port}; };
  const auto address = [](const IpAddress& ip) { return json::string(ip.to_string()); };
  const auto time = [](Instant at) { return json::string(format_rfc3339(at)); };
  json::object form;
  form["category"] = json::string(category_name(incident.category));
  form["type"] = valid(incident.type);
  form["source_ip"] = or_null(incident.source_ip, address);
  form["source_port"] = or_null(incident.source_port, number);
  form["destination_ip"] = or_null(incident.destination_ip, address);
  form["destination_port"] = or_null(incident.destination_port, number);
  form["protocol"] = or_null(incident.protocol, valid);
  form["url"] = or_null(incident.url, valid);
  form["domain"] = or_null(incident.domain, valid);
  form["started_at"] = or_null(incident.started_at, time);
  form["ended_at"] = or_null(incident.ended_at, time);
  // A wall clock whose zone nobody named: without "Z", since it is no instant.
  form["started_unzoned"] = or_null(incident.started_unzoned, [](Instant at) {
    std::string text = format_rfc3339(at);
    if (text.ends_with('Z')) text.pop_back();
    return json::string(text);
  });
  form["confidence"] = incident.confidence;
  form["count"] = incident.count;
  json::array evidence;
  for (const Evidence& each : incident.evidence) evidence.emplace_back(evidence_json(each));
  form["evidence"] = std::move(evidence);
  json::array reasons;
  for (const std::string& reason : incident.reasons) reasons.emplace_back(valid(reason));
  form["reasons"] = std::move(reasons);
  form["read_from"] = valid(incident.read_from);
  return form;
}

}  // namespace abate::wire
