// SPDX-License-Identifier: Apache-2.0
#include "remedy/wp_config.h"

#include "base/text.h"
#include "remedy/edit.h"

namespace abate::remedy {
namespace {

// The value of `define('NAME', value);` on this line; nothing where it defines something else or is a comment.
std::optional<std::string> value_on(std::string_view line, std::string_view name) {
  line = trim(line);
  if (!starts_with_ignoring_case(line, "define")) return std::nullopt;
  for (const char quote : {'\'', '"'}) {
    const std::string quoted = fmt::format("{0}{1}{0}", quote, name);
    const std::size_t at = line.find(quoted);
    if (at == std::string_view::npos) continue;
    const std::size_t comma = line.find(',', at + quoted.size());
    const std::size_t close = line.find(')', comma == std::string_view::npos ? at : comma);
    if (comma == std::string_view::npos || close == std::string_view::npos) return std::nullopt;
    std::string value = to_lower(trim(line.substr(comma + 1, close - comma - 1)));
    if (value.size() >= 2 && (value.front() == '\'' || value.front() == '"')) value = value.substr(1, value.size() - 2);
    return value;
  }
  return std::nullopt;
}

}  // namespace

std::string wp_config_of(const sweep::Host& host, const sweep::Site& site) {
  if (site.application != "wordpress") return "";
  const std::string own = sweep::join_path(site.docroot, "wp-config.php");
  if (sweep::exists(*host.tree, own)) return own;
  const std::string above = sweep::join_path(sweep::folder_of(site.docroot), "wp-config.php");
  return sweep::exists(*host.tree, above) ? above : "";
}

std::string wp_constant(const sweep::Host& host, const std::string& config, std::string_view name) {
  for (const std::string_view line : sweep::lines_of(*host.tree, config))
    if (std::optional<std::string> value = value_on(line, name)) return *value;  // PHP keeps the first
  return "";
}

Result<Change> set_wp_constant(const sweep::Host& host, const std::string& config, std::string_view name,
                               std::string_view value) {
  TRY_ASSIGN(const std::string path, sweep::resolve(*host.tree, config));
  TRY_ASSIGN(const std::string text, sweep::read_whole(*host.tree, path, kEditedBytesMax));
  const std::string line = fmt::format("define('{}', {});", name, value);
  bool set = false;
  std::string edited = map_lines(text, [&](std::string_view old, std::uint32_t) {
    if (set || !value_on(old, name)) return std::string{old};
    set = true;
    return line + (old.ends_with('\r') ? "\r" : "");
  });
  if (!set) {
    const std::size_t end = text.find('\n');
    if (end == std::string::npos || trim(std::string_view{text}.substr(0, end)) != "<?php")
      return failure(Fault::stale, "{}: does not begin with <?php alone on its line: put {} there yourself",
                     shown_name(path), line);
    edited = text.substr(0, end + 1) + line + (end > 0 && text[end - 1] == '\r' ? "\r\n" : "\n") + text.substr(end + 1);
  }
  return write_change(path, std::move(edited), fmt::format("{}: {}", path, line));
}

}  // namespace abate::remedy
