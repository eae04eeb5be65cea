// SPDX-License-Identifier: Apache-2.0
// sweep/host/archives/look_into.h — what the detectors of files say about the members of an archive.
//
//   ArchiveLook archives{host, detectors, notes, ended};
//   if (archives.wants(path, stat)) archives.look(view, file, gather);
//
// Those detectors look that judge bytes (with a `file` and without a `wants` of their own). A finding's subject is the
// archive, so that what is done about it is done to a file that is there; the member stands in `why` and in the
// evidence, as "/srv/a.zip/dir/x.php". One detector says one thing about an archive: its worst.
//
// What is `malicious` in a file lies still in an archive. It stays malicious only where a careful responder would act
// without asking: the archive was dropped (a folder that anybody can write to, a hidden name) or is served (a docroot),
// it is no backup of a site, and what is bad makes up a good part of it. All else is `suspicious`: putting it back
// would bring it back.
#pragma once

#include <functional>
#include <span>
#include <string_view>
#include <vector>

#include "sweep/host/gather.h"
#include "sweep/host/open_host.h"
#include "sweep/kit/detector.h"

namespace abate::sweep {

constexpr std::uint64_t kArchiveBytesMax = std::uint64_t{2} << 30;            // a larger one is not looked into
constexpr std::uint64_t kArchivesUnpackedBytesMax = std::uint64_t{16} << 30;  // of all archives of a sweep
constexpr std::size_t kBadShare = 50;  // one bad member in so many is a good part

class ArchiveLook {
 public:
  ArchiveLook(const Host& host, std::span<const Detector* const> detectors, Notes& notes, std::function<bool()> ended);

  // By name and place, before anything is read.
  [[nodiscard]] bool wants(std::string_view path, const Stat& stat) const;
  // Files that are no archive after all cost their first bytes.
  void look(const FileView& view, TreeFile& file, Gather& out);

 private:
  const Host& host_;
  Notes& notes_;
  std::function<bool()> ended_;
  std::vector<const Detector*> detectors_;
  std::uint64_t unpacked_ = 0;
};

}  // namespace abate::sweep
