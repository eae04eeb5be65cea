// SPDX-License-Identifier: Apache-2.0
#include "sweep/host/logs/journal/unpack.h"

#include <cstdint>
#include <cstring>

#include <lz4.h>
#include <lzma.h>
#include <zstd.h>

#include "sweep/host/logs/stream.h"

namespace abate::sweep {
namespace {

bool unpack_lz4(std::string_view packed, std::string& out) {
  std::uint64_t size = 0;  // of what comes out, in front
  if (packed.size() <= sizeof size) return false;
  std::memcpy(&size, packed.data(), sizeof size);
  packed.remove_prefix(sizeof size);
  out.resize(std::min<std::uint64_t>(size, kLineBytesMax));
  const int got = LZ4_decompress_safe_partial(packed.data(), out.data(), static_cast<int>(packed.size()),
                                              static_cast<int>(out.size()), static_cast<int>(out.size()));
  if (got < 0) return false;
  out.resize(static_cast<std::size_t>(got));
  return true;
}

bool unpack_zstd(std::string_view packed, std::string& out) {
  thread_local const std::unique_ptr<ZSTD_DCtx, std::size_t (*)(ZSTD_DCtx*)> context{ZSTD_createDCtx(), ZSTD_freeDCtx};
  if (context == nullptr) return false;
  ZSTD_DCtx_reset(context.get(), ZSTD_reset_session_only);
  ZSTD_DCtx_setParameter(context.get(), ZSTD_d_windowLogMax, 23);
  out.resize(kLineBytesMax);
  ZSTD_inBuffer from{packed.data(), packed.size(), 0};
  ZSTD_outBuffer to{out.data(), out.size(), 0};
  while (to.pos < to.size && from.pos < from.size) {
    const std::size_t said = ZSTD_decompressStream(context.get(), &to, &from);
    if (ZSTD_isError(said) != 0) return false;
    if (said == 0) break;
  }
  out.resize(to.pos);
  return true;
}

bool unpack_xz(std::string_view packed, std::string& out) {
  lzma_stream stream = LZMA_STREAM_INIT;
  if (lzma_stream_decoder(&stream, kUnpackMemoryBytesMax, 0) != LZMA_OK) return false;
  out.resize(kLineBytesMax);
  stream.next_in = reinterpret_cast<const std::uint8_t*>(packed.data());
  stream.avail_in = packed.size();
  stream.next_out = reinterpret_cast<std::uint8_t*>(out.data());
  stream.avail_out = out.size();
  const lzma_ret said = lzma_code(&stream, LZMA_FINISH);
  out.resize(out.size() - stream.avail_out);
  lzma_end(&stream);
  return said == LZMA_OK || said == LZMA_STREAM_END || (said == LZMA_BUF_ERROR && !out.empty());
}

}  // namespace

bool unpack_journal_data(unsigned flags, std::string_view packed, std::string& out) {
  switch (flags) {
    case kJournalLz4: return unpack_lz4(packed, out);
    case kJournalZstd: return unpack_zstd(packed, out);
    case kJournalXz: return unpack_xz(packed, out);
    default: return false;
  }
}

}  // namespace abate::sweep
