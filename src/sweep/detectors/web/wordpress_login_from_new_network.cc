// SPDX-License-Identifier: Apache-2.0
#include "sweep/host/logs/watching.h"
#include "sweep/kit/detector.h"
#include "sweep/kit/target.h"

namespace abate::sweep {
namespace {

constexpr std::size_t kNetworksOfMany = 6;  // a site with many authors or customers

class Watcher final : public LogWatcher {
 public:
  explicit Watcher(const Host& host) : host_{host} {}
  void see(const Event& event) override {
    const Request* request = as<Request>(event);
    if (request == nullptr || request->method != "POST" || request->status != 302 ||
        !is_outside(host_, request->client))
      return;
    const std::string_view path = request->target.substr(0, request->target.find('?'));
    if (!path.ends_with("/wp-login.php")) return;
    if (request->target.find("action=") != std::string_view::npos &&
        request->target.find("action=login") == std::string_view::npos)
      return;
    const Site* site = site_of_log(host_, event.origin.path, request->site);
    const std::string name =
        site == nullptr || site->names.empty() ? "WordPress" : "WordPress of " + site->names.front();
    Event login = event;
    login.what = Login{.service = LoginService::web_application,
                       .accepted = true,
                       .user = name,
                       .client = request->client,
                       .method = "password"};
    visits_.see(login);
  }
  void finish(Findings& out) override {
    for (const Visits::Strange& one : visits_.strange({LoginService::web_application})) {
      if (one.networks_before >= kNetworksOfMany) continue;
      const Visit& visit = *one.visit;
      Finding& finding = out.add(account_subject(visit.user, visit.client.to_string()),
                                 fmt::format("{} was let in to {} on {}: never before from that network",
                                             visit.client.to_string(), visit.user, when(visit.first)));
      finding.severity = near_harm(host_, visit.first) ? Severity::suspicious : Severity::note;
      finding.at = visit.first;
      finding.evidence = {visit.evidence};
      finding.addresses = {visit.client.to_string()};
    }
  }

 private:
  const Host& host_;
  Visits visits_;
};

std::unique_ptr<LogWatcher> watch(const Host& host) { return std::make_unique<Watcher>(host); }

#define ABATE_IN(client, day) \
  client " - - [" day "/May/2026:00:02:01 +0000] \"POST /wp-login.php HTTP/1.1\" 302 41 \"-\" \"-\"\n"
constexpr Example kExamples[] = {
    {"a stranger with the password",
     "--- /var/log/apache2/access.log\n" ABATE_IN("198.51.100.7", "01") ABATE_IN("198.51.100.7", "04")
         ABATE_IN("198.51.100.7", "09") ABATE_IN("192.0.2.7", "20"),
     1},
    {"the owner",
     "--- /var/log/apache2/access.log\n" ABATE_IN("198.51.100.7", "01") ABATE_IN("198.51.100.7", "04")
         ABATE_IN("198.51.100.9", "20"),
     0},
};
#undef ABATE_IN

}  // namespace

extern const Detector wordpress_login_from_new_network_detector;
constinit const Detector wordpress_login_from_new_network_detector{
    .id = "wordpress_login_from_new_network",
    .area = Area::web,
    .severity = Severity::suspicious,
    .title = "A log-in to WordPress from a network never seen before",
    .explain =
        R"(For weeks the site's owner logged in from the same networks, then somebody from quite another. That may be a
journey or a new author, or somebody with a stolen password. Sites where many people log in are spared. What to do: ask the
owner; if it was not them, change the administrators' passwords, end all sessions, and look at what was changed since.)",
    .watch = watch,
    .examples = kExamples};

}  // namespace abate::sweep
