// SPDX-License-Identifier: Apache-2.0
// sweep/host/rules/prefilter.h — says in one pass over a file's bytes whether any rule could match, with Vectorscan.
//
// A rule that is guarded has clauses (need.h); it can match only if every clause had a hit. Immutable once made; `scan`
// wants a Scratch of the caller's own, so threads do not meet.
#pragma once

#include <cstdint>
#include <memory>
#include <set>
#include <span>
#include <string_view>
#include <vector>

#include "base/result.h"
#include "sweep/host/rules/pattern.h"

struct hs_database;
struct hs_scratch;

namespace abate::sweep {

// Vectorscan's database of many expressions, each told once a scan.
class Expressions {
 public:
  class Scratch {
   public:
    explicit Scratch(const Expressions& of);
    ~Scratch();
    Scratch(const Scratch&) = delete;
    Scratch& operator=(const Scratch&) = delete;

   private:
    friend class Expressions;
    hs_scratch* scratch_ = nullptr;  // for both databases
    std::vector<bool> seen_;
    std::vector<std::uint32_t> hits_;
    struct Spot {
      std::size_t end;    // of a literal
      std::size_t reach;  // how much of a match can lie before and behind, in bytes that are no blanks
    };
    std::vector<Spot> spots_;
  };

  // Which of `patterns` are refused stands in `refused` (by index); the rest is compiled.
  Expressions(std::span<const Pattern> patterns, std::vector<std::size_t>& refused);
  ~Expressions();
  Expressions(const Expressions&) = delete;
  Expressions& operator=(const Expressions&) = delete;

  // Most files hold not one of the literals without which none of `leading`, which are among the patterns, matches. A
  // first pass, several times quicker, looks for those, a second only around them, and scan() tells nothing where these
  // find none of `leading`. Before any Scratch is made.
  void lead_by(std::span<const Pattern> patterns, const std::set<std::uint32_t>& leading);

  // Indexes of the patterns that occur; valid until the next scan with this scratch.
  std::span<const std::uint32_t> scan(std::string_view bytes, Scratch& scratch) const;
  [[nodiscard]] std::size_t bytes() const;  // of the databases
  // Whether the pattern begins at `begin`, or up to `shift` bytes behind. Compiles it: for what was found already.
  static bool matches_at(const Pattern& pattern, std::string_view bytes, std::uint64_t begin, std::uint64_t shift);

 private:
  friend class Scratch;
  [[nodiscard]] bool is_worth_a_scan(std::string_view bytes, Scratch& scratch) const;
  [[nodiscard]] bool find_spots(std::string_view bytes, Scratch& scratch) const;
  [[nodiscard]] bool leads(std::string_view region, Scratch& scratch) const;
  hs_database* database_ = nullptr;
  hs_database* literals_ = nullptr;   // of those that lead; what has no literal stands there as it is
  std::vector<std::size_t> reaches_;  // of the literals
  std::vector<bool> leading_;
  std::size_t count_ = 0;
};

struct GuardedRule {
  std::vector<std::vector<std::uint32_t>> clauses;  // of pattern indexes; the most telling first
};

class Prefilter {
 public:
  // Rules whose patterns Vectorscan refuses come back in `unguarded`, by index.
  Prefilter(std::vector<Pattern> patterns, std::vector<GuardedRule> rules, std::vector<std::size_t>& unguarded);

  // Whether libyara must be asked.
  bool might_match(std::string_view bytes, Expressions::Scratch& scratch) const;
  [[nodiscard]] const Expressions& expressions() const { return *expressions_; }

 private:
  std::unique_ptr<Expressions> expressions_;
  std::vector<GuardedRule> rules_;
  std::vector<std::vector<std::uint32_t>> rules_of_pattern_;  // where it stands in the first clause
};

}  // namespace abate::sweep
