// SPDX-License-Identifier: Apache-2.0
#include "sweep/host/rules/rule_set.h"

#include <algorithm>
#include <map>
#include <set>

#include "base/digest.h"
#include "sweep/host/rules/need.h"

namespace abate::sweep {
namespace {

// A file's rules as we read them, only where libyara sees the same rules and strings.
std::optional<YaraSource> read_as_libyara(const RuleFile& file, const YaraSet& compiled) {
  Result<YaraSource> source = parse_yara(file.text);
  if (!source || source->includes) return std::nullopt;
  const std::vector<YaraSet::RuleNames> names = compiled.names();
  if (names.size() != source->rules.size()) return std::nullopt;
  for (std::size_t at = 0; at < names.size(); ++at) {
    const YaraRule& rule = source->rules[at];
    if (rule.name != names[at].rule || rule.strings.size() != names[at].strings.size()) return std::nullopt;
    for (std::size_t i = 0; i < rule.strings.size(); ++i)
      if (rule.strings[i].name != names[at].strings[i]) return std::nullopt;
  }
  return std::move(*source);
}

// Rules that name each other, and global ones, only mean something together.
bool stays_together(const YaraSource& source) {
  std::set<std::string_view> names;
  for (const YaraRule& rule : source.rules) names.insert(rule.name);
  for (const YaraRule& rule : source.rules) {
    if (rule.global) return true;
    for (std::size_t at = 0; at < rule.condition.size(); ++at) {
      const YaraToken& token = rule.condition[at];
      if (token.kind != YaraToken::Kind::word) continue;
      if (names.contains(token.text)) return true;
      if (at + 1 < rule.condition.size() && rule.condition[at + 1].text == "*" && at > 0 &&
          (rule.condition[at - 1].text == "(" || rule.condition[at - 1].text == ","))
        return true;  // any of (name*)
    }
  }
  return false;
}

std::string joined(const YaraSource& source, const std::vector<const YaraRule*>& rules) {
  std::string text;
  for (const std::string_view import : source.imports) text += fmt::format("{}\n", import);
  for (const YaraRule* rule : rules) text += fmt::format("{}\n", rule->source);
  return text;
}

class Builder {
 public:
  // Each distinct pattern once.
  std::uint32_t id_of(const Pattern& pattern) {
    const auto [at, is_new] = ids_.emplace(pattern, static_cast<std::uint32_t>(patterns.size()));
    if (is_new) patterns.push_back(pattern);
    return at->second;
  }

  GuardedRule guard(const YaraRule& rule) {
    std::vector<std::vector<Pattern>> expressed;
    std::vector<unsigned> scores;
    for (const YaraString& string : rule.strings) {
      expressed.push_back(patterns_of(string));
      unsigned least = expressed.back().empty() ? 0U : ~0U;
      for (const Pattern& one : expressed.back()) least = std::min(least, one.score);
      scores.push_back(least);
    }
    GuardedRule guarded;
    for (const Clause& clause : needed_strings(rule, scores)) {
      auto& ids = guarded.clauses.emplace_back();
      for (const std::size_t string : clause)
        for (const Pattern& one : expressed[string]) ids.push_back(id_of(one));
    }
    return guarded;
  }

  std::vector<Pattern> patterns;

 private:
  std::map<Pattern, std::uint32_t> ids_;
};

}  // namespace

struct RuleSet::Bench {
  explicit Bench(const RuleSet& of) : scratch{of.prefilter_->expressions()} {
    if (of.guarded_) guarded.emplace(*of.guarded_);
    if (of.always_) always.emplace(*of.always_);
  }
  Expressions::Scratch scratch;
  std::optional<YaraSet::Scanner> guarded, always;
};

class RuleSet::Lent {  // a bench out of the idle ones, given back afterwards
 public:
  explicit Lent(const RuleSet& of) : of_{of} {
    const std::lock_guard lock{of.mutex_};
    if (of.idle_.empty()) return;
    bench_ = std::move(of.idle_.back());
    of.idle_.pop_back();
  }
  ~Lent() {
    const std::lock_guard lock{of_.mutex_};
    of_.idle_.push_back(std::move(bench_));
  }
  Lent(const Lent&) = delete;
  Lent& operator=(const Lent&) = delete;
  Bench& operator*() {
    if (!bench_) bench_ = std::make_unique<Bench>(of_);
    return *bench_;
  }

