// SPDX-License-Identifier: Apache-2.0
#include <algorithm>

#include "base/text.h"
#include "sweep/host/logs/watching.h"
#include "sweep/kit/detector.h"

namespace abate::sweep {
namespace {

constexpr std::size_t kUploadsMax = 5000;
constexpr auto kKnown = std::chrono::days{7};

bool is_web_code(std::string_view path) {
  const std::string suffix = to_lower(suffix_of(path));
  for (const std::string_view one : {".php", ".html", ".htm", ".zip", ".js", ".phtml", ".php5", ".php7", ".phar",
                                     ".pht", ".inc", ".cgi", ".pl", ".asp", ".aspx", ".jsp"})
    if (suffix == one) return true;
  return file_name(path) == ".htaccess" || file_name(path) == ".user.ini";
}

class Watcher final : public LogWatcher {
 public:
  explicit Watcher(const Host& host) : host_{host} {}
  void see(const Event& event) override {
    visits_.see(event);
    const Transfer* transfer = as<Transfer>(event);
    if (transfer == nullptr || !transfer->upload || !event.at || !is_outside(host_, transfer->client)) return;
    note_network(transfer->user, *transfer->client, *event.at);
    if (!is_web_code(transfer->path) || uploads_.size() >= kUploadsMax) return;
    uploads_.push_back({std::string{transfer->user.substr(0, 64)}, *transfer->client, *event.at,
                        std::string{transfer->path.substr(0, 512)}, evidence_of(event), transfer->service});
  }
  void finish(Findings& out) override {
    for (const Visit* visit : visits_.by_time())
      if (visit->service == LoginService::ftp || visit->service == LoginService::ssh ||
          visit->service == LoginService::sftp)
        note_network(visit->user, visit->client, visit->first);
    // All scripts of one account from one strange network are one story, told by its first file.
    std::map<std::pair<std::string, IpAddress>, std::vector<const Upload*>> stories;
    for (const Upload& upload : uploads_)
      if (is_strange(upload)) stories[{upload.user, network_of(upload.client)}].push_back(&upload);
    for (const auto& [who, uploads] : stories) {
      const Upload& first = **std::ranges::min_element(uploads, {}, [](const Upload* one) { return one->at; });
      Finding& finding =
          out.add(file_subject(real_path(first)),
                  fmt::format("{} uploaded web code by {} from {} on {}: never before from that network", first.user,
                              login_service_name(first.service), first.client.to_string(), when(first.at)));
      finding.at = first.at;
      finding.addresses = {first.client.to_string()};
      finding.ids = {first.user};
      finding.role = "upload";
      for (const Upload* upload : uploads) {
        if (finding.evidence.size() < Finding::kEvidenceMax) finding.evidence.push_back(upload->evidence);
        if (finding.paths.size() < 50) finding.paths.push_back(real_path(*upload));
        if (std::string client = upload->client.to_string();
            finding.addresses.size() < 20 && std::ranges::find(finding.addresses, client) == finding.addresses.end())
          finding.addresses.push_back(std::move(client));
      }
      if (!near_harm(host_, first.at)) finding.severity = Severity::note;
    }
  }

 private:
  struct Upload {
    std::string user;
    IpAddress client;
    Instant at;
    std::string path, evidence;
    LoginService service;
  };
  void note_network(std::string_view user, const IpAddress& client, Instant at) {
    constexpr std::size_t kUsersMax = 2000;
    constexpr std::size_t kNetworksMax = 200;
    auto found = networks_.find(user);
    if (found == networks_.end()) {
      if (networks_.size() >= kUsersMax) return;
      found = networks_.emplace(user, std::map<IpAddress, Instant>{}).first;
    }
    const auto network = found->second.find(network_of(client));
    if (network != found->second.end()) {
      network->second = std::min(network->second, at);
    } else if (found->second.size() < kNetworksMax) {
      found->second.emplace(network_of(client), at);
    }
  }
  // Known for a week from elsewhere, and new from here.
  bool is_strange(const Upload& upload) const {
    const auto found = networks_.find(upload.user);
    if (found == networks_.end()) return false;
    const IpAddress network = network_of(upload.client);
    bool elsewhere = false;
    for (const auto& [other, first] : found->second) {
      if (other == network && upload.at - first > std::chrono::days{2}) return false;
      elsewhere |= other != network && upload.at - first >= kKnown;
    }
    return elsewhere;
  }
  // FTP logs tell the path as its user sees it: beneath the home, where that is so.
  std::string real_path(const Upload& upload) const {
    const std::string path = normal_path(upload.path);
    if (exists(*host_.tree, path)) return path;
    const Account* account = host_.account(upload.user);
    if (account == nullptr) return path;
    std::string beneath = normal_path(account->home + "/" + path);
    return exists(*host_.tree, beneath) || !lies_in(path, account->home) ? beneath : path;
  }

  const Host& host_;
  Visits visits_;
  std::vector<Upload> uploads_;
  std::map<std::string, std::map<IpAddress, Instant>, std::less<>> networks_;
};

std::unique_ptr<LogWatcher> watch(const Host& host) { return std::make_unique<Watcher>(host); }

constexpr Example kExamples[] = {
    {"a script from a stranger",
     "--- /var/log/xferlog\n"
     "Thu Oct  1 10:00:00 2026 1 198.51.100.4 123 /home/a/index.html b _ i r anna ftp 0 * c\n"
     "Mon Nov  2 10:00:00 2026 1 192.0.2.4 123 /home/a/x.php b _ i r anna ftp 0 * c\n",
     1},
    {"the owner at work",
     "--- /var/log/xferlog\n"
     "Thu Oct  1 10:00:00 2026 1 198.51.100.4 123 /home/a/index.html b _ i r anna ftp 0 * c\n"
     "Mon Nov  2 10:00:00 2026 1 198.51.100.9 123 /home/a/x.php b _ i r anna ftp 0 * c\n",
     0},
};

}  // namespace

extern const Detector ftp_upload_of_script_detector;
constinit const Detector ftp_upload_of_script_detector{
    .id = "ftp_upload_of_script",
    .area = Area::logs,
    .severity = Severity::suspicious,
    .title = "Web code uploaded by FTP or SFTP from a network never seen before",
    .explain =
        R"(Somebody with the account's password put scripts onto the server from a network that the account never came
from. With stolen FTP passwords that is the usual way in: no hole in the web site is needed. False alarms: a new web
designer, a journey. What to do: ask the owner; if it was not them, remove what was uploaded, change the password, and
let the owner look for malware on the computer where the password was kept.)",
    .watch = watch,
    .examples = kExamples};

}  // namespace abate::sweep
