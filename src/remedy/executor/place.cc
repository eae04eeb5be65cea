// SPDX-License-Identifier: Apache-2.0
#include "remedy/executor/place.h"

#include <cerrno>
#include <cstring>

#include <fcntl.h>
#include <unistd.h>

#include "base/open_beneath.h"
#include "base/text.h"

namespace abate::remedy {

Result<Place> Place::open(const std::string& root, std::string_view path) {
  const std::size_t slash = path.rfind('/');
  const std::string_view name = slash == std::string_view::npos ? std::string_view{} : path.substr(slash + 1);
  if (!path.starts_with('/') || name.empty() || name == "." || name == ".." ||
      path.find('\0') != std::string_view::npos)
    return failure(Fault::malformed, "{}: is no absolute path of a file", escape_terminal(path));
  const Descriptor top{::open(root.c_str(), O_RDONLY | O_DIRECTORY | O_CLOEXEC)};
  if (!top) return failure(Fault::not_found, "{}: {}", escape_terminal(root), ::strerrordesc_np(errno));
  const Descriptor way = open_beneath_carefully(top.get(), path.substr(0, slash), true);
  Descriptor folder{way ? ::openat(way.get(), ".", O_RDONLY | O_DIRECTORY | O_CLOEXEC) : -1};
  if (!folder) return failure(Fault::not_found, "{}: {}", escape_terminal(path), ::strerrordesc_np(errno));
  return Place{std::move(folder), std::string{name}};
}

Result<Place> Place::sibling(std::string name) const {
  Descriptor folder{::fcntl(folder_.get(), F_DUPFD_CLOEXEC, 3)};
  if (!folder) return failure(Fault::unavailable, "too many open files");
  return Place{std::move(folder), std::move(name)};
}

void Place::sync() const { ::fsync(folder_.get()); }

}  // namespace abate::remedy
