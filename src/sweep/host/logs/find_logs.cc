// SPDX-License-Identifier: Apache-2.0
#include "sweep/host/logs/find_logs.h"

#include <algorithm>
#include <set>
#include <tuple>

#include "base/text.h"
#include "sweep/host/logs/scan.h"
#include "sweep/host/logs/zone.h"

namespace abate::sweep {
namespace {

struct Place {
  std::string_view pattern;  // of the log itself and its rotations
  LogFamily family;
  bool general = false;
};

constexpr Place kPlaces[] = {
    {"/var/log/auth.log*", LogFamily::syslog},
    {"/var/log/secure*", LogFamily::syslog},
    {"/var/log/mail.log*", LogFamily::syslog},
    {"/var/log/maillog*", LogFamily::syslog},
    {"/usr/local/psa/var/log/maillog*", LogFamily::syslog},
    {"/var/log/cron.log*", LogFamily::syslog},
    {"/var/log/cron", LogFamily::syslog},
    {"/var/log/cron[.-]*", LogFamily::syslog},
    {"/var/log/kern.log*", LogFamily::syslog},
    {"/var/log/daemon.log*", LogFamily::syslog},
    {"/var/log/user.log*", LogFamily::syslog},
    {"/var/log/pureftpd.log*", LogFamily::syslog},
    {"/var/log/pure-ftpd/*.log*", LogFamily::syslog},
    {"/var/log/named/*", LogFamily::syslog},
    {"/var/log/named.log*", LogFamily::syslog},
    {"/var/log/syslog*", LogFamily::syslog, true},
    {"/var/log/messages*", LogFamily::syslog, true},
    {"/var/log/mail.info*", LogFamily::syslog, true},
    {"/var/log/mail.warn*", LogFamily::syslog, true},
    {"/var/log/mail.err*", LogFamily::syslog, true},
    {"/var/log/exim4/*log*", LogFamily::exim},
    {"/var/log/exim/*", LogFamily::exim},
    {"/var/log/exim_*log*", LogFamily::exim},
    {"/var/log/dovecot*.log*", LogFamily::dovecot},
    {"/var/log/apache2/*access*", LogFamily::access},
    {"/var/log/httpd/*access*", LogFamily::access},
    {"/var/log/nginx/*access*", LogFamily::access},
    {"/var/log/lighttpd/access*", LogFamily::access},
    {"/var/log/apache2/*error*", LogFamily::web_error},
    {"/var/log/httpd/*error*", LogFamily::web_error},
    {"/var/log/nginx/*error*", LogFamily::web_error},
    {"/var/log/lighttpd/error*", LogFamily::web_error},
    {"/usr/local/lsws/logs/access*", LogFamily::access},
    {"/usr/local/lsws/logs/error*", LogFamily::web_error},
    {"/etc/apache2/logs/domlogs/*", LogFamily::access},
    {"/etc/apache2/logs/domlogs/*/*", LogFamily::access},
    {"/usr/local/apache/domlogs/*", LogFamily::access},
    {"/usr/local/apache/domlogs/*/*", LogFamily::access},
    {"/home/*/logs/*.gz", LogFamily::access},
    {"/home/*/logs/*access*", LogFamily::access},
    {"/home/*/logs/*error*", LogFamily::web_error},
    {"/home*/*/access-logs/*", LogFamily::access},
    {"/var/www/vhosts/system/*/logs/*access*", LogFamily::access},
    {"/var/www/vhosts/system/*/logs/error_log*", LogFamily::web_error},
    {"/var/www/vhosts/system/*/logs/proxy_error_log*", LogFamily::web_error},
    {"/var/www/vhosts/system/*/logs/xferlog_regular*", LogFamily::xferlog},
    {"/var/log/httpd/domains/*.error.log*", LogFamily::web_error},
    {"/var/log/httpd/domains/*.log*", LogFamily::access},
    {"/var/log/nginx/domains/*.error.log*", LogFamily::web_error},
    {"/var/log/nginx/domains/*.log*", LogFamily::access},
    {"/var/log/apache2/domains/*.error.log*", LogFamily::web_error},
    {"/var/log/apache2/domains/*.log*", LogFamily::access},
    {"/var/log/apache2/*.log*", LogFamily::access},
    {"/var/log/nginx/*.log*", LogFamily::access},
    {"/var/log/httpd/*_log*", LogFamily::access},
    {"/var/log/ispconfig/httpd/*/*access*", LogFamily::access},
    {"/var/log/ispconfig/httpd/*/error*", LogFamily::web_error},
    {"/var/log/virtualmin/*access*", LogFamily::access},
    {"/srv/users/*/log/*/*access*", LogFamily::access},
    {"/srv/users/*/log/*mail.log*", LogFamily::web_error},
    {"/home/*/.php/php-mail.log*", LogFamily::web_error},
    {"/var/log/php*mail*.log*", LogFamily::web_error},
    {"/var/log/php*.log*", LogFamily::web_error},
    {"/var/log/php/*.log*", LogFamily::web_error},
    {"/var/log/php-fpm/*.log*", LogFamily::web_error},
    {"/var/log/phpmail.log*", LogFamily::web_error},
    {"/var/log/vsftpd.log*", LogFamily::vsftpd},
    {"/var/log/xferlog*", LogFamily::xferlog},
    {"/var/log/plesk/xferlog*", LogFamily::xferlog},
    {"/var/log/proftpd/xferlog*", LogFamily::xferlog},
    {"/var/log/proftpd/*.log*", LogFamily::proftpd},
    {"/var/log/squid/access.log*", LogFamily::squid},
    {"/var/log/squid3/access.log*", LogFamily::squid},
    {"/var/log/tinyproxy/*.log*", LogFamily::tinyproxy},
    {"/var/log/tinyproxy.log*", LogFamily::tinyproxy},
    {"/var/log/3proxy/*", LogFamily::proxy3},
    {"/var/log/3proxy*", LogFamily::proxy3},
    {"/usr/local/3proxy/logs/*", LogFamily::proxy3},
    {"/var/log/danted*", LogFamily::dante},
    {"/var/log/sockd*", LogFamily::dante},
    {"/var/log/fail2ban.log*", LogFamily::fail2ban},
    {"/var/log/audit/audit.log*", LogFamily::audit},
    {"/var/log/dpkg.log*", LogFamily::packages},
    {"/var/log/apt/history.log*", LogFamily::packages},
    {"/var/log/dnf.rpm.log*", LogFamily::packages},
    {"/var/log/yum.log*", LogFamily::packages},
    {"/usr/local/cpanel/logs/login_log*", LogFamily::panel},
    {"/usr/local/cpanel/logs/session_log*", LogFamily::panel},
    {"/usr/local/cpanel/logs/access_log*", LogFamily::panel},
    {"/var/log/directadmin/login.log*", LogFamily::panel},
    {"/var/log/directadmin/security.log*", LogFamily::panel},
    {"/var/log/dnf.log*", LogFamily::packages},
    {"/var/log/plesk/panel.log*", LogFamily::panel},
    {"/usr/local/psa/admin/logs/panel.log*", LogFamily::panel},
    {"/var/log/plesk/httpsd_access_log*", LogFamily::access},
    {"/usr/local/psa/admin/logs/httpsd_access_log*", LogFamily::access},
    {"/var/webmin/miniserv.log*", LogFamily::access},
    {"/var/log/unbound*.log*", LogFamily::syslog},
    {"/var/log/unbound/*.log*", LogFamily::syslog},
    {"/var/log/wtmp*", LogFamily::logins},
    {"/var/log/btmp*", LogFamily::logins},
    {"/run/utmp", LogFamily::logins},
    {"/var/log/lastlog", LogFamily::last_logins},
    {"/var/lib/wtmpdb/wtmp*.db", LogFamily::login_database},
    {"/var/lib/lastlog/lastlog2.db", LogFamily::last_login_database},
};

// Names that the patterns catch and that are no lines of that kind.
bool is_no_log(std::string_view path) {
  for (const std::string_view suffix :
       {".bytes", ".bytes.gz", "-bytes_log", ".db", ".json", ".offset", ".dat", "ftp_log"})
    if (path.ends_with(suffix)) return true;
  return false;
}

class Finder {
 public:
  Finder(const Host& host, Notes& notes) : host_{host}, notes_{notes} {}

