// SPDX-License-Identifier: Apache-2.0
#include <algorithm>
#include <map>

#include "sweep/kit/detector.h"

namespace abate::sweep {
namespace {

constexpr std::size_t kAddressesMax = 64;

// The first address in the text, cut at what cannot be in one.
std::optional<IpAddress> address_in(std::string_view text) {
  const std::size_t end = text.find_first_not_of("0123456789abcdefABCDEF.:");
  const Result<IpAddress> address = parse_ip(text.substr(0, end));
  return address ? std::optional{*address} : std::nullopt;
}

// "DHCPACK of 203.0.113.31 from …", "bound to 203.0.113.31 -- renewal", "eth0: DHCPv4 address 203.0.113.31/24",
// "address 203.0.113.31".
std::optional<IpAddress> leased(std::string_view program, std::string_view message) {
  struct Form {
    std::string_view program, before;
  };
  constexpr Form kForms[] = {{"dhclient", "DHCPACK of "},
                             {"dhclient", "bound to "},
                             {"dhcpcd", "leased "},
                             {"systemd-networkd", "DHCPv4 address "},
                             {"NetworkManager", "address="},
                             {"NetworkManager", "address "},
                             {"cloud-init", "| eth0 | True | "}};
  for (const Form& form : kForms) {
    if (!program.starts_with(form.program)) continue;
    const std::size_t at = message.find(form.before);
    if (at == std::string_view::npos) continue;
    if (const std::optional<IpAddress> address = address_in(message.substr(at + form.before.size()))) return address;
  }
  return std::nullopt;
}

class OwnAddresses final : public LogWatcher {
 public:
  void see(const Event& event) override {
    if (!event.at || !std::holds_alternative<Other>(event.what)) return;
    const std::optional<IpAddress> address = leased(event.program, event.message);
    if (!address) return;
    const auto known = seen_.find(*address);
    if (known == seen_.end()) {
      if (seen_.size() < kAddressesMax) seen_.emplace(*address, Times{*event.at, *event.at, evidence_of(event)});
      return;
    }
    if (*event.at < known->second.first) known->second = {*event.at, known->second.last, evidence_of(event)};
    known->second.last = std::max(known->second.last, *event.at);
  }
  void finish(Findings& out) override {
    for (const auto& [address, times] : seen_) {
      Subject subject;
      subject.kind = SubjectKind::port;
      subject.address = address.to_string();
      Finding& finding = out.add(
          std::move(subject), fmt::format("This server had the address {} from {} to {} at least", address.to_string(),
                                          format_rfc3339(times.first), format_rfc3339(times.last)));
      finding.at = times.first;
      finding.evidence.push_back(times.evidence);
    }
  }

 private:
  struct Times {
    Instant first, last;
    std::string evidence;
  };
  std::map<IpAddress, Times> seen_;
};

std::unique_ptr<LogWatcher> watch(const Host&) { return std::make_unique<OwnAddresses>(); }

constexpr Example kExamples[] = {
    {"a lease",
     "--- /var/log/syslog\n2026-05-01T10:00:00+00:00 h dhclient[611]: DHCPACK of 203.0.113.31 from 203.0.113.1\n", 1},
    {"another program", "--- /var/log/syslog\n2026-05-01T10:00:00+00:00 h app[1]: bound to 203.0.113.31\n", 0},
};

}  // namespace

extern const Detector own_address_seen_detector;
constinit const Detector own_address_seen_detector{
    .id = "own_address_seen",
    .area = Area::logs,
    .severity = Severity::note,
    .title = "An address that this server had",
    .explain = R"(The server's own logs name the addresses that it was given, and when. A report about an address and a
time at which this server had another one is not about this server: addresses go from customer to customer.)",
    .watch = watch,
    .examples = kExamples};

}  // namespace abate::sweep
