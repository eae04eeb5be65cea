// SPDX-License-Identifier: Apache-2.0
// vsftpd, proftpd, pure-ftpd and the xferlog that they share.
#include "sweep/host/logs/grammars/grammars.h"
#include "sweep/host/logs/scan.h"

namespace abate::sweep {
namespace {

// "(anna@192.0.2.1) [NOTICE] /home/anna/x.php uploaded  (123 bytes, 4.5KB/sec)"
bool read_pureftpd(std::string_view text, Event& event) {
  if (!take(text, "(")) return false;
  const std::size_t close = text.find(") [");
  if (close == std::string_view::npos) return false;
  const std::string_view who = text.substr(0, close);
  const std::size_t at = who.rfind('@');
  if (at == std::string_view::npos) return false;
  const std::optional<IpAddress> client = ip_in_log(who.substr(at + 1));
  const std::string_view user = who.substr(0, at);
  text.remove_prefix(close + 3);
  const std::string_view level = take_to(text, "] ");
  if (level == "INFO" && text.ends_with(" is now logged in")) {
    Login login{.service = LoginService::ftp, .accepted = true};
    login.user = text.substr(0, text.size() - 17);
    login.client = client;
    login.method = "password";
    event.what = login;
    return true;
  }
  if (take(text, "Authentication failed for user [")) {
    Login login{.service = LoginService::ftp};
    login.user = text;
    take_end(login.user, "]");
    login.client = client;
    login.method = "password";
    event.what = login;
    return true;
  }
  const std::size_t up = text.rfind(" uploaded  (");
  const std::size_t down = text.rfind(" downloaded  (");
  const std::size_t words = up != std::string_view::npos ? up : down;
  if (level != "NOTICE" || words == std::string_view::npos) return false;
  Transfer transfer{.service = LoginService::ftp};
  transfer.upload = up != std::string_view::npos;
  transfer.user = user;
  transfer.client = client;
  transfer.path = text.substr(0, words);
  transfer.bytes = number_or<std::uint64_t>(text.substr(text.find('(', words) + 1), 0);
  event.what = transfer;
  return true;
}

// "host (client[192.0.2.1]) - USER anna: Login successful.", in its own file with ':' for " -".
bool read_proftpd(std::string_view text, Event& event) {
  const std::size_t open = text.find('[');
  const std::size_t close = text.find("])");
  if (open == std::string_view::npos || close == std::string_view::npos || close < open) return false;
  Login login{.service = LoginService::ftp};
  login.client = ip_in_log(text.substr(open + 1, close - open - 1));
  login.method = "password";
  text.remove_prefix(close + 2);
  if (!take(text, " - ") && !take(text, ": ")) return false;
  const bool shouted = take(text, "USER ");
  if (!shouted && !take(text, "ANON ")) return false;
  if (take_end(text, ": Login successful.")) {
    login.accepted = true;
    login.user = text;
  } else if (const std::size_t failed = text.rfind(" (Login failed)"); failed != std::string_view::npos) {
    login.user = text.substr(0, failed);
  } else if (const std::size_t none = text.rfind(": no such user found"); none != std::string_view::npos) {
    login.user = text.substr(0, none);
    login.user_is_known = false;
  } else {
    return false;
  }
  event.what = login;
  return true;
}

std::optional<IpAddress> quoted_client(std::string_view& text) {
  if (!take(text, "Client \"")) return std::nullopt;
  return ip_in_log(take_to(text, "\""));
}

}  // namespace

bool read_ftp_message(Event& event) {
  if (event.program == "pure-ftpd") return read_pureftpd(event.message, event);
  if (event.program == "proftpd") return read_proftpd(event.message, event);
  return false;
}

// "Mon Mar  2 10:00:00 2026 [pid 3] [anna] OK UPLOAD: Client "192.0.2.1", "/x.php", 123 bytes, 4.50Kbyte/sec"
bool read_vsftpd_line(std::string_view line, Stamps& stamps, Sessions& sessions, Event& event) {
  event.at = stamps.take_ctime(line);
  if (!event.at || !take(line, " ")) return false;
  if (!line.starts_with("[pid ")) {  // the xferlog format, which it writes when told so
    return false;
  }
  line.remove_prefix(5);
  event.program = "vsftpd";
  take_number(line, event.pid);
  take(line, "] ");
  event.message = line;
  std::string_view user;
  std::string_view text = line;
  if (take(text, "[")) user = take_to(text, "] ");
  const bool good = take(text, "OK ");
  if (!good && !take(text, "FAIL ")) return true;
  if (take(text, "LOGIN: ")) {
    Login login{.service = LoginService::ftp, .accepted = good};
    login.user = user;
    login.client = quoted_client(text);
    login.method = "password";
    event.what = login;
    return true;
  }
  const bool upload = take(text, "UPLOAD: ");
  if (!good || (!upload && !take(text, "DOWNLOAD: "))) return true;
  Transfer transfer{.service = LoginService::ftp};
  transfer.upload = upload;
  transfer.user = user;
  transfer.client = quoted_client(text);
  if (!take(text, ", \"")) return true;
  const std::size_t end = text.rfind("\", ");
  transfer.path = text.substr(0, end);
  if (end != std::string_view::npos) transfer.bytes = number_or<std::uint64_t>(text.substr(end + 3), 0);
  event.what = transfer;
  static_cast<void>(sessions);
  return true;
}

// "Mon Mar  2 10:00:00 2026 1 192.0.2.1 123 /home/anna/x.php b _ i r anna ftp 0 * c": nine words follow the path.
bool read_xferlog_line(std::string_view line, Stamps& stamps, Sessions& sessions, Event& event) {
  const std::string_view whole = line;
  event.at = stamps.take_ctime(line);
  if (!event.at || !take(line, " ")) return false;
  if (line.starts_with("[pid ")) return read_vsftpd_line(whole, stamps, sessions, event);
  event.program = "xferlog";
  event.message = line;
  Transfer transfer{.service = LoginService::ftp};
  take_word(line);  // seconds
  transfer.client = ip_in_log(take_word(line));
  transfer.bytes = number_or<std::uint64_t>(take_word(line), 0);
  std::array<std::string_view, 9> tail;
  for (std::size_t i = tail.size(); i-- > 0;) {
    const std::size_t blank = line.rfind(' ');
    if (blank == std::string_view::npos) return true;
    tail[i] = line.substr(blank + 1);
    line = line.substr(0, blank);
  }
  transfer.path = line;
  transfer.upload = tail[2] == "i";
  transfer.user = tail[4];
  if (tail[8] == "c") event.what = transfer;
  return true;
}

// "2026-03-02 10:00:00,123 host proftpd[123] host (client[192.0.2.1]): USER anna: Login successful."
bool read_proftpd_line(std::string_view line, Stamps& stamps, Sessions& /*sessions*/, Event& event) {
  event.at = stamps.take_iso(line);
  if (!event.at || !take(line, " ")) return false;
  event.program = "proftpd";
  take_word(line);
  std::string_view head = take_word(line);
  take_to(head, "[");
  event.pid = number_or<std::uint32_t>(head, 0);
  event.message = line;
  read_proftpd(line, event);
  return true;
}

}  // namespace abate::sweep