  void add(std::string_view pattern, LogFamily family, bool general) {
    for (std::string& path : glob(*host_.tree, pattern)) add_file(std::move(path), family, general);
  }
  // A log that a configuration names, with its rotations.
  void add_named(std::string_view path, LogFamily family, bool general) {
    if (!path.starts_with('/')) return;
    std::string pattern;
    for (const char c : path) {
      if (c == '*' || c == '?' || c == '[') return;
      pattern += c;
    }
    add(pattern + "*", family, general);
  }

  std::vector<LogFile> take() {
    std::ranges::sort(logs_, [](const Found& a, const Found& b) {
      // Newest last: the log itself, before it .1, before that .2; and by date.
      const auto age = [](const Found& one) {
        const bool current = one.rotation.number == 0 && one.rotation.date == 0;
        return std::tuple{current ? 2 : one.rotation.number != 0 ? 1 : 0, one.rotation.date, ~one.rotation.number};
      };
      if (a.file.general != b.file.general) return !a.file.general;
      if (a.file.log != b.file.log) return a.file.log < b.file.log;
      if (age(a) != age(b)) return age(a) < age(b);
      return a.file.path < b.file.path;
    });
    std::vector<LogFile> files;
    files.reserve(logs_.size());
    for (Found& one : logs_) files.push_back(std::move(one.file));
    if (left_out_ != 0) notes_.add(fmt::format("{} log files", left_out_), "there are too many");
    return files;
  }

