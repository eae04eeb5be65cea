// SPDX-License-Identifier: Apache-2.0
#include <algorithm>

#include "sweep/host/logs/watching.h"
#include "sweep/kit/detector.h"

namespace abate::sweep {
namespace {

using namespace std::chrono_literals;

constexpr std::size_t kClientsMax = 20'000;
constexpr std::size_t kMinutesMax = 64;  // of failures kept of one client: the latest
constexpr std::size_t kMinutesSure = 8;  // so many also when all together have kMinutesOfAllMax
constexpr std::size_t kMinutesOfAllMax = 400'000;
constexpr std::uint32_t kGuesses = 20;  // nobody mistypes so often
constexpr std::uint32_t kSome = 6;
constexpr std::uint32_t kSpreadGuesses = 50;  // for one account, from kSpread networks and more
constexpr std::size_t kSpread = 5;
constexpr auto kWindow = 24h;

class Watcher final : public LogWatcher {
 public:
  explicit Watcher(const Host& host) : host_{host} {}

  void see(const Event& event) override {
    visits_.see(event);
    const Login* login = as<Login>(event);
    if (login == nullptr || login->accepted || !event.at || !is_outside(host_, login->client)) return;
    if (login->method == "publickey" || login->method == "none") return;
    count(clients_, *login->client, event);
    // Guesses for one account by many machines; root's are the noise of the world.
    if (login->user != "root" && !login->user.empty()) {
      Failures* account = count(accounts_, std::string{login->user.substr(0, 128)}, event);
      if (account != nullptr && account->networks.size() < 8) account->networks.insert(nearby_of(*login->client));
    }
    if (Failures* client = count(clients_, *login->client, event, 0); client != nullptr && client->users.size() < 8)
      client->users.emplace(login->user.substr(0, 64));
  }

  void finish(Findings& out) override {
    const auto visits = visits_.by_time();
    const auto strange = visits_.strange({LoginService::ssh, LoginService::sftp, LoginService::ftp, LoginService::imap,
                                          LoginService::pop3, LoginService::smtp, LoginService::panel});
    for (const Visit* visit : visits) {
      if (!is_outside(host_, visit->client) || visit->service == LoginService::other || visit->method == "publickey")
        continue;
      const Guesses before = failures_before(*visit);
      if (before.count < kSome || is_familiar(visits, *visit)) continue;
      const bool is_strange = std::ranges::any_of(strange, [&](const auto& one) { return one.visit == visit; });
      const bool mail = login_subject(*visit).kind == SubjectKind::mailbox;
      // A telephone with last year's password fails a hundred times in a mail log, too: there it takes more.
      const bool sure = before.count >= kGuesses && (!mail || is_strange || before.users >= 5);
      if (!sure && !is_strange) continue;
      Finding& finding = out.add(login_subject(*visit),
                                 fmt::format("After {} wrong passwords within a day, {} was let in as {} on {}",
                                             before.count, visit->client.to_string(), visit->user, when(visit->first)));
      finding.severity = sure ? Severity::malicious : Severity::suspicious;
      finding.at = visit->first;
      finding.evidence = {before.evidence, visit->evidence};
      finding.addresses = {visit->client.to_string()};
      finding.ids = {visit->user};
      finding.role = "intruder";
      if (const Account* account = host_.account(visit->user)) finding.uid = account->uid;
    }
  }

 private:
  struct Failures {
    std::vector<std::pair<std::uint32_t, std::uint32_t>> minutes;  // since 1970, and how many
    std::set<std::string, std::less<>> users;
    std::set<IpAddress> networks;
    std::string evidence;
  };
  struct Guesses {
    std::uint32_t count = 0;
    std::size_t users = 0;
    std::string evidence;
  };

  template <class Map, class Key>
  Failures* count(Map& map, const Key& key, const Event& event, std::uint32_t times) {
    auto found = map.find(key);
    if (found == map.end()) {
      if (map.size() >= kClientsMax) return nullptr;
      found = map.emplace(key, Failures{}).first;
      found->second.evidence = evidence_of(event);
    }
    Failures& failures = found->second;
    if (times == 0) return &failures;
    const auto minute = static_cast<std::uint32_t>(to_micros(*event.at) / 60'000'000);
    if (failures.minutes.empty() || failures.minutes.back().first != minute) {
      const std::size_t most = minutes_ < kMinutesOfAllMax ? kMinutesMax : kMinutesSure;
      if (failures.minutes.size() >= most)
        failures.minutes.erase(failures.minutes.begin());
      else
        ++minutes_;
      failures.minutes.emplace_back(minute, 0);
    }
    failures.minutes.back().second += times;
    return &failures;
  }
  template <class Map, class Key>
  Failures* count(Map& map, const Key& key, const Event& event) {
    return count(map, key, event, event.times);
  }

