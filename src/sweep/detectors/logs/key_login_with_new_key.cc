// SPDX-License-Identifier: Apache-2.0
#include "sweep/host/logs/watching.h"
#include "sweep/kit/detector.h"

namespace abate::sweep {
namespace {

constexpr auto kKnown = std::chrono::days{10};
constexpr std::size_t kKeysMax = 2000;

class Watcher final : public LogWatcher {
 public:
  explicit Watcher(const Host& host) : host_{host} {}
  void see(const Event& event) override {
    const Login* login = as<Login>(event);
    if (login == nullptr || !login->accepted || login->key.empty() || !event.at || !login->client) return;
    std::string name{login->user};
    name.append(" ").append(login->key.substr(0, 80));
    const auto found = keys_.find(name);
    if (found != keys_.end()) {
      if (*event.at >= found->second.first) return;
    } else if (keys_.size() >= kKeysMax) {
      return;
    }
    keys_.insert_or_assign(std::move(name), Use{std::string{login->user}, std::string{login->key}, *login->client,
                                                *event.at, evidence_of(event)});
  }
  void finish(Findings& out) override {
    for (const auto& [name, use] : keys_) {
      bool known_account = false;
      bool known_network = false;
      for (const auto& [other_name, other] : keys_) {
        if (other.user != use.user || other.first >= use.first) continue;
        known_account |= use.first - other.first >= kKnown;
        known_network |= network_of(other.client) == network_of(use.client);
      }
      if (!known_account || known_network || !is_outside(host_, use.client)) continue;
      Subject subject;
      subject.kind = SubjectKind::key;
      subject.name = use.user;
      subject.address = use.key;
      for (const Key& key : host_.keys)
        if (key.fingerprint == use.key && key.account == use.user) {
          subject.path = key.path;
          subject.line = key.line;
        }
      Finding& finding = out.add(
          std::move(subject),
          fmt::format("On {} {} came in with a key never used before ({}), from {}, a network it never came from",
                      when(use.first), use.user, use.key, use.client.to_string()));
      finding.severity = near_harm(host_, use.first) ? Severity::suspicious : Severity::note;
      finding.at = use.first;
      finding.evidence = {use.evidence};
      finding.addresses = {use.client.to_string()};
      finding.ids = {use.user, use.key};
    }
  }

 private:
  struct Use {
    std::string user, key;
    IpAddress client;
    Instant first;
    std::string evidence;
  };
  const Host& host_;
  std::map<std::string, Use> keys_;
};

std::unique_ptr<LogWatcher> watch(const Host& host) { return std::make_unique<Watcher>(host); }

constexpr Example kExamples[] = {
    {"a stranger's key",
     "--- /var/log/auth.log\n"
     "2026-04-01T10:09:00+00:00 h sshd[2]: Accepted publickey for anna from 198.51.100.7 port 2 ssh2: ED25519 "
     "SHA256:aaa\n"
     "2026-05-01T10:09:00+00:00 h sshd[2]: Accepted publickey for anna from 192.0.2.7 port 2 ssh2: RSA SHA256:bbb\n",
     1},
    {"a new laptop at the same desk",
     "--- /var/log/auth.log\n"
     "2026-04-01T10:09:00+00:00 h sshd[2]: Accepted publickey for anna from 198.51.100.7 port 2 ssh2: ED25519 "
     "SHA256:aaa\n"
     "2026-05-01T10:09:00+00:00 h sshd[2]: Accepted publickey for anna from 198.51.100.7 port 2 ssh2: RSA SHA256:bbb\n",
     0},
};

}  // namespace

extern const Detector key_login_with_new_key_detector;
constinit const Detector key_login_with_new_key_detector{
    .id = "key_login_with_new_key",
    .area = Area::logs,
    .severity = Severity::suspicious,
    .title = "A log-in with a key never used before, from a network never seen",
    .explain =
        R"(Intruders leave a key of their own in authorized_keys, to come back when the password is changed. Its first
use shows in the log: a new fingerprint, and a network that the account never came from. False alarms: a new colleague, a
new device on a journey. What to do: ask the owner; a key that nobody knows is removed, and whoever could add it looked
for.)",
    .watch = watch,
    .examples = kExamples};

}  // namespace abate::sweep
