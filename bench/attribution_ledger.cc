// SPDX-License-Identifier: Apache-2.0
#include "attribution_ledger.h"

#include <algorithm>
#include <array>
#include <random>

namespace abate::bench {
namespace {

using std::chrono::hours;
using std::chrono::microseconds;
using std::chrono::seconds;

constexpr Instant kOpening{seconds(1'262'304'000)};  // 2010-01-01
constexpr Instant kResale{seconds(1'420'070'400)};   // 2015-01-01: wholly held /24s were given out singly after this
constexpr Instant kToday{seconds(1'767'225'600)};    // 2026-01-01
constexpr std::uint32_t kFirstV4 = 0x0A000000;

IpAddress v6(std::uint64_t high, std::uint64_t low) {
  std::array<std::uint8_t, 16> bytes{};
  for (std::size_t i = 0; i < 8; ++i) {
    bytes[i] = static_cast<std::uint8_t>(high >> (56 - 8 * i));
    bytes[8 + i] = static_cast<std::uint8_t>(low >> (56 - 8 * i));
  }
  return IpAddress::from_bytes(bytes);
}

class Maker {
 public:
  explicit Maker(std::size_t wanted) : wanted_(wanted) { rows_.reserve(wanted); }

  std::vector<Ownership> make() {
    for (std::uint32_t block = kFirstV4; rows_.size() < wanted_; block += 256) {
      const std::uint32_t kind = below(100);
      if (kind < 85) {
        singles(block);
      } else if (kind < 92) {
        prefixes(block);
      } else {
        odd_ranges(block);
      }
      v6_customers(24);
    }
    std::ranges::shuffle(rows_, random_);
    for (std::size_t i = 0; i < rows_.size(); ++i) rows_[i].row = static_cast<std::uint32_t>(i);
    return std::move(rows_);
  }

 private:
  std::uint32_t below(std::uint32_t bound) {
    return std::uniform_int_distribution<std::uint32_t>(0, bound - 1)(random_);
  }
  void add(const IpRange& range, Instant from, std::optional<Instant> until) {
    if (rows_.size() < wanted_) rows_.push_back({range, from, until, 0, 0});
  }
  // Tenants one after the other, about 4.5 on average, half of them with a pause in between; the last often stays.
  void tenants(const IpRange& range, Instant from) {
    const std::uint32_t count = 1 + below(8);
    const auto stay_s = static_cast<std::uint32_t>((kToday - from) / seconds(1) / count);
    for (std::uint32_t i = 0; i < count; ++i) {
      const Instant until = from + seconds(3600 + below(stay_s));
      const bool stays = i + 1 == count && below(10) < 7;
      add(range, from, stays ? std::nullopt : std::optional(until));
      from = below(2) == 0 ? until : until + seconds(below(30 * 86400));
    }
  }
  void singles(std::uint32_t block) {
    Instant from = kOpening;
    if (below(20) == 0) {
      add({IpAddress::v4(block), IpAddress::v4(block | 0xFF)}, kOpening, kResale);
      from = kResale;
    }
    for (std::uint32_t host = 0; host < 256; ++host) {
      if (below(20) == 0) continue;
      const IpAddress address = IpAddress::v4(block + host);
      tenants({address, address}, from + seconds(below(86400 * 365)));
    }
  }
  void prefixes(std::uint32_t block) {
    for (std::uint32_t at = 0; at < 256;) {
      std::uint32_t size = 2U << below(4);
      while (at % size != 0) size /= 2;
      tenants({IpAddress::v4(block + at), IpAddress::v4(block + at + size - 1)},
              kOpening + seconds(below(86400 * 365)));
      at += size;
    }
  }
  void odd_ranges(std::uint32_t block) {
    for (std::uint32_t at = below(4); at < 256;) {
      const std::uint32_t last = std::min(at + 2 + below(12), 255U);
      tenants({IpAddress::v4(block + at), IpAddress::v4(block + last)}, kOpening + seconds(below(86400 * 365)));
      at = last + 1 + below(3);
    }
  }
  void v6_customers(std::uint32_t count) {
    for (std::uint32_t i = 0; i < count; ++i) {
      const std::uint64_t high = std::uint64_t{0x20010db8} << 32U | v6_next_;
      const Instant from = kOpening + seconds(below(86400 * 365));
      switch (below(8)) {
        case 0: {  // a /56
          v6_next_ = (v6_next_ | 0xFF) + 1;
          const std::uint64_t first = std::uint64_t{0x20010db8} << 32U | v6_next_;
          v6_next_ += 256;
          tenants({v6(first, 0), v6(first | 0xFF, ~std::uint64_t{0})}, from);
          break;
        }
        case 1: {  // one address
          v6_next_ += 1;
          tenants({v6(high, 5), v6(high, 5)}, from);
          break;
        }
        default: v6_next_ += 1; tenants({v6(high, 0), v6(high, ~std::uint64_t{0})}, from);
      }
    }
  }

  std::size_t wanted_;
  std::mt19937 random_{20260102};
  std::vector<Ownership> rows_;
  std::uint64_t v6_next_ = 0;
};

struct Touching {
  Instant from;
  Instant until;
  std::uint32_t row;
};

TimeSpan widened(TimeSpan span) { return {span.begin, std::max(span.end, span.begin + microseconds(1))}; }

AttributionAnswer answer_of(std::vector<Touching>& touching, TimeSpan span, bool known) {
  if (touching.empty()) return {.verdict = known ? Verdict::unassigned : Verdict::not_ours};
  std::ranges::sort(touching, {}, &Touching::from);
  AttributionAnswer answer;
  answer.vacant = touching.front().from > span.begin || touching.back().until < span.end;
  for (std::size_t i = 1; i < touching.size(); ++i) answer.vacant |= touching[i - 1].until != touching[i].from;
  answer.verdict = touching.size() == 1 && !answer.vacant ? Verdict::matched : Verdict::ambiguous;
  answer.more = touching.size() > AttributionAnswer::kCandidatesMax;
  for (const Touching& row : touching)
    if (answer.count < AttributionAnswer::kCandidatesMax) answer.rows[answer.count++] = row.row;
  return answer;
}

}  // namespace

std::vector<Ownership> make_ledger(std::size_t wanted) { return Maker(wanted).make(); }

std::vector<AttributionQuery> make_queries(const std::vector<Ownership>& rows, std::size_t count) {
  std::mt19937_64 random(7);
  const auto below = [&](std::uint64_t bound) { return random() % bound; };
  const auto some = [&] {
    AttributionQuery query;
    auto bytes = rows[below(rows.size())].range.first.bytes();
    if (below(20) == 0) bytes[13] = static_cast<std::uint8_t>(bytes[13] ^ 0x80);  // beside the ledger
    query.address = IpAddress::from_bytes(bytes);
    const auto length_us = static_cast<std::uint64_t>((kToday - kOpening).count());
    query.span.begin = kOpening + microseconds(static_cast<std::int64_t>(below(length_us)));
    query.span.end = query.span.begin;
    const std::uint64_t span_hours_max = below(20) == 0 ? 24 * 365 : 26;
    if (below(5) == 0)
      query.span.end += microseconds(static_cast<std::int64_t>(below(span_hours_max * 3'600'000'000ULL)));
    return query;
  };
  std::vector<AttributionQuery> hot(4096);
  std::ranges::generate(hot, some);
  std::vector<AttributionQuery> queries(count);
  for (auto& query : queries) query = below(2) == 0 ? some() : hot[below(hot.size())];
  return queries;
}

AttributionAnswer find_naively(const std::vector<Ownership>& rows, const IpAddress& address, TimeSpan span) {
  span = widened(span);
  std::vector<Touching> touching;
  bool known = false;
  for (const Ownership& row : rows) {
    if (!row.range.contains(address)) continue;
    known = true;
    const Instant until = row.until.value_or(Instant::max());
    if (row.from < span.end && span.begin < until) touching.push_back({row.from, until, row.row});
  }
  return answer_of(touching, span, known);
}

SortedVector::SortedVector(const std::vector<Ownership>& rows) {
  for (const Ownership& row : rows) {
    auto& list = row.range.first == row.range.last ? single_ : wide_;
    list.push_back(
        {row.range.first, row.range.last, row.range.last, row.from, row.until.value_or(Instant::max()), row.row});
  }
  for (auto* list : {&single_, &wide_}) {
    std::ranges::sort(
        *list, [](const Row& a, const Row& b) { return a.first != b.first ? a.first < b.first : a.from < b.from; });
    for (std::size_t i = 1; i < list->size(); ++i) (*list)[i].reach = std::max((*list)[i].reach, (*list)[i - 1].reach);
  }
}

AttributionAnswer SortedVector::find(const IpAddress& address, TimeSpan span) const {
  span = widened(span);
  thread_local std::vector<Touching> touching;
  touching.clear();
  bool known = false;
  for (const auto* list : {&single_, &wide_}) {
    auto row = std::ranges::upper_bound(*list, address, {}, &Row::first);
    while (row != list->begin() && (--row)->reach >= address) {
      if (row->last < address) continue;
      known = true;
      if (row->from < span.end && span.begin < row->until) {
        touching.push_back({row->from, row->until, row->row});
        if (row->from <= span.begin && row->until >= span.end) return answer_of(touching, span, true);
      }
    }
  }
  return answer_of(touching, span, known);
}

}  // namespace abate::bench