 private:
  struct Found {
    LogFile file;
    Rotation rotation;
  };

  void add_file(std::string path, LogFamily family, bool general) {
    const bool database = family == LogFamily::login_database || family == LogFamily::last_login_database;
    if (!database && is_no_log(path)) return;
    const Result<Stat> stat = host_.tree->stat_through_links(path);
    if (!stat || stat->kind != NodeKind::file || stat->size == 0) return;
    if (!seen_.insert({stat->device, stat->inode != 0 ? stat->inode : std::hash<std::string>{}(path)}).second) return;
    if (logs_.size() >= kLogFilesMax) {
      ++left_out_;
      return;
    }
    Found found;
    found.rotation = rotation_of(path);
    found.file.log = found.rotation.log;
    found.file.path = std::move(path);
    found.file.family = family;
    found.file.general = general;
    found.file.modified = stat->modified;
    found.file.size = stat->size;
    if (const std::uint64_t date = found.rotation.date; date != 0) {
      const std::int64_t days = days_of(static_cast<std::int64_t>(date / 1'000'000),
                                        static_cast<int>(date / 10'000 % 100), static_cast<int>(date / 100 % 100));
      found.file.date = from_micros((days * 86400 + static_cast<std::int64_t>(date % 100) * 3600) * 1'000'000);
    }
    logs_.push_back(std::move(found));
  }

  const Host& host_;
  Notes& notes_;
  std::vector<Found> logs_;
  std::set<std::pair<std::uint64_t, std::uint64_t>> seen_;
  std::size_t left_out_ = 0;
};

// rsyslog.conf(5): "mail.*  -/var/log/mail.log", and in RainerScript action(type="omfile" file="/var/log/x").
void add_rsyslog(const Tree& tree, Finder& finder) {
  for (const std::string_view pattern : {"/etc/rsyslog.conf", "/etc/rsyslog.d/*.conf"})
    for (const std::string& path : glob(tree, pattern)) {
      const std::string text = read_or_nothing(tree, path);
      for (std::string_view line : split(text, '\n')) {
        line = trim(line);
        if (line.empty() || line.front() == '#') continue;
        std::string_view file = between(line, " file=\"", "\"");
        if (file.empty()) file = between(line, " File=\"", "\"");
        std::string_view selector;
        if (file.empty()) {
          const std::size_t blank = line.find_first_of(" \t");
          if (blank == std::string_view::npos || line.front() == '$') continue;
          selector = line.substr(0, blank);
          if (selector.find('.') == std::string_view::npos) continue;
          file = trim(line.substr(blank));
          take(file, "-");
        }
        if (!file.starts_with('/') || file.starts_with("/dev/")) continue;
        file = file.substr(0, file.find_first_of("; \t"));
        finder.add_named(file, LogFamily::syslog, selector.starts_with("*."));
      }
    }
}

}  // namespace

Rotation rotation_of(std::string_view path) {
  Rotation rotation;
  for (const std::string_view packed : {".gz", ".xz", ".zst", ".bz2", ".lz4"}) take_end(path, packed);
  const auto digits_at_end = [](std::string_view text) {
    std::size_t n = 0;
    while (n < text.size() && text[text.size() - 1 - n] >= '0' && text[text.size() - 1 - n] <= '9') ++n;
    return n;
  };
  // "log.1", "log-20261101", "log-2026110103", "log-1772442000" (by seconds), "log.2026-11-01"
  const std::size_t n = digits_at_end(path);
  if (n > 0 && n < path.size()) {
    const char mark = path[path.size() - n - 1];
    const std::string_view number = path.substr(path.size() - n);
    const std::string_view head = path.substr(0, path.size() - n - 1);
    if (mark == '.' && n <= 4) {
      rotation.number = number_or<std::uint32_t>(number, 0) + 1;  // "log.0" is a rotation too
      rotation.log = head;
      return rotation;
    }
    if ((mark == '-' || mark == '.' || mark == '_') && (n == 8 || n == 10)) {
      const auto value = number_or<std::uint64_t>(number, 0);
      const bool date = number.starts_with("20") && (n == 8 || value < 2'100'000'000);
      if (date) {
        rotation.date = n == 8 ? value * 100 + 24 : value;
        rotation.log = head;
        return rotation;
      }
    }
    if (mark == '-' && n == 2 && path.size() > 11 && path[path.size() - 6] == '-') {
      std::string_view whole = path.substr(path.size() - 10);
      int year = 0;
      int month = 0;
      int day = 0;
      if (take_digits(whole, 4, year) && take(whole, "-") && take_digits(whole, 2, month) && take(whole, "-") &&
          take_digits(whole, 2, day)) {
        rotation.date = static_cast<std::uint64_t>(((year * 100 + month) * 100 + day)) * 100 + 24;
        rotation.log = path.substr(0, path.size() - 11);
        return rotation;
      }
    }
  }
  rotation.log = path;
  return rotation;
}

std::vector<LogFile> find_logs(const Host& host, Notes& notes) {
  Finder finder{host, notes};
  for (const Container& container : host.containers) finder.add_named(container.log, LogFamily::container, false);
  for (const Site& site : host.sites) {
    for (const std::string& path : site.access_logs) finder.add_named(path, LogFamily::access, false);
    for (const std::string& path : site.error_logs) finder.add_named(path, LogFamily::web_error, false);
  }
  for (const Place& place : kPlaces) finder.add(place.pattern, place.family, place.general);
  add_rsyslog(*host.tree, finder);
  return finder.take();
}

std::vector<std::string> find_journals(const Host& host) {
  std::vector<std::string> paths;
  for (const std::string_view folder : {"/var/log/journal", "/run/log/journal"})
    for (const std::string_view name : {"*/*.journal", "*/*.journal~", "*.journal", "*.journal~", "remote/*.journal"})
      for (std::string& path : glob(*host.tree, join_path(folder, name)))
        if (paths.size() < kLogFilesMax && std::ranges::find(paths, path) == paths.end())
          paths.push_back(std::move(path));
  return paths;
}

}  // namespace abate::sweep
