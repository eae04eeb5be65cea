// SPDX-License-Identifier: Apache-2.0
#include "model/attribution_v4.h"

#include <algorithm>

namespace abate::attribution {
namespace {

// How many pieces from `begin` on are the same prefix.
std::size_t same_prefix(std::span<const Prefix4> pieces, std::size_t begin) {
  std::size_t end = begin + 1;
  while (end < pieces.size() && pieces[end].first == pieces[begin].first && pieces[end].length == pieces[begin].length)
    ++end;
  return end - begin;
}

std::uint32_t last_of(const Prefix4& prefix) {
  return prefix.first | static_cast<std::uint32_t>(~std::uint64_t{0} >> 32U >> prefix.length);
}

// The prefixes of one page, and which is the narrowest around each address.
struct PageNodes {
  static constexpr std::int16_t kNobody = -1;
  struct Node {
    std::span<const Prefix4> pieces;
    std::int16_t parent = kNobody;
    bool has_children = false;
    Run run{};  // set once its intervals are appended
  };
  std::vector<Node> nodes;
  std::array<std::int16_t, 256> narrowest;

  void read(std::span<const Prefix4> pieces) {
    nodes.clear();
    narrowest.fill(kNobody);
    for (std::size_t i = 0; i < pieces.size();) {
      const std::size_t count = same_prefix(pieces, i);
      Node node{.pieces = pieces.subspan(i, count)};
      const std::uint32_t low = pieces[i].first & 0xFF;
      const std::uint32_t high = last_of(pieces[i]) & 0xFF;
      node.parent = narrowest[low];
      if (node.parent != kNobody) nodes[static_cast<std::size_t>(node.parent)].has_children = true;
      for (std::uint32_t a = low; a <= high; ++a) narrowest[a] = static_cast<std::int16_t>(nodes.size());
      nodes.push_back(node);
      i += count;
    }
  }
  // The intervals of a node, after a link to its parent's, which must stand already.
  std::optional<Clash> append(Node& node, Run around, Runs& runs) {
    const std::uint32_t start = runs.end();
    Run wider;
    if (node.parent != kNobody) {
      wider = nodes[static_cast<std::size_t>(node.parent)].run;
      runs.append_link(wider, 0);
    }
    const auto clash = runs.append(node.pieces, wider, around);
    node.run = {start, runs.end() - start};
    return clash;
  }
};

}  // namespace

std::uint32_t& TableV4::middle_slot(std::uint32_t address) {
  std::uint32_t& top = top_[address >> 16U];
  if (kind(top) != Kind::table) {
    const std::size_t table = middle_.size() / 256;
    middle_.resize(middle_.size() + 256, top);
    top = make_ref(Kind::table, table);
  }
  return middle_[number(top) * 256 + (address >> 8U & 0xFF)];
}

void TableV4::point(std::uint32_t first, std::uint32_t length, std::uint32_t ref) {
  if (length <= 16) {
    std::fill_n(top_.begin() + (first >> 16U), std::size_t{1} << (16 - length), ref);
  } else {
    std::fill_n(&middle_slot(first), std::size_t{1} << (24 - length), ref);
  }
}

std::optional<Clash> TableV4::build_nodes(std::span<const Prefix4> wide, Runs& runs) {
  std::vector<const Prefix4*> around;  // the prefixes that hold the present one, widest first
  std::vector<Run> around_runs;
  for (std::size_t i = 0; i < wide.size();) {
    const std::size_t count = same_prefix(wide, i);
    while (!around.empty() && last_of(*around.back()) < wide[i].first) {
      around.pop_back();
      around_runs.pop_back();
    }
    const std::uint32_t start = runs.end();
    const Run wider = around.empty() ? Run{} : around_runs.back();
    if (wider.count > 0) runs.append_link(wider, 0);
    if (const auto clash = runs.append(wide.subspan(i, count), wider)) return clash;
    point(wide[i].first, wide[i].length, make_ref(Kind::node, nodes_.size()));
    nodes_.push_back(start);
    around.push_back(&wide[i]);
    around_runs.push_back({start, runs.end() - start});
    i += count;
  }
  nodes_.push_back(runs.end());
  return std::nullopt;
}

std::optional<Clash> TableV4::build_page(std::span<const Prefix4> pieces, Runs& runs) {
  std::uint32_t& ref = middle_slot(pieces.front().first);
  Page page;
  if (kind(ref) == Kind::node) page.around_and_big = number(ref);
  ref = make_ref(Kind::page, pages_.size());
  const Run around = page.around() == kNowhere ? Run{} : node(page.around());

  PageNodes prefixes;
  prefixes.read(pieces);
  // Who has narrower prefixes inside comes first, for the links to them; wide before narrow, as they are sorted.
  for (auto& prefix : prefixes.nodes) {
    if (!prefix.has_children) continue;
    if (const auto clash = prefixes.append(prefix, around, runs)) return clash;
  }
  page.intervals = runs.end();
  std::array<std::uint32_t, 256> starts{};
  std::size_t segments = 0;
  for (std::size_t a = 0; a < 256; ++a) {
    const std::int16_t here = prefixes.narrowest[a];
    if (a % 64 == 0) page.ranks[a / 64] = static_cast<std::uint8_t>(segments);
    if (a > 0 && here == prefixes.narrowest[a - 1]) continue;
    page.marks[a / 64] |= std::uint64_t{1} << (a % 64);
    starts[segments++] = runs.end() - page.intervals;
    if (here == PageNodes::kNobody) continue;
    auto& prefix = prefixes.nodes[static_cast<std::size_t>(here)];
    if (prefix.has_children) {
      runs.append_link(prefix.run, 0);
    } else if (const auto clash = prefixes.append(prefix, around, runs)) {
      return clash;
    }
  }
  finish_page(page, std::span(starts).first(segments), runs.end() - page.intervals);
  return std::nullopt;
}

void TableV4::finish_page(Page page, std::span<const std::uint32_t> starts, std::uint32_t end) {
  page.offsets = static_cast<std::uint32_t>(offsets_.size());
  const bool big = end > 0xFFFF;
  if (big) page.around_and_big |= 1U << 31U;
  const auto put = [&](std::uint32_t offset) {
    offsets_.push_back(static_cast<std::uint16_t>(offset & 0xFFFF));
    if (big) offsets_.push_back(static_cast<std::uint16_t>(offset >> 16U));
  };
  for (const std::uint32_t start : starts) put(start);
  put(end);
  pages_.push_back(page);
}

std::optional<Clash> TableV4::build(std::span<const Host4> hosts, std::span<const Prefix4> narrow,
                                    std::span<const Prefix4> wide, Runs& runs) {
  if (hosts.empty() && narrow.empty() && wide.empty()) return std::nullopt;
  top_.resize(std::size_t{1} << 16U);
  if (const auto clash = build_nodes(wide, runs)) return clash;
  std::vector<Prefix4> pieces;
  std::size_t host = 0;
  std::size_t prefix = 0;
  while (host < hosts.size() || prefix < narrow.size()) {
    const std::uint32_t by_host = host < hosts.size() ? hosts[host].address >> 8U : ~0U;
    const std::uint32_t by_prefix = prefix < narrow.size() ? narrow[prefix].first >> 8U : ~0U;
    const std::uint32_t page = std::min(by_host, by_prefix);
    pieces.clear();
    for (; prefix < narrow.size() && narrow[prefix].first >> 8U == page; ++prefix) pieces.push_back(narrow[prefix]);
    const auto seam = static_cast<std::ptrdiff_t>(pieces.size());
    for (; host < hosts.size() && hosts[host].address >> 8U == page; ++host)
      pieces.push_back({hosts[host].address, 32, hosts[host].interval});
    // Both parts are sorted; on the same address the prefix, being wider, comes first.
    std::inplace_merge(pieces.begin(), pieces.begin() + seam, pieces.end(),
                       [](const Prefix4& a, const Prefix4& b) { return a.first < b.first; });
    if (const auto clash = build_page(pieces, runs)) return clash;
  }
  for (auto* refs : {&top_, &middle_, &nodes_}) refs->shrink_to_fit();
  pages_.shrink_to_fit();
  offsets_.shrink_to_fit();
  return std::nullopt;
}

std::size_t TableV4::memory_bytes() const {
  return (top_.capacity() + middle_.capacity() + nodes_.capacity()) * sizeof(std::uint32_t) +
         pages_.capacity() * sizeof(Page) + offsets_.capacity() * sizeof(std::uint16_t);
}

}  // namespace abate::attribution
