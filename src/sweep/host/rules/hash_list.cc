// SPDX-License-Identifier: Apache-2.0
#include "sweep/host/rules/hash_list.h"

#include <algorithm>
#include <queue>
#include <span>

#include <fcntl.h>
#include <unistd.h>

namespace abate::sweep {
namespace {

constexpr std::size_t kPageRecords = 128;   // 4 KiB
constexpr std::size_t kMergeRecords = 256;  // of each run, in memory while merging
constexpr std::size_t kRecordBytes = sizeof(HashRecord);
static_assert(kRecordBytes == 32);

bool read_records(int file, std::size_t first, std::span<HashRecord> into) {
  const auto bytes = std::as_writable_bytes(into);
  return ::pread(file, bytes.data(), bytes.size(), static_cast<off_t>(first * kRecordBytes)) ==
         static_cast<ssize_t>(bytes.size());
}

bool write_records(int file, std::span<const HashRecord> records) {
  const auto bytes = std::as_bytes(records);
  return ::write(file, bytes.data(), bytes.size()) == static_cast<ssize_t>(bytes.size());
}

struct Cursor {  // in one sorted run
  std::size_t next = 0, end = 0, at = 0;
  std::vector<HashRecord> buffer;
  bool refill(int file) {
    const std::size_t wanted = std::min(kMergeRecords, end - next);
    buffer.resize(wanted);
    at = 0;
    const bool fine = wanted == 0 || read_records(file, next, buffer);
    next += wanted;
    return fine;
  }
};

std::optional<HashRecord> among(std::span<const HashRecord> sorted, const std::array<std::uint8_t, 16>& digest,
                                std::uint64_t size) {
  auto found = std::ranges::lower_bound(sorted, digest, {}, &HashRecord::digest);
  for (; found != sorted.end() && found->digest == digest; ++found)
    if (found->size == size || found->size == HashRecord::kAnySize) return *found;
  return std::nullopt;
}

}  // namespace

HashList::~HashList() {
  if (file_ >= 0) ::close(file_);
}

Result<int> HashList::nameless_file() const {
  int file = ::open(folder_.c_str(), O_TMPFILE | O_RDWR | O_CLOEXEC, 0600);
  if (file < 0) {  // a file system without nameless files
    std::string name = folder_ + "/hashes-XXXXXX";
    file = ::mkostemp(name.data(), O_CLOEXEC);
    if (file >= 0) ::unlink(name.c_str());
  }
  if (file < 0) return failure(Fault::unavailable, "{}: no file can be made for the hash list", folder_);
  return file;
}

Result<void> HashList::add(const HashRecord& record) {
  run_.push_back(record);
  ++count_;
  if (run_.size() >= kRunRecords) return write_run();
  return {};
}

Result<void> HashList::write_run() {
  if (file_ < 0) {
    TRY_ASSIGN(file_, nameless_file());
  }
  std::ranges::sort(run_);
  if (!write_records(file_, run_)) return failure(Fault::unavailable, "{}: the disk is full", folder_);
  runs_.push_back(run_.size());
  run_.clear();
  return {};
}

Result<void> HashList::finish() {
  if (runs_.empty()) {
    std::ranges::sort(run_);
    return {};
  }
  if (!run_.empty()) TRY(write_run());
  run_.shrink_to_fit();
  std::vector<Cursor> cursors;
  std::size_t begin = 0;
  for (const std::size_t length : runs_) {
    Cursor& cursor = cursors.emplace_back();
    cursor.next = begin;
    cursor.end = begin += length;
  }
  TRY_ASSIGN(const int merged, nameless_file());
  const auto later = [&](std::size_t a, std::size_t b) {
    return cursors[a].buffer[cursors[a].at] > cursors[b].buffer[cursors[b].at];
  };
  std::priority_queue<std::size_t, std::vector<std::size_t>, decltype(later)> heads{later};
  bool fine = true;
  for (std::size_t at = 0; at < cursors.size(); ++at) {
    fine &= cursors[at].refill(file_);
    heads.push(at);
  }
  std::vector<HashRecord> page;
  while (fine && !heads.empty()) {
    const std::size_t least = heads.top();
    heads.pop();
    Cursor& cursor = cursors[least];
    if (page.empty()) page_firsts_.push_back(cursor.buffer[cursor.at]);
    page.push_back(cursor.buffer[cursor.at]);
    if (page.size() == kPageRecords) {
      fine &= write_records(merged, page);
      page.clear();
    }
    if (++cursor.at == cursor.buffer.size()) fine &= cursor.refill(file_);
    if (cursor.at < cursor.buffer.size()) heads.push(least);
  }
  fine = fine && write_records(merged, page);
  ::close(file_);
  file_ = merged;
  if (!fine) return failure(Fault::unavailable, "{}: the hash list could not be sorted", folder_);
  return {};
}

std::optional<HashRecord> HashList::find(const std::array<std::uint8_t, 16>& digest, std::uint64_t size) const {
  if (file_ < 0) return among(run_, digest, size);
  // The last page that begins before the digest, and those that begin with it.
  auto page = std::ranges::lower_bound(page_firsts_, digest, {}, &HashRecord::digest);
  if (page != page_firsts_.begin()) --page;
  for (; page != page_firsts_.end() && page->digest <= digest; ++page) {
    const std::size_t first = static_cast<std::size_t>(page - page_firsts_.begin()) * kPageRecords;
    std::vector<HashRecord> records(std::min(kPageRecords, count_ - first));
    if (!read_records(file_, first, records)) return std::nullopt;
    if (auto found = among(records, digest, size)) return found;
  }
  return std::nullopt;
}

}  // namespace abate::sweep
