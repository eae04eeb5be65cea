// SPDX-License-Identifier: Apache-2.0
#include "remedy/executor/node_state.h"

#include <algorithm>
#include <array>
#include <cerrno>
#include <cstring>
#include <vector>

#include <boost/json.hpp>
#include <fcntl.h>
#include <linux/fs.h>
#include <sys/ioctl.h>
#include <sys/xattr.h>
#include <unistd.h>

#include "base/descriptor.h"
#include "base/digest.h"
#include "base/hash.h"
#include "base/json_fields.h"
#include "base/text.h"
#include "base/whole_io.h"

namespace abate::remedy {
namespace {

namespace json = boost::json;

constexpr std::size_t kAttributesBytesMax = 65536;  // the kernel's limit for names and for a value
constexpr std::array<std::string_view, 5> kKinds{"absent", "file", "link", "folder", "other"};

// For a link the name itself counts: by /proc, since there is no lgetxattr relative to a folder.
std::string proc_path(const Place& place) {
  return "/proc/self/fd/" + std::to_string(place.folder()) + "/" + place.name();
}

std::map<std::string, std::string> attributes_of(const Place& place) {
  std::map<std::string, std::string> found;
  const std::string path = proc_path(place);
  std::vector<char> names(kAttributesBytesMax);
  const ssize_t length = ::llistxattr(path.c_str(), names.data(), names.size());
  for (ssize_t at = 0; at < length;) {
    const std::string name{names.data() + at};
    at += static_cast<ssize_t>(name.size()) + 1;
    std::vector<char> value(kAttributesBytesMax);
    const ssize_t size = ::lgetxattr(path.c_str(), name.c_str(), value.data(), value.size());
    if (size >= 0) found[name] = std::string{value.data(), static_cast<std::size_t>(size)};
  }
  return found;
}

constexpr std::uint32_t kLocks = FS_IMMUTABLE_FL | FS_APPEND_FL;

Result<std::string> hash_of(int file) {
  Digest digest{"SHA256"};
  std::vector<char> block(std::size_t{1} << 16);
  for (;;) {
    const ssize_t got = read_full(file, block);
    if (got < 0) return failure(Fault::unavailable, "cannot be read: {}", ::strerrordesc_np(errno));
    digest.add({block.data(), static_cast<std::size_t>(got)});
    if (static_cast<std::size_t>(got) < block.size()) return digest.hex();
  }
}

int flags_of(int node) {
  int flags = 0;
  return ::ioctl(node, FS_IOC_GETFLAGS, &flags) == 0 ? flags : 0;
}

}  // namespace

bool NodeState::same_content(const NodeState& other) const {
  return kind == other.kind && sha256 == other.sha256 && target == other.target;
}

Result<NodeState> state_at(const Place& place, Bytes bytes) {
  struct stat found {};
  NodeState state;
  if (::fstatat(place.folder(), place.name(), &found, AT_SYMLINK_NOFOLLOW) != 0) {
    if (errno == ENOENT) return state;
    return failure(Fault::unavailable, "{}: {}", escape_terminal(place.name()), ::strerrordesc_np(errno));
  }
  state.mode = found.st_mode & 07777U;
  state.uid = found.st_uid;
  state.gid = found.st_gid;
  state.accessed = found.st_atim;
  state.modified = found.st_mtim;
  state.device = found.st_dev;
  state.inode = found.st_ino;
  state.names = found.st_nlink;
  state.attributes = attributes_of(place);
  if (S_ISLNK(found.st_mode)) {
    state.kind = NodeKind::link;
    char target[4096];
    const ssize_t length = ::readlinkat(place.folder(), place.name(), target, sizeof target);
    if (length < 0) return failure(Fault::unavailable, "{}: a link that cannot be read", escape_terminal(place.name()));
    state.target.assign(target, static_cast<std::size_t>(length));
    return state;
  }
  state.kind = S_ISREG(found.st_mode) ? NodeKind::file : S_ISDIR(found.st_mode) ? NodeKind::folder : NodeKind::other;
  if (state.kind == NodeKind::other) return state;
  int how = O_RDONLY | O_NOFOLLOW | O_NONBLOCK | O_CLOEXEC;
  Descriptor node{::openat(place.folder(), place.name(), how | O_NOATIME)};
  if (!node) node = Descriptor{::openat(place.folder(), place.name(), how)};
  if (!node) return failure(Fault::refused, "{}: {}", escape_terminal(place.name()), ::strerrordesc_np(errno));
  state.flags = static_cast<std::uint32_t>(flags_of(node.get())) & kLocks;
  if (state.kind == NodeKind::file && bytes == Bytes::read) {
    TRY_ASSIGN(state.sha256, hash_of(node.get()));
  }
  return state;
}

Result<void> give_attributes(const Place& place, const NodeState& state) {
  if (state.kind == NodeKind::absent) return {};
  const auto wrong = [&](std::string_view what) {
    return failure(Fault::unavailable, "{}: its {} cannot be put back: {}", escape_terminal(place.name()), what,
                   ::strerrordesc_np(errno));
  };
  struct stat now {};
  if (::fstatat(place.folder(), place.name(), &now, AT_SYMLINK_NOFOLLOW) != 0) return wrong("owner");
  if ((now.st_uid != state.uid || now.st_gid != state.gid) &&
      ::fchownat(place.folder(), place.name(), state.uid, state.gid, AT_SYMLINK_NOFOLLOW) != 0)
    return wrong("owner");
  // After the owner: a change of owner takes setuid bits and capabilities away. A link's mode means nothing.
  if (state.kind != NodeKind::link && ::fchmodat(place.folder(), place.name(), state.mode, 0) != 0)
    return wrong("mode");
  const std::string path = proc_path(place);
  const std::map<std::string, std::string> present = attributes_of(place);
  for (const auto& [name, value] : present)
    if (!state.attributes.contains(name)) ::lremovexattr(path.c_str(), name.c_str());
  for (const auto& [name, value] : state.attributes) {
    const auto same = present.find(name);
    if (same != present.end() && same->second == value) continue;
    if (::lsetxattr(path.c_str(), name.c_str(), value.data(), value.size(), 0) != 0) return wrong(name);
  }
  const timespec times[2] = {state.accessed, state.modified};
  if (::utimensat(place.folder(), place.name(), times, AT_SYMLINK_NOFOLLOW) != 0) return wrong("times");
  return {};
}

void set_flags(const Place& place, std::uint32_t flags) {
  const Descriptor node{::openat(place.folder(), place.name(), O_RDONLY | O_NOFOLLOW | O_NONBLOCK | O_CLOEXEC)};
  if (!node) return;
  const int now = flags_of(node.get());
  const int wanted = (now & ~static_cast<int>(kLocks)) | static_cast<int>(flags);
  if (wanted != now) static_cast<void>(::ioctl(node.get(), FS_IOC_SETFLAGS, &wanted));
}

json::object state_json(const NodeState& state) {
  json::object form{{"kind", kKinds[static_cast<std::size_t>(state.kind)]}};
  if (state.kind == NodeKind::absent) return form;
  json::object attributes;
  for (const auto& [name, value] : state.attributes) attributes[to_hex(name)] = to_hex(value);
  form["mode"] = state.mode;
  form["uid"] = state.uid;
  form["gid"] = state.gid;
  form["accessed"] = time_json(state.accessed);
  form["modified"] = time_json(state.modified);
  form["attributes"] = std::move(attributes);
  form["flags"] = state.flags;
  form["device"] = state.device;
  form["inode"] = state.inode;
  form["names"] = state.names;
  if (!state.sha256.empty()) form["sha256"] = state.sha256;
  if (!state.target.empty()) form["target"] = to_hex(state.target);
  return form;
}

json::array time_json(const timespec& time) { return {time.tv_sec, time.tv_nsec}; }

Result<timespec> time_of_json(const json::array& form) {
  if (form.size() != 2 || !form[0].is_int64() || !form[1].is_int64())
    return failure(Fault::malformed, "a time that is none");
  return timespec{form[0].get_int64(), form[1].get_int64()};
}

Result<NodeState> state_of_json(const json::object& form) {
  NodeState state;
  const auto kind = std::ranges::find(kKinds, text_of(form, "kind"));
  if (kind == kKinds.end()) return failure(Fault::malformed, "a state of no known kind");
  state.kind = static_cast<NodeKind>(kind - kKinds.begin());
  if (state.kind == NodeKind::absent) return state;
  state.mode = static_cast<std::uint32_t>(number_of(form, "mode"));
  state.uid = static_cast<std::uint32_t>(number_of(form, "uid"));
  state.gid = static_cast<std::uint32_t>(number_of(form, "gid"));
  TRY_ASSIGN(state.accessed, time_of_json(list_of(form, "accessed")));
  TRY_ASSIGN(state.modified, time_of_json(list_of(form, "modified")));
  state.flags = static_cast<std::uint32_t>(number_of(form, "flags"));
  state.device = number_of(form, "device");
  state.inode = number_of(form, "inode");
  state.names = number_of(form, "names");
  for (const auto& [name, value] : object_of(form, "attributes")) {
    TRY_ASSIGN(const std::string key, from_hex(name));
    TRY_ASSIGN(state.attributes[key], from_hex(value.is_string() ? std::string_view{value.get_string()} : "?"));
  }
  state.sha256 = text_of(form, "sha256");
  TRY_ASSIGN(state.target, from_hex(text_of(form, "target")));
  return state;
}

}  // namespace abate::remedy
