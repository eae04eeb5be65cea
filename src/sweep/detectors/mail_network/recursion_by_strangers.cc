// SPDX-License-Identifier: Apache-2.0
#include <algorithm>

#include "sweep/host/logs/watching.h"
#include "sweep/kit/detector.h"

namespace abate::sweep {
namespace {

constexpr std::size_t kClientsMax = 5000;
constexpr std::uint32_t kQueriesMin = 20;
constexpr std::size_t kNamesMax = 200;

// Queries of the type that amplifies, or many for names that are not ours.
class Watcher final : public LogWatcher {
 public:
  explicit Watcher(const Host& host) : host_{host} {}
  void see(const Event& event) override {
    const Query* query = as<Query>(event);
    if (query == nullptr || !event.at || !is_outside(host_, query->client)) return;
    // named writes '+' where the asker wants it to look elsewhere.
    const bool recursive = event.program == "dnsmasq" || event.message.find(" +") != std::string_view::npos;
    if (!recursive) return;
    if (queries_++ == 0) first_ = *event.at;
    first_ = std::min(first_, *event.at);
    if (query->type == "ANY" || query->type == "TXT") ++amplifying_;
    evidence_.add(event);
    if (names_.size() < kNamesMax) names_.emplace(query->name.substr(0, 80));
    if (clients_.size() < kClientsMax || clients_.contains(*query->client)) ++clients_[*query->client];
  }
  void finish(Findings& out) override {
    if (queries_ < kQueriesMin) return;
    Subject subject;
    subject.kind = SubjectKind::port;
    subject.port = 53;
    subject.protocol = "udp";
    Finding& finding =
        out.add(std::move(subject), fmt::format("{} addresses of the internet asked this server {} recursive questions "
                                                "about {} names; {} of the kind that attacks are made of",
                                                clients_.size(), queries_, names_.size(), amplifying_));
    finding.at = first_;
    evidence_.into(finding);
    std::vector<std::pair<std::uint32_t, IpAddress>> busiest;
    for (const auto& [client, count] : clients_) busiest.emplace_back(count, client);
    std::ranges::sort(busiest, std::greater{});
    for (const auto& [count, client] : busiest)
      if (finding.addresses.size() < 30) finding.addresses.push_back(client.to_string());
    finding.role = "resolver_use";
  }

 private:
  const Host& host_;
  std::uint32_t queries_ = 0;
  std::uint32_t amplifying_ = 0;
  Instant first_;
  Evidence evidence_;
  std::set<std::string, std::less<>> names_;
  std::map<IpAddress, std::uint32_t> clients_;
};

std::unique_ptr<LogWatcher> watch(const Host& host) { return std::make_unique<Watcher>(host); }

#define ABATE_ASK(client)                                      \
  "2026-05-01T10:00:00+00:00 h named[5]: client @0x7f " client \
  "#4711 (example.org): query: example.org IN ANY +E(0) (203.0.113.1)\n"
#define ABATE_FIVE(client) ABATE_ASK(client) ABATE_ASK(client) ABATE_ASK(client) ABATE_ASK(client) ABATE_ASK(client)
#define ABATE_TWENTY(client) ABATE_FIVE(client) ABATE_FIVE(client) ABATE_FIVE(client) ABATE_FIVE(client)
constexpr Example kExamples[] = {
    {"the world asks", "--- /var/log/daemon.log\n" ABATE_TWENTY("192.0.2.7"), 1},
    {"the house asks", "--- /var/log/daemon.log\n" ABATE_TWENTY("10.0.0.7"), 0},
};
#undef ABATE_TWENTY
#undef ABATE_FIVE
#undef ABATE_ASK

}  // namespace

extern const Detector recursion_by_strangers_detector;
constinit const Detector recursion_by_strangers_detector{
    .id = "recursion_by_strangers",
    .area = Area::mail_network,
    .severity = Severity::suspicious,
    .title = "The world asks this name server about other people's names",
    .explain =
        R"(A name server that looks up any name for anybody is used to attack others: a small question with a forged
sender, a large answer to the victim. The addresses in the log are mostly the victims'. False alarms: your own machines
elsewhere. What to do: allow recursion for your own networks only (allow-recursion, access-control), and limit the rate of
answers.)",
    .watch = watch,
    .examples = kExamples};

}  // namespace abate::sweep
