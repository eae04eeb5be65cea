// SPDX-License-Identifier: Apache-2.0
// What to do next, in plain words: by verdict, then by category (R19, R36, R37).
#include "diagnosis/diagnose.h"

namespace abate::diagnosis {
namespace {

struct Advice {
  EntryKind kind;
  std::string_view says;
};
constexpr Advice kByEntry[] = {
    {EntryKind::weak_password,
     "Give the account a new, long password, or better: let it in by key only. Whoever guessed it may have tried it "
     "elsewhere."},
    {EntryKind::stolen_password,
     "Give the account a new password from a computer that you trust, and look for malware on the one where it was "
     "kept."},
    {EntryKind::stolen_mailbox,
     "Give the mailbox a new password, end its sessions, and ask its user where else the old one is used."},
    {EntryKind::stolen_key,
     "Remove the key from every authorized_keys, make a new one, and look after the computer that held it."},
    {EntryKind::vulnerable_application,
     "Update or switch off the application that let them in: without that, removing files helps for a day."},
    {EntryKind::exposed_service,
     "Let the service listen on this machine only, or put a password and a firewall in front of it."},
    {EntryKind::open_configuration, "Close the service to strangers; the plan shows the line and what it will be."},
    {EntryKind::by_owner,
     "Ask whoever runs this account what it is for. If it may not be here, stop it; if the report is wrong, say so in "
     "the ticket with your grounds."},
};

}  // namespace

std::vector<std::string> next_steps(const sweep::Host& host, const Diagnosis& diagnosis) {
  std::vector<std::string> steps;
  switch (diagnosis.verdict) {
    case SweepVerdict::rebuild:
      steps.emplace_back(
          "Parts that everything else stands on were changed: nothing on this server can be believed any more. Save "
          "your data (not programs), set up a new server from fresh packages, and change every password and key.");
      break;
    case SweepVerdict::not_this_server:
      steps.emplace_back(
          "Answer in the ticket that it was not this server, with the grounds named here. The team will look whose "
          "address it was at that time.");
      return steps;
    case SweepVerdict::nothing_found:
      steps.emplace_back("Nothing was found. That is no proof: assume that somebody was here.");
      steps.emplace_back(
          "Change the passwords of all accounts, mailboxes, databases and panels, beginning with the administrators'.");
      steps.emplace_back("Install all updates of the system, and of every application, theme and plugin.");
      steps.emplace_back("Look through the list of what could not be examined, and have it examined.");
      steps.emplace_back(
          "Answer in the ticket what you looked at, and ask the team for more of the evidence: full headers, the exact "
          "time with its zone, ports.");
      return steps;
    case SweepVerdict::harm_found:
      steps.emplace_back(
          "What does the harm was found; how it came in was not. Stop it by the plan, then treat every password and "
          "every application of this server as the possible way in.");
      break;
    case SweepVerdict::cause_found: break;
  }
  if (diagnosis.entry)
    for (const Advice& advice : kByEntry)
      if (advice.kind == diagnosis.entry->kind) steps.emplace_back(advice.says);
  steps.emplace_back(
      "Look at the plan: `abate plan`. Each action says what it changes, how it is undone, and how you will see that "
      "it worked.");
  static_cast<void>(host);
  return steps;
}

}  // namespace abate::diagnosis
