// SPDX-License-Identifier: Apache-2.0
// reading/xarf4_schema.h — the 32 types of XARF v4.2 as tables. What breaks them becomes a warning, never a lost
// report. Pure; thread-safe.
#pragma once

#include <span>
#include <string_view>

namespace abate::reading {

struct XarfType {
  std::string_view type;      // "connection/ddos"
  std::string_view required;  // fields of its own that must be there, parted by blanks
};
struct XarfWords {
  std::string_view type;   // a type, or "content/" for all beneath it
  std::string_view field;  // a string, or an array of them
  std::string_view words;  // what it may hold, parted by blanks
};
constexpr std::string_view kXarf4CoreRequired =
    "xarf_version report_id timestamp reporter sender source_identifier category type";
constexpr std::string_view kXarf4ContentRequired = "url";

std::span<const XarfType> xarf4_types();
std::span<const XarfWords> xarf4_words();
const XarfType* find_xarf4_type(std::string_view type);  // nullptr where XARF v4.2 has no such type
// "content/phishing_site" -> "content/phishing": names of drafts. Others come back as they are.
std::string_view current_xarf4_name(std::string_view type);

}  // namespace abate::reading
