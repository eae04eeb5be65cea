// SPDX-License-Identifier: Apache-2.0
#include <algorithm>

#include "base/text.h"
#include "sweep/host/config/braces.h"
#include "sweep/host/config/open_door.h"

namespace abate::sweep {
namespace {

using Block = std::vector<Statement>;

const Statement* find(const Block& block, std::string_view name) {
  const auto found =
      std::ranges::find_if(block, [&](const Statement& one) { return !one.words.empty() && one.words[0] == name; });
  return found == block.end() ? nullptr : &*found;
}

// An address match list: the first element that fits decides; 1 lets a stranger in, -1 keeps him out, 0 says nothing.
int lets_in(const Block& list, const Block& all, int depth) {
  if (depth > 6) return 0;
  for (const Statement& element : list) {
    if (element.words.empty()) {
      if (const int inner = lets_in(element.block, all, depth + 1); inner != 0) return inner;
      continue;
    }
    std::string name = element.words[0];
    const bool refuses = name.starts_with('!');
    if (refuses) name.erase(0, 1);
    if (refuses && name.empty() && element.words.size() > 1) name = element.words[1];
    int inner = 0;
    if (name == "none" || name == "key" || name == "localhost" || name == "localnets") continue;
    if (name == "any" || is_everybody(name)) inner = 1;
    if (inner == 0)
      for (const Statement& acl : all)
        if (acl.words.size() > 1 && acl.words[0] == "acl" && acl.words[1] == name)
          inner = lets_in(acl.block, all, depth + 1);
    if (inner == 1) return refuses ? -1 : 1;
  }
  return 0;
}

bool on_the_world(const Block* options, const Block& all, std::uint16_t& port) {
  bool named = false;
  bool world = false;
  if (options != nullptr)
    for (const Statement& one : *options)
      if (!one.words.empty() && (one.words[0] == "listen-on" || one.words[0] == "listen-on-v6")) {
        if (one.words[0] == "listen-on") named = true;
        if (one.words.size() > 2 && one.words[1] == "port") port = port_of(one.words[2], 53);
        if (lets_in(one.block, all, 0) == 1) world = true;
        for (const Statement& address : one.block)
          if (!address.words.empty() && parse_ip(address.words[0]) && faces_the_world(address.words[0])) world = true;
      }
  return world || !named;
}

void look(const Host& host, Findings& out) {
  for (const std::string_view path : {"/etc/bind/named.conf", "/etc/named.conf", "/var/named/chroot/etc/named.conf"}) {
    const Block all = statements_of(*host.tree, path, ';');
    if (all.empty()) continue;
    const Statement* options = find(all, "options");
    const Block* global = options == nullptr ? nullptr : &options->block;
    std::uint16_t port = 53;
    if (!on_the_world(global, all, port)) continue;
    std::vector<const Block*> views;
    for (const Statement& one : all)
      if (!one.words.empty() && one.words[0] == "view") views.push_back(&one.block);
    if (views.empty()) views.push_back(nullptr);
    for (const Block* view : views) {
      const auto setting = [&](std::string_view name) {
        const Statement* own = view == nullptr ? nullptr : find(*view, name);
        return own != nullptr || global == nullptr ? own : find(*global, name);
      };
      const Statement* recursion = setting("recursion");
      if (recursion != nullptr && recursion->words.size() > 1 && is_no(recursion->words[1])) continue;
      const Statement* clients = view == nullptr ? nullptr : find(*view, "match-clients");
      if (clients != nullptr && lets_in(clients->block, all, 0) != 1) continue;
      // allow-recursion inherits from allow-query-cache, that from allow-query; BIND's own default is its networks.
      const Statement* who = setting("allow-recursion");
      if (who == nullptr) who = setting("allow-query-cache");
      if (who == nullptr) who = setting("allow-query");
      if (who == nullptr || lets_in(who->block, all, 0) != 1) continue;
      const Statement* on = setting("allow-recursion-on");
      if (on != nullptr && lets_in(on->block, all, 0) != 1) continue;
      report_door(host, out,
                  {.unit = "named.service",
                   .programs = "/usr/sbin/named",
                   .port = port,
                   .protocol = "udp",
                   .role = "open_resolver"},
                  {fmt::format("{}", fmt::join(who->words, " ")), who->path, who->line},
                  fmt::format("BIND looks up any name for anybody: {} holds everybody", who->words[0]));
    }
  }
}

constexpr Example kExamples[] = {
    {"allow-query any opens recursion too",
     R"x(--- /usr/sbin/named mode=0755
x
--- /etc/bind/named.conf
include "/etc/bind/named.conf.options";
--- /etc/bind/named.conf.options
options {
  directory "/var/cache/bind"; // cache
  allow-query { any; };
  listen-on-v6 { any; };
};
)x",
     1},
    {"recursion is off",
     R"x(--- /usr/sbin/named mode=0755
x
--- /etc/bind/named.conf
options { recursion no; allow-query { any; }; };
)x",
     0},
    {"as shipped: BIND's own default",
     R"x(--- /usr/sbin/named mode=0755
x
--- /etc/bind/named.conf
options { directory "/var/cache/bind"; listen-on-v6 { any; }; };
)x",
     0},
    {"recursion is for an acl of the office",
     R"x(--- /usr/sbin/named mode=0755
x
--- /etc/bind/named.conf
acl office { 10.0.0.0/8; !any; };
options { allow-query { any; }; allow-recursion { office; }; };
)x",
     0},
    {"an acl that is everybody",
     R"x(--- /usr/sbin/named mode=0755
x
--- /etc/bind/named.conf
acl "clients" { 10.0.0.0/8; 0.0.0.0/0; };
options { allow-recursion { clients; }; };
)x",
     1},
    {"one view of two",
     R"x(--- /usr/sbin/named mode=0755
x
--- /etc/bind/named.conf
view inside { match-clients { 10.0.0.0/8; }; allow-recursion { any; }; };
view outside { match-clients { any; }; recursion yes; allow-recursion { any; }; };
)x",
     1},
    {"loopback only",
     R"x(--- /usr/sbin/named mode=0755
x
--- /etc/bind/named.conf
options { listen-on { 127.0.0.1; }; allow-recursion { any; }; };
)x",
     0},
};
}  // namespace
extern const Detector open_resolver_bind_detector;
constinit const Detector open_resolver_bind_detector{
    .id = "open_resolver_bind",
    .area = Area::mail_network,
    .severity = Severity::weak,
    .title = "BIND answers strangers' recursive questions",
    .explain =
        R"(A name server should look up foreign names only for its own network. This one does so for everybody. Attackers
send it questions with the victim's address as sender, and it floods the victim with answers many times larger
(DNS amplification).

Who may ask is inherited: allow-recursion, else allow-query-cache, else allow-query; so "allow-query { any; }"
for your own zones opens recursion too unless it is switched off. False alarms: port 53 closed by a firewall
elsewhere.

What to do: "recursion no;" on a server for your zones, or "allow-recursion { localhost; localnets; };". Then
"rndc reconfig".)",
    .host = look,
    .examples = kExamples,
};
}  // namespace abate::sweep
