// SPDX-License-Identifier: Apache-2.0
#include <algorithm>

#include "sweep/host/logs/watching.h"
#include "sweep/kit/detector.h"

namespace abate::sweep {
namespace {

constexpr std::size_t kClientsMax = 10'000;
constexpr std::uint32_t kProbesMin = 5;
constexpr std::string_view kProbes[] = {"/.env",
                                        "/.git/",
                                        "/wp-config.php.",
                                        "/shell.php",
                                        "/alfa",
                                        "/vendor/phpunit",
                                        "/boaform/",
                                        "/cgi-bin/luci",
                                        "/actuator/",
                                        "/phpinfo.php",
                                        "/etc/passwd",
                                        "/solr/admin",
                                        "/_ignition/",
                                        "/HNAP1",
                                        "/.aws/",
                                        "union+select",
                                        "wp_filemanager.php",
                                        "/eval-stdin.php"};

class Watcher final : public LogWatcher {
 public:
  explicit Watcher(const Host& host) : host_{host} {}
  void see(const Event& event) override {
    const Request* request = as<Request>(event);
    if (request == nullptr || !is_outside(host_, request->client)) return;
    bool probe = false;
    for (const std::string_view one : kProbes) probe |= request->target.find(one) != std::string_view::npos;
    if (!probe) return;
    ++probes_;
    if (request->status == 200) ++answered_;
    if (event.at && (!first_ || *event.at < *first_)) first_ = event.at;
    evidence_.add(event);
    if (clients_.size() < kClientsMax) clients_.insert(*request->client);
  }
  void finish(Findings& out) override {
    if (probes_ < kProbesMin) return;
    Subject subject;
    subject.kind = SubjectKind::log;
    subject.name = "web requests";
    Finding& finding = out.add(
        std::move(subject),
        fmt::format("{} requests from {} addresses looked for well-known holes; {} got an answer other than an error",
                    probes_, clients_.size(), answered_));
    finding.at = first_;
    evidence_.into(finding);
  }

 private:
  const Host& host_;
  std::uint32_t probes_ = 0;
  std::uint32_t answered_ = 0;
  std::optional<Instant> first_;
  std::set<IpAddress> clients_;
  Evidence evidence_;
};

std::unique_ptr<LogWatcher> watch(const Host& host) { return std::make_unique<Watcher>(host); }

#define ABATE_PROBE "192.0.2.7 - - [10/May/2026:00:01:01 +0000] \"GET /.env HTTP/1.1\" 404 41 \"-\" \"-\"\n"
constexpr Example kExamples[] = {
    {"a scanner", "--- /var/log/apache2/access.log\n" ABATE_PROBE ABATE_PROBE ABATE_PROBE ABATE_PROBE ABATE_PROBE, 1},
    {"a visitor",
     "--- /var/log/apache2/access.log\n192.0.2.7 - - [10/May/2026:00:01:01 +0000] \"GET / HTTP/1.1\" 200 41 \"-\" "
     "\"-\"\n",
     0},
};
#undef ABATE_PROBE

}  // namespace

extern const Detector scanner_seen_detector;
constinit const Detector scanner_seen_detector{
    .id = "scanner_seen",
    .area = Area::web,
    .severity = Severity::note,
    .title = "Scanners look for holes in the web sites",
    .explain =
        R"(Machines all over the world ask every web server for files that should not be there: passwords (.env), old
shells, holes of well-known programs. By itself it is noise; what matters is whether something answered. What to do: nothing,
unless such a file exists.)",
    .watch = watch,
    .examples = kExamples};

}  // namespace abate::sweep
