// SPDX-License-Identifier: Apache-2.0
#include "remedy/live_check.h"

#include <algorithm>
#include <set>

#include "base/text.h"
#include "remedy/verify.h"

namespace abate::remedy {
namespace {

bool is_loopback(const IpAddress& address) {
  return address.is_v4() ? (address.v4_value() >> 24) == 127 : address.to_string() == "::1";
}

bool is_link_local(const IpAddress& address) {
  return address.is_v4() ? (address.v4_value() >> 16) == 0xa9fe
                         : address.bytes()[0] == 0xfe && (address.bytes()[1] & 0xc0) == 0x80;
}

// Where strangers come to: one address a family, the ticket's first.
std::vector<IpAddress> reached_by_strangers(const sweep::Host& host, const std::vector<IpAddress>& own) {
  std::vector<IpAddress> wanted;
  for (const IpAddress& address : host.ticket.addresses)
    if (std::ranges::find(own, address) != own.end()) wanted.push_back(address);
  wanted.insert(wanted.end(), own.begin(), own.end());
  std::vector<IpAddress> out;
  for (const IpAddress& address : wanted) {
    if (is_loopback(address) || is_link_local(address)) continue;
    if (std::ranges::none_of(out, [&](const IpAddress& had) { return had.is_v4() == address.is_v4(); }))
      out.push_back(address);
  }
  return out;
}

bool takes(const sweep::Socket& socket, std::string_view protocol) {
  return socket.protocol == protocol && socket.state == "listen";
}

bool is_listened_at(const sweep::Host& host, std::string_view protocol, std::uint16_t port) {
  return std::ranges::any_of(
      host.sockets, [&](const sweep::Socket& socket) { return takes(socket, protocol) && socket.local_port == port; });
}

// What the harm is about: the roles that findings have, and those that were answered by an action.
std::set<std::string> roles(const std::vector<Stands>& stands, const std::vector<Finding>& findings,
                            const sweep::Host& host) {
  std::set<std::string> out;
  for (const Finding& finding : findings)
    if (finding.severity == Severity::weak || finding.severity == Severity::malicious) out.insert(finding.role);
  for (const Stands& one : stands) {
    if (one.action.kind == "close_relay") out.insert("open_relay");
    if (one.action.kind == "close_proxy") out.insert("open_proxy");
    if (one.action.kind == "close_resolver") out.insert("open_resolver");
    if (one.action.kind == "bind_to_loopback" || one.action.kind == "disable_service") out.insert("reflector");
  }
  switch (host.ticket.category) {
    case Category::spam: out.insert("open_relay"); break;
    case Category::proxy: out.insert("open_proxy"); break;
    case Category::ddos: out.insert({"reflector", "open_resolver"}); break;
    default: break;
  }
  if (host.ticket.type == "vulnerability/open_service") out.insert("reflector");
  return out;
}

class Checks {
 public:
  Checks(const sweep::Host& host, std::vector<IpAddress> addresses) : host_{host}, addresses_{std::move(addresses)} {}

  void add(LiveCheck::Kind kind, std::uint16_t port, std::string service = {}) {
    for (const IpAddress& address : addresses_)
      all_.push_back({.kind = kind,
                      .about = fmt::format("port:{}", port),
                      .address = address,
                      .port = port,
                      .url = {},
                      .service = service});
  }

  // By loopback too: a page is the same for everybody, unless it hides.
  void add_page(const std::string& url, std::uint16_t port) {
    std::vector<IpAddress> where = addresses_;
    if (const Result<IpAddress> loopback = parse_ip("127.0.0.1")) where.insert(where.begin(), *loopback);
    std::size_t count = 0;
    for (const IpAddress& address : where) {
      if (count == kLiveAddressesMax) break;
      const bool answers = std::ranges::any_of(host_.sockets, [&](const sweep::Socket& socket) {
        const bool any = socket.local == IpAddress{} || socket.local == IpAddress::v4(0);
        return takes(socket, "tcp") && socket.local_port == port && (any || socket.local == address);
      });
      if (!answers) continue;
      ++count;
      all_.push_back({.kind = LiveCheck::Kind::page,
                      .about = "url:" + url,
                      .address = address,
                      .port = port,
                      .url = url,
                      .service = {}});
    }
  }

