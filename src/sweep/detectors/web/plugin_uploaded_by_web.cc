// SPDX-License-Identifier: Apache-2.0
#include <algorithm>

#include "sweep/host/logs/watching.h"
#include "sweep/kit/detector.h"
#include "sweep/kit/target.h"

namespace abate::sweep {
namespace {

constexpr std::size_t kUsesMax = 500;
constexpr std::size_t kNetworksMax = 2000;
constexpr auto kKnown = std::chrono::days{3};

bool is_meant(const Request& request) {
  return request.target.find("update.php?action=upload-plugin") != std::string_view::npos ||
         request.target.find("update.php?action=upload-theme") != std::string_view::npos ||
         (request.target.find("option=com_installer") != std::string_view::npos &&
          request.target.find("task=install") != std::string_view::npos);
}

class Watcher final : public LogWatcher {
 public:
  explicit Watcher(const Host& host) : host_{host} {}
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
    if (request->method != "POST" || !is_meant(*request) || uses_.size() >= kUsesMax) return;
    uses_.push_back(
        {site_of_log(host_, event.origin.path, request->site), *request->client, *event.at, evidence_of(event)});
  }
  void finish(Findings& out) override {
    for (const Use& use : uses_) {
      const bool known = use.at - since_[network_of(use.client)] >= kKnown;
      const std::string name = use.site == nullptr || use.site->names.empty() ? "a site" : use.site->names.front();
      Finding& finding =
          out.add(account_subject("administration of " + name, use.client.to_string()),
                  fmt::format("{} uploaded a plugin or theme to {} on {} ({})", use.client.to_string(), name,
                              when(use.at), known ? "an address that administers it" : "never seen there before"));
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
  std::map<IpAddress, Instant> since_;
  std::vector<Use> uses_;
};

std::unique_ptr<LogWatcher> watch(const Host& host) { return std::make_unique<Watcher>(host); }

constexpr Example kExamples[] = {
    {"used by a stranger",
     "--- /var/log/apache2/access.log\n"
     "192.0.2.7 - - [10/May/2026:00:01:01 +0000] \"POST /wp-admin/update.php?action=upload-plugin HTTP/1.1\" 200 41 "
     "\"-\" \"-\"\n",
     1},
    {"only looked at",
     "--- /var/log/apache2/access.log\n"
     "192.0.2.7 - - [10/May/2026:00:01:01 +0000] \"GET /wp-admin/plugin-install.php HTTP/1.1\" 200 41 \"-\" \"-\"\n",
     0},
};

}  // namespace

extern const Detector plugin_uploaded_by_web_detector;
constinit const Detector plugin_uploaded_by_web_detector{
    .id = "plugin_uploaded_by_web",
    .area = Area::web,
    .severity = Severity::suspicious,
    .title = "A plugin or theme uploaded through the site's administration",
    .explain =
        R"(Somebody uploaded a plugin or theme as a file through the administration of WordPress or Joomla. That is how owners
install bought plugins, and how intruders with a password install their own code. It is suspicious where that network had
not administered the site before. What to do: ask the owner what they installed then; look at the plugin's files.)",
    .watch = watch,
    .examples = kExamples};

}  // namespace abate::sweep
