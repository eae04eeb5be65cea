// SPDX-License-Identifier: Apache-2.0
// reading/intel.h — what the formats of threat intelligence (MISP, STIX) share: the JSON documents of a report, the
// indicators in them, and the incidents these make.
//
// An indicator names by an address, a URL or a domain somebody who does harm. Whose kind nobody says is
// `reputation/threat_intelligence`. SECURITY: values are hostile and are taken by their form only. Pure; thread-safe.
#pragma once

#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "reading/input.h"
#include "reading/kinds.h"
#include "reading/passages.h"
#include "reading/values.h"

namespace abate::reading {

constexpr std::size_t kIntelPartsMax = 20;         // JSON parts of one mail that are looked at
constexpr std::size_t kIntelObjectsMax = 100'000;  // objects or attributes of one document
constexpr std::size_t kIntelValuesMax = 1'000;     // addresses, URLs or domains of one indicator

struct IntelDocument {
  Json json;
  std::string where;  // "JSON", "part 2"
  JsonPassages passages;
};

// The report itself, or the JSON parts of a mail, where `is_mine` holds. `mark` is text that each must contain.
std::vector<IntelDocument> intel_documents(const Input& input, std::string_view mark, bool (*is_mine)(JsonValue root));

struct Indicator {
  std::vector<std::string> addresses;  // "192.0.2.1"
  std::vector<std::string> urls;
  std::vector<std::string> domains;
  std::optional<std::uint16_t> port;  // of the accused
  std::string started, ended;         // RFC 3339 or epoch seconds; what places nothing is a warning
  std::vector<std::string> words;     // what may name the kind, the surest first
  std::optional<Kind> otherwise;      // the kind where no word does
  std::string text;                   // evidence
  std::string read_from;              // "part 2, object 3"; the lines come from `place`
  JsonValue place;                    // the object that it was read from, where it is one
  double confidence = 0.9;
  std::uint32_t count = 1;
};

// The words are about a controller of bots and not about the bots: then who was called is blamed, not who called.
bool speak_of_controller(const std::vector<std::string>& words);

// One incident for each URL, else address, else domain; where there is one address it is that of all. Those that repeat
// what a URL says are left out.
void add_incidents(const Indicator& indicator, const JsonPassages& passages, Reading& reading, Warnings& warnings);

}  // namespace abate::reading
