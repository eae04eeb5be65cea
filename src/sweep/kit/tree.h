// SPDX-License-Identifier: Apache-2.0
// sweep/kit/tree.h — a server's files, seen from inside its own root. The only way in which the sweep reads a file.
//
//   Result<std::string> text = read_whole(tree, "/etc/passwd", 1 << 20);
//
// A path is raw bytes, absolute as the server itself would write it ("/etc/passwd"), whatever folder the root is
// mounted on. Links are followed as that server would follow them: an absolute link starts at the tree's own root, and
// ".." never leaves it. Only regular files are opened; opening never waits, runs, creates or changes anything.
// Implementations are thread-safe; a TreeFile is used by one thread at a time.
#pragma once

#include <cstddef>
#include <cstdint>
#include <functional>
#include <memory>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "base/result.h"
#include "base/time.h"

namespace abate::sweep {

enum class NodeKind : std::uint8_t { file, folder, link, device, fifo, socket, other };

struct Stat {
  NodeKind kind = NodeKind::other;
  std::uint16_t mode = 0;  // permission bits with setuid, setgid and sticky
  std::uint32_t uid = 0;
  std::uint32_t gid = 0;
  std::uint64_t size = 0;          // bytes
  std::uint64_t blocks_bytes = 0;  // on disk: far less than size where the file has holes
  std::uint64_t inode = 0;
  std::uint64_t device = 0;
  std::uint32_t links = 1;
  Instant modified;
  Instant changed;

  friend bool operator==(const Stat&, const Stat&) = default;
};

class TreeFile {
 public:
  virtual ~TreeFile() = default;
  [[nodiscard]] virtual const Stat& stat() const = 0;
  // Up to into.size() bytes from `offset`; 0 at the end. A file that shrinks meanwhile simply ends earlier.
  virtual Result<std::size_t> read_at(std::uint64_t offset, std::span<char> into) = 0;
};

struct Name {  // an entry of a folder
  std::string name;
  NodeKind kind;  // as the folder says; `other` where the file system does not say
};

enum class FileFlag : std::uint8_t { immutable = 1, append_only = 2 };

class Walker;

class Tree {
 public:
  virtual ~Tree() = default;
  // Of the node itself: a last link is not followed. not_found, refused (no right), unavailable (the disk).
  [[nodiscard]] virtual Result<Stat> stat(std::string_view path) const = 0;
  // Links followed inside the root, for folders too. A loop of links is `malformed`.
  [[nodiscard]] virtual Result<Stat> stat_through_links(std::string_view path) const = 0;
  // Regular files only: anything else is `refused`, by its kind. Never waits on a FIFO.
  [[nodiscard]] virtual Result<std::unique_ptr<TreeFile>> open(std::string_view path) const = 0;
  // What a link says, not resolved.
  [[nodiscard]] virtual Result<std::string> link_target(std::string_view path) const = 0;
  // In byte order of the names; at most kNamesMax (then `too_big`), without "." and "..".
  [[nodiscard]] virtual Result<std::vector<Name>> list(std::string_view path) const = 0;
  // Immutable and append-only bits (FS_IOC_GETFLAGS); 0 where the file system has none.
  [[nodiscard]] virtual std::uint8_t flags(std::string_view path) const = 0;
  // "security.capability", "system.posix_acl_access", ...; not_found where there is none.
  [[nodiscard]] virtual Result<std::string> attribute(std::string_view path, const std::string& name) const = 0;
  // Every node beneath `path`, depth first, folders before what is in them, names in byte order (in a very large
  // folder: by runs). A Node is valid during the call.
  virtual void walk(std::string_view path, Walker& walker) const = 0;

  static constexpr std::size_t kNamesMax = 100'000;
};

struct Node {  // what a walk meets
  std::string_view path;
  const Stat& stat;
  std::function<Result<std::unique_ptr<TreeFile>>()> open;  // this very node, not what now has its name
};

class Walker {
 public:
  virtual ~Walker() = default;
  // False for a folder: what is in it is passed over.
  virtual bool meet(const Node& node) = 0;
  // What could not be looked at, and why (law 9): "/proc", "another file system (proc)".
  virtual void pass_over(std::string_view path, std::string_view why) = 0;
  // Whether meet() would open this file: asked some files ahead where the disk is slow, so that it fetches their bytes
  // meanwhile. A wrong answer costs time only.
  [[nodiscard]] virtual bool will_read(std::string_view, const Stat&) { return false; }
  // Asked between nodes: true ends the walk.
  [[nodiscard]] virtual bool ended() const { return false; }
};

// The whole file, or `too_big`. For configuration; logs are streamed.
Result<std::string> read_whole(const Tree& tree, std::string_view path, std::size_t size_max);
// "" where it cannot be read; for files whose absence means nothing.
std::string read_or_nothing(const Tree& tree, std::string_view path, std::size_t size_max = 1U << 20);
// A small file's lines, "" for one that cannot be read; owns what the views point into, so that a range-for may hold
// it.
class Lines {
 public:
  explicit Lines(std::string text);
  [[nodiscard]] auto begin() const { return lines_.begin(); }
  [[nodiscard]] auto end() const { return lines_.end(); }

 private:
  std::unique_ptr<const std::string> text_;
  std::vector<std::string_view> lines_;
};
Lines lines_of(const Tree& tree, std::string_view path, std::size_t size_max = 1U << 20);
bool exists(const Tree& tree, std::string_view path);  // through links
// The path without any link on the way or at its end, as the root's own. not_found; malformed for a loop.
Result<std::string> resolve(const Tree& tree, std::string_view path);
// Paths that match a shell pattern with * and ? in any component ("/etc/cron.d/*"); links are followed. Ordered; at
// most kGlobMax.
std::vector<std::string> glob(const Tree& tree, std::string_view pattern);
constexpr std::size_t kGlobMax = 10'000;
bool matches_pattern(std::string_view name, std::string_view pattern);  // * ? [a-z], never across nothing special

std::string join_path(std::string_view folder, std::string_view name);
std::string_view file_name(std::string_view path);  // after the last '/'
std::string_view folder_of(std::string_view path);  // "/" for "/x"
std::string_view suffix_of(std::string_view path);  // ".php" of "/a/x.jpg.php", "" where there is none
// "." and ".." and doubled slashes resolved by text alone, never above "/".
std::string normal_path(std::string_view path);
bool lies_in(std::string_view path, std::string_view folder);  // the folder itself too

}  // namespace abate::sweep
