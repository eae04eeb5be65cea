// SPDX-License-Identifier: Apache-2.0
#include "sweep/kit/memory_tree.h"

#include <algorithm>
#include <charconv>
#include <cstring>
#include <optional>

#include "base/check.h"
#include "base/text.h"

namespace abate::sweep {
namespace {

constexpr int kLinksMax = 40;  // as Linux: MAXSYMLINKS
constexpr std::string_view kHead = "--- /";

class MemoryFile final : public TreeFile {
 public:
  MemoryFile(const Stat& stat, std::string_view content) : stat_{stat}, content_{content} {}
  [[nodiscard]] const Stat& stat() const override { return stat_; }
  Result<std::size_t> read_at(std::uint64_t offset, std::span<char> into) override {
    if (offset >= content_.size()) return 0;
    const std::size_t length = std::min<std::size_t>(into.size(), content_.size() - offset);
    std::memcpy(into.data(), content_.data() + offset, length);
    return length;
  }

 private:
  Stat stat_;
  std::string_view content_;
};

std::uint32_t number(std::string_view text, int base) {
  std::uint32_t value = 0;
  const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), value, base);
  CHECK(error == std::errc{} && end == text.data() + text.size());
  return value;
}

Error absent(std::string_view path) { return {Fault::not_found, fmt::format("{} is not there", path)}; }

}  // namespace

MemoryTree::MemoryTree(std::string_view text) {
  Entry root;
  root.stat = {.kind = NodeKind::folder, .mode = 0755, .inode = 1};
  entries_.emplace("/", root);
  CHECK(text.empty() || text.starts_with(kHead));
  while (!text.empty()) {
    const std::size_t line_end = std::min(text.find('\n'), text.size());
    const std::string_view header = text.substr(4, line_end - 4);
    text.remove_prefix(std::min(line_end + 1, text.size()));
    std::size_t next = text.starts_with(kHead) ? 0 : text.find("\n--- /");
    next = next == 0 ? 0 : next == std::string_view::npos ? text.size() : next + 1;
    add(header, text.substr(0, next));
    text.remove_prefix(next);
  }
}

void MemoryTree::make_folders(std::string_view path) {
  if (entries_.contains(path)) return;
  make_folders(folder_of(path));
  Entry folder;
  folder.stat = {.kind = NodeKind::folder, .mode = 0755, .inode = entries_.size() + 1};
  folder.stat.modified = folder.stat.changed = parse_rfc3339("2026-01-01T00:00:00Z").value();
  entries_.emplace(path, folder);
}

void MemoryTree::add(std::string_view header, std::string_view content) {
  const std::size_t arrow = header.find(" -> ");
  // A path may hold blanks: it ends where the first word begins that is one of ours.
  std::string_view path = header.substr(0, arrow);
  for (const std::string_view word : {" uid=", " gid=", " mode=", " mtime=", " flags=", " cap=", " cut", " device", " fifo", " socket"})
    path = path.substr(0, path.find(word));
  const std::vector<std::string_view> words = split(header.substr(path.size(), std::min(arrow, header.size()) - path.size()), ' ');
  Entry entry;
  entry.stat.kind = NodeKind::file;
  entry.stat.mode = 0644;
  entry.stat.modified = parse_rfc3339("2026-01-01T00:00:00Z").value();
  entry.content = content;
  if (path.size() > 1 && path.ends_with('/')) {
    path.remove_suffix(1);
    entry.stat.kind = NodeKind::folder;
    entry.stat.mode = 0755;
  }
  if (arrow != std::string_view::npos) {
    entry.stat.kind = NodeKind::link;
    entry.stat.mode = 0777;
    entry.content = header.substr(arrow + 4);
  }
  std::optional<std::uint32_t> gid;
  for (const std::string_view word : words) {
    const std::string_view value = word.substr(std::min(word.find('=') + 1, word.size()));
    if (word.starts_with("uid="))
      entry.stat.uid = number(value, 10);
    else if (word.starts_with("gid="))
      gid = number(value, 10);
    else if (word.starts_with("mode="))
      entry.stat.mode = static_cast<std::uint16_t>(number(value, 8));
    else if (word.starts_with("mtime="))
      entry.stat.modified = parse_rfc3339(value).value();
    else if (word == "flags=i")
      entry.flags = static_cast<std::uint8_t>(FileFlag::immutable);
    else if (word.starts_with("cap="))
      entry.capabilities = number(value, 16);
    else if (word == "cut")
      entry.content = content.substr(0, content.size() - (content.ends_with('\n') ? 1 : 0));
    else if (word == "device")
      entry.stat.kind = NodeKind::device;
    else if (word == "fifo")
      entry.stat.kind = NodeKind::fifo;
    else if (word == "socket")
      entry.stat.kind = NodeKind::socket;
    else
      CHECK(word.empty());
  }
  entry.stat.gid = gid.value_or(entry.stat.uid);
  entry.stat.changed = entry.stat.modified;
  entry.stat.size = entry.stat.blocks_bytes = entry.stat.kind == NodeKind::folder ? 0 : entry.content.size();
  entry.stat.inode = entries_.size() + 1;
  entry.stat.device = 1;
  make_folders(folder_of(path));
  entries_.insert_or_assign(std::string{path}, std::move(entry));
}

