// SPDX-License-Identifier: Apache-2.0
#include <algorithm>
#include <set>

#include "remedy/action_kind.h"

namespace abate::remedy {
namespace {

// The order in which a careful person does them: first what runs and comes back, then files, then doors, then renewal.
constexpr std::string_view kOrder[] = {
    "rebuild_server",  "stop_process",     "disable_cron",         "disable_unit",       "hold_queue",
    "lock_mailbox",    "lock_account",     "end_sessions",         "remove_key",         "remove_sudoers_line",
    "quarantine_file", "disable_script",   "restore_package_file", "remove_torrent",     "unpublish_content",
    "gone_path",       "pause_site",       "disable_plugin",       "close_relay",        "close_proxy",
    "close_resolver",  "bind_to_loopback", "disable_service",      "restore_config",     "edit_config",
    "block_egress",    "expire_password",  "rotate_secrets",       "update_application", "update_packages",
    "firewall_on"};

std::size_t place_of(std::string_view kind) {
  return static_cast<std::size_t>(std::ranges::find(kOrder, kind) - std::begin(kOrder));
}

// R26: does an action answer the way in itself?
bool treats_cause(const Need& need, const std::vector<Action>& actions) {
  if (!need.diagnosis.entry) return false;
  std::set<std::string_view> entry;
  for (const CauseStep& step : need.diagnosis.cause)
    if (step.step == Step::entry) entry.insert(step.finding);
  constexpr std::string_view kRoots[] = {"lock_account",    "expire_password", "lock_mailbox",   "remove_key",
                                         "close_relay",     "close_proxy",     "close_resolver", "bind_to_loopback",
                                         "disable_service", "disable_plugin",  "pause_site",     "update_application",
                                         "remove_torrent",  "rebuild_server",  "rotate_secrets", "unpublish_content"};
  return std::ranges::any_of(actions, [&](const Action& action) {
    if (std::ranges::find(kRoots, action.kind) == std::end(kRoots)) return false;
    return std::ranges::any_of(action.findings, [&](const std::string& id) { return entry.contains(id); });
  });
}

}  // namespace

const Finding* Need::finding(std::string_view id) const {
  const auto found = std::ranges::find(findings, id, &Finding::id);
  return found == findings.end() ? nullptr : &*found;
}

bool Need::in_cause(const Finding& finding) const {
  return std::ranges::any_of(diagnosis.cause, [&](const CauseStep& step) { return step.finding == finding.id; });
}

bool Need::is_sure_entry(const Finding& finding) const {
  return diagnosis.confidence >= 0.9 && std::ranges::any_of(diagnosis.cause, [&](const CauseStep& step) {
           return step.step == Step::entry && step.finding == finding.id;
         });
}

bool Need::lets_in(const Finding& finding) const {
  const sweep::Account* account = host.account(finding.subject.name);
  return account == nullptr || account->can_log_in() || finding.detector == "way_in" || finding.role == "intruder" ||
         finding.detector == "ftp_login_from_many_networks" || finding.detector == "panel_login_from_new_network";
}

Action action_about(const ActionKind& kind, Subject subject, std::vector<std::string> findings) {
  Action action;
  action.kind = kind.name;
  action.requirement = kind.requirement;
  action.subject = std::move(subject);
  action.findings = std::move(findings);
  action.id = action_id(action);
  return action;
}

Action action_about(const ActionKind& kind, const Finding& finding) {
  Subject subject = finding.subject;
  if (subject.kind == SubjectKind::file) subject.line = 0;  // the whole file, whichever line gave it away
  Action action = action_about(kind, std::move(subject), {finding.id});
  action.why = finding.why;
  return action;
}

Plan make_plan(const Need& need, Instant now) {
  Plan plan;
  plan.ticket = need.host.ticket.ticket;
  plan.root = need.host.root;
  plan.made_at = now;
  std::vector<Action> all;
  if (need.diagnosis.verdict != SweepVerdict::not_this_server)
    for (const ActionKind* kind : action_kinds()) kind->propose(need, all);
  for (Action& action : all) {
    const auto same = std::ranges::find(plan.actions, action.id, &Action::id);
    if (same == plan.actions.end()) {
      plan.actions.push_back(std::move(action));
      continue;
    }
    for (std::string& id : action.findings)
      if (std::ranges::find(same->findings, id) == same->findings.end()) same->findings.push_back(std::move(id));
    same->is_default |= action.is_default;
  }
  std::ranges::stable_sort(plan.actions, {}, [](const Action& action) { return place_of(action.kind); });
  foresee(plan, need.host);
  const bool found =
      need.diagnosis.verdict == SweepVerdict::cause_found || need.diagnosis.verdict == SweepVerdict::harm_found;
  if (found && !treats_cause(need, plan.actions))
    plan.warnings.emplace_back(
        "This plan removes what does the harm, not how it came in: it will come back. Find the way in, or treat every "
        "password and application as one.");
  if (need.diagnosis.verdict == SweepVerdict::rebuild)
    plan.warnings.emplace_back(
        "Programs that everything stands on were changed. These actions stop the harm for now; only a new server can "
        "be trusted again.");
  return plan;
}

}  // namespace abate::remedy
