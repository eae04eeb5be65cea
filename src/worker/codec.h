// SPDX-License-Identifier: Apache-2.0
// worker/codec.h — a Reading as bytes, from a child that may have been taken over to a parent that must not be.
//
// SECURITY: decode_reading() trusts nothing: counts and lengths are bounded before anything is allocated, words must be
// known words, strings valid UTF-8, numbers within what the model allows, ranges within the report, and not a byte may
// be left over. Evidence that has a range comes without its bytes, which the parent takes from its own copy of the
// report; every hash is made by the parent. Pure; thread-safe.
//
// Frames on the pipes, numbers little-endian:
//   to the child    u32 kReadMagic, u32 length of content type, u32 of reporter domain, u64 of the report, the three;
//   or
//                   u32 kProveMagic, u32 length of what encode_witnesses() made, u32 zero, u64 of the report, the two
//   to the parent   u32 length, then what encode_reading() made; first of all one frame "ready"
#pragma once

#include <cstddef>
#include <cstdint>
#include <string>
#include <string_view>

#include "base/result.h"
#include "model/report.h"

namespace abate::worker {

constexpr std::uint32_t kReadMagic = 0x31544241;   // "ABT1"
constexpr std::uint32_t kProveMagic = 0x32544241;  // "ABT2"
constexpr std::size_t kToChildHeadBytes = 20;
constexpr std::size_t kAnswerBytesMax = std::size_t{192} << 20;
constexpr std::size_t kContentTypeBytesMax = 1'024;
constexpr std::size_t kDomainBytesMax = 1'024;
constexpr std::size_t kWitnessBytesMax = 256 * 1'024;
constexpr std::string_view kReady = "ready";

// Evidence::sha256 is not carried. Too big for kAnswerBytesMax: too_big.
Result<std::string> encode_reading(const Reading& reading);
// `report`: the bytes that were read.
Result<Reading> decode_reading(std::string_view bytes, std::string_view report);

// Records beyond kWitnessBytesMax are left out: then a signature is not proved, and nobody is hurt.
std::string encode_witnesses(const Witnesses& witnesses);
Result<Witnesses> decode_witnesses(std::string_view bytes);

struct ToChildHead {
  bool prove = false;
  std::uint32_t content_type_bytes = 0;  // or of the witnesses
  std::uint32_t domain_bytes = 0;
  std::uint64_t report_bytes = 0;
};
std::string encode_head(const ToChildHead& head);
Result<ToChildHead> decode_head(std::string_view bytes);

}  // namespace abate::worker
