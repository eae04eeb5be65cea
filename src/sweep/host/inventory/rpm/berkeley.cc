// SPDX-License-Identifier: Apache-2.0
#include <string>

#include "sweep/host/inventory/rpm/file_numbers.h"
#include "sweep/host/inventory/rpm/older_databases.h"

namespace abate::sweep {
namespace {

constexpr std::uint32_t kHashMagic = 0x061561;
constexpr std::size_t kMetaBytes = 512, kPageHeadBytes = 26;
constexpr char kUnsortedHashPage = 2, kOverflowPage = 7, kHashPage = 13;
constexpr char kOnPage = 1, kOffPage = 3;
constexpr std::uint32_t kPagesMax = 4U << 20;
constexpr std::size_t kOffPageBytes = 12;
constexpr std::size_t kHeaderBytesMin = 16;  // the database's own counter, under the key 0, is shorter

class Berkeley {
 public:
  Berkeley(TreeFile& file, const TakeBlob& take) : file_{file}, take_{take} {}

  Result<void> read() {
    TRY_ASSIGN(const std::string meta, read_exactly(file_, 0, kMetaBytes));
    swapped_ = number_at(meta, 12, true) == kHashMagic;
    if (!swapped_ && number_at(meta, 12, false) != kHashMagic) return failure(Fault::malformed, "no hash table");
    page_bytes_ = number_at(meta, 20, swapped_);
    last_ = number_at(meta, 32, swapped_);
    if (page_bytes_ < 512 || page_bytes_ > 65536 || last_ > kPagesMax)
      return failure(Fault::malformed, "pages of {} bytes, {} of them", page_bytes_, last_);
    for (std::uint32_t at = 1; at <= last_; ++at) {
      TRY_ASSIGN(const std::string page, page_at(at));
      if (page[25] != kUnsortedHashPage && page[25] != kHashPage) continue;
      TRY_ASSIGN(const bool more, entries(page));
      if (!more) break;
    }
    return {};
  }

 private:
  Result<std::string> page_at(std::uint32_t at) {
    if (at == 0 || at > last_) return failure(Fault::malformed, "page {} is not there", at);
    return read_exactly(file_, std::uint64_t{at} * page_bytes_, page_bytes_);
  }

  // Keys and values in turn, each with its offset; they grow from the page's end downwards. False: enough.
  Result<bool> entries(const std::string& page) {
    const std::size_t count = short_at(page, 20, swapped_);
    if (kPageHeadBytes + 2 * count > page.size()) return failure(Fault::malformed, "a page says {} entries", count);
    for (std::size_t at = 1; at < count; at += 2) {
      const std::size_t end = short_at(page, kPageHeadBytes + 2 * (at - 1), swapped_);
      const std::size_t begin = short_at(page, kPageHeadBytes + 2 * at, swapped_);
      if (begin < kPageHeadBytes + 2 * count || begin >= end || end > page.size())
        return failure(Fault::malformed, "an entry lies outside of its page");
      const std::string_view value = std::string_view{page}.substr(begin, end - begin);
      if (value[0] == kOffPage && value.size() == kOffPageBytes) {
        TRY_ASSIGN(const std::string blob, chain(number_at(value, 4, swapped_), number_at(value, 8, swapped_)));
        if (!take_(blob)) return false;
      } else if (value[0] == kOnPage && value.size() > kHeaderBytesMin) {
        if (!take_(value.substr(1))) return false;
      }
    }
    return true;
  }

  // What lies in overflow pages. A page that brings nothing ends it, so there are no loops.
  Result<std::string> chain(std::uint32_t at, std::size_t length) {
    if (length > kOlderBlobBytesMax || length > budget_)
      return failure(Fault::too_big, "a package's entry is too large");
    budget_ -= length;
    std::string blob;
    while (blob.size() < length) {
      TRY_ASSIGN(const std::string page, page_at(at));
      const std::size_t part = short_at(page, 22, swapped_);
      if (page[25] != kOverflowPage || part == 0 || part > page.size() - kPageHeadBytes || part > length - blob.size())
        return failure(Fault::malformed, "a package's entry is damaged");
      blob.append(page, kPageHeadBytes, part);
      at = number_at(page, 16, swapped_);
    }
    return blob;
  }

  TreeFile& file_;
  const TakeBlob& take_;
  bool swapped_ = false;  // written by a big-endian machine
  std::uint32_t page_bytes_ = 0;
  std::uint32_t last_ = 0;
  std::uint64_t budget_ = kOlderBlobsBytesMax;
};

}  // namespace

Result<void> read_berkeley_blobs(const Tree& tree, std::string_view path, const TakeBlob& take) {
  TRY_ASSIGN(const std::unique_ptr<TreeFile> file, tree.open(path));
  return Berkeley{*file, take}.read();
}

}  // namespace abate::sweep
