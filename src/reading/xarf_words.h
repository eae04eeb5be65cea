// SPDX-License-Identifier: Apache-2.0
// reading/xarf_words.h — the kinds that X-ARF before version 4 names (ReportType of the JSON forms, Report-Type and
// Service of the YAML forms) → XARF v4 types. Words match without case, blanks, "-" and "_". Pure; thread-safe.
#pragma once

#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "model/category.h"

namespace abate::reading {

struct XarfKind {
  std::string_view type;  // "connection/login_attack"
  Category category;
};

// What a report's word means; nothing for a word that nobody knows. `detail` is what the report says besides (its
// service, its subtype): an open service that is a proxy is category proxy.
std::optional<XarfKind> xarf_kind(std::string_view word, std::string_view detail = {});
// The same for the name of the attacked service ("ssh", "postfix"): what an attack on it is.
std::optional<XarfKind> xarf_kind_of_service(std::string_view service);
// Every word for a kind of report that stands in the table, for kinds.h.
struct XarfWord {
  std::string_view word;
  std::string_view type;
};
std::vector<XarfWord> xarf_report_words();
// "Login-Attack" -> "loginattack": how words are compared.
std::string xarf_word(std::string_view text);

}  // namespace abate::reading
