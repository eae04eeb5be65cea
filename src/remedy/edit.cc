// SPDX-License-Identifier: Apache-2.0
#include "remedy/edit.h"

#include <algorithm>

#include "base/text.h"

namespace abate::remedy {
std::string map_lines(std::string_view text,
                      const std::function<std::string(std::string_view line, std::uint32_t number)>& edit) {
  std::string out;
  std::uint32_t number = 0;
  for (std::size_t begin = 0; begin < text.size();) {
    const std::size_t end = std::min(text.find('\n', begin), text.size());
    out += edit(text.substr(begin, end - begin), ++number);
    if (end < text.size()) out += '\n';
    begin = end + 1;
  }
  return out;
}

Change write_change(const std::string& path, std::string bytes, std::string says) {
  Change change;
  change.kind = ChangeKind::write;
  change.path = path;
  change.bytes = std::move(bytes);
  change.says = std::move(says);
  return change;
}

Result<Change> edit_line(const sweep::Host& host, const std::string& path, std::uint32_t line,
                         const std::function<std::string(std::string_view)>& edit) {
  TRY_ASSIGN(const std::string real, sweep::resolve(*host.tree, path));
  TRY_ASSIGN(const std::string text, sweep::read_whole(*host.tree, real, kEditedBytesMax));
  std::string says;
  std::string edited = map_lines(text, [&](std::string_view before, std::uint32_t number) {
    if (number != line) return std::string{before};
    std::string after = edit(before);
    says = fmt::format("{}:{}: \"{}\" becomes \"{}\"", real, line, trim(before), trim(after));
    return after;
  });
  if (says.empty()) return failure(Fault::stale, "{}: has no line {} any more", shown_name(real), line);
  return write_change(real, std::move(edited), std::move(says));
}

std::string as_comment(std::string_view line) {
  return line.starts_with("#abate: ") ? std::string{line} : "#abate: " + std::string{line};
}

Result<Change> comment_line(const sweep::Host& host, const std::string& path, std::uint32_t line) {
  return edit_line(host, path, line, as_comment);
}

Result<Change> edit_shadow(const sweep::Host& host, const std::string& account,
                           const std::function<void(ShadowFields&)>& edit) {
  TRY_ASSIGN(const std::string text, sweep::read_whole(*host.tree, "/etc/shadow", kEditedBytesMax));
  bool found = false;
  std::string edited = map_lines(text, [&](std::string_view line, std::uint32_t) {
    ShadowFields fields;
    for (const std::string_view field : split(line, ':')) fields.emplace_back(field);
    if (fields[0] != account) return std::string{line};
    found = true;
    fields.resize(9);
    edit(fields);
    return join(fields, ":");
  });
  if (!found)
    return failure(Fault::not_found,
                   "{} is no account of this server's /etc/shadow: change its password where it is kept",
                   shown_name(account));
  return write_change("/etc/shadow", std::move(edited), fmt::format("/etc/shadow: the entry of {}", account));
}

void lock_password(ShadowFields& fields) {
  if (!fields[kShadowHash].starts_with('!')) fields[kShadowHash].insert(0, "!");
}

bool has_systemd(const sweep::Host& host) { return host.live && sweep::exists(*host.tree, "/run/systemd/system"); }

std::vector<std::vector<std::string>> reload(const sweep::Host& host, const std::string& unit) {
  if (!has_systemd(host) || unit.empty()) return {};
  // "try": one that does not run is not started by this.
  return {{"systemctl", "try-reload-or-restart", "--", unit}};
}

Result<Work> mask_unit(const sweep::Host& host, const Subject& subject) {
  std::string unit = subject.name.empty() ? std::string{sweep::file_name(subject.path)} : subject.name;
  if (unit.empty() || unit.find('/') != std::string::npos || unit.starts_with('.'))
    return failure(Fault::malformed, "{} is no unit", shown_name(unit));
  if (unit.find('.') == std::string::npos) unit += ".service";
  Work work;
  Change link;
  link.kind = ChangeKind::make_link;
  link.path = "/etc/systemd/system/" + unit;
  link.bytes = "/dev/null";
  link.says = link.path + " becomes a link to /dev/null: systemd starts it no more";
  work.changes.push_back(std::move(link));
  if (!has_systemd(host)) return work;
  work.afterwards = {{"systemctl", "daemon-reload"}, {"systemctl", "stop", "--", unit}};
  // Whether it ran before is not known: who takes this back starts it when it is wanted.
  work.undo_afterwards = {{"systemctl", "daemon-reload"}};
  return work;
}

Change remove_change(const std::string& path) {
  Change change;
  change.kind = ChangeKind::remove;
  change.path = path;
  change.says = path + " is removed; a sealed copy stays";
  return change;
}

Change mode_change(const std::string& path, std::uint16_t mode) {
  Change change;
  change.kind = ChangeKind::set_mode;
  change.path = path;
  change.mode = mode;
  change.says = fmt::format("{} gets mode {:o}", path, mode);
  return change;
}

Change folder_change(const std::string& path, std::uint16_t mode) {
  Change change;
  change.kind = ChangeKind::make_folder;
  change.path = path;
  change.mode = mode;
  change.says = path + " is made, where it is not there yet";
  return change;
}

Change link_change(const std::string& path, std::string target, std::string says) {
  Change change;
  change.kind = ChangeKind::make_link;
  change.path = path;
  change.bytes = std::move(target);
  change.says = std::move(says);
  return change;
}

Change run_change(std::vector<std::string> argv, std::vector<std::string> undo_argv, std::string says) {
  Change change;
  change.kind = ChangeKind::run;
  change.argv = std::move(argv);
  change.undo_argv = std::move(undo_argv);
  change.says = std::move(says);
  return change;
}

Result<Change> append_line(const sweep::Host& host, const std::string& path, std::string_view line) {
  std::string real = path;
  std::string text;
  if (sweep::exists(*host.tree, path)) {
    TRY_ASSIGN(real, sweep::resolve(*host.tree, path));
    TRY_ASSIGN(text, sweep::read_whole(*host.tree, real, kEditedBytesMax));
  }
  if (!text.empty() && !text.ends_with('\n')) text += '\n';
  text.append(line).append("\n");
  return write_change(real, std::move(text), fmt::format("{}: gets the line \"{}\"", real, line));
}

namespace {

class Everything : public sweep::Walker {  // beneath a folder, folders before what is in them
 public:
  bool meet(const sweep::Node& node) override {
    if (paths.size() >= kFolderNodesMax) too_many = true;
    if (node.stat.kind != sweep::NodeKind::file && node.stat.kind != sweep::NodeKind::folder &&
        node.stat.kind != sweep::NodeKind::link)
      odd = node.path;
    paths.emplace_back(node.path);
    return !too_many;
  }
  void pass_over(std::string_view path, std::string_view) override { odd = path; }
  [[nodiscard]] bool ended() const override { return too_many; }

  std::vector<std::string> paths;
  std::string odd;
  bool too_many = false;
};

}  // namespace

Result<std::vector<Change>> remove_folder_changes(const sweep::Host& host, const std::string& path) {
  Everything all;
  host.tree->walk(path, all);
  if (all.too_many)
    return failure(Fault::too_big, "{}: holds more than {} files; take it away by hand", shown_name(path),
                   kFolderNodesMax);
  if (!all.odd.empty())
    return failure(Fault::refused, "{}: holds {}, which is no file, link or folder that could be sealed",
                   shown_name(path), shown_name(all.odd));
  if (std::ranges::find(all.paths, path) == all.paths.end()) all.paths.insert(all.paths.begin(), path);
  std::vector<Change> changes;
  for (auto one = all.paths.rbegin(); one != all.paths.rend(); ++one) changes.push_back(remove_change(*one));
  return changes;
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
