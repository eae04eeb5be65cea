// SPDX-License-Identifier: Apache-2.0
#include "apps/abate/own_caller.h"

#include <algorithm>
#include <array>
#include <charconv>
#include <cstring>
#include <memory>
#include <utility>

#include <ifaddrs.h>
#include <netinet/in.h>

#include "base/text.h"
#include "talk/open_service.h"
#include "talk/page.h"
#include "talk/proxy.h"
#include "talk/relay.h"
#include "talk/resolver.h"

namespace abate::apps {
namespace {

using remedy::LiveCheck;
using remedy::LiveSeen;

constexpr talk::Bounds kBounds{.patience = std::chrono::seconds{8}, .bytes_max = std::size_t{512} << 10};
constexpr int kRedirectionsMax = 4;
constexpr const char* kForeignName = "www.example.com";  // RFC 2606: nobody's own zone

LiveSeen::Outcome outcome_of(talk::Outcome outcome) {
  if (outcome == talk::Outcome::open) return LiveSeen::Outcome::open;
  return outcome == talk::Outcome::closed ? LiveSeen::Outcome::closed : LiveSeen::Outcome::unclear;
}

LiveSeen seen_of(talk::Trial trial) {
  return {.outcome = outcome_of(trial.outcome),
          .tried = std::move(trial.tried),
          .seen = std::move(trial.seen),
          .status = 0,
          .final_url = {}};
}

std::string without_www(std::string_view host) { return std::string{host.starts_with("www.") ? host.substr(4) : host}; }

// Where a redirection leads within the same site; nothing where it leads elsewhere.
std::optional<talk::HttpUrl> next_of(const talk::HttpUrl& from, const std::string& location) {
  talk::HttpUrl next = from;
  if (location.starts_with('/') && !location.starts_with("//")) {
    next.target = location.substr(0, location.find('#'));
    return next;
  }
  const Result<talk::HttpUrl> url = talk::parse_http_url(location);
  if (!url || without_www(url->host) != without_www(from.host)) return std::nullopt;
  return *url;
}

std::string text_of(const talk::HttpUrl& url) {
  return fmt::format("{}://{}{}", url.is_tls ? "https" : "http", url.authority(), url.target);
}

LiveSeen look_at(const IpAddress& address, talk::HttpUrl url, const talk::UserAgent& agent) {
  LiveSeen out;
  out.tried = shorten(escape_terminal(fmt::format("GET {} on {} as {}", text_of(url),
                                                  talk::Peer{address, url.port, {}}.to_string(), agent.name)),
                      1000);
  for (int turn = 0;; ++turn) {
    const Result<talk::PageSeen> page = talk::look_at_page({.peer = {.address = address, .port = url.port, .from = {}},
                                                            .url = url,
                                                            .user_agent = std::string{agent.words},
                                                            .bounds = kBounds});
    if (!page) {
      const bool is_closed = page.error().fault == Fault::refused || page.error().fault == Fault::not_found;
      out.outcome = is_closed ? LiveSeen::Outcome::closed : LiveSeen::Outcome::unclear;
      out.seen = shorten(escape_terminal(page.error().what), 400);
      return out;
    }
    const bool moves = page->status >= 300 && page->status < 400 && !page->location.empty();
    const std::optional<talk::HttpUrl> next = moves ? next_of(url, page->location) : std::nullopt;
    if (next && turn < kRedirectionsMax) {
      url = *next;
      continue;
    }
    out.status = page->status;
    out.final_url = text_of(url);
    out.outcome = page->is_gone() ? LiveSeen::Outcome::closed : LiveSeen::Outcome::open;
    out.seen = fmt::format("status {}, SHA-256 of the page {}", page->status, page->body_sha256);
    if (moves) out.seen = fmt::format("status {}, sends visitors to {}", page->status, page->location);
    if (!page->certificate_problem.empty()) out.seen += fmt::format("; certificate: {}", page->certificate_problem);
    out.seen = shorten(escape_terminal(out.seen), 600);
    return out;
  }
}

Result<std::vector<LiveSeen>> look_at_pages(const IpAddress& address, const std::string& text) {
  TRY_ASSIGN(const talk::HttpUrl url, talk::parse_http_url(text));
  std::vector<LiveSeen> all;
  for (const talk::UserAgent& agent : talk::kUserAgents) all.push_back(look_at(address, url, agent));
  return all;
}

Result<std::vector<LiveSeen>> try_proxies(const talk::Peer& peer) {
  TRY_ASSIGN(const talk::Listener listener, talk::Listener::open(peer.address));
  std::vector<LiveSeen> all;
  for (const talk::ProxyWay way : talk::kProxyWays) {
    all.push_back(seen_of(talk::try_proxy(way, peer, listener, kBounds)));
    if (all.back().seen == talk::kNobodyListens) break;
  }
  return all;
}

Result<std::vector<LiveSeen>> speak_to(LiveCheck::Kind kind, const talk::Peer& peer, const std::string& what) {
  switch (kind) {
    case LiveCheck::Kind::page: return look_at_pages(peer.address, what);
    case LiveCheck::Kind::relay: return std::vector{seen_of(talk::try_relay(peer, kBounds))};
    case LiveCheck::Kind::proxy: return try_proxies(peer);
    case LiveCheck::Kind::resolver: return std::vector{seen_of(talk::try_resolver(peer, kForeignName, kBounds))};
    case LiveCheck::Kind::service: break;
  }
  const talk::OpenService* const service = talk::open_service(what);
  if (service == nullptr) return failure(Fault::malformed, "{}: no service that abate knows to ask", what);
  return std::vector{seen_of(talk::try_open_service(*service, peer, kBounds))};
}

int number_of(const std::string& text) {
  int number = 0;
  std::from_chars(text.data(), text.data() + text.size(), number);
  return number;
}

// Of this machine's interfaces, as the kernel says now.
std::vector<IpAddress> interface_addresses() {
  std::vector<IpAddress> out;
  ifaddrs* list = nullptr;
  if (::getifaddrs(&list) != 0) return out;
  const std::unique_ptr<ifaddrs, void (*)(ifaddrs*)> freed{list, ::freeifaddrs};
  for (const ifaddrs* one = list; one != nullptr; one = one->ifa_next) {
    if (one->ifa_addr == nullptr) continue;
    if (one->ifa_addr->sa_family == AF_INET) {
      out.push_back(IpAddress::v4(ntohl(reinterpret_cast<const sockaddr_in*>(one->ifa_addr)->sin_addr.s_addr)));
    } else if (one->ifa_addr->sa_family == AF_INET6) {
      std::array<std::uint8_t, 16> bytes{};
      std::memcpy(bytes.data(), &reinterpret_cast<const sockaddr_in6*>(one->ifa_addr)->sin6_addr, bytes.size());
      out.push_back(IpAddress::from_bytes(bytes));
    }
  }
  return out;
}

// Loopback is 127.0.0.0/8 whatever an interface says.
bool is_own(const IpAddress& address) {
  if (address.is_v4() && (address.v4_value() >> 24) == 127) return true;
  const std::vector<IpAddress> own = interface_addresses();
  return std::ranges::find(own, address) != own.end();
}

// The child's side: five texts an answer.
constexpr std::size_t kTextsOfAnAnswer = 5;

Result<Message> answer(const Message& asked) {
  if (asked.size() != 4) return failure(Fault::malformed, "the caller does not know this question");
  TRY_ASSIGN(const IpAddress address, parse_ip(asked[1]));
  if (!is_own(address))
    return failure(Fault::refused, "{} is not an address of this machine: nothing was said to it", address.to_string());
  const talk::Peer peer{.address = address, .port = static_cast<std::uint16_t>(number_of(asked[2])), .from = {}};
  TRY_ASSIGN(const std::vector<LiveSeen> all,
             speak_to(static_cast<LiveCheck::Kind>(number_of(asked[0])), peer, asked[3]));
  Message out;
  for (const LiveSeen& one : all)
    for (std::string text : {std::to_string(static_cast<int>(one.outcome)), one.tried, one.seen,
                             std::to_string(one.status), one.final_url})
      out.push_back(std::move(text));
  return out;
}

}  // namespace

Result<OwnCaller> OwnCaller::start() {
  TRY_ASSIGN(ChildWay child, start_child([](const Message& asked) { return answer_of(answer(asked)); }));
  return OwnCaller{std::move(child), interface_addresses()};
}

OwnCaller::~OwnCaller() { end_child(child_); }

Result<std::vector<LiveSeen>> OwnCaller::speak(const LiveCheck& check) const {
  const std::string& what = check.kind == LiveCheck::Kind::page ? check.url : check.service;
  TRY_ASSIGN(const Message texts,
             ask_child(child_.way.get(), {std::to_string(static_cast<int>(check.kind)), check.address.to_string(),
                                          std::to_string(check.port), what}));
  std::vector<LiveSeen> all;
  for (std::size_t i = 0; i + kTextsOfAnAnswer <= texts.size(); i += kTextsOfAnAnswer)
    all.push_back({.outcome = static_cast<LiveSeen::Outcome>(number_of(texts[i])),
                   .tried = texts[i + 1],
                   .seen = texts[i + 2],
                   .status = static_cast<unsigned>(number_of(texts[i + 3])),
                   .final_url = texts[i + 4]});
  return all;
}

}  // namespace abate::apps
