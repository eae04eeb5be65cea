// SPDX-License-Identifier: Apache-2.0
// sweep/host/inventory/rpm/older_databases.h — the headers in the two databases that rpm had before SQLite.
//
//   Result<void> done = read_ndb_blobs(tree, "/usr/lib/sysimage/rpm/Packages.db", take);
//
// ndb (SUSE): a file of blocks of 16 bytes, little-endian; its first pages list the blobs (slots), each of which has a
// head and a tail (rpm's lib/backend/ndb/rpmpkg.c). Berkeley DB (RHEL, AlmaLinux and Rocky 8 and older, CentOS 7): a
// hash table of pages, in the byte order of who wrote it; values that do not fit a page lie in a chain of overflow
// pages (Berkeley DB's src/dbinc/db_page.h). All pages are gone through in order, not the buckets.
//
// SECURITY: the databases are hostile. Every offset, count and length is checked, a chain of pages is no longer than
// its blob, and all together no more is read than kOlderBlobsBytesMax. malformed: says what does not fit; what was read
// until then was taken.
#pragma once

#include <cstdint>
#include <functional>
#include <string_view>

#include "base/result.h"
#include "sweep/kit/tree.h"

namespace abate::sweep {

constexpr std::size_t kOlderBlobBytesMax = std::size_t{32} << 20;
constexpr std::uint64_t kOlderBlobsBytesMax = std::uint64_t{2} << 30;

// `take` gets the header of each package; false ends it.
using TakeBlob = std::function<bool(std::string_view)>;
Result<void> read_ndb_blobs(const Tree& tree, std::string_view path, const TakeBlob& take);
Result<void> read_berkeley_blobs(const Tree& tree, std::string_view path, const TakeBlob& take);

}  // namespace abate::sweep
