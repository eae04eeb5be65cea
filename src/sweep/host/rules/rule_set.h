// SPDX-License-Identifier: Apache-2.0
// sweep/host/rules/rule_set.h — YARA rules behind a prefilter: the rules that match are those that libyara alone finds.
//
// Made of whole files. A file that libyara refuses is left out and said. Rules whose needed strings are known
// (need.h) are guarded: libyara looks for them only in files where the prefilter finds what one of them needs. All
// others are run on every file. Files whose rules name each other, or that hold a global rule, stay together.
#pragma once

#include <memory>
#include <mutex>
#include <string>
#include <string_view>
#include <vector>

#include "sweep/host/open_host.h"
#include "sweep/host/rules/prefilter.h"
#include "sweep/host/rules/yara_set.h"
#include "sweep/kit/content_rules.h"

namespace abate::sweep {

struct RuleFile {
  std::string name;  // "php.yar"
  std::string text;
};

class RuleSet final : public ContentRules {
 public:
  RuleSet(const std::vector<RuleFile>& files, Notes& notes);
  ~RuleSet() override;

  [[nodiscard]] std::vector<RuleHit> scan(const RuleInput& input) const override;
  [[nodiscard]] std::string identity() const override { return identity_; }
  // libyara alone, for comparison.
  [[nodiscard]] std::vector<RuleHit> scan_without_prefilter(const RuleInput& input) const;

  struct Counts {
    std::size_t guarded = 0;
    std::size_t always_run = 0;
    std::size_t database_bytes = 0;  // Vectorscan's
  };
  [[nodiscard]] Counts counts() const { return counts_; }
  [[nodiscard]] const std::vector<std::string>& always_run() const { return always_run_; }

 private:
  struct Bench;  // what one thread scans with
  class Lent;
  [[nodiscard]] std::vector<RuleHit> scan(const RuleInput& input, bool filtered) const;

  std::unique_ptr<Prefilter> prefilter_;
  std::unique_ptr<YaraSet> guarded_, always_;
  Counts counts_;
  std::vector<std::string> always_run_;
  std::string identity_;
  mutable std::mutex mutex_;
  mutable std::vector<std::unique_ptr<Bench>> idle_;
};

// The product's own rules (rules/*.yar, embedded), compiled when first asked.
const ContentRules& own_rules();
std::vector<RuleFile> own_rule_files();

// `abate explain content_rules`: a line for each of the product's own rules.
std::string own_rules_listed();

// The own rules and all that lies in `folder`: .yar .yara, .hdb .hsb .ndb of ClamAV. What could not be used is noted.
// Large hash lists are sorted into a nameless file in `work_folder`.
Result<std::unique_ptr<ContentRules>> load_rules(const std::string& folder, const std::string& work_folder,
                                                 Notes& notes);

constexpr std::size_t kRuleFileBytesMax = std::size_t{64} << 20;
constexpr std::size_t kRuleFilesMax = 2000;

}  // namespace abate::sweep
