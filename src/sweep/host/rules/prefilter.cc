// SPDX-License-Identifier: Apache-2.0
#include "sweep/host/rules/prefilter.h"

#include <algorithm>
#include <limits>
#include <map>
#include <numeric>
#include <string>
#include <utility>

#include <hs.h>

#include "base/check.h"

namespace abate::sweep {
namespace {

constexpr std::uint64_t kShiftMax = 200;
constexpr std::size_t kSpotsMax = 16;           // with more, scanning all of it is quicker
constexpr std::size_t kReachBytesMax = 1024;    // likewise
constexpr std::size_t kRegionBytesMax = 16384;  // likewise, where blanks were repeated
constexpr unsigned kEveryMatch = HS_FLAG_DOTALL;
constexpr unsigned kFirstMatch = HS_FLAG_DOTALL | HS_FLAG_SINGLEMATCH;

unsigned flags_of(const Pattern& pattern, unsigned flags) {
  return flags | (pattern.ignores_case ? HS_FLAG_CASELESS : 0U);
}

bool is_understood(const Pattern& pattern) {
  hs_expr_info_t* info = nullptr;
  hs_compile_error_t* error = nullptr;
  const hs_error_t outcome =
      hs_expression_info(pattern.expression.c_str(), flags_of(pattern, kFirstMatch), &info, &error);
  const bool fine = outcome == HS_SUCCESS && info->min_width > 0;
  std::free(info);
  hs_free_compile_error(error);
  return fine;
}

// Of `patterns` those in `chosen`.
hs_database* compile(std::span<const Pattern> patterns, std::vector<std::size_t> chosen,
                     std::vector<std::size_t>& refused, unsigned common) {
  while (!chosen.empty()) {
    std::vector<const char*> texts;
    std::vector<unsigned> flags, ids;
    for (const std::size_t at : chosen) {
      texts.push_back(patterns[at].expression.c_str());
      flags.push_back(flags_of(patterns[at], common));
      ids.push_back(static_cast<unsigned>(at));
    }
    hs_database* database = nullptr;
    hs_compile_error_t* error = nullptr;
    const hs_error_t outcome =
        hs_compile_multi(texts.data(), flags.data(), ids.data(), static_cast<unsigned>(ids.size()), HS_MODE_BLOCK,
                         nullptr, &database, &error);
    if (outcome == HS_SUCCESS) return database;
    const int wrong = error == nullptr ? -1 : error->expression;  // too large, mostly
    hs_free_compile_error(error);
    const auto begin = wrong < 0 ? chosen.begin() : chosen.begin() + wrong;
    const auto end = wrong < 0 ? chosen.end() : begin + 1;
    refused.insert(refused.end(), begin, end);
    chosen.erase(begin, end);
  }
  return nullptr;
}

}  // namespace

Expressions::Expressions(std::span<const Pattern> patterns, std::vector<std::size_t>& refused)
    : count_{patterns.size()} {
  std::vector<std::size_t> understood;
  for (std::size_t at = 0; at < patterns.size(); ++at)
    (is_understood(patterns[at]) ? understood : refused).push_back(at);
  database_ = compile(patterns, std::move(understood), refused, kFirstMatch);
}

void Expressions::lead_by(std::span<const Pattern> patterns, const std::set<std::uint32_t>& leading) {
  std::map<Pattern, std::size_t> once;  // and its reach
  leading_.resize(patterns.size());
  for (const std::uint32_t id : leading) {
    const Pattern& one = patterns[id];
    const bool bare = one.literal.empty();
    std::size_t& reach = once[{bare ? one.expression : expression_of(one.literal), one.ignores_case}];
    reach = std::max(reach, bare ? kUnbounded : one.width);
    leading_[id] = true;
  }
  std::vector<Pattern> literals;
  for (const auto& [literal, reach] : once) {
    literals.push_back(literal);
    reaches_.push_back(reach);
  }
  std::vector<std::size_t> all(literals.size()), refused;
  std::iota(all.begin(), all.end(), std::size_t{0});
  literals_ = compile(literals, std::move(all), refused, kEveryMatch);
  if (refused.empty()) return;
  hs_free_database(literals_);
  literals_ = nullptr;
}

Expressions::~Expressions() {
  hs_free_database(literals_);
  hs_free_database(database_);
}

std::size_t Expressions::bytes() const {
  std::size_t all = 0;
  for (const hs_database* one : {database_, literals_}) {
    std::size_t size = 0;
    if (one != nullptr) hs_database_size(one, &size);
    all += size;
  }
  return all;
}

Expressions::Scratch::Scratch(const Expressions& of) : seen_(of.count_) {
  for (const hs_database* one : {of.database_, of.literals_})
    if (one != nullptr) CHECK(hs_alloc_scratch(one, &scratch_) == HS_SUCCESS);
}

Expressions::Scratch::~Scratch() { hs_free_scratch(scratch_); }

std::span<const std::uint32_t> Expressions::scan(std::string_view bytes, Scratch& scratch) const {
  for (const std::uint32_t hit : scratch.hits_) scratch.seen_[hit] = false;
  scratch.hits_.clear();
  if (database_ == nullptr || bytes.empty()) return {};
  CHECK(bytes.size() <= std::numeric_limits<unsigned>::max());
  if (literals_ != nullptr && !is_worth_a_scan(bytes, scratch)) return {};
  const auto hit = [](unsigned id, unsigned long long, unsigned long long, unsigned, void* context) {
    auto& into = *static_cast<Scratch*>(context);
    if (!into.seen_[id]) {
      into.seen_[id] = true;
      into.hits_.push_back(id);
    }
    return 0;
  };
  CHECK(hs_scan(database_, bytes.data(), static_cast<unsigned>(bytes.size()), 0, scratch.scratch_, hit, &scratch) ==
        HS_SUCCESS);
  return scratch.hits_;
}

// Where the literals are; false where there are too many, or a match can reach too far.
bool Expressions::find_spots(std::string_view bytes, Scratch& scratch) const {
  struct Found {
    const std::vector<std::size_t>& reaches;
    std::vector<Scratch::Spot>& spots;
  } found{reaches_, scratch.spots_};
  found.spots.clear();
  const auto spot = [](unsigned id, unsigned long long, unsigned long long end, unsigned, void* context) {
    const auto& [reaches, spots] = *static_cast<Found*>(context);
    if (reaches[id] > kReachBytesMax || spots.size() == kSpotsMax) return 1;
    spots.push_back({end, reaches[id]});
    return 0;
  };
  const hs_error_t outcome =
      hs_scan(literals_, bytes.data(), static_cast<unsigned>(bytes.size()), 0, scratch.scratch_, spot, &found);
  CHECK(outcome == HS_SUCCESS || outcome == HS_SCAN_TERMINATED);
  return outcome == HS_SUCCESS;
}

// A match holds its literal, and what else it holds lies around: as many bytes as the pattern is wide, and any blanks.
bool Expressions::is_worth_a_scan(std::string_view bytes, Scratch& scratch) const {
  if (!find_spots(bytes, scratch)) return true;
  std::size_t begin = 0, end = 0;  // of a region: those that meet are one
  for (const Scratch::Spot& spot : scratch.spots_) {
    std::size_t first = spot.end, last = spot.end;
    for (std::size_t left = spot.reach; first > 0; --first)
      if (!is_blank(bytes[first - 1]) && left-- == 0) break;
    for (std::size_t left = spot.reach; last < bytes.size(); ++last)
      if (!is_blank(bytes[last]) && left-- == 0) break;
    if (last - first > kRegionBytesMax) return true;
    if (first > end) {
      if (leads(bytes.substr(begin, end - begin), scratch)) return true;
      begin = first;
    }
    begin = std::min(begin, first);
    end = std::max(end, last);
  }
  return leads(bytes.substr(begin, end - begin), scratch);
}

bool Expressions::leads(std::string_view region, Scratch& scratch) const {
  if (region.empty()) return false;
  const auto first = [](unsigned id, unsigned long long, unsigned long long, unsigned, void* context) {
    return static_cast<const Expressions*>(context)->leading_[id] ? 1 : 0;
  };
  // Vectorscan's own form asks for a pointer to what may be changed; nothing is.
  const hs_error_t outcome = hs_scan(database_, region.data(), static_cast<unsigned>(region.size()), 0,
                                     scratch.scratch_, first, const_cast<Expressions*>(this));
  CHECK(outcome == HS_SUCCESS || outcome == HS_SCAN_TERMINATED);
  return outcome == HS_SCAN_TERMINATED;
}

bool Expressions::matches_at(const Pattern& pattern, std::string_view bytes, std::uint64_t begin, std::uint64_t shift) {
  std::vector<std::size_t> refused;
  for (std::uint64_t at = begin; at <= begin + shift && at < bytes.size(); ++at) {
    // Anchored at each place in turn: \A is the begin of what is scanned.
    const Pattern anchored{"\\A(?:" + pattern.expression + ")", pattern.ignores_case, pattern.score};
    const Expressions one{std::span{&anchored, 1}, refused};
    Scratch scratch{one};
    if (!one.scan(bytes.substr(at), scratch).empty()) return true;
    if (at - begin >= kShiftMax) return false;
  }
  return false;
}

Prefilter::Prefilter(std::vector<Pattern> patterns, std::vector<GuardedRule> rules,
                     std::vector<std::size_t>& unguarded) {
  std::vector<std::size_t> refused;
  expressions_ = std::make_unique<Expressions>(patterns, refused);
  const auto is_refused = [&](std::uint32_t id) { return std::ranges::find(refused, id) != refused.end(); };
  rules_of_pattern_.resize(patterns.size());
  std::set<std::uint32_t> leading;
  for (std::size_t at = 0; at < rules.size(); ++at) {
    GuardedRule& rule = rules[at];
    std::erase_if(rule.clauses, [&](const auto& clause) { return std::ranges::any_of(clause, is_refused); });
    if (rule.clauses.empty()) {
      unguarded.push_back(at);
    } else {
      for (const std::uint32_t id : rule.clauses.front()) {
        rules_of_pattern_[id].push_back(static_cast<std::uint32_t>(at));
        leading.insert(id);
      }
    }
  }
  rules_ = std::move(rules);
  expressions_->lead_by(patterns, leading);
}

bool Prefilter::might_match(std::string_view bytes, Expressions::Scratch& scratch) const {
  const std::span<const std::uint32_t> hits = expressions_->scan(bytes, scratch);
  const auto has_hit = [&](const std::vector<std::uint32_t>& clause) {
    return std::ranges::any_of(clause, [&](std::uint32_t id) { return std::ranges::find(hits, id) != hits.end(); });
  };
  for (const std::uint32_t hit : hits)
    for (const std::uint32_t rule : rules_of_pattern_[hit])
      if (std::ranges::all_of(rules_[rule].clauses, has_hit)) return true;
  return false;
}

}  // namespace abate::sweep
