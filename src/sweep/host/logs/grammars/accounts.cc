// SPDX-License-Identifier: Apache-2.0
// sudo, su, cron, and the shadow tools (useradd, usermod, passwd, groupadd, gpasswd, userdel).
#include "sweep/host/logs/grammars/grammars.h"
#include "sweep/host/logs/scan.h"

namespace abate::sweep {
namespace {

// "    anna : TTY=pts/0 ; PWD=/home/anna ; USER=root ; COMMAND=/usr/bin/apt update"
bool read_sudo(std::string_view text, Event& event) {
  while (take(text, " ")) {
  }
  Command command;
  const std::size_t colon = text.find(" : ");
  if (colon == std::string_view::npos) return false;
  command.user = text.substr(0, colon);
  if (command.user.find(' ') != std::string_view::npos) return false;
  text.remove_prefix(colon + 3);
  command.allowed = text.starts_with("TTY=") || text.starts_with("PWD=") || text.starts_with("USER=");
  const std::size_t as = text.find("USER=");
  const std::size_t run = text.find(" ; COMMAND=");
  if (as == std::string_view::npos || run == std::string_view::npos || run < as) return false;
  command.as = text.substr(as + 5);
  command.as = command.as.substr(0, command.as.find(' '));
  command.command = text.substr(run + 11);
  event.what = command;
  return true;
}

bool read_su(std::string_view text, Event& event) {
  Command command{.command = "su"};
  if (take(text, "(to ")) {
    command.as = take_to(text, ") ");
    command.user = take_to(text, " on ");
  } else if (take(text, "FAILED SU (to ")) {
    command.as = take_to(text, ") ");
    command.user = take_to(text, " on ");
    command.allowed = false;
  } else if (take(text, "Successful su for ")) {
    command.as = take_to(text, " by ");
    command.user = text;
  } else {
    return false;
  }
  event.what = command;
  return !command.user.empty();
}

// "(root) CMD (cd / && run-parts)", "(www-data) REPLACE (www-data)"
bool read_cron(std::string_view text, Event& event) {
  if (!take(text, "(")) return false;
  JobRun job;
  job.user = take_to(text, ") ");
  if (take(text, "CMD (") && take_end(text, ")")) {
    while (take(text, " ")) {
    }
    job.command = text;
  } else if (text.starts_with("REPLACE (") || text.starts_with("END EDIT (") || text.starts_with("DELETE (")) {
    if (text.starts_with("END EDIT (")) return false;  // REPLACE was said if anything changed
    job.edited = true;
    job.command = text;
  } else {
    return false;
  }
  event.what = job;
  return true;
}

// "Starting job 3 (a0000301bc8f2a) for user 'anna' (1000)"
bool read_atd(std::string_view text, Event& event) {
  if (!take(text, "Starting job ")) return false;
  JobRun job;
  job.command = between(text, "(", ")");
  job.user = between(text, "for user '", "'");
  if (job.user.empty()) return false;
  event.what = job;
  return true;
}

std::string_view value_of(std::string_view text, std::string_view key) {
  const std::size_t at = text.find(key);
  if (at == std::string_view::npos) return {};
  text.remove_prefix(at + key.size());
  return text.substr(0, text.find(','));
}

std::string_view unquoted(std::string_view text) {
  text = text.substr(0, text.find('\'', 1));
  take(text, "'");
  return text;
}

bool read_shadow(std::string_view text, Event& event) {
  AccountChange change;
  if (take(text, "new user: ")) {
    change.step = AccountStep::added;
    change.user = value_of(text, "name=");
    std::uint32_t uid = 0;
    std::string_view digits = value_of(text, "UID=");
    if (take_number(digits, uid)) change.uid = uid;
  } else if (take(text, "new group: ")) {
    change.step = AccountStep::group_added;
    change.group = value_of(text, "name=");
  } else if (take(text, "add ")) {
    const std::size_t to = text.rfind(" to group ");
    if (to == std::string_view::npos || text.find("shadow group") != std::string_view::npos) return false;
    change.step = AccountStep::group_joined;
    change.user = unquoted(text.substr(0, to));
    change.group = unquoted(text.substr(to + 10));
  } else if (take(text, "user ") && text.find(" added by ") != std::string_view::npos) {  // gpasswd
    change.step = AccountStep::group_joined;
    change.user = take_word(text);
    change.group = text.substr(text.rfind(' ') + 1);
  } else if (take(text, "change user ")) {
    change.user = unquoted(take_word(text));
    change.step = text.starts_with("password") ? AccountStep::password_changed : AccountStep::changed;
    if (take(text, "UID from ")) {
      const std::size_t to = text.find(" to ");
      if (to != std::string_view::npos) {
        std::uint32_t uid = 0;
        std::string_view digits = unquoted(text.substr(to + 4));
        if (take_number(digits, uid)) change.uid = uid;
      }
    }
  } else if (take(text, "delete user ")) {
    change.step = AccountStep::removed;
    change.user = unquoted(take_word(text));
  } else if (take(text, "password for ")) {
    change.step = AccountStep::password_changed;
    change.user = unquoted(take_word(text));
  } else {
    const std::size_t pam = text.find(":chauthtok): password changed for ");
    if (!text.starts_with("pam_unix(") || pam == std::string_view::npos) return false;
    change.step = AccountStep::password_changed;
    change.user = text.substr(pam + 34);
  }
  event.what = change;
  return true;
}

}  // namespace

bool read_accounts(Event& event) {
  const std::string_view program = event.program;
  const std::string_view text = event.message;
  if (program == "sudo") return read_sudo(text, event);
  if (program == "su") return read_su(text, event);
  if (program == "atd") return read_atd(text, event);
  if (program == "CRON" || program == "CROND" || program == "cron" || program == "crond" || program == "crontab" ||
      program.ends_with("/cron") || program.ends_with("/crond"))
    return read_cron(text, event);
  if (program == "useradd" || program == "usermod" || program == "userdel" || program == "groupadd" ||
      program == "groupmod" || program == "gpasswd" || program == "passwd" || program == "chpasswd" ||
      program == "adduser" || program == "chage")
    return read_shadow(text, event);
  return false;
}

}  // namespace abate::sweep
