// SPDX-License-Identifier: Apache-2.0
// systemd, the kernel, audit, fail2ban, dpkg, apt, dnf and yum, and panels' own logs.
#include "sweep/host/logs/grammars/grammars.h"
#include "sweep/host/logs/scan.h"

namespace abate::sweep {
namespace {

std::string_view trimmed_end(std::string_view text) {
  while (!text.empty() && static_cast<unsigned char>(text.back()) <= ' ') text.remove_suffix(1);
  return text;
}

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
  // Webmin and Usermin, of whatever asks them.
  if (event.program == "webmin" || event.program == "usermin") {
    Login login{.service = LoginService::panel, .method = "password"};
    login.accepted = take(text, "Successful login as ");
    if (!login.accepted && !take(text, "Invalid login as ") && !take(text, "Non-existent login as ")) return false;
    const std::size_t from = text.rfind(" from ");
    if (from == std::string_view::npos) return false;
    login.user = text.substr(0, from);
    login.client = ip_in_log(trimmed_end(text.substr(from + 6)));
    if (!login.client) return false;
    event.what = login;
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

namespace {

std::string_view audit_field(std::string_view text, std::string_view key) {
  const std::size_t at = text.find(key);
  if (at == std::string_view::npos) return {};
  text.remove_prefix(at + key.size());
  if (take(text, "\"")) return text.substr(0, text.find('"'));
  text = text.substr(0, text.find_first_of(" '\x1d"));
  return text == "?" ? std::string_view{} : text;
}

// "pid=1 uid=0 auid=1000 ses=3 msg='op=login acct="anna" exe="/usr/sbin/sshd" hostname=? addr=192.0.2.1 terminal=ssh
// res=success'". sshd and sudo tell the same in their own words: the log-in is `other`, so that nobody counts it twice.
void read_audit(std::string_view type, std::string_view text, Event& event) {
  const std::size_t inner = text.find("msg='");
  if (inner == std::string_view::npos) return;
  const std::string_view said = text.substr(inner + 5);
  const bool good = said.find("res=success") != std::string_view::npos;
  std::string_view account = audit_field(said, "acct=");
  if (account.empty()) account = audit_field(said, " ID=");
  if (type == "USER_LOGIN") {
    Login login{.service = LoginService::other, .accepted = good};
    login.user = account;
    login.client = ip_in_log(audit_field(said, "addr="));
    if (login.client) event.what = login;
  } else if (good && !account.empty() && (type == "ADD_USER" || type == "DEL_USER")) {
    AccountChange change;
    change.step = type == "ADD_USER" ? AccountStep::added : AccountStep::removed;
    change.user = account;
    event.what = change;
  }
}

}  // namespace

// "type=USER_LOGIN msg=audit(1772442000.123:45): …"; some write "node=NAME " in front.
bool read_audit_line(std::string_view line, Stamps& stamps, Sessions& /*sessions*/, Event& event) {
  const std::size_t at = line.find("msg=audit(");
  if (at == std::string_view::npos || at > 80) return false;
  std::string_view stamp = line.substr(at + 10);
  event.at = stamps.take_epoch(stamp);
  event.program = "audit";
  event.message = line;
  const std::string_view type = between(line, "type=", " ");
  if (type.starts_with("USER_LOGIN") || type.ends_with("_USER")) read_audit(type, stamp, event);
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

// cPanel's login_log, session_log and access_log; DirectAdmin's login.log; Plesk's panel.log. Their paths say the
// panel; the forms differ.
bool read_panel_line(std::string_view line, Stamps& stamps, Sessions& /*sessions*/, Event& event) {
  event.program = "panel";
  std::string_view text = line;
  Login login{.service = LoginService::panel};
  login.method = "password";
  if (take(text, "[")) {
    event.at = stamps.take_iso(text);
    if (!event.at) return false;
    // Plesk: "[2026-03-02 10:00:00.123] ERR [panel] Failed login attempt with login 'admin' from IP 192.0.2.1"
    if (const std::size_t failed = text.find(" Failed login attempt with login '"); failed != std::string_view::npos) {
      event.message = text;
      std::string_view rest = text.substr(failed + 34);
      const std::size_t from = rest.rfind("' from IP ");
      if (from == std::string_view::npos) return true;
      login.user = rest.substr(0, from);
      login.client = ip_in_log(trimmed_end(rest.substr(from + 10)));
      if (login.client) event.what = login;
      return true;
    }
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
