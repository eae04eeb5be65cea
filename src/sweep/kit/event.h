// SPDX-License-Identifier: Apache-2.0
// sweep/kit/event.h — what one log line says, whichever program wrote it and whichever way it was kept.
//
// sweep/host/logs reads every log of the server, turns each line into an Event and hands it to every watcher. Views
// point into the reader's buffer: valid during the call only. Strings are hostile: a log line holds what its client
// sent.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <variant>

#include "base/ip.h"
#include "base/time.h"

namespace abate::sweep {

struct Origin {            // where a line stands
  std::string_view path;   // "/var/log/auth.log.2.gz", or the journal file
  std::uint64_t line = 0;  // from 1; in a journal: the entry's number
};

enum class LoginService : std::uint8_t { ssh, sftp, ftp, imap, pop3, smtp, panel, web_application, console, su, other };
std::string_view login_service_name(LoginService service);

struct Login {  // somebody came in, or tried to
  LoginService service = LoginService::other;
  bool accepted = false;
  std::string_view user;
  std::optional<IpAddress> client;
  std::string_view method;    // "password", "publickey", "keyboard-interactive", "LOGIN"
  std::string_view key;       // "SHA256:…" of the key that was used
  bool user_is_known = true;  // false: "invalid user"
};
struct SessionEnd {
  LoginService service = LoginService::other;
  std::string_view user;
  std::optional<IpAddress> client;
};
struct Request {          // a line of an access log
  std::string_view site;  // of the vhost, where the line says it (other_vhosts_access.log, %v); else ""
  std::optional<IpAddress> client;
  std::string_view user;    // HTTP authentication, or ""
  std::string_view method;  // "POST"
  std::string_view target;  // as sent: "/a/b.php?x=1"
  std::uint16_t status = 0;
  std::uint64_t bytes = 0;
  std::string_view referer;
  std::string_view agent;
};
struct WebError {  // apache/nginx error log, php-fpm, PHP's error_log
  std::optional<IpAddress> client;
  std::string_view script;  // the file that it names, or ""
};
enum class MailStep : std::uint8_t {
  accepted_locally,   // pickup, exim U=: by uid or user
  accepted_remotely,  // smtpd client=, exim H=: by client, perhaps authenticated
  message_id,         // cleanup
  from,               // qmgr: sender, size, recipients
  to,                 // smtp, local, exim => ** ==: one recipient's fate
  relay_denied,
  removed,
  script,  // exim cwd= line, php's mail.log: which script called sendmail
};
struct Mail {
  MailStep step = MailStep::from;
  std::string_view queue_id;
  std::optional<std::uint32_t> uid;  // accepted_locally
  std::string_view local_user;       // exim U=, or the envelope's local part where the uid's name is not said
  std::optional<IpAddress> client;
  std::string_view sasl_user;  // authenticated as
  std::string_view sender;     // envelope
  std::string_view recipient;
  std::string_view message_id;
  std::string_view subject;  // exim T=
  std::string_view status;   // "sent", "deferred", "bounced"
  std::string_view dsn;      // "5.7.1"
  std::string_view relay;
  std::string_view script;  // path or folder
  std::uint32_t recipients = 0;
};
struct Transfer {  // FTP, SFTP, panel file manager
  LoginService service = LoginService::ftp;
  bool upload = false;
  std::string_view user;
  std::optional<IpAddress> client;
  std::string_view path;
  std::uint64_t bytes = 0;
};
struct Command {  // sudo, su, doas
  std::string_view user;
  std::string_view as;
  std::string_view command;
  bool allowed = true;
};
struct JobRun {  // cron, at
  std::string_view user;
  std::string_view command;
  bool edited = false;  // "REPLACE": the crontab was changed
};
enum class AccountStep : std::uint8_t { added, changed, removed, password_changed, group_added, group_joined };
struct AccountChange {
  AccountStep step = AccountStep::changed;
  std::string_view user;
  std::string_view group;
  std::optional<std::uint32_t> uid;
};
struct PackageChange {
  std::string_view action;  // "install", "upgrade", "remove"
  std::string_view name;
  std::string_view version;
};
struct UnitChange {  // systemd: Started, Stopped, Reloading; also the first line of a boot
  std::string_view unit;
  std::string_view what;  // "started", "stopped", "failed", "boot"
};
struct ProxyUse {  // squid, tinyproxy, 3proxy, dante
  std::optional<IpAddress> client;
  std::string_view user;
  std::string_view method;
  std::string_view target;
  bool allowed = true;
};
struct Query {  // named, unbound, dnsmasq
  std::optional<IpAddress> client;
  std::string_view name;
  std::string_view type;
};
struct Other {};  // any other line: program and message still say what it is

struct Event {
  std::optional<Instant> at;  // UTC; empty where the line does not say and nothing around it does
  Origin origin;
  std::string_view program;  // "sshd", "postfix/smtpd", "apache_access"
  std::uint32_t pid = 0;
  std::uint32_t times = 1;   // "message repeated 5 times", "5 attempts": how often it happened
  std::string_view message;  // the line without its syslog head, or the whole line of an own format
  std::variant<Other, Login, SessionEnd, Request, WebError, Mail, Transfer, Command, JobRun, AccountChange,
               PackageChange, UnitChange, ProxyUse, Query>
      what;
};

template <class T>
const T* as(const Event& event) {
  return std::get_if<T>(&event.what);
}
std::string origin_text(const Origin& origin);  // "/var/log/auth.log:12"
std::string evidence_of(const Event& event);    // "/var/log/auth.log:12: message", shortened

}  // namespace abate::sweep
