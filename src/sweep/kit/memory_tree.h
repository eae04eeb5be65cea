// SPDX-License-Identifier: Apache-2.0
// sweep/kit/memory_tree.h — a server of a few files written as text: what the examples of detectors are.
//
//   --- /var/www/html/x.php uid=33 mode=0644 mtime=2026-03-01T10:00:00Z
//   <?php eval(base64_decode('aGk='));
//   --- /etc/alternatives/x -> /usr/bin/y
//   --- /var/www/html/uploads/ mode=0777
//
// A line that starts with "--- /" begins a node; its content is what follows, to the next such line, without the line
// end before it when the header says `cut`. A path that ends in '/' is a folder; folders in between are made, uid 0,
// mode 0755. Without mtime: 2026-01-01T00:00:00Z; without mode: 0644 (0755 for folders); gid is uid where not given.
// `flags=i` is immutable, `cap=80` (hexadecimal) are the file's capabilities. `device`, `fifo` and `socket` make such nodes. Immutable after parsing, so thread-safe.
#pragma once

#include <map>
#include <memory>
#include <string>

#include "sweep/kit/tree.h"

namespace abate::sweep {

class MemoryTree final : public Tree {
 public:
  // Our own text: CHECKs that it is well formed.
  explicit MemoryTree(std::string_view text);

  [[nodiscard]] Result<Stat> stat(std::string_view path) const override;
  [[nodiscard]] Result<Stat> stat_through_links(std::string_view path) const override;
  [[nodiscard]] Result<std::unique_ptr<TreeFile>> open(std::string_view path) const override;
  [[nodiscard]] Result<std::string> link_target(std::string_view path) const override;
  [[nodiscard]] Result<std::vector<Name>> list(std::string_view path) const override;
  [[nodiscard]] std::uint8_t flags(std::string_view path) const override;
  [[nodiscard]] Result<std::string> attribute(std::string_view path, const std::string& name) const override;
  void walk(std::string_view path, Walker& walker) const override;

  // For tests: the same tree with the first `length` bytes of that file only.
  void cut(std::string_view path, std::size_t length);
  [[nodiscard]] std::map<std::string, std::size_t> files() const;  // path -> size

 private:
  struct Entry {
    Stat stat;
    std::string content;  // or the link's target
    std::uint8_t flags = 0;
    std::uint64_t capabilities = 0;
  };
  void add(std::string_view header, std::string_view content);
  void make_folders(std::string_view path);
  [[nodiscard]] Result<std::string> resolve(std::string_view path, bool last_too) const;

  std::map<std::string, Entry, std::less<>> entries_;
};

}  // namespace abate::sweep
