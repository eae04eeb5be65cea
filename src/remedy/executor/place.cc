// SPDX-License-Identifier: Apache-2.0
#include "remedy/executor/place.h"

#include <cerrno>
#include <cstring>
#include <deque>
#include <utility>
#include <vector>

#include <fcntl.h>
#include <sys/stat.h>
#include <unistd.h>

#include "base/text.h"

namespace abate::remedy {
namespace {

constexpr int kLinksMax = 40;  // as the kernel's

std::deque<std::string> parts_of(std::string_view path) {
  std::deque<std::string> parts;
  for (const std::string_view part : split(path, '/'))
    if (!part.empty() && part != ".") parts.emplace_back(part);
  return parts;
}

class Folders {  // the way down from the root, open at each step, so that ".." needs no trust in names
 public:
  explicit Folders(int root) { open_.push_back(root); }
  ~Folders() {
    for (const int one : open_) ::close(one);
  }
  Folders(const Folders&) = delete;
  Folders& operator=(const Folders&) = delete;
  [[nodiscard]] int last() const { return open_.back(); }
  void push(int folder) { open_.push_back(folder); }
  void up() {
    if (open_.size() == 1) return;
    ::close(open_.back());
    open_.pop_back();
  }
  void to_root() {
    while (open_.size() > 1) up();
  }
  int take_last() {
    const int last = open_.back();
    open_.pop_back();
    return last;
  }

 private:
  std::vector<int> open_;
};

}  // namespace

Result<Place> Place::open(const std::string& root, std::string_view path) {
  std::deque<std::string> parts = parts_of(path);
  if (!path.starts_with('/') || parts.empty() || path.find('\0') != std::string_view::npos || parts.back() == "..")
    return failure(Fault::malformed, "{}: is no absolute path of a file", escape_terminal(path));
  const int top = ::open(root.c_str(), O_RDONLY | O_DIRECTORY | O_CLOEXEC);
  if (top < 0) return failure(Fault::not_found, "{}: {}", escape_terminal(root), ::strerrordesc_np(errno));
  Folders folders{top};
  std::string name = std::move(parts.back());
  parts.pop_back();
  int links = 0;
  while (!parts.empty()) {
    const std::string part = std::move(parts.front());
    parts.pop_front();
    if (part == "..") {
      folders.up();
      continue;
    }
    const int next = ::openat(folders.last(), part.c_str(), O_RDONLY | O_DIRECTORY | O_NOFOLLOW | O_CLOEXEC);
    if (next >= 0) {
      folders.push(next);
      continue;
    }
    char target[4096];
    const ssize_t length = ::readlinkat(folders.last(), part.c_str(), target, sizeof target);
    if (length <= 0 || static_cast<std::size_t>(length) == sizeof target)
      return failure(Fault::not_found, "{}: {} is no folder", escape_terminal(path), escape_terminal(part));
    if (++links > kLinksMax) return failure(Fault::malformed, "{}: links in a loop", escape_terminal(path));
    const std::string_view to{target, static_cast<std::size_t>(length)};
    if (to.starts_with('/')) folders.to_root();
    std::deque<std::string> more = parts_of(to);
    parts.insert(parts.begin(), std::make_move_iterator(more.begin()), std::make_move_iterator(more.end()));
  }
  return Place{folders.take_last(), std::move(name)};
}

Place::~Place() {
  if (folder_ >= 0) ::close(folder_);
}

Place::Place(Place&& other) noexcept : folder_{std::exchange(other.folder_, -1)}, name_{std::move(other.name_)} {}

Result<Place> Place::sibling(std::string name) const {
  const int folder = ::fcntl(folder_, F_DUPFD_CLOEXEC, 3);
  if (folder < 0) return failure(Fault::unavailable, "too many open files");
  return Place{folder, std::move(name)};
}

void Place::sync() const { ::fsync(folder_); }

}  // namespace abate::remedy
