// SPDX-License-Identifier: Apache-2.0
#include <string>

#include "sweep/host/inventory/rpm/file_numbers.h"
#include "sweep/host/inventory/rpm/older_databases.h"

namespace abate::sweep {
namespace {

constexpr std::size_t kPageBytes = 4096, kBlockBytes = 16, kSlotBytes = 16, kHeaderBytes = 32;
constexpr std::size_t kHeadBytes = 16, kTailBytes = 12;
constexpr std::size_t kPagesMax = 4096;  // of slots: a million packages

std::uint32_t number(std::string_view bytes, std::size_t at) { return number_at(bytes, at, false); }

}  // namespace

Result<void> read_ndb_blobs(const Tree& tree, std::string_view path, const TakeBlob& take) {
  TRY_ASSIGN(const std::unique_ptr<TreeFile> file, tree.open(path));
  TRY_ASSIGN(const std::string header, read_exactly(*file, 0, kHeaderBytes));
  if (!header.starts_with("RpmP") || number(header, 4) != 0) return failure(Fault::malformed, "no database of rpm's");
  const std::size_t pages = number(header, 12);
  if (pages > kPagesMax) return failure(Fault::too_big, "more than {} pages of packages", kPagesMax);
  std::uint64_t budget = kOlderBlobsBytesMax;
  for (std::size_t at = kHeaderBytes; at < pages * kPageBytes; at += kSlotBytes) {
    TRY_ASSIGN(const std::string slot, read_exactly(*file, at, kSlotBytes));
    if (!slot.starts_with("Slot")) return failure(Fault::malformed, "the list of packages is damaged");
    const std::uint64_t offset = std::uint64_t{number(slot, 8)} * kBlockBytes;
    if (offset == 0) continue;  // free
    TRY_ASSIGN(const std::string head, read_exactly(*file, offset, kHeadBytes));
    const std::size_t length = number(head, 12);
    const std::uint64_t room = std::uint64_t{number(slot, 12)} * kBlockBytes;
    if (!head.starts_with("BlbS") || number(head, 4) != number(slot, 4) || room < kHeadBytes + length + kTailBytes)
      return failure(Fault::malformed, "a package's entry is damaged");
    if (length > kOlderBlobBytesMax || length > budget)
      return failure(Fault::too_big, "a package's entry is too large");
    budget -= length;
    TRY_ASSIGN(const std::string blob, read_exactly(*file, offset + kHeadBytes, length));
    if (!take(blob)) return {};
  }
  return {};
}

}  // namespace abate::sweep