Result<std::string> MemoryTree::resolve(std::string_view path, bool last_too) const {
  std::string at = "/";
  std::string rest = normal_path(path);
  for (int links = 0; !rest.empty() && rest != "/";) {
    const std::size_t end = std::min(rest.find('/', 1), rest.size());
    const std::string part = rest.substr(1, end - 1);
    rest.erase(0, end);
    if (part == "." || part.empty()) continue;
    if (part == "..") {
      at = folder_of(at);
      continue;
    }
    const std::string next = join_path(at, part);
    const auto found = entries_.find(next);
    if (found == entries_.end()) return std::unexpected(absent(path));
    if (found->second.stat.kind != NodeKind::link || (rest.empty() && !last_too)) {
      at = next;
      continue;
    }
    if (++links > kLinksMax) return failure(Fault::malformed, "{} is a loop of links", path);
    const std::string& target = found->second.content;
    if (target.starts_with('/')) at = "/";
    rest = (target.starts_with('/') ? target : "/" + target) + rest;
  }
  return at;
}

Result<Stat> MemoryTree::stat(std::string_view path) const {
  TRY_ASSIGN(const std::string at, resolve(path, false));
  return entries_.find(at)->second.stat;
}

Result<Stat> MemoryTree::stat_through_links(std::string_view path) const {
  TRY_ASSIGN(const std::string at, resolve(path, true));
  return entries_.find(at)->second.stat;
}

Result<std::unique_ptr<TreeFile>> MemoryTree::open(std::string_view path) const {
  TRY_ASSIGN(const std::string at, resolve(path, true));
  const Entry& entry = entries_.find(at)->second;
  if (entry.stat.kind != NodeKind::file) return failure(Fault::refused, "{} is not a regular file", path);
  return std::make_unique<MemoryFile>(entry.stat, entry.content);
}

Result<std::string> MemoryTree::link_target(std::string_view path) const {
  TRY_ASSIGN(const std::string at, resolve(path, false));
  const Entry& entry = entries_.find(at)->second;
  if (entry.stat.kind != NodeKind::link) return failure(Fault::refused, "{} is not a link", path);
  return entry.content;
}

Result<std::vector<Name>> MemoryTree::list(std::string_view path) const {
  TRY_ASSIGN(const std::string at, resolve(path, true));
  if (entries_.find(at)->second.stat.kind != NodeKind::folder)
    return failure(Fault::refused, "{} is not a folder", path);
  std::vector<Name> names;
  const std::string prefix = at == "/" ? "/" : at + "/";
  for (auto entry = entries_.lower_bound(prefix); entry != entries_.end() && entry->first.starts_with(prefix);
       ++entry) {
    const std::string_view name = std::string_view{entry->first}.substr(prefix.size());
    if (!name.empty() && name.find('/') == std::string_view::npos)
      names.push_back({std::string{name}, entry->second.stat.kind});
  }
  std::ranges::sort(names, {}, &Name::name);
  return names;
}

std::uint8_t MemoryTree::flags(std::string_view path) const {
  const Result<std::string> at = resolve(path, false);
  return at ? entries_.find(*at)->second.flags : std::uint8_t{0};
}

Result<std::string> MemoryTree::attribute(std::string_view path, const std::string& name) const {
  const Result<std::string> at = resolve(path, true);
  if (at && name == "security.capability" && entries_.find(*at)->second.capabilities != 0) {
    // vfs_cap_data, revision 2, effective: five little-endian words.
    const std::uint64_t mask = entries_.find(*at)->second.capabilities;
    std::string data;
    for (const std::uint64_t word : {std::uint64_t{0x02000001}, mask & 0xffffffff, std::uint64_t{0}, mask >> 32U,
                                     std::uint64_t{0}})
      for (unsigned byte = 0; byte < 4; ++byte) data += static_cast<char>(word >> (8 * byte) & 0xff);
    return data;
  }
  return failure(Fault::not_found, "{} has no attribute {}", path, name);
}

void MemoryTree::walk(std::string_view path, Walker& walker) const {
  const Result<std::vector<Name>> names = list(path);
  if (!names) return walker.pass_over(path, names.error().what);
  for (const Name& name : *names) {
    if (walker.ended()) return;
    const std::string below = join_path(path, name.name);
    const Result<Stat> stat = this->stat(below);
    if (!stat) continue;
    if (walker.meet({below, *stat, [&] { return open(below); }}) && stat->kind == NodeKind::folder) walk(below, walker);
  }
}

void MemoryTree::cut(std::string_view path, std::size_t length) {
  Entry& entry = entries_.find(path)->second;
  entry.content.resize(std::min(length, entry.content.size()));
  entry.stat.size = entry.stat.blocks_bytes = entry.content.size();
}

std::map<std::string, std::size_t> MemoryTree::files() const {
  std::map<std::string, std::size_t> files;
  for (const auto& [path, entry] : entries_)
    if (entry.stat.kind == NodeKind::file) files.emplace(path, entry.content.size());
  return files;
}

}  // namespace abate::sweep
