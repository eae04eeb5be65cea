// SPDX-License-Identifier: Apache-2.0
#include "remedy/measure.h"

#include <algorithm>

#include "remedy/action_kind.h"

namespace abate::remedy {

std::string_view standing_name(Standing standing) {
  switch (standing) {
    case Standing::already: return "already";
    case Standing::advised: return "advised";
    case Standing::by_hand: return "for you to do";
    case Standing::said: return "good to know";
  }
  return "";
}

Action& Advised::add(Standing standing, Subject subject, std::string why) {
  Action action;
  action.kind = measure_.name;
  action.title = measure_.title;
  action.requirement = measure_.requirement;
  action.subject = std::move(subject);
  action.why = std::move(why);
  action.id = action_id(action);
  return all_.emplace_back(standing, std::move(action)).action;
}

void Advised::already(std::string why) { add(Standing::already, {}, std::move(why)); }

void Advised::said(std::string why, std::string how) {
  add(Standing::said, {}, std::move(why)).by_hand = std::move(how);
}

void Advised::by_hand(Subject subject, std::string why, std::string how) {
  Action& action = add(Standing::by_hand, std::move(subject), std::move(why));
  action.by_hand = std::move(how);
  action.effect = "";
  action.proof = "abate harden says already";
}

Action& Advised::advise(Subject subject, std::string why) {
  Action& action = add(Standing::advised, std::move(subject), std::move(why));
  action.undo = "What stood there before comes back: abate undo";
  action.proof = "abate harden says already";
  return action;
}

HardenPlan harden_plan(const Ground& ground, Instant now) {
  HardenPlan hardened;
  hardened.plan.ticket = ground.host.ticket.ticket;
  hardened.plan.root = ground.host.root;
  hardened.plan.made_at = now;
  Plan advised = hardened.plan;
  std::vector<Action> by_hand;
  for (const Measure* measure : measures()) {
    Advised out{*measure};
    measure->look(ground, out);
    for (Advice& one : out.take()) {
      if (one.standing == Standing::advised)
        advised.actions.push_back(std::move(one.action));
      else if (one.standing == Standing::by_hand)
        by_hand.push_back(std::move(one.action));
      else
        hardened.already.push_back(std::move(one));
    }
  }
  foresee(advised, ground.host);
  hardened.plan.actions = std::move(advised.actions);
  for (Action& action : by_hand) {
    action.is_default = false;
    hardened.plan.actions.push_back(std::move(action));
  }
  // What could cut a session off comes last, when all else is done.
  const auto order = [](const Action& action) { return std::pair{action.kind == "firewall_on", action.requirement}; };
  std::ranges::stable_sort(hardened.plan.actions, {}, order);
  std::ranges::stable_sort(hardened.already, {}, [](const Advice& one) { return one.action.requirement; });
  return hardened;
}

}  // namespace abate::remedy
