// SPDX-License-Identifier: Apache-2.0
#include "remedy/edit.h"

#include "base/text.h"

namespace abate::remedy {
namespace {

std::string with_line(std::string_view text, std::uint32_t line,
                      const std::function<std::string(std::string_view)>& edit, std::string& before,
                      std::string& after) {
  std::size_t begin = 0;
  for (std::uint32_t n = 1; n < line; ++n) {
    begin = text.find('\n', begin);
    if (begin == std::string_view::npos) return {};
    ++begin;
  }
  const std::size_t end = std::min(text.find('\n', begin), text.size());
  before = text.substr(begin, end - begin);
  after = edit(before);
  return std::string{text.substr(0, begin)}.append(after).append(text.substr(end));
}

Change write_change(const std::string& path, std::string bytes, std::string says) {
  Change change;
  change.kind = ChangeKind::write;
  change.path = path;
  change.bytes = std::move(bytes);
  change.says = std::move(says);
  return change;
}

}  // namespace

Result<Change> edit_line(const sweep::Host& host, const std::string& path, std::uint32_t line,
                         const std::function<std::string(std::string_view)>& edit) {
  TRY_ASSIGN(const std::string text, sweep::read_whole(*host.tree, path, kEditedBytesMax));
  std::string before;
  std::string after;
  std::string edited = line == 0 ? "" : with_line(text, line, edit, before, after);
  if (edited.empty()) return failure(Fault::stale, "{}: has no line {} any more", shown_name(path), line);
  return write_change(path, std::move(edited),
                      fmt::format("{}:{}: \"{}\" becomes \"{}\"", path, line, trim(before), trim(after)));
}

Result<Change> comment_line(const sweep::Host& host, const std::string& path, std::uint32_t line) {
  return edit_line(host, path, line, [](std::string_view text) {
    return text.starts_with("#abate: ") ? std::string{text} : "#abate: " + std::string{text};
  });
}

Result<Change> edit_shadow(const sweep::Host& host, const std::string& account, std::size_t field,
                           const std::function<std::string(std::string_view)>& edit) {
  TRY_ASSIGN(const std::string text, sweep::read_whole(*host.tree, "/etc/shadow", kEditedBytesMax));
  std::string out;
  bool found = false;
  for (const std::string_view line : split(text, '\n')) {
    if (!out.empty() || found) out += '\n';
    std::vector<std::string_view> fields = split(line, ':');
    if (fields.size() <= field || fields[0] != account) {
      out += line;
      continue;
    }
    found = true;
    const std::string edited = edit(fields[field]);
    fields[field] = edited;
    for (std::size_t n = 0; n < fields.size(); ++n) out.append(n == 0 ? "" : ":").append(fields[n]);
  }
  if (!found)
    return failure(Fault::not_found,
                   "{} is no account of this server's /etc/shadow: change its password where it is kept",
                   shown_name(account));
  return write_change("/etc/shadow", std::move(out), fmt::format("/etc/shadow: the entry of {}", account));
}

bool has_systemd(const sweep::Host& host) { return host.live && sweep::exists(*host.tree, "/run/systemd/system"); }

std::vector<std::vector<std::string>> reload(const sweep::Host& host, const std::string& unit) {
  if (!has_systemd(host) || unit.empty()) return {};
  return {{"systemctl", "reload-or-restart", "--", unit}};
}

Work mask_unit(const sweep::Host& host, std::string unit) {
  if (unit.find('.') == std::string::npos) unit += ".service";
  Work work;
  Change link;
  link.kind = ChangeKind::make_link;
  link.path = "/etc/systemd/system/" + unit;
  link.bytes = "/dev/null";
  link.says = link.path + " becomes a link to /dev/null: systemd starts it no more";
  work.changes.push_back(std::move(link));
  if (has_systemd(host)) work.afterwards = {{"systemctl", "daemon-reload"}, {"systemctl", "stop", "--", unit}};
  return work;
}

Change remove_change(const std::string& path) {
  Change change;
  change.kind = ChangeKind::remove;
  change.path = path;
  change.says = path + " is removed; a sealed copy stays";
  return change;
}

Change restrict_change(const std::string& path, std::uint16_t mode) {
  Change change;
  change.kind = ChangeKind::restrict;
  change.path = path;
  change.mode = mode;
  change.says = fmt::format("{} belongs to root, mode {:o}", path, mode);
  return change;
}

}  // namespace abate::remedy
