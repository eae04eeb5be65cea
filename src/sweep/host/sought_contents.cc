// SPDX-License-Identifier: Apache-2.0
#include "sweep/host/sought_contents.h"

#include <algorithm>
#include <cerrno>
#include <cstring>

#include <fcntl.h>
#include <sys/stat.h>
#include <unistd.h>

#include "base/descriptor.h"
#include "base/digest.h"

namespace abate::sweep {

SoughtContents::SoughtContents(const std::vector<SoughtContent>& sought) {
  for (const SoughtContent& one : sought) {
    if (one.size == 0 || one.sha256.empty()) continue;
    sizes_.insert(one.size);
    contents_.emplace(one.size, one.sha256);
  }
}

void SoughtContents::read(std::uint64_t size, const Fill& fill, FoundContent what, Notes& notes) {
  if (found_.size() == kFoundMax) return;  // enough to say that it is not over
  if (bytes_ + size > kBytesMax) {
    if (std::exchange(whole_, false))
      notes.add("files of the size of what abate put away",
                fmt::format("more than {} GiB of them: the rest was not compared", kBytesMax >> 30));
    return;
  }
  Digest digest{"SHA256"};
  std::vector<char> part(std::size_t{256} << 10);
  for (std::uint64_t at = 0; at < size;) {
    const Result<std::size_t> got = fill(at, part);
    if (!got) {
      whole_ = false;
      return notes.add(what.path, got.error().what);
    }
    if (*got == 0) return;  // it shrinks: another file than the one that is sought
    digest.add({part.data(), *got});
    at += *got;
    bytes_ += *got;
  }
  what.sha256 = digest.hex();
  if (contents_.contains({size, what.sha256})) found_.push_back(std::move(what));
}

void SoughtContents::look_at(const Node& node, Notes& notes) {
  if (node.stat.kind != NodeKind::file || !is_sought(node.stat.size)) return;
  const FoundContent what{.path = std::string{node.path}, .pid = 0, .sha256 = {}};
  const Result<std::unique_ptr<TreeFile>> file = node.open();
  if (!file) {
    if (file.error().fault == Fault::not_found) return;  // it went meanwhile
    whole_ = false;
    return notes.add(what.path, file.error().what);
  }
  read(node.stat.size, [&](std::uint64_t at, std::span<char> into) { return (*file)->read_at(at, into); }, what, notes);
}

void SoughtContents::look_at_programs(const std::vector<Process>& processes, Notes& notes) {
  if (sizes_.empty()) return;
  std::set<std::pair<std::uint64_t, std::uint64_t>> others;  // device and inode of programs that are not sought
  for (const Process& process : processes) {
    if (process.kernel_thread) continue;
    const Descriptor program{
        ::open(fmt::format("/proc/{}/exe", process.pid).c_str(), O_RDONLY | O_CLOEXEC | O_NONBLOCK)};
    struct stat about{};
    if (!program || ::fstat(program.get(), &about) != 0) continue;  // it ended; one that is hidden is told elsewhere
    const auto size = static_cast<std::uint64_t>(about.st_size);
    if (!S_ISREG(about.st_mode) || !is_sought(size) || others.contains({about.st_dev, about.st_ino})) continue;
    const std::size_t before = found_.size();
    read(
        size,
        [&](std::uint64_t at, std::span<char> into) -> Result<std::size_t> {
          const ssize_t got = ::pread(program.get(), into.data(), into.size(), static_cast<off_t>(at));
          if (got < 0) return failure(Fault::unavailable, "{}", ::strerrordesc_np(errno));
          return static_cast<std::size_t>(got);
        },
        {.path = process.exe, .pid = process.pid, .sha256 = {}}, notes);
    if (found_.size() == before) others.emplace(about.st_dev, about.st_ino);
  }
}

}  // namespace abate::sweep
