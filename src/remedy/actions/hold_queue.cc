// SPDX-License-Identifier: Apache-2.0
#include <algorithm>
#include <cctype>

#include "remedy/action_kind.h"
#include "remedy/edit.h"

namespace abate::remedy {

extern const ActionKind hold_queue_action;

namespace {

void propose(const Need& need, std::vector<Action>& actions) {
  std::vector<std::string> ids;
  bool waiting = false;
  for (const Finding& finding : need.findings) {
    const bool sends = finding.detector == "mail_by_web_user" || finding.detector == "sasl_burst" ||
                       finding.detector == "relay_used" || finding.detector == "queue_of_bounces" ||
                       finding.detector == "mail_script_named" || finding.role == "bulk_mail" ||
                       finding.role == "queue";
    if (!sends || finding.severity < Severity::weak) continue;
    ids.push_back(finding.id);
    waiting = true;
  }
  // Strangers' mail may wait in the queue even where no log is left to say so.
  const bool spam = need.host.ticket.category == Category::spam && !need.diagnosis.cause.empty();
  const std::string folder = sweep::exists(*need.host.tree, "/var/spool/postfix/deferred") ? "/var/spool/postfix"
                             : sweep::exists(*need.host.tree, "/var/spool/exim4/input")    ? "/var/spool/exim4"
                             : sweep::exists(*need.host.tree, "/var/spool/exim/input")     ? "/var/spool/exim"
                                                                                           : "";
  if (folder.empty() || (!waiting && !spam)) return;
  Subject subject;
  subject.kind = SubjectKind::queue;
  subject.path = folder;
  Action action = action_about(hold_queue_action, std::move(subject), std::move(ids));
  action.why = "Mails of strangers may still wait to be sent";
  action.effect = "Mails that could not be delivered yet are held, good ones among them; new mail goes on";
  action.undo = "Released from hold as they were";
  action.proof = "The queue holds nothing of this sender that is not on hold, and the log shows nothing more sent";
  action.is_default = spam;
  actions.push_back(std::move(action));
}

constexpr std::size_t kIdsOfOneCall = 500;

// Live, the mail server's own tool holds what waits; on a mounted disk nothing is sent.
Result<Work> work(const Action& action, const sweep::Host& host) {
  if (!host.live)
    return Work{
        .by_hand =
            "Before this server sends again, hold what waits: postsuper -h ALL. Then look at it with postqueue -p."};
  if (action.subject.path != "/var/spool/postfix")
    return Work{.by_hand = "Look at the queue (exim -bp) and freeze what is not yours: exim -Mf ID."};
  // By their ids, so that undo releases these and not what the owner had on hold before.
  Work work;
  const std::vector<std::string> waiting = sweep::glob(*host.tree, "/var/spool/postfix/deferred/*/*");
  for (std::size_t at = 0; at < waiting.size(); at += kIdsOfOneCall) {
    Change change;
    change.kind = ChangeKind::run;
    change.argv = {"postsuper"};
    change.undo_argv = {"postsuper"};
    for (std::size_t n = at; n < std::min(at + kIdsOfOneCall, waiting.size()); ++n) {
      const std::string id{sweep::file_name(waiting[n])};
      if (!std::ranges::all_of(id, [](unsigned char c) { return std::isalnum(c) != 0; })) continue;
      change.argv.insert(change.argv.end(), {"-h", id});
      change.undo_argv.insert(change.undo_argv.end(), {"-H", id});
    }
    if (change.argv.size() == 1) continue;
    change.says = fmt::format("{} waiting mails are put on hold", (change.argv.size() - 1) / 2);
    work.changes.push_back(std::move(change));
  }
  return work;
}

}  // namespace

constinit const ActionKind hold_queue_action{
    .name = "hold_queue",
    .requirement = "R21",
    .explain =
        R"TEXT(Puts the mails that wait in the deferred queue on hold, by their queue ids: nothing is deleted, and a person looks which are good (postqueue -p, postsuper -H ID).)TEXT",
    .propose = propose,
    .work = work};

}  // namespace abate::remedy
