// SPDX-License-Identifier: Apache-2.0
#include "sweep/host/code/places.h"

#include <algorithm>

#include "base/text.h"

namespace abate::sweep {
namespace {

constexpr std::size_t kExcerptBytes = 200;

bool has_component(std::string_view path, std::string_view name) {
  for (std::size_t at = path.find(name); at != std::string_view::npos; at = path.find(name, at + 1)) {
    const bool begins = at > 0 && path[at - 1] == '/';
    if (begins && at + name.size() < path.size() && path[at + name.size()] == '/') return true;
  }
  return false;
}

bool is_php_suffix(std::string_view suffix) {
  const std::string lower = to_lower(suffix);
  return lower == ".php" || lower == ".phtml" || lower == ".phar" || lower == ".pht" ||
         (lower.size() == 5 && lower.starts_with(".php") && lower[4] >= '3' && lower[4] <= '8');
}

}  // namespace

bool runs_as_php(std::string_view path) { return is_php_suffix(suffix_of(path)); }

bool is_upload_place(std::string_view path) {
  constexpr std::string_view kNames[] = {"uploads",   "upload",  "images",  "image",    "img",     "media",
                                         "files",     "cache",   "tmp",     "temp",     "assets",  "fonts",
                                         "css",       "gallery", "photos",  "pictures", "avatars", "attachments",
                                         "downloads", "backup",  "backups", "languages"};
  const std::string lower = to_lower(path);
  return std::ranges::any_of(kNames, [&](std::string_view name) { return has_component(lower, name); });
}

std::string_view path_in_container(std::string_view path) {
  struct Layers {
    std::string_view before, after;
  };
  // Docker; Podman; containerd.
  constexpr Layers kLayers[] = {{"/overlay2/", "/diff"}, {"/storage/overlay/", "/diff"}, {"/snapshots/", "/fs"}};
  for (const Layers& layers : kLayers) {
    const std::size_t at = path.find(layers.before);
    if (at == std::string_view::npos) continue;
    const std::size_t id_end = path.find('/', at + layers.before.size());
    if (id_end == std::string_view::npos || !path.substr(id_end).starts_with(layers.after)) continue;
    const std::string_view inside = path.substr(id_end + layers.after.size());
    if (inside.starts_with('/')) return inside;
  }
  return path;
}

bool is_joined_layers(std::string_view folder) {
  const bool merged = folder.ends_with("/merged") && (folder.find("/overlay2/") != std::string_view::npos ||
                                                      folder.find("/storage/overlay/") != std::string_view::npos);
  return merged || (folder.ends_with("/rootfs") && folder.starts_with("/run/containerd/"));
}

bool is_open_place(std::string_view path) {
  path = path_in_container(path);
  constexpr std::string_view kPlaces[] = {"/tmp",     "/var/tmp",  "/dev/shm", "/run/user",
                                          "/run/shm", "/run/lock", "/var/lock"};
  return std::ranges::any_of(kPlaces, [&](std::string_view place) { return lies_in(path, place); });
}

bool has_double_suffix(std::string_view path) {
  constexpr std::string_view kHarmless[] = {".jpg", ".jpeg", ".png", ".gif", ".webp", ".svg", ".ico", ".bmp", ".docx"};
  const std::string_view outer = suffix_of(path);
  if (!is_php_suffix(outer)) return false;
  const std::string_view inner = suffix_of(path.substr(0, path.size() - outer.size()));
  return std::ranges::any_of(kHarmless, [&](std::string_view suffix) { return equals_ignoring_case(inner, suffix); });
}

bool is_core_place(std::string_view path) {
  return has_component(path, "wp-includes") || has_component(path, "wp-admin") ||
         path.find("/administrator/components/com_") != std::string_view::npos ||
         path.find("/libraries/src/") != std::string_view::npos ||
         path.find("/core/lib/Drupal/") != std::string_view::npos ||
         path.find("/core/modules/") != std::string_view::npos;
}

std::uint32_t line_at(std::string_view bytes, std::size_t offset) {
  return 1 + static_cast<std::uint32_t>(std::ranges::count(bytes.substr(0, offset), '\n'));
}

std::string excerpt_at(std::string_view path, std::string_view bytes, std::size_t offset) {
  offset = std::min(offset, bytes.size());
  const std::size_t line = bytes.substr(0, offset).rfind('\n') + 1;  // npos + 1 is 0
  const std::size_t end = std::min(bytes.find('\n', offset), bytes.size());
  // A packed file is one line: what is around the place, not its first bytes.
  const std::size_t begin = offset - line > kExcerptBytes / 2 ? offset - kExcerptBytes / 4 : line;
  return fmt::format("{}:{}: {}", path, line_at(bytes, offset),
                     bytes.substr(begin, std::min(end - begin, kExcerptBytes)));
}

std::string excerpt_of_line(std::string_view path, std::string_view bytes, std::uint32_t line) {
  std::size_t at = 0;
  for (std::uint32_t n = 1; n < line; ++n) {
    at = bytes.find('\n', at);
    if (at == std::string_view::npos) return fmt::format("{}:{}", path, line);
    ++at;
  }
  return excerpt_at(path, bytes, at);
}

bool speaks_of_malware(std::string_view path) {
  constexpr std::string_view kSuffixes[] = {
      ".md", ".rst", ".yar", ".yara", ".sql", ".ndb", ".hdb", ".ldb", ".po", ".pot", ".mo", ".log", ".dat", ".rules",
      ".json",
      // The source of programs that are compiled: scanners quote what they look for.
      ".c", ".cc", ".cpp", ".cxx", ".h", ".hh", ".hpp", ".go", ".rs", ".java", ".cs", ".swift", ".kt"};
  const std::string lower = to_lower(suffix_of(path));
  return std::ranges::find(kSuffixes, lower) != std::end(kSuffixes) || file_name(path).starts_with("README") ||
         file_name(path).starts_with("CHANGELOG");
}

}  // namespace abate::sweep
