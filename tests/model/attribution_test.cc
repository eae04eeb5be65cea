// SPDX-License-Identifier: Apache-2.0
#include "model/attribution.h"

#include <algorithm>
#include <atomic>
#include <random>
#include <thread>

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "model/attribution_runs.h"

namespace abate {
namespace {

using std::chrono::microseconds;
using std::chrono::seconds;
using testing::ElementsAre;

Instant at(std::int64_t second, std::int64_t micros = 0) {
  return Instant{} + seconds(1'700'000'000 + second) + microseconds(micros);
}
TimeSpan instant(std::int64_t second, std::int64_t micros = 0) { return {at(second, micros), at(second, micros)}; }
TimeSpan span(std::int64_t begin, std::int64_t end) { return {at(begin), at(end)}; }
IpAddress ip(const char* text) { return parse_ip(text).value(); }
IpRange range(const char* text) { return parse_range(text).value(); }

AttributionIndex index_of(const std::vector<Ownership>& rows, const std::vector<IpRange>& prefixes = {}) {
  AttributionIndex::Builder builder;
  builder.reserve(rows.size());
  for (const Ownership& row : rows) EXPECT_TRUE(builder.add(row));
  auto index = builder.build(prefixes);
  EXPECT_TRUE(index) << index.error().what;
  return std::move(index).value();
}
std::vector<std::uint32_t> rows_of(const AttributionAnswer& answer) {
  return {answer.candidates().begin(), answer.candidates().end()};
}

// The meaning of attribution.h, word for word and slowly.
struct Naive {
  std::vector<Ownership> rows;
  std::vector<IpRange> prefixes;

  static bool holds(const IpRange& r, const IpAddress& a) { return r.first.is_v4() == a.is_v4() && r.contains(a); }
  static bool overlap(const Ownership& a, const Ownership& b) {
    return a.range.first.is_v4() == b.range.first.is_v4() && a.range.first <= b.range.last &&
           b.range.first <= a.range.last && (!b.until || a.from < *b.until) && (!a.until || b.from < *a.until);
  }
  [[nodiscard]] AttributionAnswer find(const IpAddress& address, TimeSpan s,
                                       std::span<const std::uint32_t> owners = {}) const {
    if (s.end <= s.begin) s.end = s.begin + microseconds(1);
    bool known = std::ranges::any_of(prefixes, [&](const IpRange& r) { return holds(r, address); });
    std::vector<const Ownership*> touching;
    for (const Ownership& row : rows) {
      if (!holds(row.range, address)) continue;
      known = true;
      if (row.from < s.end && (!row.until || s.begin < *row.until)) touching.push_back(&row);
    }
    if (touching.empty()) return {.verdict = known ? Verdict::unassigned : Verdict::not_ours};
    std::ranges::sort(touching, {}, [](const Ownership* row) { return row->from; });
    bool vacant = touching.front()->from > s.begin || (touching.back()->until && *touching.back()->until < s.end);
    bool one_owner = touching.size() == 1;
    if (!owners.empty())
      one_owner = std::ranges::all_of(touching, [&](auto* r) { return owners[r->row] == owners[touching[0]->row]; });
    for (std::size_t i = 1; i < touching.size(); ++i) vacant |= *touching[i - 1]->until != touching[i]->from;
    AttributionAnswer answer{.verdict = one_owner && !vacant ? Verdict::matched : Verdict::ambiguous};
    answer.vacant = vacant;
    answer.more = touching.size() > AttributionAnswer::kCandidatesMax;
    for (const Ownership* row : touching)
      if (answer.count < AttributionAnswer::kCandidatesMax) answer.rows[answer.count++] = row->row;
    return answer;
  }
};

TEST(Attribution, an_empty_ledger_knows_nobody) {
  const AttributionIndex index;
  EXPECT_EQ(index.find(ip("192.0.2.1"), instant(0)).verdict, Verdict::not_ours);
  EXPECT_EQ(index.find(ip("2001:db8::1"), instant(0)).verdict, Verdict::not_ours);
  EXPECT_EQ(index.size(), 0U);
}

TEST(Attribution, from_is_in_and_until_is_out) {
  const auto index = index_of({{range("192.0.2.1"), at(10), at(20), 0}, {range("192.0.2.1"), at(20), {}, 1}});
  EXPECT_EQ(index.find(ip("192.0.2.1"), instant(9, 999'999)).verdict, Verdict::unassigned);
  EXPECT_THAT(rows_of(index.find(ip("192.0.2.1"), instant(10))), ElementsAre(0));
  EXPECT_THAT(rows_of(index.find(ip("192.0.2.1"), instant(19, 999'999))), ElementsAre(0));
  EXPECT_THAT(rows_of(index.find(ip("192.0.2.1"), instant(20))), ElementsAre(1));
  EXPECT_THAT(rows_of(index.find(ip("192.0.2.1"), {kDistantFuture, kDistantFuture})), ElementsAre(1));
}

TEST(Attribution, a_change_of_owner_within_the_span_is_ambiguous) {
  const auto index = index_of({{range("192.0.2.1"), at(10), at(20), 0},
                               {range("192.0.2.1"), at(20), at(30), 1},
                               {range("192.0.2.1"), at(35), at(40), 2}});
  const auto find = [&](std::int64_t begin, std::int64_t end) { return index.find(ip("192.0.2.1"), span(begin, end)); };
  EXPECT_EQ(find(10, 20).verdict, Verdict::matched);  // an until at the span's end is no change
  EXPECT_EQ(find(19, 21).verdict, Verdict::ambiguous);
  EXPECT_THAT(rows_of(find(19, 21)), ElementsAre(0, 1));
  EXPECT_FALSE(find(19, 21).vacant);
  EXPECT_EQ(find(29, 31).verdict, Verdict::ambiguous);  // from somebody to nobody
  EXPECT_TRUE(find(29, 31).vacant);
  EXPECT_EQ(find(9, 11).verdict, Verdict::ambiguous);
  EXPECT_EQ(find(30, 35).verdict, Verdict::unassigned);
  EXPECT_THAT(rows_of(find(0, 99)), ElementsAre(0, 1, 2));
}

TEST(Attribution, adjoining_rows_of_one_owner_are_one_owner_when_owners_are_given) {
  const auto index = index_of({{range("192.0.2.1"), at(10), at(20), 0},
                               {range("192.0.2.1"), at(20), at(30), 1},
                               {range("192.0.2.1"), at(31), at(40), 2}});
  const std::vector<std::uint32_t> owners{7, 7, 7};
  EXPECT_EQ(index.find(ip("192.0.2.1"), span(15, 25)).verdict, Verdict::ambiguous);
  EXPECT_EQ(index.find(ip("192.0.2.1"), span(15, 25), owners).verdict, Verdict::matched);
  EXPECT_THAT(rows_of(index.find(ip("192.0.2.1"), span(15, 25), owners)), ElementsAre(0, 1));
  EXPECT_EQ(index.find(ip("192.0.2.1"), span(25, 35), owners).verdict, Verdict::ambiguous);  // a gap between them
}

TEST(Attribution, candidates_are_bounded_and_say_so) {
  std::vector<Ownership> rows;
  for (std::uint32_t i = 0; i < 40; ++i) rows.push_back({range("2001:db8::/64"), at(i), at(i + 1), i});
  const auto index = index_of(rows);
  EXPECT_THAT(rows_of(index.find(ip("2001:db8::5"), span(3, 30))), ElementsAre(3, 4, 5, 6, 7, 8, 9, 10));
  EXPECT_TRUE(index.find(ip("2001:db8::5"), span(3, 30)).more);
  EXPECT_FALSE(index.find(ip("2001:db8::5"), span(3, 11)).more);
  const std::vector<std::uint32_t> owners(40, 1);
  EXPECT_EQ(index.find(ip("2001:db8::5"), span(3, 30), owners).verdict, Verdict::matched);
}

TEST(Attribution, the_providers_own_space_is_unassigned_and_the_rest_not_ours) {
  const auto index = index_of({{range("192.0.2.1"), at(10), at(20), 0}},
                              {range("192.0.2.0/26"), range("192.0.2.32/27"), range("2001:db8::/32")});
  EXPECT_EQ(index.find(ip("192.0.2.63"), instant(0)).verdict, Verdict::unassigned);
  EXPECT_EQ(index.find(ip("192.0.2.64"), instant(0)).verdict, Verdict::not_ours);
  EXPECT_EQ(index.find(ip("2001:db8:ffff::"), instant(0)).verdict, Verdict::unassigned);
  EXPECT_EQ(index.find(ip("203.0.113.1"), instant(15)).verdict, Verdict::not_ours);
}

TEST(Attribution, a_mapped_address_is_the_ipv4_address_and_an_ipv6_range_holds_none) {
  const auto index = index_of({{range("192.0.2.1"), at(10), {}, 0}, {{IpAddress{}, ip("2001:db8::")}, at(0), {}, 1}});
  EXPECT_THAT(rows_of(index.find(ip("::ffff:192.0.2.1"), instant(15))), ElementsAre(0));
  EXPECT_EQ(index.find(ip("192.0.2.2"), instant(15)).verdict, Verdict::not_ours);
  EXPECT_THAT(rows_of(index.find(ip("::1"), instant(15))), ElementsAre(1));
}

TEST(Attribution, times_that_no_second_can_say_stay_exact) {
  const Instant far{Instant{} + std::chrono::years(400)};
  const auto index = index_of({{range("192.0.2.1"), kDistantPast, at(5, 250'000), 0},
                               {range("192.0.2.1"), at(5, 250'000), at(5, 250'001), 1},
                               {range("192.0.2.1"), at(5, 250'001), far, 2},
                               {range("192.0.2.1"), far, kDistantFuture, 3}});
  const auto row = [&](Instant t) { return rows_of(index.find(ip("192.0.2.1"), {t, t})); };
  EXPECT_THAT(row(kDistantPast), ElementsAre(0));
  EXPECT_THAT(row(at(5, 249'999)), ElementsAre(0));
  EXPECT_THAT(row(at(5, 250'000)), ElementsAre(1));
  EXPECT_THAT(row(at(5, 250'001)), ElementsAre(2));
  EXPECT_THAT(row(far - microseconds(1)), ElementsAre(2));
  EXPECT_THAT(row(far), ElementsAre(3));
  EXPECT_THAT(row(kDistantFuture), ElementsAre());
}

TEST(Attribution, wrong_rows_are_refused) {
  AttributionIndex::Builder builder;
  EXPECT_EQ(builder.add({range("192.0.2.1"), at(5), at(5), 0}).error().fault, Fault::malformed);
  EXPECT_EQ(builder.add({{ip("192.0.2.2"), ip("192.0.2.1")}, at(5), {}, 0}).error().fault, Fault::malformed);
  EXPECT_EQ(builder.add({{ip("192.0.2.2"), ip("2001:db8::")}, at(5), {}, 0}).error().fault, Fault::malformed);
  EXPECT_EQ(builder.add({range("192.0.2.1"), at(5), {}, AttributionIndex::kRowsMax}).error().fault, Fault::too_big);
  const std::vector<IpRange> wrong{{ip("192.0.2.2"), ip("192.0.2.1")}};
  EXPECT_EQ(builder.build(wrong).error().fault, Fault::malformed);
}

TEST(Attribution, codes_round_as_they_promise) {
  using namespace attribution;
  const std::int64_t last_second = std::int64_t{0xFFFFFFFC} * kSecond;
  for (const std::int64_t t : {kPast, std::int64_t{-1}, std::int64_t{0}, std::int64_t{1}, kSecond, last_second - 1,
                               last_second, last_second + 1, kFuture - 1, kFuture, kFuture + 1}) {
    EXPECT_LE(micros_of(code_floor(t)), t) << t;
    EXPECT_GE(micros_of(code_ceil(t)), t) << t;
    EXPECT_LE(code_ceil(t) - code_floor(t), 1U) << t;
  }
}

// Random ledgers over a space so small that every boundary is hit.
class RandomLedger {
 public:
  explicit RandomLedger(std::uint32_t seed) : random_(seed) {
    shape_ = number(4);
    const std::uint32_t wanted = number(shape_ == 3 ? 120 : 40) + 1;
    for (std::uint32_t tries = 0; tries < wanted * 2; ++tries) {
      const Ownership row = some_row(static_cast<std::uint32_t>(naive.rows.size()));
      if (std::ranges::any_of(naive.rows, [&](const Ownership& o) { return Naive::overlap(o, row); })) {
        refused.push_back(row);
      } else {
        naive.rows.push_back(row);
      }
    }
    for (std::uint32_t i = number(3); i > 0; --i) naive.prefixes.push_back(some_range());
    for (std::size_t i = 0; i < naive.rows.size(); ++i) owners.push_back(number(3));
  }

  std::uint32_t number(std::uint32_t below) {
    return std::uniform_int_distribution<std::uint32_t>(0, below - 1)(random_);
  }

  IpAddress v4(std::uint32_t value) { return IpAddress::v4(value); }
  static IpAddress v6(std::uint64_t high, std::uint64_t low) {
    std::array<std::uint8_t, 16> bytes{};
    for (std::size_t i = 0; i < 8; ++i) {
      bytes[i] = static_cast<std::uint8_t>(high >> (56 - 8 * i));
      bytes[8 + i] = static_cast<std::uint8_t>(low >> (56 - 8 * i));
    }
    return IpAddress::from_bytes(bytes);
  }
  IpAddress some_address() {
    switch (number(8)) {
      case 0: return v4(number(0xFFFFFFFF));
      case 1: return v6(kHigh + number(6), number(8));
      case 2: return v6(kHigh ^ (std::uint64_t{1} << number(64)), ~std::uint64_t{0} << number(64));
      case 3: return v4(kNet + number(1200));
      default: return v4(kNet + 250 + number(shape_ == 0 ? 4 : 24));
    }
  }
  IpRange some_range() {
    switch (number(12)) {
      case 0: {  // a wide IPv4 prefix
        const std::uint32_t length = number(25);
        const std::uint32_t rest = length == 0 ? 0xFFFFFFFF : 0xFFFFFFFF >> length;
        const std::uint32_t first = (kNet + number(1200)) & ~rest;
        return {v4(first), v4(first | rest)};
      }
      case 1: {  // any IPv4 range
        const std::uint32_t first = kNet + number(900);
        return {v4(first), v4(first + number(500))};
      }
      case 2: {  // an IPv6 prefix, wide to narrow
        const std::uint32_t length = number(64) + 1;
        const std::uint64_t rest = length == 64 ? 0 : ~std::uint64_t{0} >> length;
        const std::uint64_t high = kHigh + number(6);
        return {v6(high & ~rest, 0), v6(high | rest, ~std::uint64_t{0})};
      }
      case 3: {
        const std::uint64_t high = kHigh + number(6);
        const std::uint32_t first = number(6);
        return {v6(high, first), v6(high + number(2), first + number(4))};
      }
      case 4:
      case 5: {  // a narrow IPv4 prefix
        const std::uint32_t rest = 0xFFU >> number(8);
        const std::uint32_t first = (kNet + 200 + number(100)) & ~rest;
        return {v4(first), v4(first | rest)};
      }
      default: {
        const IpAddress one = some_address();
        return {one, one};
      }
    }
  }
  Instant some_time() {
    switch (number(shape_ == 1 ? 6 : 40)) {
      case 0: return at(number(20), number(3) * 400'000);
      case 1: return at(5, number(3));
      case 2: return Instant{} + microseconds(number(3)) - microseconds(1);
      case 3: return Instant{} + seconds(0xFFFFFFFBLL + number(4)) + microseconds(number(2));
      case 4: return number(2) == 0 ? kDistantPast : kDistantFuture - microseconds(number(2));
      default: return at(number(20));
    }
  }
  TimeSpan some_span() {
    const Instant begin = some_time();
    if (number(2) == 0) return {begin, begin};
    return {begin, std::max(begin, some_time())};
  }
  Ownership some_row(std::uint32_t row) {
    for (;;) {
      const Instant from = some_time();
      if (number(6) == 0) return {some_range(), from, {}, row};
      const Instant until = number(2) == 0 ? from + seconds(1 + number(3)) : some_time();
      if (from < until && until <= kDistantFuture) return {some_range(), from, until, row};
    }
  }

  Naive naive;
  std::vector<Ownership> refused;  // rows that overlap one of the ledger's
  std::vector<std::uint32_t> owners;

 private:
  static constexpr std::uint32_t kNet = 0xC0000100;  // around 192.0.2.0
  static constexpr std::uint64_t kHigh = 0x20010db800000000;
  std::mt19937 random_;
  std::uint32_t shape_ = 0;  // 0 many tenants of few addresses, 1 odd times, 3 long ledgers
};

TEST(Attribution, agrees_with_the_naive_reading_of_thousands_of_random_ledgers) {
  std::array<std::size_t, 4> verdicts{};
  for (std::uint32_t seed = 0; seed < 1500; ++seed) {
    RandomLedger ledger(seed);
    auto shuffled = ledger.naive.rows;
    std::ranges::shuffle(shuffled, std::mt19937(seed));
    const auto index = index_of(shuffled, ledger.naive.prefixes);
    ASSERT_EQ(index.size(), shuffled.size());
    std::vector<AttributionQuery> queries;
    for (int i = 0; i < 60; ++i) queries.push_back({ledger.some_address(), ledger.some_span()});
    std::vector<AttributionAnswer> together(queries.size());
    index.find(queries, together);
    for (std::size_t i = 0; i < queries.size(); ++i) {
      const auto& [address, when] = queries[i];
      const auto expected = ledger.naive.find(address, when);
      ++verdicts[static_cast<std::size_t>(expected.verdict)];
      const auto context = [&] {
        return fmt::format("seed {} query {}: {} in [{}, {})", seed, i, address.to_string(),
                           format_rfc3339_exact(when.begin), format_rfc3339_exact(when.end));
      };
      ASSERT_EQ(index.find(address, when), expected) << context();
      ASSERT_EQ(together[i], expected) << context();
      ASSERT_EQ(index.find(address, when, ledger.owners), ledger.naive.find(address, when, ledger.owners)) << context();
    }
  }
  for (const std::size_t seen : verdicts) EXPECT_GT(seen, 1500U);
}

TEST(Attribution, an_overlap_names_two_rows_that_overlap) {
  std::size_t tried = 0;
  for (std::uint32_t seed = 0; seed < 1000; ++seed) {
    RandomLedger ledger(seed);
    if (ledger.refused.empty()) continue;
    ++tried;
    auto rows = ledger.naive.rows;
    rows.push_back(ledger.refused[seed % ledger.refused.size()]);
    rows.back().row = static_cast<std::uint32_t>(rows.size() - 1);
    auto shuffled = rows;
    std::ranges::shuffle(shuffled, std::mt19937(seed));
    AttributionIndex::Builder builder;
    for (const Ownership& row : shuffled) ASSERT_TRUE(builder.add(row));
    const auto index = builder.build({});
    ASSERT_FALSE(index) << seed;
    EXPECT_EQ(index.error().fault, Fault::malformed);
    ASSERT_TRUE(builder.overlap());
    ASSERT_LT(builder.overlap()->row, builder.overlap()->other);
    ASSERT_EQ(builder.overlap()->other, rows.size() - 1) << seed;  // only the last one is in anybody's way
    ASSERT_TRUE(Naive::overlap(rows[builder.overlap()->row], rows.back())) << seed;
  }
  EXPECT_GT(tried, 300U);
}

TEST(Attribution, a_page_with_more_history_than_sixteen_bits_count_is_found_whole) {
  std::vector<Ownership> rows;
  constexpr std::uint32_t kTenants = 300;
  for (std::uint32_t host = 0; host < 256; ++host) {
    const IpAddress address = IpAddress::v4(0xC0000200 + host);
    for (std::uint32_t tenant = 0; tenant < kTenants; ++tenant)
      rows.push_back({{address, address}, at(tenant * 10), at(tenant * 10 + 8), host * kTenants + tenant});
  }
  const auto index = index_of(rows);
  for (const Ownership& row : rows) {
    const auto answer = index.find(row.range.first, {row.from, *row.until});
    ASSERT_EQ(answer.verdict, Verdict::matched);
    ASSERT_EQ(answer.rows[0], row.row);
    ASSERT_EQ(index.find(row.range.first, {*row.until, *row.until}).verdict, Verdict::unassigned);
  }
}

TEST(Attribution, nested_histories_take_memory_linear_in_the_ledger) {
  // A thousand former owners of a /24, of its half, and then single addresses: nothing may be copied per address.
  std::vector<Ownership> rows;
  const auto add = [&](IpRange r, std::int64_t second) {
    rows.push_back({r, at(second), at(second + 1), static_cast<std::uint32_t>(rows.size())});
  };
  for (int i = 0; i < 1000; ++i) add(range("192.0.2.0/24"), i);
  for (int i = 1000; i < 2000; ++i) add(range("192.0.2.0/25"), i);
  for (std::uint32_t host = 0; host < 256; host += 2)
    add({IpAddress::v4(0xC0000200 + host), IpAddress::v4(0xC0000200 + host)}, 5000);
  const std::size_t fixed = index_of({rows[0]}).memory_bytes();
  const auto index = index_of(rows);
  EXPECT_LT(index.memory_bytes() - fixed, rows.size() * 20);
  EXPECT_THAT(rows_of(index.find(ip("192.0.2.100"), instant(500))), ElementsAre(500));
  EXPECT_THAT(rows_of(index.find(ip("192.0.2.101"), instant(1500))), ElementsAre(1500));
  EXPECT_EQ(index.find(ip("192.0.2.200"), instant(1500)).verdict, Verdict::unassigned);
}

TEST(Attribution, readers_go_on_while_the_ledger_is_replaced) {
  std::atomic<std::shared_ptr<const AttributionIndex>> now;
  const auto ledger = [](std::uint32_t generation) {  // every address has the row `generation`
    std::vector<Ownership> rows{{range("192.0.2.0/24"), at(0), {}, generation}};
    return std::make_shared<const AttributionIndex>(index_of(rows));
  };
  now.store(ledger(0));
  std::atomic<bool> stop{false};
  std::atomic<std::uint64_t> wrong{0};
  std::atomic<std::uint64_t> reads{0};
  std::vector<std::jthread> readers;
  for (int r = 0; r < 3; ++r)
    readers.emplace_back([&] {
      std::uint32_t last = 0;
      while (!stop) {
        const auto index = now.load();
        const auto answer = index->find(ip("192.0.2.7"), instant(5));
        const auto again = index->find(ip("192.0.2.200"), instant(5));
        if (answer.verdict != Verdict::matched || answer.rows[0] < last || answer != again) ++wrong;
        last = answer.rows[0];
        ++reads;
      }
    });
  for (std::uint32_t generation = 1; generation <= 100; ++generation) {
    now.store(ledger(generation));
    const std::uint64_t before = reads;
    while (reads == before) std::this_thread::yield();
  }
  stop = true;
  readers.clear();
  EXPECT_EQ(wrong, 0U);
  EXPECT_THAT(rows_of(now.load()->find(ip("192.0.2.7"), instant(5))), ElementsAre(100));
}

TEST(Attribution, verdicts_have_the_contracts_names) {
  EXPECT_EQ(verdict_name(Verdict::matched), "matched");
  EXPECT_EQ(verdict_name(Verdict::ambiguous), "ambiguous");
  EXPECT_EQ(verdict_name(Verdict::unassigned), "unassigned");
  EXPECT_EQ(verdict_name(Verdict::not_ours), "not_ours");
}

}  // namespace
}  // namespace abate
