// SPDX-License-Identifier: Apache-2.0
#include "talk/open_service.h"

#include <algorithm>
#include <array>

#include "base/text.h"

namespace abate::talk {
namespace {

using namespace std::string_view_literals;

constexpr std::size_t kAnswerBytesMax = 4096;  // the head of it says enough

Outcome open_if(bool yes) { return yes ? Outcome::open : Outcome::unclear; }

Outcome memcached_tcp(std::string_view answer) {
  if (answer.starts_with("CLIENT_ERROR unauth"sv)) return Outcome::closed;
  return open_if(answer.starts_with("VERSION "sv));
}
// Eight bytes of frame before it (memcached's doc/protocol.txt).
Outcome memcached_udp(std::string_view answer) {
  return open_if(answer.size() > 8 && answer.substr(8).starts_with("VERSION "sv));
}
Outcome redis(std::string_view answer) {
  for (const std::string_view no : {"-NOAUTH"sv, "-DENIED"sv, "-NOPERM"sv, "-ERR operation not permitted"sv})
    if (answer.starts_with(no)) return Outcome::closed;
  return open_if(answer.starts_with("+PONG"sv));
}
// A response to the mode that was asked: RFC 9327 §2 for mode 6; ntpd's private mode 7, which no document tells.
Outcome ntp_control(std::string_view answer) {
  return open_if(answer.size() >= 12 && (answer[0] & 0x07) == 6 && (answer[1] & 0x80) != 0);
}
Outcome ntp_private(std::string_view answer) {
  return open_if(answer.size() >= 8 && (answer[0] & 0x87) == 0x87);
}
// A GetResponse (0xa2) in an SNMP message.
Outcome snmp(std::string_view answer) {
  return open_if(answer.size() > 10 && answer[0] == 0x30 &&
                 answer.substr(0, 40).find('\xa2') != std::string_view::npos);
}
Outcome anything(std::string_view answer) { return open_if(!answer.empty()); }
Outcome ssdp(std::string_view answer) { return open_if(answer.starts_with("HTTP/1.1 200"sv)); }
// An LDAPMessage, a SEQUENCE, with a search result in it (0x64 an entry, 0x65 the end).
Outcome cldap(std::string_view answer) {
  return open_if(answer.size() > 6 && answer[0] == 0x30 &&
                 answer.substr(0, 24).find_first_of("\x64\x65"sv) != std::string_view::npos);
}
// An RPC reply (1) to our transaction.
Outcome portmapper(std::string_view answer) {
  return open_if(answer.size() >= 24 && answer.starts_with("abat"sv) && answer.substr(4, 4) == "\0\0\0\x01"sv);
}

constexpr std::array kServices = {
    OpenService{"memcached", "for its version", false, 11211, "version\r\n"sv, memcached_tcp},
    OpenService{"memcached_udp", "for its version", true, 11211, "\x61\x62\0\0\0\x01\0\0version\r\n"sv, memcached_udp},
    OpenService{"redis", "for an answer to PING", false, 6379, "PING\r\n"sv, redis},
    OpenService{"ntp_readvar", "for its variables (mode 6)", true, 123, "\x16\x02\0\x01\0\0\0\0\0\0\0\0"sv,
                ntp_control},
    OpenService{"ntp_monlist", "for its list of clients (mode 7)", true, 123, "\x17\0\x03\x2a\0\0\0\0"sv, ntp_private},
    // GetRequest of sysDescr.0, version 2c, community "public"
    OpenService{"snmp", "for its name, as \"public\"", true, 161,
                "\x30\x26\x02\x01\x01\x04\x06public\xa0\x19\x02\x01\x61\x02\x01\0\x02\x01\0\x30\x0e\x30\x0c\x06\x08"
                "\x2b\x06\x01\x02\x01\x01\x01\0\x05\0"sv,
                snmp},
    OpenService{"chargen", "for anything", true, 19, "\n"sv, anything},
    OpenService{"ssdp", "for its devices", true, 1900,
                "M-SEARCH * HTTP/1.1\r\nHOST: 239.255.255.250:1900\r\nMAN: \"ssdp:discover\"\r\nMX: 1\r\nST: "
                "upnp:rootdevice\r\n\r\n"sv,
                ssdp},
    // SearchRequest: base "", scope base, (objectClass=*)
    OpenService{"cldap", "for its root entry", true, 389,
                "\x30\x25\x02\x01\x01\x63\x20\x04\0\x0a\x01\0\x0a\x01\0\x02\x01\0\x02\x01\0\x01\x01\0\x87\x0b"
                "objectclass\x30\0"sv,
                cldap},
    // DUMP of program 100000, version 2
    OpenService{"portmapper", "for its programs", true, 111,
                "abat\0\0\0\0\0\0\0\x02\0\x01\x86\xa0\0\0\0\x02\0\0\0\x04\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0"sv,
                portmapper},
};

// The first line is what the row's `judge` looks at; more than that is not waited for.
Result<std::string> ask_tcp(const OpenService& service, const Peer& peer, const Bounds& bounds) {
  TRY_ASSIGN(Line line, Line::open(peer, bounds));
  TRY(line.send(service.question));
  return line.receive_line();
}

}  // namespace

std::span<const OpenService> open_services() { return kServices; }

const OpenService* open_service(std::string_view name) {
  const auto found = std::ranges::find(kServices, name, &OpenService::name);
  return found == kServices.end() ? nullptr : &*found;
}

Trial try_port(const Peer& peer, const Bounds& bounds) {
  std::string tried = fmt::format("connected to {}", peer.to_string());
  const Result<Line> line = Line::open(peer, bounds);
  if (line) return trial(Outcome::open, std::move(tried), "somebody listens there");
  return trial(std::move(tried), line.error());
}

Trial try_open_service(const OpenService& service, const Peer& peer, const Bounds& bounds) {
  std::string tried = fmt::format("asked {} {} by {} as {}", peer.to_string(), service.says,
                                  service.is_udp ? "UDP" : "TCP", service.name);
  const Bounds small{.patience = bounds.patience, .bytes_max = std::min(bounds.bytes_max, kAnswerBytesMax)};
  const Result<std::string> answer =
      service.is_udp ? ask_udp(peer, service.question, small) : ask_tcp(service, peer, small);
  if (answer) {
    const std::string seen = service.is_udp ? fmt::format("{} bytes came", answer->size()) : *answer;
    return trial(service.judge(*answer), std::move(tried), seen, *answer);
  }
  return trial(std::move(tried), answer.error());
}

}  // namespace abate::talk
