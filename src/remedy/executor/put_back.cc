// SPDX-License-Identifier: Apache-2.0
#include "remedy/executor/put_back.h"

#include <cerrno>
#include <cstdio>
#include <cstring>

#include <boost/json.hpp>
#include <fcntl.h>
#include <fts.h>
#include <unistd.h>

#include "base/descriptor.h"
#include "base/hash.h"
#include "base/text.h"

namespace abate::remedy {
namespace {

namespace json = boost::json;

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
    if (now.kind != NodeKind::absent && ::unlinkat(place.folder(), place.name(), 0) != 0) return cannot(place);
    return {};
  }
  if (!now.same_content(before)) {
    if (before.kind == NodeKind::file) {
      TRY(put_file(place, half, root, before, seal, sealed));
    } else if (before.kind == NodeKind::link) {
      if (::symlinkat(before.target.c_str(), half.folder(), half.name()) != 0 ||
          ::renameat(half.folder(), half.name(), place.folder(), place.name()) != 0)
        return cannot(place);
    } else if (::mkdirat(place.folder(), place.name(), 0700) != 0) {
      return cannot(place);
    }
  }
  TRY(give_attributes(place, before));
  set_flags(place, before.flags);
  return {};
}

}  // namespace

std::string half_name(const std::string& run, std::uint64_t change) { return fmt::format(".abate-{}-{}", run, change); }

Result<void> put_back(const std::string& root, const std::string& run, const json::object& row, const Seal& seal,
                      const std::string& sealed, Care care) {
  try {
    TRY_ASSIGN(const std::string path, from_hex(row.at("path").as_string()));
    TRY_ASSIGN(const NodeState before, state_of_json(row.at("before").as_object()));
    TRY_ASSIGN(const NodeState after, state_of_json(row.at("after").as_object()));
    TRY_ASSIGN(const Place place, Place::open(root, path));
    if (const json::value* to = row.if_contains("to")) {
      TRY_ASSIGN(const std::string moved, from_hex(to->as_string()));
      TRY_ASSIGN(const Place there, Place::open(root, moved));
      TRY_ASSIGN(const NodeState here, state_at(place));
      if (here.kind == NodeKind::absent && ::renameat(there.folder(), there.name(), place.folder(), place.name()) != 0)
        return cannot(place);
      there.sync();
    }
    TRY_ASSIGN(const NodeState now, state_at(place));
    if (care == Care::refuse_changed && !now.same_content(after) && !now.same_content(before))
      return failure(Fault::stale, "{}: was changed by somebody since; it is left as it is", escape_terminal(path));
    TRY_ASSIGN(const Place half, place.sibling(half_name(run, row.at("change").to_number<std::uint64_t>())));
    TRY(put_state(place, half, root, before, now, seal, sealed));
    const json::array& times = row.at("folder").as_array();
    const timespec folder[2] = {{times.at(0).to_number<time_t>(), times.at(1).to_number<long>()},
                                {times.at(2).to_number<time_t>(), times.at(3).to_number<long>()}};
    ::futimens(place.folder(), folder);
    place.sync();
    return {};
  } catch (const std::exception&) {
    return failure(Fault::malformed, "the journal holds a change that this version cannot read");
  }
}

}  // namespace abate::remedy
