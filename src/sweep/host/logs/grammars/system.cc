// SPDX-License-Identifier: Apache-2.0
// systemd, the kernel, audit, fail2ban, dpkg, apt, dnf and yum, and panels' own logs.
#include "sweep/host/logs/grammars/grammars.h"
#include "sweep/host/logs/scan.h"

namespace abate::sweep {
namespace {

bool is_unit(std::string_view word) {
  for (const std::string_view kind : {".service", ".timer", ".socket", ".mount", ".path"})
    if (word.ends_with(kind)) return true;
  return false;
}

// "Started ssh.service - OpenBSD Secure Shell server.", before 246 "Started OpenBSD Secure Shell server."
bool read_systemd(std::string_view text, Event& event) {
  UnitChange change;
  if (text.starts_with("systemd ") && text.find(" running in system mode") != std::string_view::npos) {
    change.what = "boot";
  } else if (take(text, "Started ")) {
    change.what = "started";
  } else if (take(text, "Stopped ")) {
    change.what = "stopped";
  } else {
    const std::string_view unit = text.substr(0, text.find(": "));
    if (unit.size() == text.size() || !is_unit(unit) || text.find("Failed with result", unit.size()) > unit.size() + 2)
      return false;
    change.what = "failed";
    text = unit;
  }
  if (change.what != "boot") {
    change.unit = text.substr(0, text.find(" - "));
    take_end(change.unit, ".");
  }
  event.what = change;
  return true;
}

}  // namespace

bool read_system(Event& event) {
  std::string_view text = event.message;
  if (event.program == "systemd") return event.pid <= 1 && read_systemd(text, event);
  if (event.program == "kernel") {
    if (text.starts_with('[')) take_to(text, "] ");
    if (!text.starts_with("Linux version ")) return false;
    event.what = UnitChange{.unit = {}, .what = "boot"};
    return true;
  }
  if (event.program == "php" && take(text, "mail() on [")) {
    Mail mail{.step = MailStep::script};
    const std::string_view where = take_to(text, "]: To: ");
    mail.script = where.substr(0, where.rfind(':'));
    mail.recipient = text.substr(0, text.find(" -- Headers: "));
    event.what = mail;
    return true;
  }
  return false;
}

bool read_fail2ban_line(std::string_view line, Stamps& stamps, Sessions& /*sessions*/, Event& event) {
  event.at = stamps.take_iso(line);
  if (!event.at || !take(line, " ")) return false;
  event.program = "fail2ban";
  event.message = line;
  return true;
}

// "type=USER_LOGIN msg=audit(1772442000.123:45): …". What it tells, sshd and sudo tell too: kept as it is.
bool read_audit_line(std::string_view line, Stamps& stamps, Sessions& /*sessions*/, Event& event) {
  const std::size_t at = line.find("msg=audit(");
  if (at == std::string_view::npos || at > 80) return false;
  std::string_view stamp = line.substr(at + 10);
  event.at = stamps.take_epoch(stamp);
  event.program = "audit";
  event.message = line;
  return event.at.has_value();
}

bool read_package_line(std::string_view line, Stamps& stamps, Sessions& /*sessions*/, Event& event) {
  PackageChange change;
  if (take(line, "Start-Date: ")) {  // apt's history.log: blocks; dpkg.log tells the packages
    std::string_view date = line;
    char joined[19];
    if (date.size() < 20 || date[10] != ' ' || date[11] != ' ') return false;
    date.copy(joined, 11);
    date.substr(12, 8).copy(joined + 11, 8);
    std::string_view text{joined, sizeof joined};
    event.at = stamps.take_iso(text);
    event.program = "apt";
    event.message = line;
    return event.at.has_value();
  }
  if (line.starts_with("Commandline: ") || line.starts_with("Requested-By: ")) {
    event.at = stamps.last();
    event.program = "apt";
    event.message = line;
    return true;
  }
  event.at = !line.empty() && line.front() <= '9' ? stamps.take_iso(line) : stamps.take_rfc3164(line);
  if (!event.at || !take(line, " ")) return false;
  event.message = line;
  std::string_view text = line;
  if (text.starts_with("install ") || text.starts_with("upgrade ") || text.starts_with("remove ") ||
      text.starts_with("purge ")) {
    event.program = "dpkg";
    change.action = take_word(text);
    change.name = take_word(text);
    change.name = change.name.substr(0, change.name.find(':'));
    const std::string_view was = take_word(text);
    change.version = change.action == "remove" || change.action == "purge" ? was : take_word(text);
    event.what = change;
    return true;
  }
  if (!text.empty() && text.front() >= 'a' && text.front() <= 'z') {
    event.program = "dpkg";
    return true;
  }
  event.program = "dnf";
  take(text, "SUBDEBUG ");
  take(text, "INFO ");
  for (const auto& [word, action] : {std::pair{"Installed: ", "install"},
                                     {"Updated: ", "upgrade"},
                                     {"Upgraded: ", "upgrade"},
                                     {"Erased: ", "remove"},
                                     {"Erase: ", "remove"}}) {
    if (!take(text, word)) continue;
    change.action = action;
    // name-version-release.arch: two hyphens from the end
    std::size_t cut = text.rfind('-');
    cut = cut == std::string_view::npos || cut == 0 ? cut : text.rfind('-', cut - 1);
    change.name = text.substr(0, cut);
    change.version = cut == std::string_view::npos ? std::string_view{} : text.substr(cut + 1);
    if (const std::size_t epoch = change.name.find(':'); epoch != std::string_view::npos)
      change.name.remove_prefix(epoch + 1);
    event.what = change;
    break;
  }
  return true;
}

// cPanel's login_log, session_log and access_log; DirectAdmin's login.log. Their paths say the panel; the forms differ.
bool read_panel_line(std::string_view line, Stamps& stamps, Sessions& /*sessions*/, Event& event) {
  event.program = "panel";
  std::string_view text = line;
  Login login{.service = LoginService::panel};
  login.method = "password";
  if (take(text, "[")) {
    event.at = stamps.take_iso(text);
    if (!event.at) return false;
    take_to(text, "] info [");
    take_to(text, "] ");
    event.message = text;
    login.client = ip_in_log(take_word(text));
    if (!login.client) return true;
    if (take(text, "NEW ")) {
      login.user = take_to(text, ":");
      login.accepted = true;
      event.what = login;
    } else if (take(text, "- ")) {
      const std::size_t failed = text.find("\" FAILED LOGIN ");
      login.user = take_word(text);
      login.accepted = false;
      if (failed != std::string_view::npos) event.what = login;
    }
    return true;
  }
  // 2026:03:02-10:00:00: '192.0.2.1' successful login to 'admin' after 1 attempts
  if (text.size() > 24 && text[4] == ':' && text[10] == '-') {
    event.at = stamps.take_iso(text);
    if (!event.at || !take(text, ": ")) return false;
    event.message = text;
    if (!take(text, "'")) return true;
    login.client = ip_in_log(take_to(text, "' "));
    login.accepted = take(text, "successful login to '");
    const std::size_t to = text.find('\'');
    if (!login.accepted && !take(text, "failed login attempt to account '") && to == std::string_view::npos)
      return true;
    login.user = take_to(text, "'");
    if (login.client) event.what = login;
    return true;
  }
  // 192.0.2.1 - anna [03/02/2026:10:00:00 -0000] "POST /execute/Fileman/upload_files HTTP/1.1" 200 0 "-" "agent"
  Request request;
  request.client = ip_in_log(take_word(text));
  if (!request.client || !take(text, "- ")) return false;
  request.user = take_word(text);
  if (!take(text, "[")) return false;
  event.at = stamps.take_panel(text);
  if (!event.at || !take(text, "] \"")) return false;
  event.message = line;
  request.method = take_word(text);
  std::string_view target = take_to(text, "\" ");
  request.target = target.substr(0, target.rfind(" HTTP/"));
  request.status = number_or<std::uint16_t>(text, 0);
  event.program = "panel_access";
  event.what = request;
  return true;
}

}  // namespace abate::sweep
