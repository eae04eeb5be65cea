// SPDX-License-Identifier: Apache-2.0
// remedy/executor/node_state.h — all that makes up one file, link or folder, so that it can be told apart from another
// state and be put back: kind, bytes (by hash; the sealed copy holds them), owner, mode, times, extended attributes
// (ACLs and capabilities are among them), immutable and append-only bits, and its other names (hard links).
#pragma once

#include <cstdint>
#include <ctime>
#include <map>
#include <string>

#include <boost/json/array.hpp>
#include <boost/json/object.hpp>
#include <sys/stat.h>

#include "base/result.h"
#include "remedy/executor/place.h"

namespace abate::remedy {

enum class NodeKind : std::uint8_t { absent, file, link, folder, other };  // as a change tells them apart

struct NodeState {
  NodeKind kind = NodeKind::absent;
  std::uint32_t mode = 0;  // permission bits with setuid, setgid, sticky
  std::uint32_t uid = 0;
  std::uint32_t gid = 0;
  timespec accessed{};
  timespec modified{};
  std::map<std::string, std::string> attributes;
  std::uint32_t flags = 0;  // FS_IMMUTABLE_FL, FS_APPEND_FL as found
  std::uint64_t device = 0;
  std::uint64_t inode = 0;
  std::uint64_t names = 1;  // hard links
  std::string sha256;       // of a file's bytes; empty where they were not read
  std::string target;       // of a link

  // Same kind, bytes or target: what a later writer would have changed. Owner, mode and times may differ.
  [[nodiscard]] bool same_content(const NodeState& other) const;
};

// Whether a file's bytes are looked at: what may be neither opened nor copied (law 10) is told by its name alone.
enum class Bytes : bool { unread, read };
// What is at the place now; sha256 stays empty where the bytes are unread. unavailable where it cannot be read.
Result<NodeState> state_at(const Place& place, Bytes bytes = Bytes::read);
// Owner, mode, attributes and times of what is there, as `state` says; not its flags. The times come last.
Result<void> give_attributes(const Place& place, const NodeState& state);
// Sets immutable and append-only bits to `flags`; 0 takes them away, so that it can be changed.
void set_flags(const Place& place, std::uint32_t flags);

boost::json::object state_json(const NodeState& state);
boost::json::array time_json(const timespec& time);  // seconds, nanoseconds
Result<timespec> time_of_json(const boost::json::array& form);
Result<NodeState> state_of_json(const boost::json::object& form);

}  // namespace abate::remedy