  static std::uint32_t in_window(const Failures& failures, Instant at) {
    const std::int64_t until = to_micros(at) / 60'000'000;
    const std::int64_t since = to_micros(at - kWindow) / 60'000'000;
    std::uint32_t sum = 0;
    for (const auto& [minute, times] : failures.minutes)
      if (since <= minute && minute <= until) sum += times;
    return sum;
  }

  // In the day before it was let in: by this client, or for this account by many, this client among them. Neighbours
  // alone say nothing: a network from which the world is guessed at may be one that people live in.
  Guesses failures_before(const Visit& visit) const {
    Guesses guesses;
    const auto client = clients_.find(visit.client);
    if (client == clients_.end()) return guesses;
    guesses.count = in_window(client->second, visit.first);
    guesses.users = client->second.users.size();
    guesses.evidence = client->second.evidence;
    const auto account = accounts_.find(visit.user);
    if (guesses.count == 0 || account == accounts_.end() || account->second.networks.size() < kSpread) return guesses;
    const std::uint32_t spread = in_window(account->second, visit.first);
    if (spread >= kSpreadGuesses) guesses.count = std::max(guesses.count, spread);
    return guesses;
  }

  // Was let in from there before, a day or longer ago: a person with a new password, not a stranger.
  static bool is_familiar(const std::vector<const Visit*>& visits, const Visit& visit) {
    const IpAddress nearby = nearby_of(visit.client);
    return std::ranges::any_of(visits, [&](const Visit* other) {
      return nearby_of(other->client) == nearby && other->first < visit.first - 24h;
    });
  }

  const Host& host_;
  Visits visits_;
  std::map<IpAddress, Failures> clients_;
  std::map<std::string, Failures, std::less<>> accounts_;
  std::size_t minutes_ = 0;  // of all
};

std::unique_ptr<LogWatcher> watch(const Host& host) { return std::make_unique<Watcher>(host); }

constexpr Example kExamples[] = {
    {"a password is guessed",
     "--- /var/log/auth.log\n"
     "2026-05-01T10:00:00+00:00 h sshd[1]: message repeated 30 times: [ Failed password for root from 192.0.2.7 port 1 "
     "ssh2]\n"
     "2026-05-01T10:09:00+00:00 h sshd[2]: Accepted password for root from 192.0.2.7 port 2 ssh2\n",
     1},
    {"somebody mistypes twice",
     "--- /var/log/auth.log\n"
     "2026-05-01T10:00:00+00:00 h sshd[1]: Failed password for anna from 192.0.2.7 port 1 ssh2\n"
     "2026-05-01T10:00:05+00:00 h sshd[1]: Failed password for anna from 192.0.2.7 port 1 ssh2\n"
     "2026-05-01T10:00:09+00:00 h sshd[1]: Accepted password for anna from 192.0.2.7 port 1 ssh2\n",
     0},
    {"the owner's backup had the old password for a night",
     "--- /var/log/auth.log\n"
     "2026-04-01T10:09:00+00:00 h sshd[2]: Accepted password for anna from 192.0.2.7 port 2 ssh2\n"
     "2026-05-01T10:00:00+00:00 h sshd[1]: message repeated 30 times: [ Failed password for anna from 192.0.2.7 port 1 "
     "ssh2]\n"
     "2026-05-01T10:09:00+00:00 h sshd[2]: Accepted password for anna from 192.0.2.7 port 2 ssh2\n",
     0},
};

}  // namespace

extern const Detector login_after_failures_detector;
constinit const Detector login_after_failures_detector{
    .id = "login_after_failures",
    .area = Area::logs,
    .severity = Severity::malicious,
    .title = "Let in after many wrong passwords",
    .explain =
        R"(An address tried many wrong passwords, and then one was right. That is how a guessed password looks. All
services count: SSH, FTP, mail, panels. Twenty wrong ones within a day and a stranger's address are taken as a break-in;
fewer are shown where the account never came from that network. False alarms: a program of your own that had an old
password for a while; it is spared where the same network was let in long before. What to do: change the account's
password, end its sessions, look at what was done after that time, and allow SSH by keys only.)",
    .watch = watch,
    .examples = kExamples};

}  // namespace abate::sweep
