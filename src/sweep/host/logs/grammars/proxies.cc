// SPDX-License-Identifier: Apache-2.0
// squid, tinyproxy, 3proxy, dante: who used our server as a way elsewhere. And name servers' query logs.
#include "sweep/host/logs/grammars/grammars.h"
#include "sweep/host/logs/scan.h"

namespace abate::sweep {
namespace {

std::string_view skip_blanks(std::string_view text) {
  while (take(text, " ")) {
  }
  return text;
}

// dante: "user%anna@192.0.2.1.4711" or "192.0.2.1.4711": the port stands behind a dot.
std::optional<IpAddress> dotted_port(std::string_view text, std::string_view* user = nullptr) {
  if (const std::size_t at = text.rfind('@'); at != std::string_view::npos) {
    if (user != nullptr) *user = text.substr(text.find('%') == std::string_view::npos ? 0 : text.find('%') + 1);
    if (user != nullptr) *user = user->substr(0, user->rfind('@'));
    text.remove_prefix(at + 1);
  }
  const std::size_t dot = text.rfind('.');
  return dot == std::string_view::npos ? std::nullopt : ip_in_log(text.substr(0, dot));
}

}  // namespace

// "1772442000.123    456 192.0.2.1 TCP_MISS/200 1234 GET http://example.org/ anna HIER_DIRECT/198.51.100.1 text/html"
bool read_squid_line(std::string_view line, Stamps& stamps, Sessions& /*sessions*/, Event& event) {
  const std::string_view whole = line;
  event.at = stamps.take_epoch(line);
  if (!event.at || !line.starts_with(' ')) return false;
  event.program = "squid";
  event.message = whole;
  line = skip_blanks(line);
  take_word(line);
  line = skip_blanks(line);
  ProxyUse use;
  use.client = ip_in_log(take_word(line));
  const std::string_view result = take_word(line);
  const std::size_t slash = result.find('/');
  const bool refused =
      slash != std::string_view::npos && (result.substr(slash + 1) == "403" || result.substr(slash + 1) == "407");
  use.allowed = !result.starts_with("TCP_DENIED") && !result.starts_with("NONE") && !refused;
  take_word(line);
  use.method = take_word(line);
  use.target = take_word(line);
  use.user = take_word(line);
  if (use.user == "-") use.user = {};
  if (use.client) event.what = use;
  return true;
}

// "CONNECT   Mar 02 10:00:00 [123]: Connect (file descriptor 5): host [192.0.2.1]", then
// "CONNECT   Mar 02 10:00:00 [123]: Request (file descriptor 5): CONNECT example.org:443 HTTP/1.1".
bool read_tinyproxy_line(std::string_view line, Stamps& stamps, Sessions& sessions, Event& event) {
  const std::string_view level = take_word(line);
  line = skip_blanks(line);
  event.at = stamps.take_rfc3164(line);
  if (!event.at) return false;
  if (line.starts_with('.')) line = line.substr(std::min(line.size(), line.find(' ')));
  if (!take(line, " [")) return false;
  event.program = "tinyproxy";
  take_number(line, event.pid);
  take(line, "]: ");
  event.message = line;
  std::string_view text = line;
  const bool connect = take(text, "Connect (file descriptor ");
  const bool request = !connect && take(text, "Request (file descriptor ");
  std::uint32_t descriptor = 0;
  if ((connect || request) && take_number(text, descriptor)) {
    // Descriptors are few: the session's number is the descriptor, never 0.
    const std::uint32_t key = descriptor + 1;
    take_to(text, "): ");
    if (connect) {
      const std::size_t open = text.rfind('[');
      const std::string_view peer = open == std::string_view::npos ? text : text.substr(open);
      sessions.open(key, {}, ip_in_log(peer));
      return true;
    }
    ProxyUse use;
    if (const Sessions::Session* session = sessions.of(key)) use.client = session->client;
    use.method = take_word(text);
    use.target = take_word(text);
    event.what = use;
    return true;
  }
  if (level == "NOTICE" && take(text, "Unauthorized connection from \"")) {
    ProxyUse use{.allowed = false};
    const std::size_t open = text.rfind('[');
    if (open != std::string_view::npos) use.client = ip_in_log(text.substr(open, text.find(']', open) - open + 1));
    event.what = use;
  }
  return true;
}

// The two log formats of its manual and its packages; the client stands as address:port before another such pair.
bool read_3proxy_line(std::string_view line, Stamps& stamps, Sessions& /*sessions*/, Event& event) {
  event.program = "3proxy";
  event.message = line;
  std::string_view text = line;
  int day = 0;
  int month = 0;
  int year = 0;
  int hour = 0;
  int minute = 0;
  int second = 0;
  if (std::string_view named = text; take_digits(named, 2, day) && take(named, "-") && take_digits(named, 2, month) &&
                                     take(named, "-") && take_digits(named, 4, year) && take(named, " ") &&
                                     take_digits(named, 2, hour) && take(named, ":") && take_digits(named, 2, minute) &&
                                     take(named, ":") && take_digits(named, 2, second)) {
    event.at = stamps.wall(year, month, day, hour, minute, second);
    text = named;
  } else if (std::string_view packed = text; take_digits(packed, 2, year) && take_digits(packed, 2, month) &&
                                             take_digits(packed, 2, day) && take_digits(packed, 2, hour) &&
                                             take_digits(packed, 2, minute) && take_digits(packed, 2, second) &&
                                             packed.starts_with('.')) {
    event.at = stamps.wall(2000 + year, month, day, hour, minute, second);
    text = packed;
  } else if (std::string_view epoch = text; (event.at = stamps.take_epoch(epoch))) {
    text = epoch;
  } else {
    return false;
  }
  ProxyUse use;
  std::string_view before;
  std::string_view error;
  for (int word = 0; word < 12 && !text.empty(); ++word) {
    const std::string_view here = take_word(text);
    const auto address = here.find(':') != std::string_view::npos ? ip_with_port(here) : std::nullopt;
    if (address) {
      use.client = address;
      use.user = before == "-" ? std::string_view{} : before;
      use.target = take_word(text);
      break;
    }
    error = before;
    before = here;
  }
  use.allowed = error.empty() || error.find_first_not_of('0') == std::string_view::npos || error.front() > '9';
  if (use.client) event.what = use;
  return true;
}

// "info: pass(1): tcp/connect [: 192.0.2.1.4711 203.0.113.1.1080 -> …": also of danted.
bool read_dante(Event& event) {
  std::string_view text = event.message;
  if (!take(text, "info: ")) return false;
  const bool pass = take(text, "pass(");
  if (!pass && !take(text, "block(")) return false;
  take_to(text, "): ");
  const std::string_view what = take_word(text);
  if (what.find("connect") == std::string_view::npos && what.find("udpassociate") == std::string_view::npos &&
      what.find("bind") == std::string_view::npos)
    return false;  // "accept" and "disconnect" tell of the same
  ProxyUse use{.allowed = pass};
  if (!take(text, "[: ")) return false;
  use.client = dotted_port(take_word(text), &use.user);
  const std::size_t to = text.find("-> ");
  if (to != std::string_view::npos) {
    std::string_view far = text.substr(to + 3);
    take_word(far);
    use.target = take_word(far);
  }
  use.method = what;
  event.what = use;
  return true;
}

// "Mar  2 10:00:00 (1772442000.123) sockd[123]: info: …"
bool read_dante_line(std::string_view line, Stamps& stamps, Sessions& sessions, Event& event) {
  const std::string_view whole = line;
  event.at = stamps.take_rfc3164(line);
  if (!event.at || !take(line, " ")) return false;
  if (!take(line, "(")) return read_syslog_line(whole, stamps, sessions, event);
  if (const auto exact = stamps.take_epoch(line)) event.at = exact;
  take_to(line, ") ");
  event.program = "danted";
  std::string_view head = take_to(line, ": ");
  take_to(head, "[");
  event.pid = number_or<std::uint32_t>(head, 0);
  event.message = line;
  read_dante(event);
  return true;
}

// named: "client @0x7f… 192.0.2.1#4711 (example.org): query: example.org IN ANY +E(0) (203.0.113.1)";
// dnsmasq: "query[ANY] example.org from 192.0.2.1"; unbound: "[1:0] info: 192.0.2.1 example.org. ANY IN";
// pdns_recursor: "1 [1/1/1] question for 'example.org|ANY' from 192.0.2.1:4711".
bool read_named(Event& event) {
  std::string_view text = event.message;
  Query query;
  if (event.program == "dnsmasq") {
    if (!take(text, "query[")) return false;
    query.type = take_to(text, "] ");
    query.name = take_to(text, " from ");
    query.client = ip_in_log(text);
  } else if (event.program == "unbound") {
    if (take(text, "[")) take_to(text, "] ");
    if (!take(text, "info: ")) return false;
    query.client = ip_in_log(take_word(text));
    query.name = take_word(text);
    query.type = take_word(text);
    take_end(query.name, ".");
    if (query.type.empty() || text.substr(0, 2) != "IN") return false;
  } else if (event.program == "pdns_recursor") {
    const std::size_t asked = text.find("question for '");
    if (asked == std::string_view::npos) return false;
    text.remove_prefix(asked + 14);
    query.name = take_to(text, "|");
    query.type = take_to(text, "' from ");
    query.client = ip_with_port(take_word(text));
  } else {
    const std::size_t client = text.find("client ");
    if (client == std::string_view::npos || client > 16) return false;
    text.remove_prefix(client + 7);
    if (text.starts_with('@')) take_word(text);
    query.client = ip_in_log(take_to(text, "#"));
    const std::size_t asked = text.find(": query: ");
    if (asked == std::string_view::npos) return false;
    text.remove_prefix(asked + 9);
    query.name = take_word(text);
    take_word(text);
    query.type = take_word(text);
  }
  if (!query.client) return false;
  event.what = query;
  return true;
}

}  // namespace abate::sweep
