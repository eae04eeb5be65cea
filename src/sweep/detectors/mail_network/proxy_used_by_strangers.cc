// SPDX-License-Identifier: Apache-2.0
#include <algorithm>

#include "sweep/host/logs/watching.h"
#include "sweep/kit/detector.h"

namespace abate::sweep {
namespace {

constexpr std::size_t kClientsMax = 5000;
constexpr std::size_t kProgramsMax = 16;
constexpr std::uint32_t kUsesMin = 10;

class Watcher final : public LogWatcher {
 public:
  explicit Watcher(const Host& host) : host_{host} {}
  void see(const Event& event) override {
    const ProxyUse* use = as<ProxyUse>(event);
    if (use == nullptr || !use->allowed || !use->user.empty() || !event.at || !is_outside(host_, use->client)) return;
    if (programs_.size() >= kProgramsMax && !programs_.contains(event.program)) return;
    Program& program = programs_[std::string{event.program}];
    if (program.uses++ == 0) program.first = *event.at;
    program.first = std::min(program.first, *event.at);
    program.last = std::max(program.last, *event.at);
    program.evidence.add(event);
    if (program.clients.size() < kClientsMax || program.clients.contains(*use->client)) ++program.clients[*use->client];
  }
  void finish(Findings& out) override {
    for (const auto& [name, program] : programs_) {
      if (program.uses < kUsesMin) continue;
      Subject subject;
      subject.kind = SubjectKind::unit;
      subject.name = name;
      Finding& finding = out.add(
          std::move(subject),
          fmt::format(
              "{} strangers' addresses used {} as their way into the world {} times, from {} on, without a log-in",
              program.clients.size(), name, program.uses, when(program.first)));
      finding.at = program.first;
      program.evidence.into(finding);
      std::vector<std::pair<std::uint32_t, IpAddress>> busiest;
      for (const auto& [client, count] : program.clients) busiest.emplace_back(count, client);
      std::ranges::sort(busiest, std::greater{});
      for (const auto& [count, client] : busiest)
        if (finding.addresses.size() < 30) finding.addresses.push_back(client.to_string());
      finding.role = "proxy_use";
    }
  }

 private:
  struct Program {
    std::uint32_t uses = 0;
    Instant first, last;
    Evidence evidence;
    std::map<IpAddress, std::uint32_t> clients;
  };
  const Host& host_;
  std::map<std::string, Program, std::less<>> programs_;
};

std::unique_ptr<LogWatcher> watch(const Host& host) { return std::make_unique<Watcher>(host); }

#define ABATE_USE(client) \
  "1777630000.123 4 " client " TCP_TUNNEL/200 1234 CONNECT example.org:443 - HIER_DIRECT/198.51.100.1 -\n"
#define ABATE_FIVE(client) ABATE_USE(client) ABATE_USE(client) ABATE_USE(client) ABATE_USE(client) ABATE_USE(client)
constexpr Example kExamples[] = {
    {"open to the world", "--- /var/log/squid/access.log\n" ABATE_FIVE("192.0.2.7") ABATE_FIVE("192.0.2.8"), 1},
    {"of the house",
     "--- /var/log/squid/access.log\n" ABATE_FIVE("10.0.0.7") ABATE_FIVE("10.0.0.8") ABATE_FIVE("10.0.0.7"), 0},
};
#undef ABATE_FIVE
#undef ABATE_USE

}  // namespace

extern const Detector proxy_used_by_strangers_detector;
constinit const Detector proxy_used_by_strangers_detector{
    .id = "proxy_used_by_strangers",
    .area = Area::mail_network,
    .severity = Severity::suspicious,
    .title = "Strangers use the proxy",
    .explain =
        R"(The log of a proxy (squid, tinyproxy, 3proxy, dante) shows addresses of the internet that went through it
without a log-in. What they do with it (spam, attacks, fraud) bears this server's address. False alarms: your own machines
elsewhere that use it; their addresses are named here. What to do: let it listen on the inner network only, or demand a
log-in.)",
    .watch = watch,
    .examples = kExamples};

}  // namespace abate::sweep
