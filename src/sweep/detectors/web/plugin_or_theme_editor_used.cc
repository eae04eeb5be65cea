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
  const auto has = [](std::string_view text, std::string_view part) {
    return text.find(part) != std::string_view::npos;
  };
  return has(request.target, "theme-editor.php") || has(request.target, "plugin-editor.php") ||
         has(request.target, "action=edit-theme-plugin-file") ||
         (has(request.target, "admin-ajax.php") &&
          (has(request.referer, "theme-editor.php") || has(request.referer, "plugin-editor.php"))) ||
         (has(request.target, "option=com_templates") && has(request.target, "file="));
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
                  fmt::format("{} changed code with the editor of {} on {} ({})", use.client.to_string(), name,
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
     "192.0.2.7 - - [10/May/2026:00:01:01 +0000] \"POST /wp-admin/theme-editor.php HTTP/1.1\" 200 41 \"-\" \"-\"\n",
     1},
    {"only looked at",
     "--- /var/log/apache2/access.log\n"
     "192.0.2.7 - - [10/May/2026:00:01:01 +0000] \"GET /wp-admin/theme-editor.php HTTP/1.1\" 200 41 \"-\" \"-\"\n",
     0},
};

}  // namespace

extern const Detector plugin_or_theme_editor_used_detector;
constinit const Detector plugin_or_theme_editor_used_detector{
    .id = "plugin_or_theme_editor_used",
    .area = Area::web,
    .severity = Severity::suspicious,
    .title = "Code changed with the site's own editor",
    .explain =
        R"(WordPress and Joomla let an administrator change the code of themes and plugins in the browser. Few owners do so;
intruders with a password do, because the change needs no file transfer (often the 404.php of a theme). It is suspicious
where that network had not administered the site before. What to do: compare the theme's files with its release, forbid the
editor (DISALLOW_FILE_EDIT), change the administrators' passwords.)",
    .watch = watch,
    .examples = kExamples};

}  // namespace abate::sweep
