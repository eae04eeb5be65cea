// SPDX-License-Identifier: Apache-2.0
#include <algorithm>

#include "sweep/host/logs/watching.h"
#include "sweep/kit/detector.h"
#include "sweep/kit/target.h"

namespace abate::sweep {
namespace {

using namespace std::chrono_literals;

constexpr std::size_t kClientsMax = 10'000;
constexpr std::uint32_t kGuesses = 20;
constexpr auto kWindow = 24h;

class Watcher final : public LogWatcher {
 public:
  explicit Watcher(const Host& host) : host_{host} {}
  void see(const Event& event) override {
    const Request* request = as<Request>(event);
    if (request == nullptr || request->method != "POST" || !event.at || !is_outside(host_, request->client)) return;
    const std::string_view path = request->target.substr(0, request->target.find('?'));
    const bool login = path.ends_with("/wp-login.php");
    if (!login && !path.ends_with("/xmlrpc.php")) return;
    // Lost passwords, log-outs and protected pages answer with 302 too.
    if (login && request->target.find("action=") != std::string_view::npos &&
        request->target.find("action=login") == std::string_view::npos)
      return;
    const Site* site = site_of_log(host_, event.origin.path, request->site);
    Key key{site, *request->client};
    auto found = clients_.find(key);
    if (found == clients_.end()) {
      if (clients_.size() >= kClientsMax) return;
      found = clients_.emplace(key, Client{}).first;
    }
    Client& client = found->second;
    if (request->status == 200) {  // a wrong password
      if (client.failures == 0 || *event.at - client.last_failure > kWindow) {
        client.failures = 0;
        client.failed = evidence_of(event);
      }
      ++client.failures;
      client.last_failure = *event.at;
    } else if (login && request->status == 302) {
      if (!client.first_in) {
        client.first_in = event.at;
        client.in = evidence_of(event);
        client.failures_before =
            client.failures != 0 && *event.at - client.last_failure <= kWindow ? client.failures : 0;
      }
    }
  }
  void finish(Findings& out) override {
    for (const auto& [key, client] : clients_) {
      if (!client.first_in || client.failures_before < kGuesses) continue;
      std::string name =
          key.site == nullptr || key.site->names.empty() ? "WordPress" : "WordPress of " + key.site->names.front();
      Finding& finding =
          out.add(account_subject(name, key.client.to_string()),
                  fmt::format("After {} wrong passwords {} was let in to {} on {}", client.failures_before,
                              key.client.to_string(), name, when(*client.first_in)));
      finding.at = client.first_in;
      finding.evidence = {client.failed, client.in};
      finding.addresses = {key.client.to_string()};
      if (key.site != nullptr) finding.paths = {join_path(key.site->docroot, "wp-login.php")};
      finding.role = "intruder";
    }
  }

 private:
  struct Key {
    const Site* site;
    IpAddress client;
    friend auto operator<=>(const Key&, const Key&) = default;
  };
  struct Client {
    std::uint32_t failures = 0;
    Instant last_failure;
    std::string failed;
    std::optional<Instant> first_in;
    std::uint32_t failures_before = 0;
    std::string in;
  };
  const Host& host_;
  std::map<Key, Client> clients_;
};

std::unique_ptr<LogWatcher> watch(const Host& host) { return std::make_unique<Watcher>(host); }

#define ABATE_WRONG "192.0.2.7 - - [10/May/2026:00:01:01 +0000] \"POST /wp-login.php HTTP/1.1\" 200 41 \"-\" \"-\"\n"
#define ABATE_FIVE ABATE_WRONG ABATE_WRONG ABATE_WRONG ABATE_WRONG ABATE_WRONG
constexpr Example kExamples[] = {
    {"a password is guessed",
     "--- /var/log/apache2/access.log\n" ABATE_FIVE ABATE_FIVE ABATE_FIVE ABATE_FIVE
     "192.0.2.7 - - [10/May/2026:00:02:01 +0000] \"POST /wp-login.php HTTP/1.1\" 302 41 \"-\" \"-\"\n",
     1},
    {"guessing in vain", "--- /var/log/apache2/access.log\n" ABATE_FIVE ABATE_FIVE ABATE_FIVE ABATE_FIVE ABATE_FIVE, 0},
    {"the owner mistypes",
     "--- /var/log/apache2/access.log\n" ABATE_WRONG ABATE_WRONG
     "192.0.2.7 - - [10/May/2026:00:02:01 +0000] \"POST /wp-login.php HTTP/1.1\" 302 41 \"-\" \"-\"\n",
     0},
};
#undef ABATE_FIVE
#undef ABATE_WRONG

}  // namespace

extern const Detector wordpress_login_after_failures_detector;
constinit const Detector wordpress_login_after_failures_detector{
    .id = "wordpress_login_after_failures",
    .area = Area::web,
    .severity = Severity::malicious,
    .title = "Let in to WordPress after many wrong passwords",
    .explain =
        R"(An address tried twenty passwords and more at wp-login.php or xmlrpc.php within a day (answer 200), and then was
let in (answer 302). Whoever guesses an administrator's password can upload plugins, that is, run any code. False alarms:
nobody types twenty wrong passwords; a program of yours with an old one may. What to do: change the passwords of all
administrators, end all sessions (new salts), remove users, plugins and files that came since, limit log-ins.)",
    .watch = watch,
    .examples = kExamples};

}  // namespace abate::sweep
