// SPDX-License-Identifier: Apache-2.0
// Error logs of Apache, nginx and LiteSpeed, php-fpm's and PHP's own, and PHP's mail.log.
#include "sweep/host/logs/grammars/grammars.h"
#include "sweep/host/logs/scan.h"

namespace abate::sweep {
namespace {

// The script that PHP names: "… in /var/www/x.php on line 3", "… in /var/www/x.php:12"; Apache's "script '/x' not
// found", nginx's "Primary script unknown" names none.
std::string_view script_of(std::string_view text) {
  if (const std::string_view quoted = between(text, "script '", "'"); quoted.starts_with('/')) return quoted;
  const std::size_t on_line = text.rfind(" on line ");
  const std::size_t in = text.rfind(" in /", on_line);
  if (in == std::string_view::npos) return {};
  std::string_view path = text.substr(in + 4);
  if (on_line != std::string_view::npos && on_line > in) return path.substr(0, on_line - in - 4);
  path = path.substr(0, path.find_first_of(" \n\""));
  const std::size_t colon = path.rfind(':');
  return path.substr(0, colon);
}

// "mail() on [/var/www/html/x.php:12]: To: a@example.org -- Headers: …": mail.log of php.ini. The path is the
// first thing in it, so nothing that a stranger wrote stands before.
bool read_php_mail(std::string_view text, Event& event) {
  if (!take(text, "mail() on [")) return false;
  Mail mail{.step = MailStep::script};
  const std::size_t close = text.find("]: To: ");
  if (close == std::string_view::npos) return false;
  const std::string_view where = text.substr(0, close);
  mail.script = where.substr(0, where.rfind(':'));
  text.remove_prefix(close + 7);
  mail.recipient = text.substr(0, text.find(" -- Headers: "));
  const std::size_t subject = text.rfind(" -- Subject: ");
  if (subject != std::string_view::npos) mail.subject = text.substr(subject + 13);
  event.program = "php";
  event.what = mail;
  return true;
}

bool read_apache(std::string_view line, Stamps& stamps, Event& event) {
  line.remove_prefix(1);
  event.at = stamps.take_ctime(line);
  if (!event.at || !take(line, "] ")) return false;
  event.program = "apache_error";
  event.message = line;
  WebError error;
  std::string_view text = line;
  for (int part = 0; part < 4 && take(text, "["); ++part) {
    std::string_view value = take_to(text, "] ");
    if (take(value, "client ")) {
      error.client = ip_with_port(value);
      break;
    }
    if (take(value, "pid ")) event.pid = number_or<std::uint32_t>(value, 0);
  }
  error.script = script_of(text);
  event.what = error;
  return true;
}

bool read_nginx(std::string_view line, Stamps& stamps, Event& event) {
  event.at = stamps.take_iso(line);
  if (!event.at || !take(line, " [")) return false;
  event.program = "nginx_error";
  event.message = line;
  WebError error;
  const std::size_t client = line.rfind(", client: ");
  if (client != std::string_view::npos) {
    std::string_view rest = line.substr(client + 10);
    error.client = ip_in_log(rest.substr(0, rest.find(',')));
  }
  error.script = script_of(line.substr(0, client));
  // LiteSpeed: "2026-03-02 10:00:00.123456 [NOTICE] [1234] [192.0.2.4:5678:HTTP2-1#site] …"
  for (std::string_view rest = line; client == std::string_view::npos && !rest.empty();) {
    take_to(rest, "] [");
    std::string_view who = rest.substr(0, rest.find_first_of("#]"));
    for (int colons = 0; colons < 3 && !error.client; ++colons) {
      error.client = ip_with_port(who);
      who = who.substr(0, who.rfind(':'));
    }
    if (error.client) break;
  }
  event.what = error;
  return true;
}

}  // namespace

bool read_web_error_line(std::string_view line, Stamps& stamps, Sessions& /*sessions*/, Event& event) {
  if (line.empty()) return false;
  if (line.front() >= '0' && line.front() <= '9') return read_nginx(line, stamps, event);
  if (line.front() != '[' || line.size() < 22) return false;
  if (line[1] > '9') return read_apache(line, stamps, event);
  // "[02-Mar-2026 10:00:00 UTC] PHP Warning: …", php-fpm without a zone
  std::string_view text = line.substr(1);
  event.at = stamps.take_clf(text);
  if (!event.at) return false;
  take_to(text, "] ");
  event.program = "php";
  event.message = text;
  if (read_php_mail(text, event)) return true;
  event.what = WebError{.client = {}, .script = script_of(text)};
  return true;
}

}  // namespace abate::sweep
