// SPDX-License-Identifier: Apache-2.0
// The plan, the changes, the proof.
#include <algorithm>
#include <iterator>

#include "base/text.h"
#include "guide/guide.h"
#include "report/words.h"

namespace abate::guide {

using report::Ink;

namespace {

bool is_for_a_person(const Action& action) { return action.changes.empty(); }

// Enter may stand for yes only where nothing can be lost by it.
bool is_harmless(const Action& action) { return action.is_default && action.risk.empty(); }

std::vector<Key> keys_of(const Action& action, bool first) {
  std::vector<Key> keys{{'y', is_for_a_person(action) ? "[y]es, it is done" : "[y]es"},
                        {'n', is_for_a_person(action) ? "[n]ot yet" : "[n]o"},
                        {'e', "[e]xplain"},
                        {'a', "[a]ll recommended from here"},
                        {'k', "s[k]ip the rest"}};
  if (!first) keys.push_back({'b', "[b]ack"});
  return keys;
}

}  // namespace

Guide::Asked Guide::chosen_of(const Asked& asked, const Choices& choices) {
  Asked chosen;
  std::ranges::copy_if(asked, std::back_inserter(chosen), [&](const Action* action) {
    const auto choice = choices.find(action->id);
    return !is_for_a_person(*action) && choice != choices.end() && choice->second == Choice::yes;
  });
  return chosen;
}

std::vector<std::string> Guide::ids_of(const Asked& chosen) {
  std::vector<std::string> ids;
  for (const Action* action : chosen) ids.push_back(action->id);
  return ids;
}

// What is so already asks nothing.
Guide::Asked Guide::asked_actions() const {
  Asked asked;
  for (const Action& action : looked_->outcome.plan->actions)
    if (!action.changes.empty() || !action.by_hand.empty()) asked.push_back(&action);
  return asked;
}

std::optional<char> Guide::decide(const Action& action, std::size_t number, std::size_t all) {
  say(action_page(action, number, all, look_of()));
  const bool by_hand = is_for_a_person(action);
  const char on_enter = !by_hand && is_harmless(action) ? 'y' : 'n';
  const std::string question = by_hand           ? "Have you done it? (Enter: not yet)"
                               : on_enter == 'y' ? "Do this? (Enter: yes)"
                                                 : "Do this? (Enter: no)";
  for (;;) {
    const std::optional<char> key = choose(question, keys_of(action, number == 1), on_enter);
    if (!key || *key != 'e') return key;
    say(hands_.manual(action.kind));
    for (const std::string& change : action.changes) note("Changes: " + change);
    if (!action.proof.empty()) note("What shows that it worked: " + action.proof);
  }
}

bool Guide::decide_all(const Asked& asked, Choices& choices) {
  std::size_t at = 0;
  while (at < asked.size() && choices.contains(asked[at]->id)) ++at;
  if (at > 0) note(fmt::format("{} decided already.", report::counted(at, "thing")), Ink::faint);
  while (at < asked.size()) {
    const std::optional<char> key = decide(*asked[at], at + 1, asked.size());
    if (!key) return false;
    if (*key == 'b') {
      --at;
      continue;
    }
    if (*key == 'a' || *key == 'k') {
      for (; at < asked.size(); ++at)
        choices[asked[at]->id] =
            *key == 'a' && asked[at]->is_default && !is_for_a_person(*asked[at]) ? Choice::yes : Choice::no;
    } else {
      choices[asked[at++]->id] = *key == 'y' ? Choice::yes : Choice::no;
    }
    keep();
  }
  return true;
}

std::optional<char> Guide::confirm(const Asked& chosen, std::string_view back) {
  next("You chose:");
  say(list_page(chosen, look_of()));
  const std::size_t changes = chosen.size();
  return choose(fmt::format("Make {} now?", changes == 1 ? "this change" : fmt::format("these {} changes", changes)),
                {{'y', "[y]es"}, {'b', back}}, 0);
}

bool Guide::carried_out(const Result<std::string>& run) {
  if (run) {
    note(fmt::format("To take all of it back: abate undo {}", *run), Ink::faint);
    return true;
  }
  note(run.error().what, Ink::warning);
  note("What was begun goes on with the next abate.");
  return false;
}

Guide::Step Guide::plan() {
  const Asked asked = asked_actions();
  if (asked.empty()) {
    note("There is nothing to change.");
    return Event::no_changes;
  }
  say(plan_page(asked, *looked_->outcome.plan, look_of()));
  if (!decide_all(asked, progress_.actions)) return std::nullopt;
  const Asked chosen = chosen_of(asked, progress_.actions);
  if (chosen.empty()) note("You chose no changes.");
  const std::optional<char> key = chosen.empty()
                                      ? choose("Go on without?", {{'y', "[y]es"}, {'b', "[b]ack to the plan"}}, 0)
                                      : confirm(chosen, "[b]ack to the plan");
  if (!key) return std::nullopt;
  if (*key == 'y') return chosen.empty() ? Event::no_changes : Event::ready;
  progress_.actions.clear();
  return plan();
}

Guide::Step Guide::apply() {
  const Result<std::string> run =
      hands_.apply(ids_of(chosen_of(asked_actions(), progress_.actions)),
                   [&](const Action& action, const Did& did) { say(did_page(action, did, look_of())); });
  if (!carried_out(run)) return std::nullopt;
  next("Next: abate looks again, to prove that it is gone.");
  return Event::ready;
}

Guide::Step Guide::verify() {
  if (!look_at_change()) return std::nullopt;
  say(verify_page(*looked_, look_of()));
  if (looked_->gone) return Event::ready;
  const Asked asked = asked_actions();
  const bool can_go_on = std::ranges::any_of(asked, [](const Action* action) { return !is_for_a_person(*action); });
  note(can_go_on ? "There is a plan for what is left. You can also go on, and answer with what is done so far."
                 : "What is left is for you to do; the answer says so. You can come back: run abate again.");
  std::vector<Key> keys{{'g', "[g]o on to the answer"}};
  if (!asked.empty()) keys.push_back({'p', "see the [p]lan for what is left"});
  const std::optional<char> key = choose("What next?", keys, 0);
  if (!key) return std::nullopt;
  if (*key == 'g') return Event::ready;
  progress_.actions.clear();
  return Event::left;
}

}  // namespace abate::guide
