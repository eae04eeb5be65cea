// SPDX-License-Identifier: Apache-2.0
#include <optional>

#include <malloc.h>

#include "base/embedded.h"
#include "sweep/host/rules/rule_set.h"

namespace abate::sweep {

std::span<const EmbeddedFile> embedded_rules();

namespace {

class LateRules final : public ContentRules {  // compiled when the first file is looked at
 public:
  [[nodiscard]] std::vector<RuleHit> scan(const RuleInput& input) const override {
    std::call_once(once_, [this] {
      Notes notes;  // our own rules compile: a test sees to it
      set_.emplace(own_rule_files(), notes);
      ::malloc_trim(0);  // compiling takes far more memory than what it makes
    });
    return set_->scan(input);
  }
  [[nodiscard]] std::string identity() const override { return "own"; }  // part of the program

 private:
  mutable std::once_flag once_;
  mutable std::optional<RuleSet> set_;
};

// The value of `key = "…"` in a rule's source.
std::string meta_of(std::string_view source, std::string_view key) {
  const std::string head = fmt::format("{} = \"", key);
  const std::size_t begin = source.find(head);
  if (begin == std::string_view::npos) return {};
  const std::string_view rest = source.substr(begin + head.size());
  return std::string{rest.substr(0, rest.find('"'))};
}

}  // namespace

const ContentRules& own_rules() {
  static const LateRules rules;
  return rules;
}

std::vector<RuleFile> own_rule_files() {
  std::vector<RuleFile> files;
  for (const EmbeddedFile& file : embedded_rules()) files.push_back({std::string{file.name}, std::string{file.bytes}});
  return files;
}

std::string own_rules_listed() {
  std::string text;
  for (const RuleFile& file : own_rule_files()) {
    const Result<YaraSource> source = parse_yara(file.text);
    if (!source) continue;
    for (const YaraRule& rule : source->rules)
      text += fmt::format("{} ({}, {}): {}. False alarms: {}\n", rule.name, meta_of(rule.source, "severity"),
                          meta_of(rule.source, "role"), meta_of(rule.source, "description"),
                          meta_of(rule.source, "false_positives"));
  }
  return text;
}

}  // namespace abate::sweep
