// SPDX-License-Identifier: Apache-2.0
#include <algorithm>

#include "sweep/host/logs/watching.h"
#include "sweep/kit/detector.h"

namespace abate::sweep {
namespace {

constexpr std::size_t kNetworks = 4;  // within a day: nobody travels so fast
constexpr auto kWindow = std::chrono::hours{24};

class Watcher final : public LogWatcher {
 public:
  explicit Watcher(const Host& host) : host_{host} {}
  void see(const Event& event) override {
    const Login* login = as<Login>(event);
    if (login != nullptr && login->accepted && is_outside(host_, login->client) &&
        (login->service == LoginService::ftp || login->service == LoginService::sftp))
      visits_.see(event);
  }
  void finish(Findings& out) override {
    std::map<std::string_view, std::vector<const Visit*>> accounts;
    for (const Visit* visit : visits_.by_time()) accounts[visit->user].push_back(visit);
    for (const auto& [user, visits] : accounts) {
      if (user == "anonymous" || user == "ftp") continue;
      for (std::size_t begin = 0; begin < visits.size(); ++begin) {
        std::set<IpAddress> networks;
        std::size_t end = begin;
        for (; end < visits.size() && visits[end]->first - visits[begin]->first <= kWindow; ++end)
          networks.insert(network_of(visits[end]->client));
        if (networks.size() < kNetworks) continue;
        Finding& finding = out.add(account_subject(user),
                                   fmt::format("The FTP account {} was used from {} networks within a day of {}", user,
                                               networks.size(), when(visits[begin]->first)));
        finding.at = visits[begin]->first;
        for (std::size_t i = begin; i < end && finding.addresses.size() < 20; ++i) {
          if (finding.evidence.size() < Finding::kEvidenceMax) finding.evidence.push_back(visits[i]->evidence);
          finding.addresses.push_back(visits[i]->client.to_string());
        }
        finding.ids = {std::string{user}};
        if (const Account* account = host_.account(user)) finding.uid = account->uid;
        break;
      }
    }
  }

 private:
  const Host& host_;
  Visits visits_;
};

std::unique_ptr<LogWatcher> watch(const Host& host) { return std::make_unique<Watcher>(host); }

constexpr Example kExamples[] = {
    {"a stolen password passed round",
     "--- /var/log/vsftpd.log\n"
     "Mon Nov  2 10:00:00 2026 [pid 3] [anna] OK LOGIN: Client \"192.0.2.4\"\n"
     "Mon Nov  2 11:00:00 2026 [pid 3] [anna] OK LOGIN: Client \"198.51.100.4\"\n"
     "Mon Nov  2 12:00:00 2026 [pid 3] [anna] OK LOGIN: Client \"203.0.113.4\"\n"
     "Mon Nov  2 13:00:00 2026 [pid 3] [anna] OK LOGIN: Client \"2001:db8::4\"\n",
     1},
    {"one at home and one at work",
     "--- /var/log/vsftpd.log\n"
     "Mon Nov  2 10:00:00 2026 [pid 3] [anna] OK LOGIN: Client \"192.0.2.4\"\n"
     "Mon Nov  2 11:00:00 2026 [pid 3] [anna] OK LOGIN: Client \"198.51.100.4\"\n",
     0},
};

}  // namespace

extern const Detector ftp_login_from_many_networks_detector;
constinit const Detector ftp_login_from_many_networks_detector{
    .id = "ftp_login_from_many_networks",
    .area = Area::logs,
    .severity = Severity::suspicious,
    .title = "One FTP account from many networks within a day",
    .explain =
        R"(FTP passwords are stolen from the owners' own computers, sold, and tried by many machines at once: the same
account comes from four networks or more within a day. False alarms: an agency or a build service that uploads from many
places. What to do: change that password, use SFTP with keys, let the owner look for malware on their computer, and look
at what was uploaded.)",
    .watch = watch,
    .examples = kExamples};

}  // namespace abate::sweep
