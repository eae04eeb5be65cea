// SPDX-License-Identifier: Apache-2.0
// base/log.h — what a program says about itself while it runs: structured lines on standard error (spdlog).
//
//   log_info("report_kept", {{"report", id}, {"bytes", std::to_string(size)}});
//
// `event` is a fixed word, so that a log can be searched; what the world sent stands only in fields and is escaped.
// Thread-safe. Nothing is logged that is a secret or a customer's evidence.
#pragma once

#include <initializer_list>
#include <string>
#include <string_view>
#include <utility>

namespace abate {

enum class LogForm : unsigned char { text, json };
enum class LogLevel : unsigned char { debug, info, warning, error };

void log_setup(LogForm form, LogLevel least);

using LogField = std::pair<std::string_view, std::string>;
void log_line(LogLevel level, std::string_view event, std::initializer_list<LogField> fields);

inline void log_debug(std::string_view event, std::initializer_list<LogField> fields = {}) {
  log_line(LogLevel::debug, event, fields);
}
inline void log_info(std::string_view event, std::initializer_list<LogField> fields = {}) {
  log_line(LogLevel::info, event, fields);
}
inline void log_warning(std::string_view event, std::initializer_list<LogField> fields = {}) {
  log_line(LogLevel::warning, event, fields);
}
inline void log_error(std::string_view event, std::initializer_list<LogField> fields = {}) {
  log_line(LogLevel::error, event, fields);
}

}  // namespace abate
