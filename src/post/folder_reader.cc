// SPDX-License-Identifier: Apache-2.0
#include "post/folder_reader.h"

#include <cerrno>
#include <cstring>
#include <future>

#include <fcntl.h>
#include <poll.h>
#include <sys/eventfd.h>
#include <sys/inotify.h>
#include <sys/stat.h>
#include <unistd.h>

#include "base/log.h"
#include "base/text.h"

namespace abate::post {
namespace {

namespace fs = std::filesystem;

// All of a regular file of `size` bytes; unavailable where it cannot be read now or is another file meanwhile.
Result<std::string> bytes_of(const fs::path& file, std::uintmax_t size) {
  const int fd = open(file.c_str(), O_RDONLY | O_CLOEXEC | O_NOFOLLOW | O_NONBLOCK);
  if (fd < 0) return failure(Fault::unavailable, "{}", std::strerror(errno));
  struct stat about{};
  const bool same =
      fstat(fd, &about) == 0 && S_ISREG(about.st_mode) && static_cast<std::uintmax_t>(about.st_size) == size;
  std::string bytes(size, '\0');
  std::size_t have = 0;
  while (same && have < bytes.size()) {
    const ssize_t got = read(fd, bytes.data() + have, bytes.size() - have);
    if (got < 0 && errno == EINTR) continue;
    if (got <= 0) break;
    have += static_cast<std::size_t>(got);
  }
  close(fd);
  if (!same || have < bytes.size()) return failure(Fault::unavailable, "it changed while it was read");
  return bytes;
}

bool ignored(FolderReader::Kind kind, const std::string& name) {
  if (name.starts_with('.')) return true;
  return kind == FolderReader::Kind::feed && (name.ends_with(".tmp") || name.ends_with(".part"));
}

std::string content_type_of(const fs::path& file) {
  const std::string suffix = to_lower(file.extension().string());
  if (suffix == ".json") return "application/json";
  if (suffix == ".csv") return "text/csv";
  if (suffix == ".xml") return "application/xml";
  return suffix == ".eml" ? "message/rfc822" : "text/plain";
}

// The value of a header line that the mail server wrote at the top, as it stands; empty where there is none.
std::string top_header(std::string_view bytes, std::string_view name) {
  constexpr std::size_t kTopBytesMax = 16 * 1024;
  const std::string_view top = bytes.substr(0, kTopBytesMax);
  for (const std::string_view raw : split(top, '\n')) {
    const std::string_view line = trim(raw);
    if (line.empty()) break;
    if (line.size() > name.size() && line[name.size()] == ':' && starts_with_ignoring_case(line, name)) {
      std::string_view value = trim(line.substr(name.size() + 1));
      if (value.starts_with('<') && value.ends_with('>')) value = value.substr(1, value.size() - 2);
      return std::string{value};
    }
  }
  return {};
}

// A name that is free: a file of the same name may have come before.
fs::path free_name(const fs::path& folder, const fs::path& name) {
  fs::path to = folder / name;
  std::error_code ignored_error;
  for (int n = 1; fs::exists(fs::symlink_status(to, ignored_error)); ++n)
    to = folder / (name.string() + "." + std::to_string(n));
  return to;
}

}  // namespace

FolderReader::FolderReader(Kind kind, fs::path folder, std::size_t message_max, Accept accept,
                           std::chrono::milliseconds look_every)
    : kind_{kind},
      folder_{kind == Kind::maildir ? folder / "new" : folder},
      after_{folder / (kind == Kind::maildir ? "cur" : "done")},
      message_max_{message_max},
      accept_{std::move(accept)},
      look_every_{look_every},
      wake_{eventfd(0, EFD_CLOEXEC | EFD_NONBLOCK)},
      thread_{[this] { run(); }} {}

FolderReader::~FolderReader() {
  stopping_ = true;
  eventfd_write(wake_, 1);
  thread_.join();
  close(wake_);
}

void FolderReader::run() {
  const int watch = inotify_init1(IN_CLOEXEC | IN_NONBLOCK);  // without it, or without a watch, looking must do
  bool missing = false;
  std::chrono::milliseconds pause = look_every_;
  while (!stopping_) {
    // Asked for each time: the same folder gives the same watch, a folder made anew gets its own.
    if (watch >= 0) inotify_add_watch(watch, folder_.c_str(), IN_MOVED_TO | IN_CLOSE_WRITE | IN_ONLYDIR);
    std::error_code wrong;
    const bool there = fs::is_directory(folder_, wrong);
    if (!there && !missing)
      log_warning("folder_missing", {{"folder", folder_.string()}, {"then", "it is looked for again"}});
    missing = !there;
    const bool all_well = missing || look();
    pause = all_well ? look_every_ : std::min(pause * 2, kFolderRetryLongest);
    std::array<pollfd, 2> waits{pollfd{wake_, POLLIN, 0}, pollfd{all_well ? watch : -1, POLLIN, 0}};
    poll(waits.data(), waits.size(), static_cast<int>(pause.count()));
    std::array<char, 8192> events;
    while (watch >= 0 && read(watch, events.data(), events.size()) > 0) {
    }  // what happened is seen by looking
  }
  if (watch >= 0) close(watch);
}

struct FolderReader::Waiting {
  fs::path file;
  std::future<Result<desk::Kept>> kept;
};

// Everything that lies there once, in batches that share a commit. What fails stays and does not keep others waiting.
bool FolderReader::look() {
  bool all_well = true;
  std::error_code wrong;
  std::vector<Waiting> waiting;
  std::uintmax_t bytes = 0;
  for (fs::directory_iterator at{folder_, wrong}, end; !wrong && at != end && !stopping_; at.increment(wrong)) {
    if (ignored(kind_, at->path().filename().string())) continue;
    all_well = take(at->path(), waiting, bytes) && all_well;
    if (waiting.size() < kFolderFilesAtOnce && bytes < kFolderBytesAtOnce) continue;
    all_well = settle(waiting) && all_well;
    bytes = 0;
  }
  if (wrong) log_error("folder_unread", {{"folder", folder_.string()}, {"why", wrong.message()}});
  return settle(waiting) && all_well && !wrong;
}

bool FolderReader::take(const fs::path& file, std::vector<Waiting>& waiting, std::uintmax_t& bytes) {
  if (kept_.contains(file)) return move_away(file);
  struct stat about{};
  if (lstat(file.c_str(), &about) != 0) return errno == ENOENT;
  const auto size = static_cast<std::uintmax_t>(about.st_size);
  const auto told = told_.find(file);
  if (told != told_.end() && told->second == size) return true;
  if (!S_ISREG(about.st_mode)) {
    told_[file] = size;
    if (!S_ISDIR(about.st_mode))
      log_warning("file_left_alone", {{"file", file.string()}, {"why", "it is no regular file"}});
    return true;
  }
  if (size > message_max_) return name_to_a_person(file, size);
  Result<std::string> content = bytes_of(file, size);
  if (!content) {
    log_warning("file_waits", {{"file", file.string()}, {"why", content.error().what}});
    return false;
  }
  bytes += size;
  desk::NewArrival arrival;
  arrival.channel = kind_ == Kind::maildir ? Channel::maildir : Channel::feed;
  arrival.content_type = kind_ == Kind::maildir ? "message/rfc822" : content_type_of(file);
  if (kind_ == Kind::maildir) {
    arrival.envelope_from = top_header(*content, "Return-Path");
    arrival.envelope_to = top_header(*content, "Delivered-To");
  }
  arrival.bytes = std::move(*content);
  auto promise = std::make_shared<std::promise<Result<desk::Kept>>>();
  waiting.push_back({file, promise->get_future()});
  accept_(std::move(arrival), [promise](Result<desk::Kept> kept) { promise->set_value(std::move(kept)); });
  return true;
}

bool FolderReader::settle(std::vector<Waiting>& waiting) {
  bool all_well = true;
  for (Waiting& one : waiting) {
    const Result<desk::Kept> kept = one.kept.get();
    if (!kept) log_error("file_waits", {{"file", one.file.string()}, {"why", kept.error().what}});
    all_well = kept && move_away(one.file) && all_well;
  }
  waiting.clear();
  return all_well;
}

bool FolderReader::move_away(const fs::path& file) {
  std::error_code wrong;
  fs::create_directories(after_, wrong);
  fs::path name = file.filename();
  if (kind_ == Kind::maildir && name.string().find(":2,") == std::string::npos) name += ":2,";
  wrong.clear();
  fs::rename(file, free_name(after_, name), wrong);
  if (!wrong || wrong == std::errc::no_such_file_or_directory) {
    // Gone already: somebody else moved it, and it is kept all the same. A missing `after_` is another matter.
    if (!wrong || !fs::exists(fs::symlink_status(file))) {
      kept_.erase(file);
      return true;
    }
  }
  if (kept_.insert(file).second)
    log_error("file_kept_not_moved", {{"file", file.string()}, {"to", after_.string()}, {"why", wrong.message()}});
  return false;
}

// True once it is kept: until then the next look tries again.
bool FolderReader::name_to_a_person(const fs::path& file, std::uintmax_t size) {
  log_warning("file_too_big", {{"file", file.string()}, {"bytes", std::to_string(size)}});
  desk::NewArrival arrival;
  arrival.channel = kind_ == Kind::maildir ? Channel::maildir : Channel::feed;
  arrival.content_type = desk::kLeftAloneType;
  arrival.bytes = fmt::format(
      "The file {} has {} bytes, more than message_max ({} bytes). It was not read and stays where it is: read it by "
      "hand, or raise reading.message_max and start the desk again.",
      escape_terminal(file.string()), size, message_max_);
  std::promise<Result<desk::Kept>> promise;
  std::future<Result<desk::Kept>> kept = promise.get_future();
  accept_(std::move(arrival), [&promise](Result<desk::Kept> result) { promise.set_value(std::move(result)); });
  if (const Result<desk::Kept> result = kept.get(); !result) {
    log_error("file_waits", {{"file", file.string()}, {"why", result.error().what}});
    return false;
  }
  told_[file] = size;
  return true;
}

}  // namespace abate::post
