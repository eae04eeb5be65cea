// SPDX-License-Identifier: Apache-2.0
// So that it does not come back: what abate can do for it, and what only the person can.
#include <algorithm>

#include "guide/guide.h"

namespace abate::guide {

using report::Ink;

namespace {

bool looks_at(const Topic& topic, const Action& measure) {
  return std::ranges::find(topic.measures, measure.kind) != topic.measures.end();
}

}  // namespace

void Guide::weigh() {
  std::optional<Instant> entry;
  if (looked_ && looked_->outcome.diagnosis->entry) entry = looked_->outcome.diagnosis->entry->at;
  Result<Strength> strength = hands_.weigh(entry);
  if (!strength) note(strength.error().what, Ink::warning);
  strength_ = strength ? std::optional{*std::move(strength)} : std::nullopt;
}

Guide::Asked Guide::asked_measures() const {
  Asked asked;
  if (strength_)
    for (const Action& action : strength_->open)
      if (!action.changes.empty()) asked.push_back(&action);
  return asked;
}

Guide::Step Guide::measures() {
  if (looked_ && looked_->outcome.diagnosis->verdict == SweepVerdict::rebuild) {
    note("What makes a server stronger is for the fresh one: run abate harden there.");
    return Event::no_changes;
  }
  if (!strength_ || progress_.measures.empty()) weigh();
  if (!strength_) return Event::no_changes;
  const Asked asked = asked_measures();
  say(strength_page(*strength_, asked, look_of()));
  if (asked.empty()) return Event::no_changes;
  if (!decide_all(asked, progress_.measures)) return std::nullopt;
  const Asked chosen = chosen_of(asked, progress_.measures);
  if (chosen.empty()) return Event::no_changes;
  const std::optional<char> key = confirm(chosen, "[b]ack to the choice");
  if (!key) return std::nullopt;
  if (*key == 'y') return Event::ready;
  progress_.measures.clear();
  return measures();
}

Guide::Step Guide::strengthen() {
  const Result<std::string> run =
      hands_.strengthen(ids_of(chosen_of(asked_measures(), progress_.measures)),
                        [&](const Action& action, const Did& did) { say(did_page(action, did, look_of())); });
  if (!carried_out(run)) return std::nullopt;
  next("Next: abate looks again, so that the answer can prove it.");
  if (!look_at_change()) return std::nullopt;
  weigh();
  return Event::ready;
}

Guide::Step Guide::topics() {
  note(
      "These are for you: abate does not change passwords or fetch updates by itself. Say what is done; what you leave "
      "open stays open, and nothing is claimed for you.");
  for (const Topic* topic : topics_of(progress_.place)) {
    if (progress_.topics.contains(std::string{topic->id})) continue;
    Asked open;
    if (strength_)
      for (const Action& measure : strength_->open)
        if (looks_at(*topic, measure)) open.push_back(&measure);
    if (strength_ && topic->is_answered && open.empty()) continue;
    say(topic_page(*topic, open, look_of()));
    for (;;) {
      const std::optional<char> key =
          choose("Is it so? (Enter: not yet)", {{'y', "[y]es"}, {'n', "[n]ot yet"}, {'e', "[e]xplain how"}}, 'n');
      if (!key) return std::nullopt;
      if (*key == 'e') {
        say(how_page(*topic, open, look_of()));
        continue;
      }
      progress_.topics[std::string{topic->id}] = *key == 'y' ? Choice::yes : Choice::no;
      keep();
      break;
    }
  }
  // What is no cause, but may be an open door.
  return progress_.place == Place::care && !asked_actions().empty() ? Event::found : Event::ready;
}

}  // namespace abate::guide
