// SPDX-License-Identifier: Apache-2.0
#include "sweep/host/logs/grammars/grammars.h"
#include "sweep/host/logs/scan.h"

namespace abate::sweep {
namespace {

constexpr std::uint32_t kTimesMax = 10'000;  // "message repeated 4000000000 times" is a stranger's joke

// rsyslog: "message repeated 5 times: [ Failed password for root from … ssh2]"
void take_repeated(Event& event) {
  std::string_view text = event.message;
  std::uint32_t times = 0;
  if (!take(text, "message repeated ") || !take_number(text, times) || !take(text, " times: [ ") ||
      !text.ends_with(']'))
    return;
  text.remove_suffix(1);
  event.message = text;
  event.times = std::clamp(times, 1U, kTimesMax);
}

bool is_program(std::string_view word) {
  if (word.empty() || word.size() > 64) return false;
  for (const char c : word)
    if (static_cast<unsigned char>(c) <= ' ' || c == '"') return false;
  return true;
}

}  // namespace

void Sessions::open(std::uint32_t pid, std::string_view user, const std::optional<IpAddress>& client) {
  Session& slot = all_[pid % kMax];
  slot.pid = pid;
  slot.user = user.substr(0, kUserBytesMax);
  slot.client = client;
}

const Sessions::Session* Sessions::of(std::uint32_t pid) const {
  const Session& slot = all_[pid % kMax];
  return pid != 0 && slot.pid == pid ? &slot : nullptr;
}

void read_message(Event& event, Sessions& sessions) {
  if (event.message.starts_with("message repeated ")) take_repeated(event);
  const std::string_view program = event.program;
  if (program.empty()) return;
  switch (program.front()) {
    case 's':
      if (program.starts_with("sshd") || program == "sftp-server") {
        read_ssh(event, sessions);
      } else if (program == "systemd") {
        read_system(event);
      } else if (program == "sudo" || program == "su") {
        read_accounts(event);
      } else if (program == "sendmail" || program == "sm-mta" || program == "sm-msp-queue") {
        read_sendmail(event);
      } else if (program == "sockd") {
        read_dante(event);
      }
      break;
    case 'i':
      if (program == "internal-sftp") read_ssh(event, sessions);
      if (program.starts_with("imap-login")) read_dovecot(event);
      break;
    case 'u':
      if (program == "unbound") {
        read_named(event);
      } else if (program == "usermin") {
        read_system(event);
      } else {
        read_accounts(event);
      }
      break;
    case 'w':
      if (program == "webmin") read_system(event);
      break;
    case 'C':
    case 'c':
    case 'a':
    case 'g': read_accounts(event); break;
    case 'p':
      if (program.starts_with("postfix")) {
        read_postfix(event);
      } else if (program == "passwd") {
        read_accounts(event);
      } else if (program == "proftpd" || program == "pure-ftpd") {
        read_ftp_message(event);
      } else if (program.starts_with("pop3-login")) {
        read_dovecot(event);
      } else if (program == "php") {
        read_system(event);
      } else if (program == "pdns_recursor") {
        read_named(event);
      }
      break;
    case 'd':
      if (program == "dovecot") read_dovecot(event);
      if (program == "danted") read_dante(event);
      if (program == "dnsmasq") read_named(event);
      break;
    case 'k':
      if (program == "kernel") read_system(event);
      break;
    case 'n':
      if (program == "named") read_named(event);
      break;
    case 'v':
      if (program == "vsftpd") read_ftp_message(event);
      break;
    default: break;
  }
}

bool read_syslog_line(std::string_view line, Stamps& stamps, Sessions& sessions, Event& event) {
  std::string_view text = line;
  std::optional<Instant> at;
  if (!text.empty() && text.front() >= '0' && text.front() <= '9') {
    at = stamps.take_iso(text);
  } else {
    at = stamps.take_rfc3164(text);
  }
  if (!at || !take(text, " ")) return false;
  event.at = at;
  // Host, then "program[pid]: " or "program: ".
  const std::size_t host = text.find(' ');
  if (host == std::string_view::npos) return false;
  text.remove_prefix(host + 1);
  event.message = text;
  const std::size_t end = text.find(' ');
  std::string_view word = text.substr(0, end);
  if (!take_end(word, ":")) return true;  // "last message repeated 3 times"
  if (word.ends_with(']')) {
    const std::size_t open = word.rfind('[');
    if (open == std::string_view::npos) return true;
    event.pid = number_or<std::uint32_t>(word.substr(open + 1), 0);
    word = word.substr(0, open);
  }
  if (!is_program(word)) return true;
  event.program = word;
  event.message = end == std::string_view::npos ? std::string_view{} : text.substr(end + 1);
  read_message(event, sessions);
  return true;
}

}  // namespace abate::sweep