 private:
  const RuleSet& of_;
  std::unique_ptr<Bench> bench_;
};

RuleSet::RuleSet(const std::vector<RuleFile>& files, Notes& notes) {
  struct Part {
    const RuleFile* file;
    std::optional<YaraSource> source;
    bool together = true;
  };
  std::vector<Part> parts;
  Builder builder;
  std::vector<GuardedRule> guards;
  std::vector<std::pair<std::size_t, const YaraRule*>> owners;  // of guards: part and rule
  parts.reserve(files.size());
  for (const RuleFile& file : files) {
    const auto compiled = YaraSet::compile({{file.name, file.text}});
    if (!compiled) {
      notes.add(file.name, fmt::format("the rules are not used: {}", compiled.error().what));
      continue;
    }
    Part& part = parts.emplace_back(&file, read_as_libyara(file, **compiled));
    if (!part.source) continue;
    part.together = stays_together(*part.source);
    for (const YaraRule& rule : part.source->rules) {
      guards.push_back(builder.guard(rule));
      owners.emplace_back(parts.size() - 1, &rule);
    }
  }
  std::vector<std::size_t> open;
  prefilter_ = std::make_unique<Prefilter>(std::move(builder.patterns), std::move(guards), open);
  std::set<const YaraRule*> unguarded;
  for (const std::size_t at : open) unguarded.insert(owners[at].second);

  std::vector<YaraText> guarded, always;
  for (const Part& part : parts) {
    std::vector<const YaraRule*> held, free;
    if (!part.source) {
      always.push_back({part.file->name, part.file->text});
      always_run_.push_back(part.file->name + ": all");
      ++counts_.always_run;
      continue;
    }
    for (const YaraRule& rule : part.source->rules) (unguarded.contains(&rule) ? free : held).push_back(&rule);
    if (part.together && !free.empty()) held.clear();
    if (part.together) free.clear();
    if (part.together && held.empty()) {
      for (const YaraRule& rule : part.source->rules) free.push_back(&rule);
    }
    if (!held.empty()) guarded.push_back({part.file->name, joined(*part.source, held)});
    if (!free.empty()) always.push_back({part.file->name, joined(*part.source, free)});
    counts_.guarded += held.size();
    counts_.always_run += free.size();
    for (const YaraRule* rule : free) always_run_.push_back(rule->name);
  }
  const auto compile = [&](const std::vector<YaraText>& texts, std::unique_ptr<YaraSet>& into) {
    if (texts.empty()) return;
    if (auto set = YaraSet::compile(texts))
      into = std::move(*set);
    else
      notes.add("rules", fmt::format("some are not used: {}", set.error().what));
  };
  compile(guarded, guarded_);
  compile(always, always_);
  Digest digest{"SHA256"};
  for (const RuleFile& file : files) digest.add(fmt::format("{} {}\n{}\n", file.name, file.text.size(), file.text));
  identity_ = digest.hex();
  counts_.database_bytes = prefilter_->expressions().bytes();
}

RuleSet::~RuleSet() = default;

std::vector<RuleHit> RuleSet::scan(const RuleInput& input, bool filtered) const {
  Lent lent{*this};
  Bench& bench = *lent;
  std::vector<RuleHit> hits;
  if (bench.always) bench.always->scan(input, hits);
  if (bench.guarded && (!filtered || prefilter_->might_match(input.bytes, bench.scratch)))
    bench.guarded->scan(input, hits);
  std::ranges::sort(hits, [](const RuleHit& a, const RuleHit& b) {
    return a.severity != b.severity ? a.severity > b.severity : a.rule < b.rule;
  });
  return hits;
}

std::vector<RuleHit> RuleSet::scan(const RuleInput& input) const { return scan(input, true); }
std::vector<RuleHit> RuleSet::scan_without_prefilter(const RuleInput& input) const { return scan(input, false); }

}  // namespace abate::sweep
