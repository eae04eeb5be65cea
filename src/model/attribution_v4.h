// SPDX-License-Identifier: Apache-2.0
// model/attribution_v4.h — from an IPv4 address to the run of intervals that is its history.
// Internal to model/attribution.
//
// Three steps, each one load: the /16 (`top_`), the /24 (`middle_`), and the page of that /24. Prefixes up to /24 are
// nodes: top_ and middle_ name the narrowest one. What is narrower lives in pages: a page cuts its 256 addresses into
// segments of equal history, marks the first address of each in a bitmap, and finds an address's segment by counting
// marks. A page of 256 single addresses costs 562 bytes above its intervals.
#pragma once

#include <array>
#include <bit>
#include <cstdint>
#include <optional>
#include <span>
#include <vector>

#include "model/attribution_runs.h"

namespace abate::attribution {

struct Host4 {  // a row of one address
  std::uint32_t address;
  Interval interval;
};
static_assert(sizeof(Host4) == 16);

struct Prefix4 {  // a row, or a part of one, that is a prefix
  std::uint32_t first;
  std::uint8_t length;
  Interval interval;
};

// The history of an address: its own run, and that of the prefixes around it.
struct History {
  Run near;
  Run far;
  [[nodiscard]] bool held() const { return near.count > 0 || far.count > 0; }
};

class TableV4 {
 public:
  // All sorted by address, then length (short first), then Runs::before. `hosts` are /32, `narrow` /25../31, `wide`
  // /0../24. To be called once. A clash leaves the table unusable.
  std::optional<Clash> build(std::span<const Host4> hosts, std::span<const Prefix4> narrow,
                             std::span<const Prefix4> wide, Runs& runs);

  // The steps of one look-up, apart so that many can wait for memory together.
  struct Cursor {
    std::uint32_t address = 0;
    std::uint32_t ref = 0;
    std::size_t slot = 0;
  };
  [[nodiscard]] Cursor start(std::uint32_t address) const {
    Cursor cursor{address, top_.empty() ? 0 : top_[address >> 16U], 0};
    if (kind(cursor.ref) == Kind::table) cursor.ref = middle_[number(cursor.ref) * 256 + (address >> 8U & 0xFF)];
    if (kind(cursor.ref) == Kind::page) __builtin_prefetch(&pages_[number(cursor.ref)]);
    return cursor;
  }
  void step(Cursor& cursor) const {
    if (kind(cursor.ref) != Kind::page) return;
    const Page& page = pages_[number(cursor.ref)];
    const std::uint32_t low = cursor.address & 0xFF;
    const std::uint32_t word = low >> 6U;
    const std::uint64_t upto = page.marks[word] & (~std::uint64_t{0} >> (63U - (low & 63U)));
    const std::size_t segment = page.ranks[word] + static_cast<std::size_t>(std::popcount(upto)) - 1;
    cursor.slot = page.offsets + (page.big() ? segment * 2 : segment);
    __builtin_prefetch(&offsets_[cursor.slot]);
  }
  [[nodiscard]] History finish(const Cursor& cursor) const {
    if (kind(cursor.ref) == Kind::none) return {};
    if (kind(cursor.ref) == Kind::node) return {{}, node(number(cursor.ref))};
    const Page& page = pages_[number(cursor.ref)];
    const std::uint32_t begin = offset(page, cursor.slot);
    const std::uint32_t end = offset(page, cursor.slot + (page.big() ? 2 : 1));
    History history{{page.intervals + begin, end - begin}, {}};
    if (page.around() != kNowhere) history.far = node(page.around());
    return history;
  }
  [[nodiscard]] History find(std::uint32_t address) const {
    Cursor cursor = start(address);
    step(cursor);
    return finish(cursor);
  }

  [[nodiscard]] std::size_t memory_bytes() const;

 private:
  enum class Kind : std::uint8_t { none, node, page, table };
  static constexpr std::uint32_t kNumberMask = (1U << 30U) - 1;
  static constexpr std::uint32_t kNowhere = (1U << 31U) - 1;
  static Kind kind(std::uint32_t ref) { return static_cast<Kind>(ref >> 30U); }
  static std::uint32_t number(std::uint32_t ref) { return ref & kNumberMask; }
  static std::uint32_t make_ref(Kind kind, std::size_t number) {
    return static_cast<std::uint32_t>(kind) << 30U | static_cast<std::uint32_t>(number);
  }

  struct Page {
    std::array<std::uint64_t, 4> marks{};     // bit a: a segment begins at address a; bit 0 is always set
    std::array<std::uint8_t, 4> ranks{};      // marks before each word; never above 192
    std::uint32_t intervals = 0;              // where in Runs the first segment's run begins
    std::uint32_t offsets = 0;                // where in offsets_ the segments' beginnings stand, and one end
    std::uint32_t around_and_big = kNowhere;  // the node that holds the page; top bit: offsets take two places each
    [[nodiscard]] bool big() const { return around_and_big >> 31U != 0; }
    [[nodiscard]] std::uint32_t around() const { return around_and_big & kNowhere; }
  };
  static_assert(sizeof(Page) == 48);

  [[nodiscard]] std::uint32_t offset(const Page& page, std::size_t slot) const {
    const std::uint32_t low = offsets_[slot];
    return page.big() ? low | std::uint32_t{offsets_[slot + 1]} << 16U : low;
  }
  [[nodiscard]] Run node(std::uint32_t number) const { return {nodes_[number], nodes_[number + 1] - nodes_[number]}; }

  std::optional<Clash> build_nodes(std::span<const Prefix4> wide, Runs& runs);
  std::optional<Clash> build_page(std::span<const Prefix4> pieces, Runs& runs);
  void finish_page(Page page, std::span<const std::uint32_t> starts, std::uint32_t end);
  void point(std::uint32_t first, std::uint32_t length, std::uint32_t ref);
  std::uint32_t& middle_slot(std::uint32_t address);

  Vector<std::uint32_t> top_;     // a ref a /16; empty where there is no IPv4 row at all
  Vector<std::uint32_t> middle_;  // tables of 256 refs
  Vector<Page> pages_;
  Vector<std::uint16_t> offsets_;
  Vector<std::uint32_t> nodes_;  // where in Runs each node's run begins, and the last one's end
};

}  // namespace abate::attribution
