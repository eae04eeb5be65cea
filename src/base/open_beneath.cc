// SPDX-License-Identifier: Apache-2.0
#include "base/open_beneath.h"

#include <algorithm>
#include <array>
#include <cerrno>
#include <climits>
#include <cstdint>
#include <string>
#include <vector>

#include <fcntl.h>
#include <linux/openat2.h>
#include <sys/stat.h>
#include <sys/syscall.h>

#include "base/path_part.h"

namespace abate {
namespace {

constexpr int kLinksMax = 40;  // as Linux: MAXSYMLINKS
constexpr std::size_t kPathBytesMax = std::size_t{64} << 10;

}  // namespace

Descriptor open_beneath(int root, std::string_view path, bool follow_last, int flags) {
  const std::string name = path.empty() || path == "/" ? "." : std::string{path};
  if (name.find('\0') != std::string::npos) {
    errno = EINVAL;
    return {};
  }
  open_how how{};
  how.flags =
      static_cast<decltype(how.flags)>((flags == 0 ? O_PATH : flags) | O_CLOEXEC | (follow_last ? 0 : O_NOFOLLOW));
  how.resolve = RESOLVE_IN_ROOT | RESOLVE_NO_MAGICLINKS;
  // The kernel gives EAGAIN when something was renamed meanwhile; an attacker may do that for ever.
  for (int attempt = 0;; ++attempt) {
    const long number = ::syscall(SYS_openat2, root, name.c_str(), &how, sizeof how);
    if (number >= 0) return Descriptor{static_cast<int>(number)};
    if ((errno != EAGAIN && errno != EINTR) || attempt >= 16) return {};
  }
}

Descriptor open_beneath_carefully(int root, std::string_view path, bool follow_last) {
  if (path.size() > kPathBytesMax || path.find('\0') != std::string_view::npos) {
    errno = ENAMETOOLONG;
    return {};
  }
  std::vector<Descriptor>
      above;  // the folders that we came through: ".." goes back to what we hold, not to what is there now
  above.emplace_back(::openat(root, ".", O_PATH | O_DIRECTORY | O_CLOEXEC));
  if (!above.back()) return {};
  std::string rest{path};
  for (int links = 0; !rest.empty();) {
    const std::string part = take_path_part(rest);
    if (part.empty()) break;
    const bool last = rest.find_first_not_of('/') == std::string::npos;
    if (part == ".") continue;
    if (part == "..") {
      if (above.size() > 1) above.pop_back();
      continue;
    }
    Descriptor next{::openat(above.back().get(), part.c_str(), O_PATH | O_NOFOLLOW | O_CLOEXEC)};
    struct stat is{};
    if (!next || ::fstat(next.get(), &is) != 0) return {};
    if (!S_ISLNK(is.st_mode) || (last && !follow_last)) {
      above.push_back(std::move(next));
      continue;
    }
    std::array<char, PATH_MAX> target{};
    const ssize_t length = ::readlinkat(next.get(), "", target.data(), target.size());
    if (length <= 0 || ++links > kLinksMax || rest.size() + target.size() > kPathBytesMax) {
      errno = ELOOP;
      return {};
    }
    const std::string_view says{target.data(), static_cast<std::size_t>(length)};
    if (says.starts_with('/')) above.resize(1);
    rest = std::string{says} + "/" + rest;
  }
  return std::move(above.back());
}

}  // namespace abate
