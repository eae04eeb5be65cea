// SPDX-License-Identifier: Apache-2.0
#include "sweep/host/logs/seen_lines.h"

#include <cstring>

namespace abate::sweep {
namespace {

constexpr std::size_t kMessageBytes = 200;  // rsyslog cuts and escapes long ones

std::uint64_t mix(std::uint64_t a) {
  a ^= a >> 32U;
  a *= 0x9fb21c651e98df25U;
  a ^= a >> 28U;
  return a;
}
std::uint64_t hash_of(std::string_view text, std::uint64_t hash) {
  while (text.size() >= 8) {
    std::uint64_t word = 0;
    std::memcpy(&word, text.data(), sizeof word);
    hash = mix(hash ^ word) * 0xc2b2ae3d27d4eb4fU;
    text.remove_prefix(8);
  }
  std::uint64_t word = text.size();
  for (const char c : text) word = word << 8U | static_cast<unsigned char>(c);
  return mix(hash ^ word) * 0xc2b2ae3d27d4eb4fU;
}
std::uint64_t base_of(const Event& event) {
  std::string_view message = event.message;
  while (message.starts_with(' ')) message.remove_prefix(1);
  while (message.ends_with(' ') || message.ends_with('\n')) message.remove_suffix(1);
  return hash_of(message.substr(0, kMessageBytes), hash_of(event.program, event.pid));
}
std::int64_t second_of(const Event& event) { return to_micros(*event.at) / 1'000'000; }

// Four bits within one cache line.
struct Place {
  std::size_t line;
  std::uint64_t bits[4];
};
Place place_of(std::uint64_t hash) {
  constexpr std::size_t kLines = SeenLines::kBytes / 64;
  const std::uint64_t more = mix(hash * 0x9e3779b97f4a7c15U);
  return {static_cast<std::size_t>(hash >> 40U) % kLines,
          {more & 511U, more >> 9U & 511U, more >> 18U & 511U, more >> 27U & 511U}};
}

}  // namespace

void SeenLines::keep(const Event& event) {
  if (!event.at) return;
  if (bits_.empty()) bits_.resize(kBytes / sizeof(std::uint64_t));
  ++lines_;
  const std::int64_t second = second_of(event);
  if (days_.size() < kProgramDaysMax) days_[{hash_of(event.program, 0), second / 86400}] = true;
  const Place place = place_of(mix(base_of(event) + static_cast<std::uint64_t>(second) * 0xd6e8feb86659fd93U));
  for (const std::uint64_t bit : place.bits) bits_[place.line * 8 + bit / 64] |= std::uint64_t{1} << (bit % 64);
}

bool SeenLines::has(const Event& event) const {
  if (!event.at || bits_.empty()) return false;
  const std::int64_t second = second_of(event);
  if (lines_ > kLinesFull) return days_.contains({hash_of(event.program, 0), second / 86400});
  const std::uint64_t base = base_of(event);
  for (std::int64_t near = second - 1; near <= second + 1; ++near) {
    const Place place = place_of(mix(base + static_cast<std::uint64_t>(near) * 0xd6e8feb86659fd93U));
    bool all = true;
    for (const std::uint64_t bit : place.bits) all &= (bits_[place.line * 8 + bit / 64] >> (bit % 64) & 1U) != 0;
    if (all) return true;
  }
  return false;
}

}  // namespace abate::sweep
