// SPDX-License-Identifier: Apache-2.0
#include "remedy/executor/node_state.h"

#include <array>
#include <cerrno>
#include <cstring>
#include <vector>

#include <boost/json.hpp>
#include <fcntl.h>
#include <linux/fs.h>
#include <openssl/evp.h>
#include <sys/ioctl.h>
#include <sys/xattr.h>
#include <unistd.h>

#include "base/descriptor.h"
#include "base/hash.h"
#include "base/text.h"

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
  EVP_MD_CTX* context = EVP_MD_CTX_new();
  EVP_DigestInit_ex(context, EVP_sha256(), nullptr);
  std::vector<char> block(std::size_t{1} << 16);
  ssize_t got = 0;
  for (off_t at = 0; (got = ::pread(file, block.data(), block.size(), at)) > 0; at += got)
    EVP_DigestUpdate(context, block.data(), static_cast<std::size_t>(got));
  std::array<std::uint8_t, 32> digest{};
  EVP_DigestFinal_ex(context, digest.data(), nullptr);
  EVP_MD_CTX_free(context);
  if (got < 0) return failure(Fault::unavailable, "cannot be read: {}", ::strerrordesc_np(errno));
  return to_hex(digest);
}

int flags_of(int node) {
  int flags = 0;
  return ::ioctl(node, FS_IOC_GETFLAGS, &flags) == 0 ? flags : 0;
}

std::string hex(const std::string& bytes) {
  return to_hex({reinterpret_cast<const std::uint8_t*>(bytes.data()), bytes.size()});
}

}  // namespace

bool NodeState::same_content(const NodeState& other) const {
  return kind == other.kind && sha256 == other.sha256 && target == other.target;
}

Result<NodeState> state_at(const Place& place) {
  struct stat found{};
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
  if (state.kind == NodeKind::file) {
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
  struct stat now{};
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
  for (const auto& [name, value] : state.attributes) attributes[hex(name)] = hex(value);
  form["mode"] = state.mode;
  form["uid"] = state.uid;
  form["gid"] = state.gid;
  form["accessed"] = {state.accessed.tv_sec, state.accessed.tv_nsec};
  form["modified"] = {state.modified.tv_sec, state.modified.tv_nsec};
  form["attributes"] = std::move(attributes);
  form["flags"] = state.flags;
  form["device"] = state.device;
  form["inode"] = state.inode;
  form["names"] = state.names;
  if (!state.sha256.empty()) form["sha256"] = state.sha256;
  if (!state.target.empty()) form["target"] = hex(state.target);
  return form;
}

Result<NodeState> state_of_json(const json::object& form) {
  try {
    NodeState state;
    const std::string_view kind = form.at("kind").as_string();
    std::size_t place = 0;
    while (place < kKinds.size() && kKinds[place] != kind) ++place;
    state.kind = static_cast<NodeKind>(place);
    if (state.kind == NodeKind::absent) return state;
    const auto number = [&](const char* name) { return form.at(name).to_number<std::uint64_t>(); };
    const auto time = [&](const char* name) {
      const json::array& parts = form.at(name).as_array();
      return timespec{parts.at(0).to_number<time_t>(), parts.at(1).to_number<long>()};
    };
    state.mode = static_cast<std::uint32_t>(number("mode"));
    state.uid = static_cast<std::uint32_t>(number("uid"));
    state.gid = static_cast<std::uint32_t>(number("gid"));
    state.accessed = time("accessed");
    state.modified = time("modified");
    state.flags = static_cast<std::uint32_t>(number("flags"));
    state.device = number("device");
    state.inode = number("inode");
    state.names = number("names");
    for (const auto& [name, value] : form.at("attributes").as_object()) {
      TRY_ASSIGN(const std::string key, from_hex(name));
      TRY_ASSIGN(state.attributes[key], from_hex(value.as_string()));
    }
    if (const json::value* hash = form.if_contains("sha256")) state.sha256 = hash->as_string();
    if (const json::value* target = form.if_contains("target")) {
      TRY_ASSIGN(state.target, from_hex(target->as_string()));
    }
    return state;
  } catch (const std::exception&) {
    return failure(Fault::malformed, "the journal holds a state that this version cannot read");
  }
}

}  // namespace abate::remedy
