// SPDX-License-Identifier: Apache-2.0
#include "reply/write_reply.h"

#include <algorithm>

#include "base/text.h"
#include "remedy/measure.h"
#include "reply/reply_text.h"

namespace abate::reply {
namespace {

constexpr std::string_view kPrevents[] = {
    "update_packages", "update_application", "expire_password", "rotate_secrets", "block_egress",
    "firewall_on",     "disable_service",    "disable_plugin",  "close_relay",    "close_proxy",
    "close_resolver",  "bind_to_loopback",   "lock_account",    "lock_mailbox",   "remove_key"};

Statement proved(std::string says, std::vector<std::string> proof) {
  return {std::move(says), Standing::proved, std::move(proof)};
}

void add_claims(std::vector<Statement>& part, const std::vector<std::string>& claims) {
  for (const std::string& claim : claims)
    if (!trim(claim).empty()) part.push_back({std::string{trim(claim)}, Standing::claimed, {}});
}

// Of `abate harden`: it keeps things from coming back, and ends none. Null for the actions of a plan.
const remedy::Measure* measure_of(const remedy::DoneAction& action) {
  const auto all = remedy::measures();
  const auto found = std::ranges::find(all, std::string_view{action.kind}, &remedy::Measure::name);
  return found == all.end() ? nullptr : *found;
}

// What each kind did, for somebody who does not know its name.
std::string did(const remedy::DoneAction& action) {
  constexpr std::pair<std::string_view, std::string_view> kSays[] = {
      {"quarantine_file", "Removed {} and kept a sealed copy"},
      {"restore_package_file", "Put {} back as its package brought it"},
      {"edit_config", "Took a stranger's line out of {}"},
      {"restore_config", "Took a stranger's line out of {}"},
      {"disable_script", "Took the right to run from {}"},
      {"disable_cron", "Took the job out of {}"},
      {"disable_unit", "Switched off {}"},
      {"stop_process", "Ended {}"},
      {"lock_account", "Locked the account {}"},
      {"expire_password", "{} has to choose a new password"},
      {"end_sessions", "Ended all sessions of {}"},
      {"remove_key", "Removed the key from {}"},
      {"remove_sudoers_line", "Took the right of sudo out of {}"},
      {"lock_mailbox", "Locked the mailbox {}"},
      {"hold_queue", "Put waiting mail on hold in {}"},
      {"close_relay", "Closed the mail relay in {}"},
      {"close_proxy", "Closed the proxy in {}"},
      {"close_resolver", "Closed the resolver to strangers in {}"},
      {"bind_to_loopback", "Bound the service to this machine only in {}"},
      {"disable_service", "Switched off the service {}"},
      {"pause_site", "Paused the site {}"},
      {"gone_path", "{} answers 410 Gone"},
      {"disable_plugin", "Switched off {}"},
      {"rotate_secrets", "Changed the secrets of {}"},
      {"unpublish_content", "Took {} off the web"},
      {"remove_torrent", "Took the torrent {} out"}};
  for (const auto& [kind, says] : kSays)
    if (kind == action.kind) return fmt::format(fmt::runtime(says), action.subject);
  const remedy::Measure* measure = measure_of(action);
  return fmt::format("{}: {}", measure == nullptr ? std::string_view{action.kind} : measure->title, action.subject);
}

std::string says_verdict(const Diagnosis& diagnosis) {
  switch (diagnosis.verdict) {
    case SweepVerdict::cause_found: return "";
    case SweepVerdict::harm_found: return "What does the harm was found; how it came in was not.";
    case SweepVerdict::nothing_found:
      return "The server was looked through and nothing was found that does the reported harm. That is no proof that "
             "it "
             "is clean.";
    case SweepVerdict::not_this_server: return "The reported harm did not come from this server.";
    case SweepVerdict::rebuild:
      return "Programs that everything stands on were changed: this server cannot be trusted any more and is set up "
             "anew.";
  }
  return "";
}

std::vector<Statement> cause_part(const Facts& facts) {
  std::vector<Statement> part;
  if (const std::string says = says_verdict(facts.diagnosis); !says.empty()) {
    // Rests on what was found; "nothing found" and "not this server" on the sweep itself, which is a proof of the list.
    std::vector<std::string> ids;
    for (const CauseStep& step : facts.diagnosis.cause)
      if (!step.finding.empty()) ids.push_back(step.finding);
    if (ids.empty() && !facts.verified.proofs.empty()) ids.push_back(facts.verified.proofs.back().id);
    part.push_back(ids.empty() ? Statement{says, Standing::claimed, {}} : proved(says, std::move(ids)));
  }
  for (const std::string& ground : facts.diagnosis.grounds)
    if (facts.diagnosis.verdict == SweepVerdict::not_this_server && !facts.verified.proofs.empty())
      part.push_back(proved(ground, {facts.verified.proofs.back().id}));
  for (const CauseStep& step : facts.diagnosis.cause) {
    std::string says = step.at ? fmt::format("{}: {}", format_for_people(*step.at), step.says) : step.says;
    if (step.finding.empty())
      part.push_back({std::move(says), Standing::claimed, {}});
    else
      part.push_back(proved(std::move(says), {step.finding}));
  }
  add_claims(part, facts.claims.cause);
  return part;
}

const Proof* proof_about(const remedy::Verified& verified, const std::string& action) {
  const auto found = std::ranges::find(verified.proofs, action, &Proof::about);
  return found == verified.proofs.end() ? nullptr : &*found;
}

std::vector<Statement> done_part(const Facts& facts) {
  std::vector<Statement> part;
  for (const remedy::Stands& one : facts.stands) {
    if (!one.holds) continue;                         // it was undone by somebody: it is no answer
    if (measure_of(one.action) != nullptr) continue;  // of the fourth part
    const Proof* proof = proof_about(facts.verified, one.action.action);
    std::vector<std::string> ids{one.action.action};
    if (proof != nullptr) ids.push_back(proof->id);
    std::string says = did(one.action);
    if (one.action.at) says += ", " + format_for_people(*one.action.at);
    part.push_back(proved(std::move(says), std::move(ids)));
  }
  add_claims(part, facts.claims.done);
  return part;
}

// A service was spoken to, or what starts was looked through: such a proof stands for itself. Those about one thing
// come together.
bool is_about_change(const Proof& proof) {
  return proof.about != "autostarts" && proof.about != "copies" && proof.about.find(':') == std::string::npos;
}

void add_tries(std::vector<Statement>& part, const std::vector<Proof>& proofs) {
  for (const Proof& proof : proofs) {
    if (!proof.good || proof.about == "sweep" || is_about_change(proof)) continue;
    std::vector<std::string> ids;
    for (const Proof& other : proofs)
      if (other.good && other.about == proof.about) ids.push_back(other.id);
    if (ids.front() != proof.id) continue;
    std::string says = fmt::format("{}: {}", proof.tried, proof.seen);
    if (ids.size() > 1) says += fmt::format("; {} more tries of it ended as well", ids.size() - 1);
    part.push_back(proved(std::move(says), std::move(ids)));
  }
}

std::vector<Statement> confirmed_part(const Facts& facts) {
  std::vector<Statement> part;
  std::size_t holding = 0;
  std::vector<std::string> ids;
  for (const Proof& proof : facts.verified.proofs) {
    if (!proof.good) {
      part.push_back(proved(fmt::format("Not yet: {}: {}", proof.tried, proof.seen), {proof.id}));
    } else if (proof.about == "sweep") {
      part.push_back(proved(fmt::format("Looked through the whole server again: {}", proof.seen), {proof.id}));
    } else if (is_about_change(proof)) {
      ++holding;
      ids.push_back(proof.id);
    }
  }
  if (holding > 0)
    part.push_back(proved(fmt::format("{} changes were compared with what is there now: all stand", holding), ids));
  add_tries(part, facts.verified.proofs);
  add_claims(part, facts.claims.confirmed);
  return part;
}

std::vector<Statement> prevention_part(const Facts& facts) {
  std::vector<Statement> part;
  for (const remedy::Stands& one : facts.stands)
    if (one.holds &&
        (measure_of(one.action) != nullptr || std::ranges::find(kPrevents, one.action.kind) != std::end(kPrevents)))
      part.push_back(proved(did(one.action), {one.action.action}));
  if (!facts.verified.gone)
    for (const std::string& warning : facts.plan.warnings)
      part.push_back(proved("Not yet: " + warning, facts.verified.proofs.empty()
                                                       ? std::vector<std::string>{}
                                                       : std::vector{facts.verified.proofs.back().id}));
  add_claims(part, facts.claims.prevention);
  return part;
}

}  // namespace

Reply write_reply(const Facts& facts) {
  Reply reply;
  reply.ticket = facts.diagnosis.ticket;
  reply.cause = cause_part(facts);
  reply.done = done_part(facts);
  reply.confirmed = confirmed_part(facts);
  reply.prevention = prevention_part(facts);
  reply.proofs = facts.verified.proofs;
  reply.text = reply_text(reply);
  return reply;
}

std::vector<OpenQuestion> open_questions(const Reply& reply, const Facts& facts) {
  std::vector<OpenQuestion> questions;
  if (facts.diagnosis.verdict == SweepVerdict::not_this_server) return questions;
  const std::optional<WayIn>& entry = facts.diagnosis.entry;
  if (entry && (entry->kind == EntryKind::weak_password || entry->kind == EntryKind::stolen_password ||
                entry->kind == EntryKind::stolen_mailbox)) {
    const std::string whose = shown_name(entry->subject.name.empty() ? entry->subject.path : entry->subject.name);
    questions.push_back({Part::cause, fmt::format("Who has, or had, the password of {}?", whose)});
    questions.push_back(
        {Part::prevention, fmt::format("Where else was the password of {} used, and is it changed there?", whose)});
  }
  if (!entry || entry->kind == EntryKind::unknown)
    questions.push_back({Part::cause, "Do you know how a stranger could have come in?"});
  if (reply.done.empty()) questions.push_back({Part::done, "What did you do on the server by hand?"});
  if (reply.prevention.empty())
    questions.push_back({Part::prevention, "What will you do so that it does not happen again?"});
  if (std::ranges::any_of(facts.plan.actions, [](const Action& one) { return one.kind == "update_application"; }))
    questions.push_back({Part::prevention, "Is the application up to date now, and who keeps it so?"});
  return questions;
}

std::string stuck_text(const Facts& facts, std::uint64_t files, std::uint64_t log_lines) {
  std::string text = "I looked into this and do not know how to go on.\n\n";
  text += fmt::format("Looked at so far: {} files and {} lines of logs.\n\nFound so far:\n", files, log_lines);
  const std::vector<Statement> cause = cause_part(facts);
  if (cause.empty()) text += "- nothing yet\n";
  for (const Statement& statement : cause) text += "- " + shown_text(statement.says, 4096) + "\n";
  for (const Finding& finding : facts.verified.left) text += "- still there: " + shown_text(finding.why, 400) + "\n";
  text += "\nWhat should I look at next?\n";
  return text;
}

}  // namespace abate::reply
