// SPDX-License-Identifier: Apache-2.0
#include <algorithm>

#include "sweep/host/logs/watching.h"
#include "sweep/kit/detector.h"

namespace abate::sweep {
namespace {

constexpr std::size_t kMax = 100;
// What serves to scan, attack, tunnel or pass on; also what owners install for good reasons.
constexpr std::string_view kTools[] = {"nmap",
                                       "masscan",
                                       "hydra",
                                       "medusa",
                                       "ncrack",
                                       "tor",
                                       "squid",
                                       "tinyproxy",
                                       "3proxy",
                                       "dante-server",
                                       "shadowsocks-libev",
                                       "microsocks",
                                       "xmrig",
                                       "proxychains",
                                       "proxychains4",
                                       "sqlmap",
                                       "zmap",
                                       "hping3",
                                       "netcat-openbsd",
                                       "ncat",
                                       "socat",
                                       "transmission-daemon",
                                       "qbittorrent-nox",
                                       "rtorrent",
                                       "openvpn",
                                       "wireguard",
                                       "autossh",
                                       "screen",
                                       "gcc",
                                       "make",
                                       "docker.io"};

class Watcher final : public LogWatcher {
 public:
  explicit Watcher(const Host& host) : host_{host} {}
  void see(const Event& event) override {
    const PackageChange* change = as<PackageChange>(event);
    if (change == nullptr || change->action != "install" || !event.at || found_.size() >= kMax) return;
    const bool tool = std::ranges::find(kTools, change->name) != std::end(kTools);
    const bool in_time = host_.ticket.span && *event.at >= host_.ticket.span->begin - std::chrono::days{3} &&
                         *event.at <= host_.ticket.span->end;
    if (tool || in_time)
      found_.push_back({std::string{change->name.substr(0, 128)}, std::string{change->version.substr(0, 64)}, *event.at,
                        evidence_of(event)});
  }
  void finish(Findings& out) override {
    for (const Installed& one : found_) {
      Subject subject;
      subject.kind = SubjectKind::package;
      subject.name = one.name;
      Finding& finding =
          out.add(std::move(subject), fmt::format("{} {} was installed on {}", one.name, one.version, when(one.at)));
      finding.at = one.at;
      finding.evidence = {one.evidence};
    }
  }

 private:
  struct Installed {
    std::string name, version;
    Instant at;
    std::string evidence;
  };
  const Host& host_;
  std::vector<Installed> found_;
};

std::unique_ptr<LogWatcher> watch(const Host& host) { return std::make_unique<Watcher>(host); }

constexpr Example kExamples[] = {
    {"a scanner", "--- /var/log/dpkg.log\n2026-05-01 10:00:00 install masscan:amd64 <none> 2:1.3.2\n", 1},
    {"an upgrade", "--- /var/log/dpkg.log\n2026-05-01 10:00:00 upgrade squid:amd64 5.6 5.7\n", 0},
};

}  // namespace

extern const Detector package_installed_in_window_detector;
constinit const Detector package_installed_in_window_detector{
    .id = "package_installed_in_window",
    .area = Area::logs,
    .severity = Severity::note,
    .title = "A package was installed at that time, or one that intruders like",
    .explain =
        R"(The package manager's log tells when a program came onto the server. Named are those installed in the days
before the reported harm, and those that serve to scan, tunnel or pass on traffic. Owners install them too: it is a note. What
to do: ask who installed it, and see who was logged in at that time.)",
    .watch = watch,
    .examples = kExamples};

}  // namespace abate::sweep
