// SPDX-License-Identifier: Apache-2.0
#include "sweep/kit/tree.h"

#include <algorithm>

#include "base/path_part.h"
#include "base/text.h"

namespace abate::sweep {

Result<std::string> read_whole(const Tree& tree, std::string_view path, std::size_t size_max) {
  TRY_ASSIGN(const std::unique_ptr<TreeFile> file, tree.open(path));
  std::string bytes;
  // Grown by what is really there: the size that the file system tells may be a lie, and that of /proc is 0.
  constexpr std::size_t kStepBytes = 64 * 1024;
  for (;;) {
    const std::size_t before = bytes.size();
    bytes.resize(before + kStepBytes);
    TRY_ASSIGN(const std::size_t got, file->read_at(before, std::span{bytes}.subspan(before)));
    bytes.resize(before + got);
    if (bytes.size() > size_max) return failure(Fault::too_big, "{} holds more than {} bytes", path, size_max);
    if (got == 0) return bytes;
  }
}

std::string read_or_nothing(const Tree& tree, std::string_view path, std::size_t size_max) {
  return read_whole(tree, path, size_max).value_or("");
}

Lines::Lines(std::string text)
    : text_{std::make_unique<const std::string>(std::move(text))}, lines_{split(*text_, '\n')} {}

Lines lines_of(const Tree& tree, std::string_view path, std::size_t size_max) {
  return Lines{read_or_nothing(tree, path, size_max)};
}

Result<std::string> resolve(const Tree& tree, std::string_view path) {
  constexpr int kLinksMax = 40;  // as Linux: MAXSYMLINKS
  std::string done;
  std::string rest{path};
  for (int links = 0; !rest.empty();) {
    const std::string part = take_path_part(rest);
    if (part.empty()) break;
    if (part == ".") continue;
    if (part == "..") {
      done.erase(std::min(done.rfind('/'), done.size()));
      continue;
    }
    const std::string next = done + "/" + part;
    TRY_ASSIGN(const Stat stat, tree.stat(next));
    if (stat.kind != NodeKind::link) {
      done = next;
      continue;
    }
    if (++links > kLinksMax) return failure(Fault::malformed, "links in a loop");
    TRY_ASSIGN(const std::string target, tree.link_target(next));
    if (target.starts_with('/')) done.clear();
    rest = target + "/" + rest;
  }
  return done.empty() ? std::string{"/"} : done;
}

bool exists(const Tree& tree, std::string_view path) { return tree.stat_through_links(path).has_value(); }

bool matches_pattern(std::string_view name, std::string_view pattern) {
  // Iterative, with one place to come back to: linear in practice, quadratic at worst, never exponential.
  std::size_t at = 0;
  std::size_t in = 0;
  std::size_t star = std::string_view::npos;
  std::size_t star_at = 0;
  const auto one = [&](std::size_t& pattern_at, char c) {
    if (pattern[pattern_at] == '?') return ++pattern_at, true;
    if (pattern[pattern_at] == '[') {
      const std::size_t close = pattern.find(']', pattern_at + 2);
      if (close != std::string_view::npos) {
        std::string_view set = pattern.substr(pattern_at + 1, close - pattern_at - 1);
        const bool negated = set.starts_with('!') || set.starts_with('^');
        if (negated) set.remove_prefix(1);
        bool in_set = false;
        for (std::size_t i = 0; i < set.size(); ++i) {
          if (i + 2 < set.size() && set[i + 1] == '-') {
            in_set |= set[i] <= c && c <= set[i + 2];
            i += 2;
          } else {
            in_set |= set[i] == c;
          }
        }
        pattern_at = close + 1;
        return in_set != negated;
      }
    }
    return pattern[pattern_at++] == c;
  };
  while (at < name.size()) {
    if (in < pattern.size() && pattern[in] == '*') {
      star = ++in;
      star_at = at;
      continue;
    }
    std::size_t next = in;
    if (in < pattern.size() && one(next, name[at])) {
      in = next;
      ++at;
    } else if (star != std::string_view::npos) {
      in = star;
      at = ++star_at;
    } else {
      return false;
    }
  }
  while (in < pattern.size() && pattern[in] == '*') ++in;
  return in == pattern.size();
}

std::vector<std::string> glob(const Tree& tree, std::string_view pattern) {
  std::vector<std::string> found{"/"};
  for (std::size_t at = 0; at < pattern.size();) {
    at = pattern.find_first_not_of('/', at);
    if (at == std::string_view::npos) break;
    const std::size_t end = std::min(pattern.find('/', at), pattern.size());
    const std::string_view part = pattern.substr(at, end - at);
    std::vector<std::string> next;
    const bool fixed = part.find_first_of("*?[") == std::string_view::npos;
    for (const std::string& folder : found) {
      if (fixed) {
        std::string path = join_path(folder, part);
        if (exists(tree, path)) next.push_back(std::move(path));
        continue;
      }
      const Result<std::vector<Name>> names = tree.list(folder);
      if (!names) continue;
      for (const Name& name : *names) {
        if (name.name.starts_with('.') && !part.starts_with('.')) continue;
        if (matches_pattern(name.name, part) && next.size() < kGlobMax) next.push_back(join_path(folder, name.name));
      }
    }
    found = std::move(next);
    at = end;
  }
  std::ranges::sort(found);
  return found;
}

std::string join_path(std::string_view folder, std::string_view name) {
  std::string path{folder};
  if (!path.ends_with('/')) path += '/';
  return path.append(name);
}

std::string_view file_name(std::string_view path) { return path.substr(path.rfind('/') + 1); }

std::string_view folder_of(std::string_view path) {
  const std::size_t slash = path.rfind('/');
  if (slash == std::string_view::npos || slash == 0) return "/";
  return path.substr(0, slash);
}

std::string_view suffix_of(std::string_view path) {
  const std::string_view name = file_name(path);
  const std::size_t dot = name.rfind('.');
  return dot == std::string_view::npos || dot == 0 ? std::string_view{} : name.substr(dot);
}

std::string normal_path(std::string_view path) {
  std::string out;
  for (std::size_t at = 0; at <= path.size();) {
    const std::size_t end = std::min(path.find('/', at), path.size());
    const std::string_view part = path.substr(at, end - at);
    if (part == "..") {
      out.resize(out.empty() ? 0 : out.rfind('/'));
    } else if (!part.empty() && part != ".") {
      out += '/';
      out += part;
    }
    at = end + 1;
  }
  return out.empty() ? "/" : out;
}

bool lies_in(std::string_view path, std::string_view folder) {
  if (folder == "/") return true;
  return path.starts_with(folder) && (path.size() == folder.size() || path[folder.size()] == '/');
}

}  // namespace abate::sweep
