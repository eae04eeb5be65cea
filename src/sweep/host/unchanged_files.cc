// SPDX-License-Identifier: Apache-2.0
#include "sweep/host/unchanged_files.h"

#include <algorithm>
#include <bit>
#include <cerrno>
#include <cstring>
#include <queue>
#include <span>

#include <fcntl.h>
#include <sys/stat.h>

#include "base/digest.h"
#include "base/hash.h"
#include "base/whole_io.h"
#include "sweep/kit/content_rules.h"

namespace abate::sweep {
namespace {

constexpr std::size_t kPagePrints = 256;    // 4 KiB
constexpr std::size_t kMergePrints = 1024;  // of each run, in memory while merging
constexpr std::array<char, 16> kMagic{'a', 'b', 'a', 't', 'e', '-', 'u', 'n', 'c', 'h', 'a', 'n', 'g', 'e', 'd', '1'};

struct Head {  // in this machine's byte order: the list never leaves the machine
  std::array<char, 16> magic = kMagic;
  std::array<std::uint8_t, 32> context{};
  std::int64_t started = 0;  // microseconds
  std::uint64_t count = 0;
  std::array<std::uint8_t, 32> checksum{};  // of the prints: shows a torn or damaged list, not a forged one
};
static_assert(sizeof(Head) == 96);

std::string_view text_of(std::span<const std::byte> bytes) {
  return {reinterpret_cast<const char*>(bytes.data()), bytes.size()};
}
std::string_view bytes_of(std::span<const FilePrint> prints) { return text_of(std::as_bytes(prints)); }

bool read_prints(int file, std::size_t offset, std::span<FilePrint> into) {
  const std::span bytes{reinterpret_cast<char*>(into.data()), into.size_bytes()};
  std::size_t done = 0;
  while (done < bytes.size()) {
    const ssize_t got = ::pread(file, bytes.data() + done, bytes.size() - done, static_cast<off_t>(offset + done));
    if (got < 0 && errno == EINTR) continue;
    if (got <= 0) return false;
    done += static_cast<std::size_t>(got);
  }
  return true;
}

void add_number(Digest& digest, std::uint64_t number) {
  digest.add({reinterpret_cast<const char*>(&number), sizeof number});
}

void add_text(Digest& digest, std::string_view text) {
  add_number(digest, text.size());
  digest.add(text);
}

std::array<std::uint8_t, 32> ended(Digest& digest) {
  const std::string bytes = from_hex(digest.hex()).value_or("");
  std::array<std::uint8_t, 32> out{};
  std::copy_n(bytes.begin(), std::min(bytes.size(), out.size()), out.begin());
  return out;
}

// Somebody else may have put it there: then what it says is not what we wrote.
Result<void> check_ours(int node, std::string_view what) {
  struct stat is{};
  if (::fstat(node, &is) != 0) return failure(Fault::unavailable, "{}: {}", what, ::strerrordesc_np(errno));
  if (is.st_uid != ::geteuid() || (is.st_mode & 022) != 0)
    return failure(Fault::refused, "{} belongs to somebody else, or others may write to it", what);
  return {};
}

struct Run {
  std::size_t next = 0, end = 0, at = 0;
  std::vector<FilePrint> buffer;
  bool refill(int file) {
    buffer.resize(std::min(kMergePrints, end - next));
    at = 0;
    const bool fine = buffer.empty() || read_prints(file, next * sizeof(FilePrint), buffer);
    next += buffer.size();
    return fine;
  }
};

}  // namespace

FilePrint print_of(std::string_view path, const Stat& stat, std::uint64_t looking) {
  const std::array<std::uint64_t, 7> numbers{
      stat.size,
      stat.inode,
      std::bit_cast<std::uint64_t>(to_micros(stat.modified)),
      std::bit_cast<std::uint64_t>(to_micros(stat.changed)),
      std::uint64_t{stat.uid} << 32 | stat.gid,
      stat.mode,
      looking,
  };
  std::string all{text_of(std::as_bytes(std::span{numbers}))};
  all += path;
  const Sha256 hash = sha256(all);
  FilePrint print{};
  std::copy_n(hash.begin(), print.size(), print.begin());
  return print;
}

std::array<std::uint8_t, 32> context_of(const Host& host, std::string_view program, std::string_view looking) {
  Digest digest{"SHA256"};
  for (const std::string_view text : {program, looking, std::string_view{host.root}, std::string_view{host.machine_id}})
    add_text(digest, text);
  add_text(digest, host.rules == nullptr ? "" : host.rules->identity());
  add_text(digest, host.packages->identity());
  add_text(digest, host.releases == nullptr ? "" : host.releases->identity());
  for (const Container& container : host.containers) add_text(digest, container.layer);
  for (const InstalledApplication& application : host.applications)
    for (const std::string* text : {&application.folder, &application.name, &application.version})
      add_text(digest, *text);
  for (const Account& account : host.accounts) {
    add_text(digest, account.name);
    add_text(digest, account.home);
    add_number(digest, account.uid);
  }
  for (const Site& site : host.sites) {
    for (const std::string* text : {&site.docroot, &site.account, &site.server, &site.application, &site.config})
      add_text(digest, *text);
    add_number(digest, site.names.size());
    for (const std::string& name : site.names) add_text(digest, name);
  }
  add_number(digest, host.since ? std::bit_cast<std::uint64_t>(to_micros(*host.since)) : 0);
  add_number(digest, static_cast<std::uint64_t>(host.ticket.category));
  add_text(digest, host.ticket.type);
  for (const Lead& lead : host.ticket.leads) add_text(digest, lead.text());
  return ended(digest);
}

UnchangedFiles::UnchangedFiles(std::string folder, std::array<std::uint8_t, 32> context, Instant started, bool fresh,
                               Notes& notes)
    : folder_{std::move(folder)}, context_{context}, started_{started} {
  if (fresh) return;
  const Result<void> opened = open_former();
  if (opened) return;
  former_ = {};
  former_count_ = 0;
  page_firsts_.clear();
  notes.add("what the former sweep left in the state folder",
            fmt::format("{}: it was not used, every file was read", opened.error().what));
}

Result<void> UnchangedFiles::open_former() {
  const Descriptor folder{::open(folder_.c_str(), O_PATH | O_DIRECTORY | O_CLOEXEC)};
  if (!folder) return {};  // not there yet
  Descriptor file{::openat(folder.get(), kName.data(), O_RDONLY | O_NOFOLLOW | O_NONBLOCK | O_NOCTTY | O_CLOEXEC)};
  if (!file && errno == ENOENT) return {};
  if (!file) return failure(Fault::unavailable, "{}/{}: {}", folder_, kName, ::strerrordesc_np(errno));
  TRY(check_ours(folder.get(), folder_));
  TRY(check_ours(file.get(), fmt::format("{}/{}", folder_, kName)));
  struct stat is{};
  Head head;
  const std::span into{reinterpret_cast<char*>(&head), sizeof head};
  if (::fstat(file.get(), &is) != 0 || !S_ISREG(is.st_mode) ||
      read_full(file.get(), into) != static_cast<ssize_t>(sizeof head) || head.magic != kMagic)
    return failure(Fault::malformed, "{}/{} is no list of ours", folder_, kName);
  if (head.count > kPrintsMax || static_cast<std::uint64_t>(is.st_size) != sizeof head + head.count * sizeof(FilePrint))
    return failure(Fault::malformed, "{}/{} is cut off", folder_, kName);
  if (head.context != context_) return {};  // another program, other rules or packages: it says nothing about now
  Digest digest{"SHA256"};
  FilePrint last{};
  bool sorted = true;
  std::vector<FilePrint> prints;
  for (std::size_t at = 0; at < head.count; at += prints.size()) {
    prints.resize(std::min<std::size_t>(kPagePrints * 16, head.count - at));
    if (!read_prints(file.get(), sizeof head + at * sizeof(FilePrint), prints))
      return failure(Fault::unavailable, "{}/{} cannot be read", folder_, kName);
    digest.add(bytes_of(prints));
    for (std::size_t i = 0; i < prints.size(); i += kPagePrints) page_firsts_.push_back(prints[i]);
    sorted = sorted && last <= prints.front() && std::ranges::is_sorted(prints);
    last = prints.back();
  }
  if (!sorted || ended(digest) != head.checksum) return failure(Fault::malformed, "{}/{} is damaged", folder_, kName);
  former_ = std::move(file);
  former_count_ = head.count;
  former_started_ = from_micros(head.started);
  return {};
}

bool UnchangedFiles::knows(const FilePrint& print) {
  if (former_count_ == 0) return false;
  auto after = std::ranges::upper_bound(page_firsts_, print);
  if (after == page_firsts_.begin()) return false;
  const auto page = static_cast<std::size_t>(after - page_firsts_.begin()) - 1;
  if (page != page_at_) {
    page_.resize(std::min(kPagePrints, former_count_ - page * kPagePrints));
    page_at_ = page;
    if (!read_prints(former_.get(), sizeof(Head) + page * kPagePrints * sizeof(FilePrint), page_)) page_.clear();
  }
  return std::ranges::binary_search(page_, print);
}

void UnchangedFiles::add(const FilePrint& print, const Stat& stat) {
  if (std::max(stat.changed, stat.modified) < started_ - kRacy) keep(print);
}

void UnchangedFiles::keep(const FilePrint& print) {
  if (broken_ || kept_ >= kPrintsMax) return;
  ++kept_;
  run_.push_back(print);
  if (run_.size() >= kRunPrints) broken_ = !write_run();
}

bool UnchangedFiles::write_run() {
  if (!runs_file_) runs_file_ = Descriptor{::open(folder_.c_str(), O_TMPFILE | O_RDWR | O_CLOEXEC, 0600)};
  if (!runs_file_) {  // a file system without nameless files
    std::string name = folder_ + "/unchanged-XXXXXX";
    runs_file_ = Descriptor{::mkostemp(name.data(), O_CLOEXEC)};
    if (runs_file_) ::unlink(name.c_str());
  }
  std::ranges::sort(run_);
  if (!runs_file_ || !write_all(runs_file_.get(), bytes_of(run_))) return false;
  runs_.push_back(run_.size());
  run_.clear();
  return true;
}

bool UnchangedFiles::merge_runs(int list, std::array<std::uint8_t, 32>& checksum) {
  std::vector<Run> runs;
  std::size_t begin = 0;
  for (const std::size_t length : runs_) {
    runs.push_back({.next = begin, .end = begin + length, .at = 0, .buffer = {}});
    begin += length;
  }
  const auto later = [&](std::size_t a, std::size_t b) {
    return runs[a].buffer[runs[a].at] > runs[b].buffer[runs[b].at];
  };
  std::priority_queue<std::size_t, std::vector<std::size_t>, decltype(later)> heads{later};
  for (std::size_t at = 0; at < runs.size(); ++at) {
    if (!runs[at].refill(runs_file_.get())) return false;
    heads.push(at);
  }
  Digest digest{"SHA256"};
  std::vector<FilePrint> page;
  const auto flush = [&] {
    digest.add(bytes_of(page));
    const bool fine = write_all(list, bytes_of(page));
    page.clear();
    return fine;
  };
  while (!heads.empty()) {
    const std::size_t least = heads.top();
    heads.pop();
    Run& run = runs[least];
    page.push_back(run.buffer[run.at]);
    if (page.size() == kPagePrints * 16 && !flush()) return false;
    if (++run.at == run.buffer.size() && !run.refill(runs_file_.get())) return false;
    if (run.at < run.buffer.size()) heads.push(least);
  }
  if (!flush()) return false;
  checksum = ended(digest);
  return true;
}

Result<void> UnchangedFiles::finish() {
  const std::string part = fmt::format("{}/{}.part", folder_, kName);
  const auto failed = [&] {
    const int number = errno;
    ::unlink(part.c_str());
    return failure(Fault::unavailable, "{}: {}", folder_, ::strerrordesc_np(number));
  };
  if (!run_.empty() && !broken_) broken_ = !write_run();
  if (broken_) return failed();
  ::unlink(part.c_str());  // of a sweep that was killed
  const Descriptor list{::open(part.c_str(), O_WRONLY | O_CREAT | O_EXCL | O_CLOEXEC | O_NOFOLLOW, 0600)};
  Head head;
  head.context = context_;
  head.started = to_micros(started_);
  head.count = kept_;
  const auto write_head = [&] {
    return ::pwrite(list.get(), &head, sizeof head, 0) == static_cast<ssize_t>(sizeof head);
  };
  if (!list || !write_head() || ::lseek(list.get(), sizeof head, SEEK_SET) < 0 ||
      !merge_runs(list.get(), head.checksum) || !write_head() || ::fsync(list.get()) != 0 ||
      std::rename(part.c_str(), fmt::format("{}/{}", folder_, kName).c_str()) != 0)
    return failed();
  return {};
}

}  // namespace abate::sweep
