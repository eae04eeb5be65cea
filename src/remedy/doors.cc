// SPDX-License-Identifier: Apache-2.0
// The directives that open services to strangers, and the values that serve this machine and its users only. One row a
// directive; a directive that is not here is left to a person, with words.
#include <algorithm>

#include "base/text.h"
#include "remedy/edit.h"

namespace abate::remedy {
namespace {

struct Door {
  std::string_view file;   // a part of the path
  std::string_view key;    // the directive, lower case
  std::string_view value;  // the whole new directive; from "=" on: only what stands behind the name; from "+" on: an
                           // option more at its end, where it has none that begins so; "" comments it
};

constexpr Door kDoors[] = {
    {"postfix/main.cf", "mynetworks", "mynetworks = 127.0.0.0/8 [::ffff:127.0.0.0]/104 [::1]/128"},
    {"postfix/main.cf", "mynetworks_style", "mynetworks_style = host"},
    {"postfix/main.cf", "smtpd_relay_restrictions",
     "smtpd_relay_restrictions = permit_mynetworks, permit_sasl_authenticated, reject_unauth_destination"},
    {"postfix/main.cf", "smtpd_recipient_restrictions",
     "smtpd_recipient_restrictions = permit_mynetworks, permit_sasl_authenticated, reject_unauth_destination"},
    {"exim", "dc_relay_nets", "dc_relay_nets='127.0.0.1 ; ::1'"},
    {"exim", "hostlist", "= 127.0.0.1 : ::1"},
    {"squid", "http_access", ""},
    {"tinyproxy", "allow", "Allow 127.0.0.1"},
    {"3proxy", "socks", "+-i127.0.0.1"},
    {"3proxy", "proxy", "+-i127.0.0.1"},
    {"apache", "proxyrequests", "ProxyRequests Off"},
    {"httpd", "proxyrequests", "ProxyRequests Off"},
    {"named", "allow-recursion", "allow-recursion { localhost; localnets; };"},
    {"named", "allow-query-cache", "allow-query-cache { localhost; localnets; };"},
    {"named", "recursion", "recursion yes; allow-recursion { localhost; localnets; };"},
    {"bind", "allow-recursion", "allow-recursion { localhost; localnets; };"},
    {"bind", "allow-query-cache", "allow-query-cache { localhost; localnets; };"},
    {"bind", "recursion", "recursion yes; allow-recursion { localhost; localnets; };"},
    {"unbound", "access-control", ""},
    {"pdns", "allow-from", "allow-from=127.0.0.0/8, ::1/128"},
    {"recursor", "allow-from", "allow-from=127.0.0.0/8, ::1/128"},
    {"dnsmasq", "interface", "interface=lo"},
    {"dnsmasq", "listen-address", "listen-address=127.0.0.1"},
    {"redis", "bind", "bind 127.0.0.1 -::1"},
    {"redis", "protected-mode", "protected-mode yes"},
    {"valkey", "bind", "bind 127.0.0.1 -::1"},
    {"memcached", "-l", "-l 127.0.0.1"},
    {"mysql", "bind-address", "bind-address = 127.0.0.1"},
    {"mariadb", "bind-address", "bind-address = 127.0.0.1"},
    {"mongod", "bindip", "bindIp: 127.0.0.1"},
    {"elasticsearch", "network.host", "network.host: 127.0.0.1"},
    {"postgresql", "listen_addresses", "listen_addresses = 'localhost'"},
};

// Each server's own checker, by a part of the path; run after the change, before it counts.
struct Checker {
  std::string_view file;
  std::vector<std::string> argv;
};

const Checker& checker_of(std::string_view path) {
  static const Checker kCheckers[] = {{"postfix/", {"postfix", "check"}},
                                      {"squid", {"squid", "-k", "parse"}},
                                      {"bind", {"named-checkconf"}},
                                      {"named", {"named-checkconf"}},
                                      {"unbound", {"unbound-checkconf"}},
                                      {"nginx", {"nginx", "-t"}},
                                      {"apache2", {"apache2ctl", "configtest"}},
                                      {"httpd", {"apachectl", "configtest"}},
                                      {"exim", {"exim4", "-bV"}},
                                      {"dnsmasq", {"dnsmasq", "--test"}},
                                      {"", {}}};
  return *std::ranges::find_if(kCheckers,
                               [&](const Checker& one) { return path.find(one.file) != std::string_view::npos; });
}

std::string key_of(std::string_view line) {
  line = trim(line);
  return to_lower(line.substr(0, std::min(line.find_first_of(" \t=:{"), line.size())));
}

const Door* door_of(const std::string& path, std::string_view line) {
  const std::string key = key_of(line);
  const auto* const found = std::ranges::find_if(
      kDoors, [&](const Door& row) { return row.key == key && path.find(row.file) != std::string::npos; });
  if (found == std::end(kDoors)) return nullptr;
  const bool has_it = found->value.starts_with('+') &&
                      line.find(fmt::format(" {}", found->value.substr(1, 2))) != std::string_view::npos;
  return has_it ? nullptr : found;
}

std::string closed(const Door& door, std::string_view line) {
  if (door.value.empty()) return as_comment(line);
  if (door.value.starts_with('+'))
    return fmt::format("{} {}", line.substr(0, line.find_last_not_of(" \t\r") + 1), door.value.substr(1));
  if (door.value.starts_with('=')) return std::string{line.substr(0, line.find('='))}.append(door.value);
  return std::string{line.substr(0, line.find_first_not_of(" \t"))}.append(door.value);
}

// Without systemd: how each server itself reads its configuration again.
std::vector<std::vector<std::string>> own_reload(const sweep::Host& host, std::string_view path) {
  if (!host.live) return {};
  if (path.find("postfix/") != std::string_view::npos) return {{"postfix", "reload"}};
  if (path.find("squid") != std::string_view::npos) return {{"squid", "-k", "reconfigure"}};
  if (path.find("bind/") != std::string_view::npos || path.find("named") != std::string_view::npos)
    return {{"rndc", "reload"}};
  return {};
}

Work for_a_person(const Subject& subject) {
  Work work;
  work.by_hand = fmt::format(
      "Close line {} of {} to strangers: let the service listen on 127.0.0.1 only, or ask for a password, then restart "
      "it. Abate does not edit this directive by itself.",
      subject.line, subject.path);
  return work;
}

}  // namespace

Result<Work> close_door(const sweep::Host& host, const Subject& subject) {
  if (subject.path.empty() || subject.line == 0) return for_a_person(subject);
  TRY_ASSIGN(const std::string text, sweep::read_whole(*host.tree, subject.path, kEditedBytesMax));
  const Door* door = nullptr;
  std::uint32_t last = subject.line;  // of the directive
  map_lines(text, [&](std::string_view line, std::uint32_t number) {
    if (number == subject.line) door = door_of(subject.path, line);
    // main.cf: a line that begins with a blank goes on with the one before.
    if (number == last + 1 && door != nullptr && door->file == "postfix/main.cf" &&
        (line.starts_with(' ') || line.starts_with('\t')))
      last = number;
    return std::string{};
  });
  if (door == nullptr) return for_a_person(subject);
  // What the new directive brings along must not stand there a second time: the server would refuse to start.
  if (door->value.find("recursion yes;") == 0 && text.find("allow-recursion") != std::string::npos)
    return for_a_person(subject);
  Work work;
  TRY_ASSIGN(Change change,
             edit_line(host, subject.path, subject.line, [&](std::string_view line) { return closed(*door, line); }));
  change.bytes = map_lines(change.bytes, [&](std::string_view line, std::uint32_t number) {
    return number > subject.line && number <= last ? as_comment(line) : std::string{line};
  });
  work.changes.push_back(std::move(change));
  work.check = checker_of(subject.path).argv;
  work.afterwards = reload(host, subject.name);
  if (work.afterwards.empty()) work.afterwards = own_reload(host, subject.path);
  work.undo_afterwards = work.afterwards;
  return work;
}

}  // namespace abate::remedy
