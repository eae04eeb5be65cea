// SPDX-License-Identifier: Apache-2.0
#include "model/proof_check.h"

#include <algorithm>
#include <map>

#include <fmt/format.h>

#include "model/words.h"

namespace abate {
namespace {

constexpr std::array kChecked{Word{Checked::yes, "yes"}, Word{Checked::no, "no"}, Word{Checked::unknown, "unknown"}};

// Addresses that many servers have: loopback, link-local, private (RFC 1918, 4193), shared (RFC 6598).
bool is_anybodys(const IpAddress& address) {
  constexpr std::string_view kPrefixes[] = {"10.0.0.0/8",     "100.64.0.0/10", "127.0.0.0/8",
                                            "169.254.0.0/16", "172.16.0.0/12", "192.168.0.0/16",
                                            "::1/128",        "fc00::/7",      "fe80::/10"};
  return std::ranges::any_of(kPrefixes,
                             [&](std::string_view prefix) { return parse_prefix(prefix)->contains(address); });
}

// "203.0.113.10" is judged; a machine's id, or an address behind a translator, says nothing about whose it is.
Checked is_here(const Proof& proof, const Ticket& ticket) {
  const Result<IpAddress> address = parse_ip(proof.service);
  if (!address || is_anybodys(*address)) return Checked::unknown;
  return std::ranges::find(ticket.addresses, *address) != ticket.addresses.end() ? Checked::yes : Checked::no;
}

ProofCheck check_proof(const Proof& proof, Checked names_ticket, const Ticket& ticket, Instant now) {
  ProofCheck check;
  check.id = proof.id;
  check.whole = proof_hash(proof) == proof.hash ? Checked::yes : Checked::no;
  check.here = is_here(proof, ticket);
  const bool early = ticket.last_incident_at && proof.at <= *ticket.last_incident_at;
  const bool ahead = proof.at > now + kProofClockSlack;
  check.in_time = early || ahead ? Checked::no : Checked::yes;
  if (names_ticket == Checked::no)
    check.why = "it came with a reply to another ticket";
  else if (check.whole == Checked::no)
    check.why = "its hash does not follow from what it says: it was changed";
  else if (check.here == Checked::no)
    check.why = fmt::format("it was made at {}, which is no address of this ticket", proof.service);
  else if (early)
    check.why = "it was made before the last incident that was reported";
  else if (ahead)
    check.why = "its time lies in the future";
  return check;
}

class Statements {
 public:
  Statements(const Reply& reply, const std::vector<std::string>& findings, ReplyCheck& check) : check_{check} {
    for (const std::string& id : findings) known_[id] = nullptr;
    for (std::size_t i = 0; i < reply.proofs.size(); ++i) {
      const ProofCheck* const proof = &check.proofs[i];
      known_[reply.proofs[i].id] = proof;
      // An action is there where something was tried about it; it stands and falls with that.
      if (const std::string& about = reply.proofs[i].about; about.starts_with('a')) known_.emplace(about, proof);
    }
  }

  std::vector<StatementCheck> of(const std::vector<Statement>& part) {
    std::vector<StatementCheck> out;
    for (const Statement& statement : part) {
      out.push_back(of(statement));
      ++(out.back().standing == Standing::proved ? check_.proved : check_.claimed);
    }
    return out;
  }

 private:
  [[nodiscard]] StatementCheck of(const Statement& statement) const {
    if (statement.standing == Standing::claimed) return {};
    if (statement.proof.empty()) return {Standing::claimed, "it names nothing that proves it"};
    for (const std::string& id : statement.proof) {
      const auto known = known_.find(id);
      if (known == known_.end()) return {Standing::claimed, fmt::format("{} did not come with the reply", id)};
      if (known->second != nullptr && !known->second->holds())
        return {Standing::claimed, fmt::format("{}: {}", known->second->id, known->second->why)};
    }
    return {Standing::proved, {}};
  }

  ReplyCheck& check_;
  std::map<std::string, const ProofCheck*, std::less<>> known_;  // null: a finding, which carries no hash
};

bool any_proved(const std::vector<StatementCheck>& part) {
  return std::ranges::any_of(part, [](const StatementCheck& one) { return one.standing == Standing::proved; });
}

void ask_about(ReplyCheck& check, const std::vector<StatementCheck>& part, std::string_view none,
               std::string_view only_claimed) {
  if (part.empty())
    check.questions.emplace_back(none);
  else if (!any_proved(part))
    check.questions.emplace_back(only_claimed);
}

void ask_questions(const Reply& reply, ReplyCheck& check) {
  // R26: without the way in, a fix may have removed only what was seen.
  ask_about(check, check.cause, "Nothing is said about the cause: only the symptom may be gone.",
            "The cause is only claimed: only the symptom may be gone.");
  ask_about(check, check.done, "Nothing is said about what was done.", "What was done is only claimed.");
  ask_about(check, check.confirmed, "Nothing is said about how it was confirmed.",
            "How it was confirmed is only claimed.");
  ask_about(check, check.prevention, "Nothing is said about what keeps it from happening again.",
            "What keeps it from happening again is only claimed.");
  for (const Proof& proof : reply.proofs)
    if (!proof.good)
      check.questions.push_back(fmt::format("{} says itself that it is not gone: {}", proof.id, proof.seen));
}

}  // namespace

std::string_view checked_name(Checked checked) { return word_of(kChecked, checked); }

ReplyCheck check_reply(const Reply& reply, const std::vector<std::string>& findings, const Ticket& ticket,
                       Instant now) {
  ReplyCheck check;
  if (!reply.ticket.empty()) check.names_ticket = reply.ticket == ticket.id ? Checked::yes : Checked::no;
  for (const Proof& proof : reply.proofs) check.proofs.push_back(check_proof(proof, check.names_ticket, ticket, now));
  Statements statements{reply, findings, check};
  check.cause = statements.of(reply.cause);
  check.done = statements.of(reply.done);
  check.confirmed = statements.of(reply.confirmed);
  check.prevention = statements.of(reply.prevention);
  ask_questions(reply, check);
  return check;
}

}  // namespace abate
