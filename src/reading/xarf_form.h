// SPDX-License-Identifier: Apache-2.0
// reading/xarf_form.h — where a mail holds a YAML form of a report: X-ARF 0.1 and 0.2 (a part called report.txt, the
// body, a part of a mail within the mail), whatever the part is called. Texts and forms only; what they mean is said in
// formats/xarf_mail.cc and formats/open_arf.cc. Pure; thread-safe.
#pragma once

#include <cstddef>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "reading/mime/message.h"
#include "reading/values.h"
#include "reading/yaml.h"

namespace abate::reading {

constexpr std::size_t kFormSearchBytesMax = 256 * 1024;  // of one part
constexpr std::size_t kFormsMax = 5'000;                 // of one mail

struct YamlForm {
  YamlDocument document;
  std::size_t part = 0;
  Incident read;  // where: read_from and what goes with it
};
// Says of an incident that it was read from the form.
void mark(Incident& incident, const YamlForm& form);

bool may_hold_form(const Part& part);  // by its type and name

// Where the form begins in the text: the "---" before its first line, or that line. npos when fewer than `names_min`
// of `names` stand at the beginning of lines.
std::size_t find_form(std::string_view text, std::span<const std::string_view> names, std::size_t names_min);
// All forms in the texts of the mail that have at least `names_min` of `names`.
std::vector<YamlForm> find_forms(const Message& mail, std::span<const std::string_view> names, std::size_t names_min,
                                 Warnings& warnings);

// "http: //x.example/a" -> "http://x.example/a"; "21: 09:11" -> "21:09:11": blanks that broken exporters put behind
// colons.
std::string without_blanks_behind_colons(std::string_view value);

// What the mail's human text says about the host of a URL.
struct UrlInText {
  std::string url;                   // as it stands there, or ""
  std::optional<IpAddress> address;  // "http://x.example/ [192.0.2.1]"
};
std::optional<UrlInText> find_url_in_text(std::string_view text, std::string_view host);
// The one address that the text calls so: "located at IP address 192.0.2.1". Nothing where it names several.
std::optional<IpAddress> find_named_address(std::string_view text);

// The parts from `begin` up to `end` as evidence, without `except`.
void add_parts_as_evidence(Incident& incident, const Message& mail, std::size_t begin, std::size_t end,
                           std::size_t except, Warnings& warnings);

}  // namespace abate::reading
