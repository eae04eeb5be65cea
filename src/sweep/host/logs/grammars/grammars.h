// SPDX-License-Identifier: Apache-2.0
// sweep/host/logs/grammars/grammars.h — what the programs' own messages mean. One file a family of programs.
//
// SECURITY: part of nearly every message was chosen by a stranger: user names, HELO names, file names, requests. Each
// grammar reads from fixed words at fixed places and knows which end of the line its program wrote last: sshd's
// "for invalid user a from 192.0.2.1 port 2 from 198.51.100.1 port 3 ssh2" names 198.51.100.1. What does not fit
// exactly stays Other. No allocation a line.
#pragma once

#include <array>
#include <string>
#include <string_view>

#include "sweep/host/logs/stamps.h"
#include "sweep/kit/event.h"

namespace abate::sweep {

// What is remembered between lines: who an SFTP session or a proxy connection belongs to. Bounded: old ones give way.
class Sessions {
 public:
  struct Session {
    std::uint32_t pid = 0;
    std::string user;
    std::optional<IpAddress> client;
  };
  void open(std::uint32_t pid, std::string_view user, const std::optional<IpAddress>& client);
  [[nodiscard]] const Session* of(std::uint32_t pid) const;

  static constexpr std::size_t kMax = 512;
  static constexpr std::size_t kUserBytesMax = 64;

 private:
  std::array<Session, kMax> all_;
};

// Fills event.what from event.program and event.message (of syslog or the journal).
void read_message(Event& event, Sessions& sessions);

// By family; true when the message was one of theirs that means something.
bool read_ssh(Event& event, Sessions& sessions);
bool read_accounts(Event& event);  // sudo, su, cron, useradd, usermod, passwd, groupadd, gpasswd, userdel
bool read_postfix(Event& event);
bool read_dovecot(Event& event);
bool read_sendmail(Event& event);
bool read_ftp_message(Event& event);  // proftpd, pure-ftpd, vsftpd through PAM
bool read_system(Event& event);       // systemd, kernel
bool read_dante(Event& event);
bool read_named(Event& event);

// Logs in formats of their own: the whole line in; sets at, program, message, what. False: not such a line.
using LineReader = bool (*)(std::string_view line, Stamps& stamps, Sessions& sessions, Event& event);
bool read_exim_line(std::string_view line, Stamps& stamps, Sessions& sessions, Event& event);
bool read_web_error_line(std::string_view line, Stamps& stamps, Sessions& sessions, Event& event);  // also PHP's
bool read_vsftpd_line(std::string_view line, Stamps& stamps, Sessions& sessions, Event& event);
bool read_xferlog_line(std::string_view line, Stamps& stamps, Sessions& sessions, Event& event);
bool read_proftpd_line(std::string_view line, Stamps& stamps, Sessions& sessions, Event& event);
bool read_squid_line(std::string_view line, Stamps& stamps, Sessions& sessions, Event& event);
bool read_tinyproxy_line(std::string_view line, Stamps& stamps, Sessions& sessions, Event& event);
bool read_3proxy_line(std::string_view line, Stamps& stamps, Sessions& sessions, Event& event);
bool read_dante_line(std::string_view line, Stamps& stamps, Sessions& sessions, Event& event);
bool read_fail2ban_line(std::string_view line, Stamps& stamps, Sessions& sessions, Event& event);
bool read_audit_line(std::string_view line, Stamps& stamps, Sessions& sessions, Event& event);
bool read_package_line(std::string_view line, Stamps& stamps, Sessions& sessions, Event& event);  // dpkg, apt, dnf
bool read_panel_line(std::string_view line, Stamps& stamps, Sessions& sessions, Event& event);
bool read_dovecot_line(std::string_view line, Stamps& stamps, Sessions& sessions, Event& event);
// RFC 3164 or RFC 3339 in front, then read_message().
bool read_syslog_line(std::string_view line, Stamps& stamps, Sessions& sessions, Event& event);

}  // namespace abate::sweep
