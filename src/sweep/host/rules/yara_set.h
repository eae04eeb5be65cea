// SPDX-License-Identifier: Apache-2.0
// sweep/host/rules/yara_set.h — libyara behind RAII: rules compiled together, and scanners of them.
//
// A set is immutable and shared by threads; a Scanner belongs to one thread at a time and must not outlive its set.
// libyara's own modules may be imported; `include` is refused. External variables: filename, filepath, extension.
#pragma once

#include <memory>
#include <string>
#include <string_view>
#include <vector>

#include "base/result.h"
#include "sweep/kit/content_rules.h"

struct YR_RULES;
struct YR_SCAN_CONTEXT;

namespace abate::sweep {

constexpr int kScanSecondsMax = 10;  // a file; what a rule needs longer for is not found

struct YaraText {
  std::string space;  // namespace: the file that it came from
  std::string text;
};

class YaraSet {
 public:
  static Result<std::unique_ptr<YaraSet>> compile(const std::vector<YaraText>& texts);
  ~YaraSet();
  YaraSet(const YaraSet&) = delete;
  YaraSet& operator=(const YaraSet&) = delete;

  struct RuleNames {
    std::string rule;
    std::vector<std::string> strings;  // in order
  };
  [[nodiscard]] std::vector<RuleNames> names() const;

  class Scanner {
   public:
    explicit Scanner(const YaraSet& of);
    ~Scanner();
    Scanner(const Scanner&) = delete;
    Scanner& operator=(const Scanner&) = delete;
    // What matched is added; false where time ran out or libyara failed.
    bool scan(const RuleInput& input, std::vector<RuleHit>& hits);

   private:
    YR_SCAN_CONTEXT* scanner_ = nullptr;
  };

 private:
  explicit YaraSet(YR_RULES* rules) : rules_{rules} {}
  YR_RULES* rules_;
};

}  // namespace abate::sweep
