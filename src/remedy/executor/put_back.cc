// SPDX-License-Identifier: Apache-2.0
#include "remedy/executor/put_back.h"

#include <cerrno>
#include <cstdio>
#include <cstring>

#include <fcntl.h>
#include <fts.h>
#include <unistd.h>

#include "base/descriptor.h"
#include "base/text.h"

namespace abate::remedy {
namespace {

constexpr std::size_t kNamesSearchedMax = 5'000'000;

std::unexpected<Error> cannot(const Place& place) {
  return failure(Fault::unavailable, "{}: cannot be put back: {}", escape_terminal(place.name()),
                 ::strerrordesc_np(errno));
}

// Another name of the same file, for one that had several; "" where none is left.
std::string other_name(const std::string& root, const NodeState& before) {
  std::string top = root;
  char* tops[] = {top.data(), nullptr};
  FTS* walk = ::fts_open(tops, FTS_PHYSICAL | FTS_XDEV | FTS_NOCHDIR, nullptr);
  if (walk == nullptr) return "";
  std::string found;
  std::size_t seen = 0;
  while (FTSENT* entry = ::fts_read(walk)) {
    if (++seen > kNamesSearchedMax) break;
    if (entry->fts_info != FTS_F || entry->fts_statp->st_ino != before.inode ||
        entry->fts_statp->st_dev != before.device)
      continue;
    found = entry->fts_path;
    break;
  }
  ::fts_close(walk);
  return found;
}

Result<void> put_file(const Place& place, const Place& half, const std::string& root, const NodeState& before,
                      const Seal& seal, const std::string& sealed) {
  const std::string other = before.names > 1 ? other_name(root, before) : "";
  if (!other.empty()) {
    if (::linkat(AT_FDCWD, other.c_str(), half.folder(), half.name(), 0) != 0) return cannot(place);
    TRY_ASSIGN(const NodeState linked, state_at(half));
    if (linked.same_content(before)) {
      if (::renameat(half.folder(), half.name(), place.folder(), place.name()) != 0) return cannot(place);
      return {};
    }
    ::unlinkat(half.folder(), half.name(), 0);  // its bytes changed meanwhile: a file of its own, from the copy
  }
  const Descriptor out{
      ::openat(half.folder(), half.name(), O_WRONLY | O_CREAT | O_EXCL | O_NOFOLLOW | O_CLOEXEC, 0600)};
  if (!out) return cannot(place);
  TRY(seal.unseal(sealed, out.get()));
  TRY(give_attributes(half, before));
  if (::fsync(out.get()) != 0 || ::renameat(half.folder(), half.name(), place.folder(), place.name()) != 0)
    return cannot(place);
  return {};
}

Result<void> put_state(const Place& place, const Place& half, const std::string& root, const NodeState& before,
                       const NodeState& now, const Seal& seal, const std::string& sealed) {
  ::unlinkat(half.folder(), half.name(), 0);  // what a crash left half written
  set_flags(place, 0);
  if (before.kind == NodeKind::absent) {
    const int how = now.kind == NodeKind::folder ? AT_REMOVEDIR : 0;
    const bool gone = now.kind == NodeKind::absent || ::unlinkat(place.folder(), place.name(), how) == 0;
    if (!gone && (how == 0 || (errno != ENOTEMPTY && errno != EEXIST))) return cannot(place);
    return {};
  }
  if (!now.same_content(before)) {
    if (before.kind == NodeKind::file) {
      TRY(put_file(place, half, root, before, seal, sealed));
    } else if (before.kind == NodeKind::folder) {
      if (now.kind != NodeKind::folder && ::mkdirat(place.folder(), place.name(), 0700) != 0) return cannot(place);
    } else if (::symlinkat(before.target.c_str(), half.folder(), half.name()) != 0 ||
               ::renameat(half.folder(), half.name(), place.folder(), place.name()) != 0) {
      return cannot(place);
    }
  }
  TRY(give_attributes(place, before));
  set_flags(place, before.flags);
  return {};
}

}  // namespace

std::string half_name(const std::string& run, std::uint64_t change) { return fmt::format(".abate-{}-{}", run, change); }

Result<void> put_back(const std::string& root, const std::string& run, const MadeChange& change, const Seal& seal,
                      const std::string& sealed) {
  TRY_ASSIGN(const Place place, Place::open(root, change.path));
  TRY_ASSIGN(const NodeState now, state_at(place, change.bytes()));
  if (!now.same_content(change.after) && !now.same_content(change.before))
    return failure(Fault::stale,
                   "{}: was changed since, by somebody or by a later action (undo that one first); it is left as it is",
                   escape_terminal(change.path));
  TRY_ASSIGN(const Place half, place.sibling(half_name(run, change.number)));
  TRY(put_state(place, half, root, change.before, now, seal, sealed));
  const timespec folder[2] = {change.folder_accessed, change.folder_modified};
  ::futimens(place.folder(), folder);
  place.sync();
  return {};
}

}  // namespace abate::remedy
