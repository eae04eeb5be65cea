// SPDX-License-Identifier: Apache-2.0
// sweep/host/logs/find_logs.h — every log of every service: where distributions and panels keep them, where the sites'
// and rsyslog's configuration say, with all their rotations.
//
// Ordered by log, and within one log oldest first: "auth.log.2.gz", "auth.log.1", "auth.log". Each file once, whatever
// names lead to it (inode). At most kLogFilesMax; what is beyond is told to notes.
#pragma once

#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "sweep/host/open_host.h"

namespace abate::sweep {

enum class LogFamily : std::uint8_t {
  syslog,  // also files that rsyslog's configuration names
  access,
  web_error,
  exim,
  dovecot,
  vsftpd,
  xferlog,
  proftpd,
  squid,
  tinyproxy,
  proxy3,
  dante,
  fail2ban,
  audit,
  packages,
  panel,
  logins,  // wtmp, btmp, utmp
  last_logins,
  login_database,  // wtmpdb's, lastlog2's
  last_login_database,
  container,  // what a container's programs wrote, wrapped by its engine
};

struct LogFile {
  std::string path;
  std::string log;  // its name without the rotation: "/var/log/auth.log"
  LogFamily family = LogFamily::syslog;
  bool general = false;  // syslog, messages: may repeat what stands in auth.log or mail.log
  Instant modified;
  std::optional<Instant> date;  // that its name tells: "secure-20261101"
  std::uint64_t size = 0;
};

std::vector<LogFile> find_logs(const Host& host, Notes& notes);
// Journal files, oldest folder's first; "/var/log/journal/*/*.journal[~]" and those beneath /run/log.
std::vector<std::string> find_journals(const Host& host);

constexpr std::size_t kLogFilesMax = 20'000;

// "auth.log.2.gz" -> {"auth.log", 2}; "secure-20261101.xz" -> {"secure", date}. For tests, too.
struct Rotation {
  std::string log;
  std::uint32_t number = 0;  // 0: not numbered
  std::uint64_t date = 0;    // yyyymmddhh, 0: not dated
};
Rotation rotation_of(std::string_view path);

}  // namespace abate::sweep