  std::vector<LiveCheck> take() { return std::move(all_); }

 private:
  const sweep::Host& host_;
  std::vector<IpAddress> addresses_;
  std::vector<LiveCheck> all_;
};

std::uint16_t port_in(std::string_view url) {
  const bool is_tls = starts_with_ignoring_case(url, "https:");
  std::string_view rest = url.substr(std::min(url.find("://"), url.size() - 3) + 3);
  rest = rest.substr(0, rest.find_first_of("/?#"));
  const std::size_t colon = rest.rfind(':');
  unsigned port = 0;
  if (colon != std::string_view::npos && rest.find(']', colon) == std::string_view::npos)
    for (const char c : rest.substr(colon + 1))
      port = c >= '0' && c <= '9' && port < 65536 ? port * 10 + unsigned(c - '0') : 0;
  return port > 0 && port < 65536 ? static_cast<std::uint16_t>(port) : is_tls ? 443 : 80;
}

void add_pages(const sweep::Host& host, Checks& checks) {
  std::set<std::string> urls;
  for (const Lead& lead : host.ticket.leads) {
    const bool is_web =
        starts_with_ignoring_case(lead.value, "http://") || starts_with_ignoring_case(lead.value, "https://");
    if (lead.kind != LeadKind::url || !is_web || urls.size() == kLiveUrlsMax || !urls.insert(lead.value).second)
      continue;
    checks.add_page(lead.value, port_in(lead.value));
  }
}

void add_relays(const sweep::Host& host, Checks& checks) {
  for (const std::uint16_t port : {std::uint16_t{25}, std::uint16_t{587}, std::uint16_t{2525}})
    if (is_listened_at(host, "tcp", port)) checks.add(LiveCheck::Kind::relay, port);
}

constexpr std::string_view kProxyPrograms[] = {"squid",   "tinyproxy", "3proxy", "danted", "sockd",    "microsocks",
                                               "privoxy", "gost",      "glider", "proxy",  "ss-local", "srelay"};

bool is_proxy_program(const sweep::Host& host, std::uint32_t pid) {
  const auto found = std::ranges::find(host.processes, pid, &sweep::Process::pid);
  return pid != 0 && found != host.processes.end() && std::ranges::any_of(kProxyPrograms, [&](std::string_view name) {
           return found->comm.find(name) != std::string::npos;
         });
}

void add_proxies(const std::vector<Finding>& findings, const sweep::Host& host, Checks& checks) {
  std::set<std::uint16_t> ports;
  for (const Finding& finding : findings)
    if (finding.role == "open_proxy" && finding.subject.port != 0) ports.insert(finding.subject.port);
  for (const Incident& incident : host.ticket.incidents)
    if (incident.category == Category::proxy && incident.source_port) ports.insert(*incident.source_port);
  constexpr std::uint16_t kUsual[] = {1080, 3128, 8080, 8118, 8888};
  for (const sweep::Socket& socket : host.sockets)
    if (takes(socket, "tcp") &&
        (std::ranges::find(kUsual, socket.local_port) != std::end(kUsual) || is_proxy_program(host, socket.pid)))
      ports.insert(socket.local_port);
  std::size_t count = 0;
  for (const std::uint16_t port : ports)
    if (is_listened_at(host, "tcp", port) && count++ < kLivePortsMax) checks.add(LiveCheck::Kind::proxy, port);
}

struct Reflector {
  std::string_view service;  // as in talk/open_service
  std::string_view protocol;
  std::uint16_t port;
};
constexpr Reflector kReflectors[] = {
    {"memcached", "tcp", 11211}, {"memcached_udp", "udp", 11211}, {"redis", "tcp", 6379},
    {"ntp_readvar", "udp", 123}, {"ntp_monlist", "udp", 123},     {"snmp", "udp", 161},
    {"chargen", "udp", 19},      {"ssdp", "udp", 1900},           {"cldap", "udp", 389},
    {"portmapper", "udp", 111},
};

// The path of a URL, without its query.
std::string_view path_in(std::string_view url) {
  const std::size_t host = std::min(url.find("://"), url.size() - 3) + 3;
  const std::size_t slash = url.find('/', host);
  if (slash == std::string_view::npos) return "/";
  return url.substr(slash, url.find_first_of("?#", slash) - slash);
}

// Did an action that stands give the file behind the page another content?
bool was_rewritten(std::string_view path, const std::vector<Stands>& stands) {
  return std::ranges::any_of(stands, [&](const Stands& one) {
    const bool rewrites = one.action.kind == "restore_package_file" || one.action.kind == "restore_config" ||
                          one.action.kind == "edit_config";
    return one.holds && rewrites && path.size() > 1 &&
           std::ranges::any_of(one.paths, [&](const std::string& file) { return file.ends_with(path); });
  });
}

LiveVerdict weigh_page(const LiveTry& one, const std::vector<Stands>& stands) {
  using enum LiveVerdict::End;
  if (one.seen.outcome == LiveSeen::Outcome::closed) return {gone, {}, false};
  if (one.seen.status == 0) return {not_examined, one.seen.seen, true};
  const std::string_view final_path = path_in(one.seen.final_url);
  if (one.seen.status >= 300 && one.seen.status < 400) return {there, {}, false};  // it sends visitors elsewhere
  if (was_rewritten(final_path, stands)) return {gone, {}, false};
  if (final_path == "/")
    return {not_examined, "the site's first page is shown, as it should; whether its content is good, look yourself",
            false};
  return {there, {}, false};
}

}  // namespace

std::vector<LiveCheck> live_checks(const std::vector<Stands>& stands, const std::vector<Finding>& findings,
                                   const sweep::Host& host, const std::vector<IpAddress>& own) {
  if (!host.live) return {};
  Checks checks{host, reached_by_strangers(host, own)};
  add_pages(host, checks);
  const std::set<std::string> about = roles(stands, findings, host);
  if (about.contains("open_relay")) add_relays(host, checks);
  if (about.contains("open_proxy")) add_proxies(findings, host, checks);
  if (about.contains("open_resolver") && is_listened_at(host, "udp", 53)) checks.add(LiveCheck::Kind::resolver, 53);
  if (about.contains("reflector") || about.contains("exposed_service"))
    for (const Reflector& row : kReflectors)
      if (is_listened_at(host, row.protocol, row.port))
        checks.add(LiveCheck::Kind::service, row.port, std::string{row.service});
  return checks.take();
}

LiveVerdict weigh(const LiveTry& one, const std::vector<Stands>& stands, const std::vector<Finding>& findings) {
  using enum LiveVerdict::End;
  if (one.check.kind == LiveCheck::Kind::page) return weigh_page(one, stands);
  if (one.seen.outcome == LiveSeen::Outcome::closed) return {gone, {}, false};
  if (one.seen.outcome == LiveSeen::Outcome::unclear) return {not_examined, one.seen.seen, true};
  const bool is_relay = one.check.kind == LiveCheck::Kind::relay;
  if (!is_relay && one.check.kind != LiveCheck::Kind::resolver) return {there, {}, false};
  const std::string_view role = is_relay ? "open_relay" : "open_resolver";
  const std::string_view closing = is_relay ? "close_relay" : "close_resolver";
  const bool is_open_by_its_configuration = std::ranges::any_of(findings, [&](const Finding& finding) {
    return finding.role == role && (finding.severity == Severity::weak || finding.severity == Severity::malicious);
  });
  if (is_open_by_its_configuration) return {there, {}, false};
  const bool was_closed =
      std::ranges::any_of(stands, [&](const Stands& done) { return done.holds && done.action.kind == closing; });
  return {
      not_examined,
      fmt::format("it serves this machine's own addresses ({}), as many do; whether strangers too, only a test from "
                  "outside tells",
                  one.seen.seen),
      !was_closed};
}

}  // namespace abate::remedy
