// SPDX-License-Identifier: Apache-2.0
#include "post/folder_reader.h"

#include <cerrno>
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

struct Opened {
  int fd = -1;
  struct stat about{};
  ~Opened() {
    if (fd >= 0) close(fd);
  }
};

Result<std::string> bytes_of(const Opened& file) {
  std::string bytes(static_cast<std::size_t>(file.about.st_size), '\0');
  std::size_t have = 0;
  while (have < bytes.size()) {
    const ssize_t got = read(file.fd, bytes.data() + have, bytes.size() - have);
    if (got < 0 && errno == EINTR) continue;
    if (got <= 0) return failure(Fault::unavailable, "it changed while it was read");
    have += static_cast<std::size_t>(got);
  }
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

FolderReader::FolderReader(Kind kind, fs::path folder, std::size_t message_max, Accept accept)
    : kind_{kind},
      folder_{kind == Kind::maildir ? folder / "new" : folder},
      after_{folder / (kind == Kind::maildir ? "cur" : "done")},
      message_max_{message_max},
      accept_{std::move(accept)},
      wake_{eventfd(0, EFD_CLOEXEC | EFD_NONBLOCK)},
      thread_{[this] { run(); }} {}

FolderReader::~FolderReader() {
  stopping_ = true;
  eventfd_write(wake_, 1);
  thread_.join();
  close(wake_);
}

void FolderReader::run() {
  const int watch = inotify_init1(IN_CLOEXEC | IN_NONBLOCK);
  int watched = -1;
  bool missing = false;
  std::chrono::milliseconds pause = kFolderLookEvery;
  while (!stopping_) {
    if (watched < 0) watched = inotify_add_watch(watch, folder_.c_str(), IN_MOVED_TO | IN_CLOSE_WRITE | IN_ONLYDIR);
    if (watched < 0 && !missing)
      log_warning("folder_missing", {{"folder", folder_.string()}, {"then", "it is looked for again"}});
    missing = watched < 0;
    const bool all_kept = missing || look();
    pause = all_kept ? kFolderLookEvery : std::min(pause * 2, kFolderRetryLongest);
    std::array<pollfd, 2> waits{pollfd{wake_, POLLIN, 0}, pollfd{all_kept ? watch : -1, POLLIN, 0}};
    poll(waits.data(), waits.size(), static_cast<int>(pause.count()));
    std::array<char, 8192> events;
    while (read(watch, events.data(), events.size()) > 0) {
    }  // what happened is seen by looking
  }
  close(watch);
}

bool FolderReader::look() {
  bool all_kept = true;
  std::error_code wrong;
  std::vector<fs::path> files;
  for (fs::directory_iterator at{folder_, wrong}, end; !wrong && at != end && !stopping_; at.increment(wrong)) {
    if (ignored(kind_, at->path().filename().string()) || named_.contains(at->path())) continue;
    files.push_back(at->path());
    if (files.size() < kFolderFilesAtOnce) continue;
    all_kept = take(files) && all_kept;
    files.clear();
    if (!all_kept) return false;
  }
  return take(files) && all_kept;
}

bool FolderReader::take(const std::vector<fs::path>& files) {
  std::vector<std::pair<fs::path, std::future<Result<desk::Kept>>>> waiting;
  for (const fs::path& file : files) {
    Opened opened;
    opened.fd = open(file.c_str(), O_RDONLY | O_CLOEXEC | O_NOFOLLOW | O_NONBLOCK);
    if (opened.fd < 0 && errno == ENOENT) continue;
    if (opened.fd < 0 || fstat(opened.fd, &opened.about) != 0 || !S_ISREG(opened.about.st_mode)) {
      const bool folder = opened.fd >= 0 && S_ISDIR(opened.about.st_mode);
      if (named_.insert(file).second && !folder)
        log_warning("file_left_alone", {{"file", file.string()}, {"why", "it is no regular file that can be read"}});
      continue;
    }
    const auto size = static_cast<std::uintmax_t>(opened.about.st_size);
    if (size > message_max_) {
      name_to_a_person(file, size);
      continue;
    }
    Result<std::string> bytes = bytes_of(opened);
    if (!bytes) continue;  // still being written, or cut: the next look sees it whole
    desk::NewArrival arrival;
    arrival.channel = kind_ == Kind::maildir ? Channel::maildir : Channel::feed;
    arrival.content_type = kind_ == Kind::maildir ? "message/rfc822" : content_type_of(file);
    if (kind_ == Kind::maildir) {
      arrival.envelope_from = top_header(*bytes, "Return-Path");
      arrival.envelope_to = top_header(*bytes, "Delivered-To");
    }
    arrival.bytes = std::move(*bytes);
    auto promise = std::make_shared<std::promise<Result<desk::Kept>>>();
    waiting.emplace_back(file, promise->get_future());
    accept_(std::move(arrival), [promise](Result<desk::Kept> kept) { promise->set_value(std::move(kept)); });
  }
  bool all_kept = true;
  for (auto& [file, future] : waiting) {
    const Result<desk::Kept> kept = future.get();
    std::error_code wrong;
    if (kept) {
      fs::create_directories(after_, wrong);
      fs::path name = file.filename();
      if (kind_ == Kind::maildir && name.string().find(":2,") == std::string::npos) name += ":2,";
      fs::rename(file, free_name(after_, name), wrong);
    }
    if (!kept || wrong) {
      all_kept = false;
      log_error("file_waits", {{"file", file.string()}, {"why", kept ? wrong.message() : kept.error().what}});
    }
  }
  return all_kept;
}

void FolderReader::name_to_a_person(const fs::path& file, std::uintmax_t size) {
  named_.insert(file);
  log_warning("file_too_big", {{"file", file.string()}, {"bytes", std::to_string(size)}});
  desk::NewArrival arrival;
  arrival.channel = kind_ == Kind::maildir ? Channel::maildir : Channel::feed;
  arrival.content_type = "text/plain";
  arrival.bytes = fmt::format(
      "The file {} has {} bytes, more than message_max ({} bytes). It was not read and stays where it is:\n"
      "read it by hand, or raise reading.message_max and start the desk again.\n",
      escape_terminal(file.string()), size, message_max_);
  accept_(std::move(arrival), [](const Result<desk::Kept>&) {});
}

}  // namespace abate::post
