// SPDX-License-Identifier: Apache-2.0
// crontab(5) of users and of the system, the folders that run-parts runs, anacron, at.
#include <algorithm>
#include <cctype>

#include "base/text.h"
#include "sweep/host/inventory/inventory.h"

namespace abate::sweep {
namespace {

constexpr std::size_t kCrontabBytesMax = std::size_t{1} << 20;

bool is_setting(std::string_view line) {
  const std::size_t equals = line.find('=');
  if (equals == std::string_view::npos || equals == 0) return false;
  return std::ranges::all_of(trim(line.substr(0, equals)), [](char c) {
    return std::isalnum(static_cast<unsigned char>(c)) != 0 || c == '_' || c == '"';
  });
}

// The first `count` words, and what is left.
std::pair<std::string_view, std::string_view> cut_words(std::string_view line, int count) {
  std::size_t at = 0;
  for (int i = 0; i < count; ++i) {
    at = line.find_first_of(" \t", line.find_first_not_of(" \t", at));
    if (at == std::string_view::npos) return {line, {}};
  }
  return {line.substr(0, at), trim(line.substr(at))};
}

void crontab(Host& host, const std::string& path, std::string_view owner, Notes& notes) {
  const Result<std::string> text = read_whole(*host.tree, path, kCrontabBytesMax);
  if (!text) {
    if (text.error().fault != Fault::not_found) notes.add(path, text.error().what);
    return;
  }
  const Result<Stat> stat = host.tree->stat_through_links(path);
  const bool packaged = is_unchanged_from_package(host, path);
  std::uint32_t number = 0;
  for (std::string_view line : split(*text, '\n')) {
    ++number;
    line = trim(line);
    if (line.empty() || line.starts_with('#') || is_setting(line)) continue;
    auto [schedule, rest] = cut_words(line, line.starts_with('@') ? 1 : 5);
    std::string account{owner};
    if (owner.empty()) {  // a system's crontab names the account
      const auto [who, command] = cut_words(rest, 1);
      account = trim(who);
      rest = command;
    }
    if (rest.empty()) continue;
    add_autostart(host, {.kind = AutostartKind::cron,
                         .path = path,
                         .line = number,
                         .name = account,
                         .account = account,
                         .command = std::string{rest},
                         .schedule = std::string{schedule},
                         .modified = stat ? stat->modified : Instant{},
                         .packaged = packaged});
  }
}

// "period delay job-id command"
void anacrontab(Host& host, const std::string& path) {
  const Result<Stat> stat = host.tree->stat_through_links(path);
  if (!stat || is_unchanged_from_package(host, path)) return;
  std::uint32_t number = 0;
  for (std::string_view line : lines_of(*host.tree, path)) {
    ++number;
    line = trim(line);
    if (line.empty() || line.starts_with('#') || is_setting(line)) continue;
    const auto [schedule, command] = cut_words(line, 3);
    if (command.empty()) continue;
    add_autostart(host, {.kind = AutostartKind::cron,
                         .path = path,
                         .line = number,
                         .name = "root",
                         .account = "root",
                         .command = std::string{command},
                         .schedule = std::string{schedule},
                         .modified = stat->modified});
  }
}

// DirectAdmin's own copy, from which it writes the crontab anew: "3=*/5 * * * * command".
void panel_crontab(Host& host, const std::string& path) {
  const std::string_view owner = file_name(folder_of(path));
  std::uint32_t number = 0;
  for (const std::string_view line : lines_of(*host.tree, path)) {
    ++number;
    const std::size_t equals = line.find('=');
    if (equals == std::string_view::npos || line.substr(0, equals).find_first_not_of("0123456789") < equals) continue;
    const auto [schedule, command] = cut_words(trim(line.substr(equals + 1)), 5);
    if (command.empty()) continue;
    const Result<Stat> stat = host.tree->stat_through_links(path);
    add_autostart(host, {.kind = AutostartKind::cron,
                         .path = path,
                         .line = number,
                         .name = std::string{owner},
                         .account = std::string{owner},
                         .command = std::string{command},
                         .schedule = std::string{schedule},
                         .modified = stat ? stat->modified : Instant{}});
  }
}

// at(1) writes the environment and "cd FOLDER || { … exit 1 }" first; then what was typed, perhaps as a here-document.
std::string at_command(std::string_view text) {
  const std::size_t head = text.find("\n}\n");
  if (head != std::string_view::npos) text = text.substr(head + 3);
  std::string command;
  for (std::string_view line : split(text, '\n')) {
    line = trim(line);
    if (line.empty() || line.starts_with('#') || line.starts_with("${SHELL:-") || line.starts_with("marcinDELIMITER"))
      continue;
    command.append(command.empty() ? "" : " ; ").append(line);
  }
  return command.substr(0, 4000);
}

void folder_of_scripts(Host& host, const std::string& folder, std::string_view schedule) {
  for (const std::string& path : glob(*host.tree, folder + "/*")) {
    const Result<Stat> stat = host.tree->stat_through_links(path);
    if (!stat || stat->kind != NodeKind::file || file_name(path) == ".placeholder") continue;
    add_autostart(host, {.kind = AutostartKind::cron,
                         .path = path,
                         .name = "root",
                         .account = "root",
                         .command = path,
                         .schedule = std::string{schedule},
                         .enabled = (stat->mode & 0111) != 0,
                         .modified = stat->modified,
                         .packaged = is_unchanged_from_package(host, path)});
  }
}

}  // namespace

void load_cron(Host& host, Notes& notes) {
  crontab(host, "/etc/crontab", "", notes);
  anacrontab(host, "/etc/anacrontab");
  for (const std::string& path : glob(*host.tree, "/usr/local/directadmin/data/users/*/crontab.conf"))
    panel_crontab(host, path);
  for (const std::string& path : glob(*host.tree, "/etc/cron.d/*")) crontab(host, path, "", notes);
  for (const std::string_view folder : {"/var/spool/cron/crontabs", "/var/spool/cron", "/var/spool/cron/tabs"})
    for (const std::string& path : glob(*host.tree, std::string{folder} + "/*"))
      if (const Result<Stat> stat = host.tree->stat(path); stat && stat->kind == NodeKind::file)
        crontab(host, path, file_name(path), notes);
  for (const std::string_view when : {"hourly", "daily", "weekly", "monthly", "yearly"})
    folder_of_scripts(host, fmt::format("/etc/cron.{}", when), when);
  for (const std::string_view folder : {"/var/spool/cron/atjobs", "/var/spool/at"})
    for (const std::string& path : glob(*host.tree, std::string{folder} + "/a*")) {
      const Result<std::string> text = read_whole(*host.tree, path, kCrontabBytesMax);
      const Result<Stat> stat = host.tree->stat(path);
      if (!text || !stat || stat->kind != NodeKind::file) continue;
      const Account* owner = host.account(stat->uid);
      add_autostart(host, {.kind = AutostartKind::at,
                           .path = path,
                           .name = owner != nullptr ? owner->name : "",
                           .account = owner != nullptr ? owner->name : "",
                           .command = at_command(*text),
                           .modified = stat->modified});
    }
}

}  // namespace abate::sweep
