// SPDX-License-Identifier: Apache-2.0
// sweep/kit/content_rules.h — what a file's bytes match: the product's own malware rules, YARA rules of the user's and
// ClamAV's signatures, behind one face.
//
//   for (const RuleHit& hit : host.rules->scan({.path = path, .bytes = bytes, .size = size})) …
//
// sweep/host/rules makes them; a Host without rules holds null. Thread-safe.
#pragma once

#include <cstdint>
#include <functional>
#include <string>
#include <string_view>
#include <vector>

#include "model/finding.h"

namespace abate::sweep {

struct RuleInput {
  std::string_view path;
  std::string_view bytes;  // the first FileView::kBytesMax bytes
  std::uint64_t size = 0;  // of the whole file
  // Of the whole file, hex, or "" where nobody knows it: asked only where signatures need it. May be empty.
  std::function<std::string_view()> md5;
};

struct RuleHit {
  std::string rule;             // its name
  std::string says;             // meta description: one sentence in plain words
  std::string false_positives;  // meta false_positives
  std::string role;             // "shell", "mailer", …; Finding::role
  Severity severity = Severity::suspicious;
  Area area = Area::malware;
  struct Spot {
    std::uint64_t offset = 0;
    std::string text;  // raw bytes, at most kSpotBytesMax
  };
  std::vector<Spot> spots;  // where its strings stand; at most kSpotsMax

  static constexpr std::size_t kSpotsMax = 4;
  static constexpr std::size_t kSpotBytesMax = 120;
};

class ContentRules {
 public:
  virtual ~ContentRules() = default;
  // The worst first, then by name. Bounded in time by a named limit of whoever implements it.
  [[nodiscard]] virtual std::vector<RuleHit> scan(const RuleInput& input) const = 0;
  // Other rules have another one.
  [[nodiscard]] virtual std::string identity() const = 0;
};

}  // namespace abate::sweep
