// SPDX-License-Identifier: Apache-2.0
// probe/kinds/open_proxy.cc — a proxy that carries strangers' traffic.
#include "probe/probe_kind.h"
#include "talk/proxy.h"

namespace abate::probe {
namespace {

std::vector<ProbeSeen> run(const ProbeTask& task, const Means& means) {
  if (!means.listener) return {not_probed("proxies are not tried: [probe] listener is not set")};
  const Result<talk::Listener> listener = talk::Listener::open(*means.listener, means.listener_port);
  if (!listener) return {not_probed(listener.error().what)};
  std::optional<talk::Peer> seen_as;
  if (means.listener_seen_as)
    seen_as = talk::Peer{.address = *means.listener_seen_as, .port = listener->told().port, .from = {}};
  std::vector<ProbeSeen> all;
  for (const talk::ProxyWay way : talk::kProxyWays) {
    all.push_back(seen_of(talk::try_proxy(way, peer_of(task, means), *listener, means.bounds, seen_as)));
    if (all.back().outcome == ProbeOutcome::live || all.back().seen == talk::kNobodyListens) break;
  }
  return all;
}

}  // namespace

extern const Kind open_proxy_kind;
constinit const Kind open_proxy_kind{
    .name = "open_proxy",
    .explain =
        R"(Asks the port, by HTTP CONNECT, HTTP GET, SOCKS5 and SOCKS4 without a password, to carry a random word to a listener of the desk. Live only when the word arrives. A "yes" without it tells nothing. Needs [probe] listener: an address of the desk's own that the service can reach.)",
    .run = run};

}  // namespace abate::probe
