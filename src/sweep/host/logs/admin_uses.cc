// SPDX-License-Identifier: Apache-2.0
#include "sweep/host/logs/admin_uses.h"

#include <algorithm>
#include <map>
#include <vector>

#include "sweep/host/logs/watching.h"
#include "sweep/kit/target.h"

namespace abate::sweep {
namespace {

constexpr std::size_t kUsesMax = 500;
constexpr std::size_t kNetworksMax = 2000;
constexpr auto kKnown = std::chrono::days{3};

class AdminUses final : public LogWatcher {
 public:
  AdminUses(const Host& host, RequestTest is_meant, std::string_view did)
      : host_{host}, is_meant_{is_meant}, did_{did} {}
  void see(const Event& event) override {
    const Request* request = as<Request>(event);
    if (request == nullptr || !event.at || !is_outside(host_, request->client) || request->status >= 400) return;
    if (request->target.find("/wp-admin/") == std::string_view::npos &&
        request->target.find("/administrator/") == std::string_view::npos)
      return;
    const IpAddress network = network_of(*request->client);
    if (const auto known = since_.find(network); known != since_.end()) {
      known->second = std::min(known->second, *event.at);
    } else if (since_.size() < kNetworksMax) {
      since_.emplace(network, *event.at);
    }
    if (request->method != "POST" || !is_meant_(*request) || uses_.size() >= kUsesMax) return;
    uses_.push_back(
        {site_of_log(host_, event.origin.path, request->site), *request->client, *event.at, evidence_of(event)});
  }
  void finish(Findings& out) override {
    for (const Use& use : uses_) {
      const bool known = use.at - since_[network_of(use.client)] >= kKnown;
      const std::string name = use.site == nullptr || use.site->names.empty() ? "a site" : use.site->names.front();
      Finding& finding = out.add(account_subject("administration of " + name, use.client.to_string()),
                                 fmt::format("{} {} {} on {} ({})", use.client.to_string(), did_, name, when(use.at),
                                             known ? "an address that administers it" : "never seen there before"));
      finding.severity = known || !near_harm(host_, use.at) ? Severity::note : Severity::suspicious;
      finding.at = use.at;
      finding.evidence = {use.evidence};
      finding.addresses = {use.client.to_string()};
      if (use.site != nullptr) finding.paths = {use.site->docroot};
    }
  }

 private:
  struct Use {
    const Site* site;
    IpAddress client;
    Instant at;
    std::string evidence;
  };
  const Host& host_;
  RequestTest is_meant_;
  std::string_view did_;
  std::map<IpAddress, Instant> since_;
  std::vector<Use> uses_;
};

}  // namespace

std::unique_ptr<LogWatcher> watch_admin_uses(const Host& host, RequestTest is_meant, std::string_view did) {
  return std::make_unique<AdminUses>(host, is_meant, did);
}

}  // namespace abate::sweep
