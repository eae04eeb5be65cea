// SPDX-License-Identifier: Apache-2.0
#include "base/log.h"

#include <memory>

#include <boost/json.hpp>
#include <spdlog/sinks/stdout_sinks.h>
#include <spdlog/spdlog.h>

#include "base/canonical_json.h"
#include "base/clock.h"
#include "base/text.h"

namespace abate {
namespace {

std::atomic<LogForm> g_form{LogForm::text};

spdlog::logger& logger() {
  static const std::shared_ptr<spdlog::logger> made = [] {
    auto fresh = std::make_shared<spdlog::logger>("abate", std::make_shared<spdlog::sinks::stderr_sink_mt>());
    fresh->set_pattern("%v");
    return fresh;
  }();
  return *made;
}

spdlog::level::level_enum spdlog_level(LogLevel level) {
  switch (level) {
    case LogLevel::debug: return spdlog::level::debug;
    case LogLevel::info: return spdlog::level::info;
    case LogLevel::warning: return spdlog::level::warn;
    case LogLevel::error: return spdlog::level::err;
  }
  return spdlog::level::info;
}

std::string_view level_name(LogLevel level) {
  switch (level) {
    case LogLevel::debug: return "debug";
    case LogLevel::info: return "info";
    case LogLevel::warning: return "warning";
    case LogLevel::error: return "error";
  }
  return "info";
}

std::string quoted_where_needed(std::string_view value) {
  std::string shown = escape_terminal(value);
  if (!shown.empty() && shown.find_first_of(" \"=") == shown.npos) return shown;
  std::string out = "\"";
  for (const char c : shown) {
    if (c == '"') out += '\\';
    out += c;
  }
  return out + '"';
}

}  // namespace

void log_setup(LogForm form, LogLevel least) {
  g_form = form;
  logger().set_level(spdlog_level(least));
}

void log_line(LogLevel level, std::string_view event, std::initializer_list<LogField> fields) {
  if (!logger().should_log(spdlog_level(level))) return;
  constexpr std::size_t kToMillis = 23;  // "2026-01-02T03:04:05.123": lines of equal length sort as text
  const std::string at = format_rfc3339_exact(SystemClock{}.now()).substr(0, kToMillis) + 'Z';
  std::string line;
  if (g_form == LogForm::json) {
    boost::json::object object{{"at", at}, {"level", level_name(level)}, {"event", event}};
    for (const auto& [key, value] : fields)
      object.emplace(key, escape_terminal(value));  // never instead of the three above
    line = canonical_json(object);
  } else {
    line = fmt::format("{} {} {}", at, level_name(level), event);
    for (const auto& [key, value] : fields) line += fmt::format(" {}={}", key, quoted_where_needed(value));
  }
  logger().log(spdlog_level(level), line);
}

}  // namespace abate
