// SPDX-License-Identifier: Apache-2.0
// sshd, sshd-session (OpenSSH 9.8 and later), sftp-server and internal-sftp.
#include "sweep/host/logs/grammars/grammars.h"
#include "sweep/host/logs/scan.h"

namespace abate::sweep {
namespace {

// "… from 192.0.2.1 port 4711": the last one, since a name before it may hold anything. Leaves what stands before.
bool take_peer(std::string_view& text, std::optional<IpAddress>& client) {
  const std::size_t from = text.rfind(" from ");
  if (from == std::string_view::npos) return false;
  std::string_view peer = text.substr(from + 6);
  client = ip_in_log(take_word(peer));
  if (!client && !peer.starts_with("port ")) return false;
  text = text.substr(0, from);
  return true;
}

// "password for invalid user x from 192.0.2.1 port 4711 ssh2"
bool read_failed(std::string_view text, Event& event) {
  Login login{.service = LoginService::ssh};
  login.method = take_word(text);
  if (!take(text, "for ")) return false;
  login.user_is_known = !take(text, "invalid user ");
  if (!take_peer(text, login.client)) return false;
  login.user = text;
  event.what = login;
  return true;
}

// "publickey for anna from 192.0.2.1 port 4711 ssh2: ED25519 SHA256:…". Only accounts that exist are accepted, and
// their names hold no blank: the first "from" counts, since what follows "ssh2:" may be a certificate's own text.
bool read_accepted(std::string_view text, Event& event) {
  Login login{.service = LoginService::ssh, .accepted = true};
  login.method = take_word(text);
  if (!take(text, "for ")) return false;
  login.user = take_word(text);
  if (!take(text, "from ")) return false;
  login.client = ip_in_log(take_word(text));
  const std::size_t ssh2 = text.find(" ssh2: ");
  if (ssh2 != std::string_view::npos) {
    const std::string_view key = text.substr(ssh2 + 7);
    const std::size_t at = key.find("SHA256:");
    if (at != std::string_view::npos) login.key = key.substr(at, key.find(' ', at) - at);
  }
  event.what = login;
  return true;
}

// "user anna 192.0.2.1 port 4711"
bool read_end(std::string_view text, Event& event) {
  const std::size_t port = text.rfind(" port ");
  if (port == std::string_view::npos || text.ends_with("[preauth]")) return false;
  text = text.substr(0, port);
  SessionEnd end{.service = LoginService::ssh};
  const std::size_t blank = text.rfind(' ');
  if (blank == std::string_view::npos) return false;
  end.client = ip_in_log(text.substr(blank + 1));
  end.user = text.substr(0, blank);
  event.what = end;
  return true;
}

// sftp-server(8) at level INFO.
bool read_sftp(std::string_view text, Event& event, Sessions& sessions) {
  if (take(text, "session opened for local user ")) {
    const std::size_t from = text.rfind(" from [");
    if (from == std::string_view::npos) return false;
    sessions.open(event.pid, text.substr(0, from), ip_in_log(text.substr(from + 6)));
    return true;
  }
  Transfer transfer{.service = LoginService::sftp};
  if (const Sessions::Session* session = sessions.of(event.pid)) {
    transfer.user = session->user;
    transfer.client = session->client;
  }
  if (take(text, "open \"")) {
    const std::size_t flags = text.rfind("\" flags ");
    if (flags == std::string_view::npos) return false;
    transfer.path = text.substr(0, flags);
    transfer.upload = text.substr(flags).find("WRITE") != std::string_view::npos;
    event.what = transfer;
    return true;
  }
  if (take(text, "rename old \"")) {
    const std::size_t to = text.rfind("\" new \"");
    if (to == std::string_view::npos) return false;
    transfer.path = text.substr(to + 7);
    take_end(transfer.path, "\"");
    transfer.upload = true;
    event.what = transfer;
    return true;
  }
  return false;
}

}  // namespace

bool read_ssh(Event& event, Sessions& sessions) {
  std::string_view text = event.message;
  if (text.empty()) return false;
  switch (text.front()) {
    case 'F': return take(text, "Failed ") && read_failed(text, event);
    case 'A': return take(text, "Accepted ") && read_accepted(text, event);
    case 'D': return take(text, "Disconnected from user ") && read_end(text, event);
    case 'o':
    case 'r':
    case 's': return event.program != "sshd" && read_sftp(text, event, sessions);
    default: return false;
  }
}

}  // namespace abate::sweep
