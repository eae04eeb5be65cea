// SPDX-License-Identifier: Apache-2.0
#include "sweep/host/open_host.h"

#include <algorithm>

#include "base/text.h"
#include "sweep/host/inventory/inventory.h"
#include "sweep/host/no_packages.h"
#include "sweep/host/rules/rule_set.h"
#include "sweep/host/web/releases.h"
#include "sweep/host/web/sites.h"

namespace abate::sweep {
namespace {

// os-release(5): KEY=value, the value perhaps in quotes.
std::string os_field(std::string_view text, std::string_view key) {
  for (std::string_view line : split(text, '\n')) {
    line = trim(line);
    if (!line.starts_with(key) || line.size() <= key.size() || line[key.size()] != '=') continue;
    line.remove_prefix(key.size() + 1);
    if (line.size() >= 2 && (line.front() == '"' || line.front() == '\'')) line = line.substr(1, line.size() - 2);
    return std::string{line};
  }
  return {};
}

void load_identity(Host& host) {
  const Tree& tree = *host.tree;
  std::string release = read_or_nothing(tree, "/etc/os-release");
  if (release.empty()) release = read_or_nothing(tree, "/usr/lib/os-release");
  host.os_id = os_field(release, "ID");
  host.os_version = os_field(release, "VERSION_ID");
  host.os_name = os_field(release, "PRETTY_NAME");
  host.hostname = trim(read_or_nothing(tree, "/etc/hostname"));
  host.machine_id = trim(read_or_nothing(tree, "/etc/machine-id"));
}

}  // namespace

void Notes::add(std::string what, std::string why) {
  ++told_;
  const auto same = [&](const NotExamined& one) { return one.what == what && one.why == why; };
  if (std::ranges::any_of(all_, same)) return;
  if (all_.size() < kMax) {
    all_.push_back({std::move(what), std::move(why)});
    return;
  }
  if (more_++ == 0) all_.push_back({});
  all_.back() = {fmt::format("{} more places", more_), "the list is full"};
}

Running see_running(const Tree& tree, Notes& notes) {
  Host seen;
  seen.tree = &tree;
  seen.live = true;
  SocketOwners owners = load_processes(seen, notes);
  load_hidden_processes(seen, owners, notes);
  load_sockets(seen, owners, notes);
  return {std::move(seen.processes), std::move(seen.sockets)};
}

std::unique_ptr<OpenedHost> open_host(const Tree& tree, std::optional<Running> running, Instant now, Case ticket,
                                      Notes& notes) {
  auto opened = std::make_unique<OpenedHost>();
  Host& host = opened->host;
  host.tree = &tree;
  host.live = running.has_value();
  if (running) {
    host.processes = std::move(running->processes);
    host.sockets = std::move(running->sockets);
  }
  host.now = now;
  host.ticket = std::move(ticket);
  load_identity(host);
  opened->packages = load_dpkg(tree, notes);
  if (opened->packages == nullptr) opened->packages = load_rpm(tree, notes);
  if (opened->packages == nullptr) {
    opened->packages = std::make_unique<NoPackages>();
    notes.add("installed packages", "no package database that can be read here: program files were not compared");
  }
  host.packages = opened->packages.get();
  load_accounts(host, notes);
  load_network(host, notes);
  load_first_boot(host);
  load_keys(host, notes);
  host.rules = &own_rules();
  load_sites(host, notes);
  load_containers(host, notes);
  load_applications(host, notes);
  opened->releases = load_releases(host, "", notes);
  host.releases = opened->releases.get();
  load_cron(host, notes);
  load_units(host, notes);
  load_start_files(host, notes);
  return opened;
}

}  // namespace abate::sweep
