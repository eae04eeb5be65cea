// SPDX-License-Identifier: Apache-2.0
#include "model/probe.h"

#include <algorithm>
#include <array>

#include "base/text.h"

namespace abate {
namespace {

struct PortRow {
  std::uint16_t port;
  std::string_view kind;
};
// What answers strangers at these ports, when a report speaks of an open service or an amplifier.
constexpr std::array kPorts{
    PortRow{25, "open_relay"},   PortRow{53, "open_resolver"}, PortRow{11211, "memcached"}, PortRow{123, "ntp"},
    PortRow{161, "snmp"},        PortRow{6379, "redis"},       PortRow{19, "chargen"},      PortRow{1900, "ssdp"},
    PortRow{389, "cldap"},       PortRow{111, "portmapper"},   PortRow{3128, "open_proxy"}, PortRow{1080, "open_proxy"},
    PortRow{8080, "open_proxy"},
};
constexpr std::array<std::uint16_t, 3> kProxyPorts{1080, 3128, 8080};

std::string_view kind_of_port(std::uint16_t port) {
  const auto* const found = std::ranges::find(kPorts, port, &PortRow::port);
  return found == kPorts.end() ? "open_port" : found->kind;
}

bool is_web(const std::string& url) {
  return starts_with_ignoring_case(url, "http://") || starts_with_ignoring_case(url, "https://");
}

class Tasks {
 public:
  void add(std::string_view kind, const IpAddress& address, std::uint16_t port, std::string url = {}) {
    ProbeTask task{std::string{kind}, address, port, std::move(url)};
    if (all_.size() < kProbeTasksMax && std::ranges::find(all_, task) == all_.end()) all_.push_back(std::move(task));
  }
  std::vector<ProbeTask> take() { return std::move(all_); }

 private:
  std::vector<ProbeTask> all_;
};

void add_of(Category category, const Incident& incident, Tasks& tasks) {
  if (!incident.source_ip) return;
  const IpAddress& address = *incident.source_ip;
  // A page's port is the URL's own; the prober reads it.
  if (incident.url && is_web(*incident.url) && category != Category::spam) {
    tasks.add("http_content", address, 0, *incident.url);
    return;
  }
  const bool is_service = incident.type == "vulnerability/open_service" || category == Category::ddos;
  switch (category) {
    case Category::spam: tasks.add("open_relay", address, 25); break;
    case Category::proxy:
      if (incident.source_port)
        tasks.add("open_proxy", address, *incident.source_port);
      else
        for (const std::uint16_t port : kProxyPorts) tasks.add("open_proxy", address, port);
      break;
    default:
      // A flood's source port is that of the amplifier; of a bot it is chance, and then nothing is open there.
      if (is_service && incident.source_port && kind_of_port(*incident.source_port) != "open_port")
        tasks.add(kind_of_port(*incident.source_port), address, *incident.source_port);
      else if (incident.type == "vulnerability/open_service" && incident.source_port)
        tasks.add("open_port", address, *incident.source_port);
  }
}

}  // namespace

std::string_view probe_outcome_name(ProbeOutcome outcome) {
  switch (outcome) {
    case ProbeOutcome::live: return "live";
    case ProbeOutcome::gone: return "gone";
    case ProbeOutcome::unclear: return "unclear";
    case ProbeOutcome::not_probed: break;
  }
  return "not_probed";
}

std::string_view probe_why_name(ProbeWhy why) { return why == ProbeWhy::claim ? "claim" : "probation"; }

std::optional<ProbeWhy> parse_probe_why(std::string_view name) {
  if (name == "claim") return ProbeWhy::claim;
  if (name == "probation") return ProbeWhy::probation;
  return std::nullopt;
}

bool is_never_fetched(const Incident& incident) {
  return incident.type == "content/csam" || incident.type == "content/csem";
}

std::vector<ProbeTask> probes_for(Category category, const std::vector<Incident>& incidents) {
  Tasks tasks;
  // One such incident, and no page of the ticket is touched: others may name the same place in other words.
  if (std::ranges::any_of(incidents, is_never_fetched)) return {};
  for (const Incident& incident : incidents) add_of(category, incident, tasks);
  return tasks.take();
}

}  // namespace abate
