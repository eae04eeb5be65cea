// SPDX-License-Identifier: Apache-2.0
// sweep/host/archives/members.h — what lies in an archive or a packed file, member by member, within limits.
//
//   const Unpacked done = unpack(file, "site.tar.gz", visitor);
//   for (const std::string& why : done.left_out) notes.add(path, why);
//
// gzip, bzip2, xz and zstd are unpacked by logs/stream.h, whose readers bound their memory; tar, zip, 7z, rar, cpio and
// ar by libarchive, each only where the first bytes say so. A member that is an archive is unpacked in turn. A single
// packed file is one member, named without its last suffix. What is damaged gives what came before.
//
// SECURITY: archives of a broken-into server are made to break what opens them. Formats are named one by one:
// libarchive's "all" would start programs and open the files that an archive names (mtree). Nothing is written; names
// are bytes and never become paths. While libarchive works the process may not grow by more than
// kArchiveMemoryBytesMax (RLIMIT_DATA), whatever sizes an archive claims. Every limit has a name here, and reaching one
// is said in left_out.
#pragma once

#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

#include "sweep/kit/tree.h"

namespace abate::sweep {

constexpr int kArchiveDepthMax = 3;                  // an archive in an archive in an archive
constexpr std::size_t kArchiveMembersMax = 100'000;  // of all levels together
constexpr std::uint64_t kArchiveUnpackedBytesMax = std::uint64_t{1} << 30;
constexpr std::uint64_t kArchiveRatioMax = 200;  // unpacked to packed; a dump of a database reaches 50
constexpr std::uint64_t kArchiveRatioFreeBytes = std::uint64_t{64} << 20;  // below that no ratio is a bomb
constexpr std::size_t kArchiveMemoryBytesMax = std::size_t{20} << 20;
constexpr std::size_t kArchiveListBytesMax = std::size_t{2} << 20;  // a zip's or 7z's list of its members
constexpr std::size_t kMemberBytesMax = std::size_t{4} << 20;       // handed out; the rest is passed over
constexpr std::size_t kMemberNameBytesMax = 1024;

struct Member {
  std::string_view name;   // as the archive says, '/' between the levels of nested ones: hostile bytes
  std::string_view bytes;  // the first kMemberBytesMax
  bool whole = false;      // those are all
  std::uint16_t mode = 0644;
};

class MemberVisitor {
 public:
  virtual ~MemberVisitor() = default;
  virtual void see(const Member& member) = 0;  // views are valid during the call
  [[nodiscard]] virtual bool ended() const = 0;
};

struct Unpacked {
  std::size_t members = 0;
  std::uint64_t bytes = 0;            // unpacked
  std::vector<std::string> left_out;  // why not all was seen, in plain words; once each
};

// `name` is the file's own. Files that are no archive give nothing.
Unpacked unpack(TreeFile& file, std::string_view name, MemberVisitor& visitor);

}  // namespace abate::sweep
