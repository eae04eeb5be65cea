// SPDX-License-Identifier: Apache-2.0
#include "wire/report_json.h"

#include <boost/json/array.hpp>

#include "base/text.h"
#include "wire/reading_json.h"

namespace abate::wire {

namespace json = boost::json;

json::object report_json(const Report& report) {
  const auto text_or_null = [](const std::string& text) {
    return text.empty() ? json::value(nullptr) : json::value(make_valid_utf8(text));
  };
  json::array warnings;
  for (const std::string& warning : report.reading.warnings) warnings.emplace_back(make_valid_utf8(warning));
  json::object out;
  out["report_id"] = report.id;
  out["status"] = report_status_name(report.status);
  out["received_at"] = format_rfc3339(report.received_at);
  out["channel"] = channel_name(report.channel);
  out["content_type"] = make_valid_utf8(report.content_type);
  out["size"] = report.size_bytes;
  out["sha256"] = report.sha256;
  out["arrivals"] = report.arrivals;
  out["token"] = text_or_null(report.token);
  out["envelope_from"] = text_or_null(report.envelope_from);
  out["envelope_to"] = text_or_null(report.envelope_to);
  out["needs_person"] = report.needs_person;
  out["reason"] = text_or_null(report.reason);
  out["suggestion"] = text_or_null(report.suggestion);
  out["format"] = text_or_null(report.reading.format);
  out["reporter"] = report.status == ReportStatus::received ? json::value(nullptr)
                                                            : json::value(reporter_json(report.reading.reporter));
  out["warnings"] = std::move(warnings);
  return out;
}

}  // namespace abate::wire
