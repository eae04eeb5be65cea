// SPDX-License-Identifier: Apache-2.0
// The ticket, the look, the story; and what holds it together.
#include "guide/guide.h"

#include <algorithm>

#include "base/text.h"

namespace abate::guide {

using report::Ink;

namespace {

constexpr std::chrono::hours kLookIsOldAfter{24};

bool is_elsewhere(const Looked& looked) { return looked.outcome.diagnosis->verdict == SweepVerdict::not_this_server; }

}  // namespace

void Guide::keep() {
  progress_.at = hands_.now();
  const Result<void> kept = hands_.keep(progress_);
  if (!kept && keeps_) note(kept.error().what + " You can go on, but not come back to this point.", Ink::warning);
  keeps_ = kept.has_value();
}

std::optional<char> Guide::choose(std::string_view question, const std::vector<Key>& keys, char on_enter) {
  std::vector<Key> all = keys;
  all.push_back({'s', "[s]tuck"});
  all.push_back({'q', "[q]uit"});
  for (;;) {
    const std::optional<std::string> line = person_.ask(prompt_text(question, all, look_of()));
    if (!line) return std::nullopt;
    const std::string word = to_lower(trim(*line));
    const char key = word.empty() ? on_enter : word[0];
    if (key == 'q') return std::nullopt;
    if (key == 's') {
      stuck();
      continue;
    }
    if (key != 0 && std::ranges::find(keys, key, &Key::key) != keys.end()) return key;
    if (word.empty() && on_enter == 0 && std::ranges::find(keys, '\0', &Key::key) != keys.end()) return '\0';
    note(
        "Type one of the letters in brackets, then Enter. s: you are stuck, and ask for the next step. q: stop for "
        "now; nothing is lost.");
  }
}

std::optional<std::string> Guide::words(std::string_view question) {
  for (;;) {
    const std::optional<std::string> line =
        person_.ask(prompt_text(question, {{0, "Enter leaves it open"}, {'s', "[s]tuck"}, {'q', "[q]uit"}}, look_of()));
    if (!line) return std::nullopt;
    const std::string said{trim(*line)};
    const std::string word = to_lower(said);
    if (word == "q" || word == "quit") return std::nullopt;
    if (word != "s" && word != "stuck") return said;
    stuck();
  }
}

// R36: what was found so far goes to the team, with the question for the next step.
void Guide::stuck() {
  const std::string text = looked_ ? looked_->stuck
                                   : "I do not know how to go on. Nothing on the server was looked at yet.\n\n"
                                     "What should I look at first?\n";
  note("That is what the ticket is for. This tells the team what was found so far, and asks for the next step:");
  for (const std::string_view line : split(trim(text), '\n')) note("  " + std::string{line}, Ink::faint);
  if (ticket_ && ticket_->has_desk) {
    const std::optional<std::string> answer =
        person_.ask(prompt_text("Send it into the ticket?", {{'y', "[y]es"}, {'n', "[n]o"}}, look_of()));
    if (!answer || !to_lower(trim(*answer)).starts_with('y')) return note("Not sent.");
    const Result<std::string> sent = hands_.send_question(text);
    if (sent) return note("Sent. " + *sent, Ink::good);
    note(sent.error().what, Ink::warning);
  }
  const Result<std::string> path = hands_.save("stuck.txt", text);
  if (path)
    note("Copy it into the ticket, or into your provider's form. It is kept in " + *path);
  else
    note(path.error().what, Ink::warning);
}

Guide::Step Guide::visit() {
  switch (progress_.place) {
    case Place::ticket: return ticket();
    case Place::look: return look();
    case Place::story: return story();
    case Place::plan: return plan();
    case Place::apply: return apply();
    case Place::verify: return verify();
    case Place::measures: return measures();
    case Place::strengthen: return strengthen();
    case Place::care:
    case Place::harden: return topics();
    case Place::questions: return questions();
    case Place::reply: return reply();
    case Place::done: break;
  }
  return std::nullopt;
}

bool Guide::resume() {
  const Stage stage = stage_of(progress_.place);
  if (Result<TicketTold> told = hands_.kept_ticket()) ticket_ = *std::move(told);
  if (Result<Looked> kept = hands_.kept_look()) looked_ = *std::move(kept);
  if (Result<Strength> kept = hands_.kept_strength()) strength_ = *std::move(kept);
  std::string line = fmt::format("You were at step {} of {}, {}", stage.number, kStages, to_lower(stage.title));
  if (ticket_ && !ticket_->id.empty()) line += ", of ticket " + ticket_->id;
  if (progress_.at) line += fmt::format(", {}", left_of(*progress_.at, hands_.now()));
  note(line + ". It goes on from there; abate --start-over begins anew.", Ink::strong);
  if (progress_.place == Place::ticket || progress_.place == Place::look) return true;
  const bool is_old = looked_ && hands_.now() - looked_->outcome.finished_at > kLookIsOldAfter;
  const bool before_change = progress_.place == Place::story || progress_.place == Place::plan;
  if (looked_ && !(is_old && before_change)) return true;
  note(looked_ ? "That look at the server is more than a day old: abate looks again first."
               : "What was found is no longer there: abate looks again first.");
  progress_.place = Place::look;
  return true;
}

Ended Guide::run() {
  if (progress_.place == Place::ticket) say("\n" + welcome_page(look_of()));
  if (progress_.place != Place::ticket && !resume()) return Ended::left;
  for (std::string_view shown; progress_.place != Place::done;) {
    if (const std::string_view title = stage_of(progress_.place).title; title != shown) {
      say(heading_page(progress_.place, look_of()));
      shown = title;
    }
    const Step event = visit();
    const std::optional<Place> next = event ? next_place(progress_.place, *event) : std::nullopt;
    if (!next) {
      farewell();
      return Ended::left;
    }
    progress_.place = *next;
    keep();
  }
  goodbye();
  if (!looked_) return Ended::left;
  if (is_elsewhere(*looked_)) return Ended::good;
  if (!looked_->gone) return Ended::left;
  const bool nothing = looked_->outcome.diagnosis->verdict == SweepVerdict::nothing_found;
  return nothing && !looked_->outcome.seen_enough ? Ended::unsure : Ended::good;
}

void Guide::farewell() {
  if (!keeps_) return note("Stopped.");
  note(fmt::format("Stopped at step {} of {}. Nothing is lost: abate goes on from here.",
                   stage_of(progress_.place).number, kStages),
       Ink::strong);
}

bool Guide::show(const Result<TicketTold>& told) {
  if (!told) {
    note(told.error().what, Ink::warning);
    return false;
  }
  ticket_ = *told;
  say(ticket_page(*ticket_, hands_.now(), look_of()));
  return true;
}

Guide::Step Guide::choose_ticket() {
  note("Which report is it about? Its link from the notice (https://…), or the name of a file that holds the report.");
  for (;;) {
    const std::optional<std::string> line = person_.ask(
        prompt_text("Link or file", {{'p', "[p]aste its text"}, {'n', "[n]one"}, {'q', "[q]uit"}}, look_of()));
    if (!line) return std::nullopt;
    const std::string named{trim(*line)};
    const std::string word = to_lower(named);
    if (word == "q" || word == "quit") return std::nullopt;
    if (word == "n" || word == "none") return Event::ready;
    if (word.empty() || word == "?") {
      note(
          "The notice from your provider holds the link. Without one, save the report's mail as a file, or paste it "
          "with p. With none, abate looks for whatever is wrong.");
      continue;
    }
    if (word == "p" || word == "paste") {
      note("Paste it now. A line that holds only a dot ends it (or Ctrl-D).");
      const std::optional<std::string> text = person_.paste();
      if (!text) return std::nullopt;
      if (show(hands_.take_pasted(*text))) return Event::ready;
      continue;
    }
    if (!show(hands_.take_ticket(named))) continue;
    progress_.ticket = named;
    return Event::ready;
  }
}

Guide::Step Guide::ticket() {
  if (progress_.at)  // came back: the copy that was kept, also of a pasted one
    if (const Result<TicketTold> kept = hands_.kept_ticket()) show(kept);
  if (!ticket_ && (progress_.ticket.empty() || !show(hands_.take_ticket(progress_.ticket)))) {
    const Step chosen = choose_ticket();
    if (!chosen) return chosen;
  }
  keep();
  next(
      "Next: abate looks through this server: logs, processes, sites, accounts, files, mail, network. It changes "
      "nothing and may take some minutes.");
  if (!choose("Look now?", {{0, "Enter looks"}}, 0)) return std::nullopt;
  return Event::ready;
}

bool Guide::look_again() {
  note("Looking…", Ink::faint);
  Result<Looked> looked = hands_.look();
  if (!looked) {
    note(looked.error().what, Ink::warning);
    return false;
  }
  looked_ = *std::move(looked);
  progress_.actions.clear();
  progress_.reply.clear();
  return true;
}

bool Guide::look_at_change() {
  const Choices decided = progress_.actions;
  if (!look_again()) return false;
  progress_.actions = decided;
  return true;
}

Guide::Step Guide::look() { return look_again() ? Step{Event::ready} : std::nullopt; }

Guide::Step Guide::story() {
  if (!looked_ && !look_again()) return std::nullopt;
  say(story_page(*looked_, look_of()));
  switch (looked_->outcome.diagnosis->verdict) {
    case SweepVerdict::not_this_server:
      next("Next: these grounds go into the ticket, so that the team can look for the right server.");
      if (!choose("Write the answer?", {{0, "Enter goes on"}}, 0)) return std::nullopt;
      return Event::elsewhere;
    case SweepVerdict::nothing_found:
      next(
          "Next: what is worth doing whenever somebody may have been in: new passwords, updates, a look at "
          "everything.");
      if (!choose("Go on?", {{0, "Enter goes on"}}, 0)) return std::nullopt;
      return Event::nothing;
    case SweepVerdict::rebuild:
      note(
          "Save your data now (files and databases, no programs). Then set up a fresh server, bring the data back, and "
          "choose new passwords for all of it. Do not give the old programs another chance.");
      next("Next: what stops the harm until then.");
      break;
    case SweepVerdict::cause_found:
    case SweepVerdict::harm_found: next("Next: what can be done about it, one thing after the other."); break;
  }
  if (!choose("See the plan?", {{0, "Enter goes on"}}, 0)) return std::nullopt;
  return Event::found;
}

void Guide::goodbye() {
  if (progress_.ending == "sent")
    note("Your answer is in the ticket. The team tries it out, and answers there.", Ink::good);
  else
    note("That is all. Put the answer into the ticket, and the team can close it.", Ink::good);
  note(
      "What was changed can be taken back: abate history shows it, abate undo takes it back. Should the harm come "
      "back, run abate again.");
}

}  // namespace abate::guide
