// SPDX-License-Identifier: Apache-2.0
// model/attribution_v6.h — from an IPv6 address to the run of intervals that is its history.
// Internal to model/attribution.
//
// Two tables of sorted prefixes, /0../64 with 8-byte keys (what providers hand out) and /65../128 with 16-byte keys.
// The last prefix that begins at or before an address either holds it, or one of the prefixes around that one does, or
// none: prefixes never overlap partly. The search goes down a static B-tree: every kFan-th key of a level is a key of
// the level above, so a step reads neighbours only.
#pragma once

#include <algorithm>
#include <compare>
#include <cstdint>
#include <functional>
#include <optional>
#include <span>
#include <vector>

#include "model/attribution_runs.h"
#include "model/attribution_v4.h"

namespace abate::attribution {

struct Key128 {
  std::uint64_t high = 0;
  std::uint64_t low = 0;
  friend auto operator<=>(const Key128&, const Key128&) = default;
};

struct Prefix6 {  // a row, or a part of one
  Key128 first;
  std::uint8_t length;
  Interval interval;
};
static_assert(sizeof(Prefix6) == 32);

// How a table of prefixes reads an address. Lengths count from the address's first bit in both.
struct HighHalf {
  using Key = std::uint64_t;
  static Key key(const Key128& address) { return address.high; }
  static bool holds(Key first, unsigned length, Key address) {
    return length == 0 || (first ^ address) >> (64 - length) == 0;
  }
};
struct Whole {  // prefixes beyond /64 only
  using Key = Key128;
  static Key key(const Key128& address) { return address; }
  static bool holds(const Key& first, unsigned length, const Key& address) {
    return first.high == address.high && (first.low ^ address.low) >> (128 - length) == 0;
  }
};

template <class Form>
class PrefixTable {
 public:
  using Key = typename Form::Key;

  // `pieces` sorted by address, then length (short first), then Runs::before. `around` gives the run of a wider
  // prefix outside this table. To be called once. A clash leaves the table unusable.
  std::optional<Clash> build(std::span<const Prefix6> pieces, Runs& runs,
                             const std::function<Run(const Key128&)>& around = {}) {
    std::vector<std::uint32_t> outer;  // the nodes that hold the present one, widest first
    for (std::size_t i = 0; i < pieces.size();) {
      const Prefix6& prefix = pieces[i];
      std::size_t end = i + 1;
      while (end < pieces.size() && pieces[end].first == prefix.first && pieces[end].length == prefix.length) ++end;
      const Key key = Form::key(prefix.first);
      while (!outer.empty() && !Form::holds(keys()[outer.back()], lengths_[outer.back()], key)) outer.pop_back();
      const auto number = static_cast<std::uint32_t>(keys().size());
      const std::uint32_t start = runs.end();
      Run wider;
      if (!outer.empty()) {
        wider = run(outer.back(), start);
        runs.append_link(wider, outer.back());
      }
      const Run widest = around ? around(prefix.first) : Run{};
      if (const auto clash = runs.append(pieces.subspan(i, end - i), wider, widest)) return clash;
      levels_.front().push_back(key);
      lengths_.push_back(prefix.length);
      starts_.push_back(start);
      outer.push_back(number);
      i = end;
    }
    end_ = runs.end();
    grow_levels();
    return std::nullopt;
  }

  // The run of the narrowest prefix that holds the address.
  [[nodiscard]] Run find(const Key128& address, const Runs& runs) const {
    if (keys().empty()) return {};
    const Key key = Form::key(address);
    if (key < keys().front()) return {};
    std::size_t place = 0;  // of the last key at or before ours, level by level
    for (std::size_t level = levels_.size(); level-- > 0;) {
      const Key* const level_keys = levels_[level].data();
      place *= kFan;
      std::size_t count = std::min(kFan, levels_[level].size() - place);
      while (count > 1) {  // halving without a branch: what it would guess is a coin's toss
        const std::size_t half = count / 2;
        place += half * static_cast<std::size_t>(level_keys[place + half] <= key);
        count -= half;
      }
    }
    auto number = static_cast<std::uint32_t>(place);
    while (!Form::holds(keys()[number], lengths_[number], key)) {
      const Interval& first = *runs.at(starts_[number]);
      if (!first.link()) return {};
      number = first.from;
    }
    return run(number, end_);
  }

  [[nodiscard]] std::size_t memory_bytes() const {
    std::size_t bytes = lengths_.capacity() + starts_.capacity() * sizeof(std::uint32_t);
    for (const auto& level : levels_) bytes += level.capacity() * sizeof(Key);
    return bytes;
  }

 private:
  static constexpr std::size_t kFan = 16;

  [[nodiscard]] const Vector<Key>& keys() const { return levels_.front(); }
  [[nodiscard]] Run run(std::uint32_t number, std::uint32_t end) const {
    const std::uint32_t next = number + 1 < starts_.size() ? starts_[number + 1] : end;
    return {starts_[number], next - starts_[number]};
  }
  void grow_levels() {
    levels_.front().shrink_to_fit();
    lengths_.shrink_to_fit();
    starts_.shrink_to_fit();
    while (levels_.back().size() > kFan) {
      Vector<Key> above;
      above.reserve(levels_.back().size() / kFan + 1);
      for (std::size_t i = 0; i < levels_.back().size(); i += kFan) above.push_back(levels_.back()[i]);
      levels_.push_back(std::move(above));
    }
  }

  std::vector<Vector<Key>> levels_{1};  // the first holds every prefix; it has the same key twice for two lengths
  Vector<std::uint8_t> lengths_;
  Vector<std::uint32_t> starts_;  // where in Runs each prefix's run begins
  std::uint32_t end_ = 0;
};

class TableV6 {
 public:
  // `high`: /0../64, `deep`: /65../128; both sorted as PrefixTable asks. To be called once.
  std::optional<Clash> build(std::span<const Prefix6> high, std::span<const Prefix6> deep, Runs& runs) {
    if (const auto clash = high_.build(high, runs)) return clash;
    return deep_.build(deep, runs, [&](const Key128& address) { return high_.find(address, runs); });
  }
  [[nodiscard]] Run find_high(const Key128& address, const Runs& runs) const { return high_.find(address, runs); }
  [[nodiscard]] Run find_deep(const Key128& address, const Runs& runs) const { return deep_.find(address, runs); }
  [[nodiscard]] std::size_t memory_bytes() const { return high_.memory_bytes() + deep_.memory_bytes(); }

 private:
  PrefixTable<HighHalf> high_;
  PrefixTable<Whole> deep_;
};

}  // namespace abate::attribution
