// SPDX-License-Identifier: Apache-2.0
// `abate apply`, `abate undo`, `abate history`: the only commands that change the machine, by the executor alone.
#include <algorithm>
#include <cstdio>
#include <iostream>

#include "apps/abate/apply_run.h"
#include "apps/abate/commands.h"
#include "apps/abate/confirm_firewall.h"
#include "apps/abate/read_input.h"
#include "apps/abate/sweep_run.h"
#include "apps/abate/where.h"
#include "base/text.h"
#include "wire/plan_json.h"

namespace abate::apps {
namespace {

using End = remedy::Outcome::End;

void show(const Action& action, std::size_t number, std::size_t all) {
  fmt::print("\n{} of {}  {}  {}  ({})\n", number, all, action.id, action.kind,
             shown_name(action.subject.path.empty() ? action.subject.name : action.subject.path));
  const auto row = [](std::string_view name, std::string_view text) {
    if (!text.empty()) fmt::print("   {:<9}{}\n", name, shown_text(text, 2000));
  };
  row("why", action.why);
  for (const std::string& change : action.changes) row("changes", change);
  row("effect", action.effect);
  row("risk", action.risk);
  row("undo", action.undo);
  row("proof", action.proof);
  row("by hand", action.by_hand);
}

enum class Answer : std::uint8_t { yes, no, none };

// Asks until it understands; none: nobody answers.
Answer ask_person(const Action& action) {
  for (std::string line;;) {
    fmt::print("   Do this? [y]es, [n]o, [e]xplain{}: ", action.is_default ? "" : " (the plan leaves it out)");
    std::fflush(stdout);
    if (!std::getline(std::cin, line)) {
      fmt::print("\n");
      return Answer::none;
    }
    const std::string word = to_lower(trim(line));
    if (word == "y" || word == "yes") return Answer::yes;
    if (word == "n" || word == "no") return Answer::no;
    if (word == "e" || word == "explain") static_cast<void>(explain_command(action.kind));
  }
}

Result<std::vector<const Action*>> named_actions(const Plan& plan, const ApplyAsk& ask) {
  std::vector<const Action*> chosen;
  for (const Action& action : plan.actions) {
    const bool named = std::ranges::find(ask.only, action.id) != ask.only.end();
    if (ask.only.empty() ? (action.is_default || !ask.yes) : named) chosen.push_back(&action);
  }
  for (const std::string& id : ask.only)
    if (std::ranges::find(plan.actions, id, &Action::id) == plan.actions.end())
      return failure(Fault::malformed, "--only {}: the plan has no such action", escape_terminal(id));
  return chosen;
}

// `unconfirmed` becomes the action of a firewall that nobody confirmed.
Result<int> apply_all(ApplyRun& run, const ApplyAsk& ask, const std::vector<const Action*>& chosen,
                      std::string& unconfirmed) {
  TRY(run.begin());
  std::size_t left = 0;
  bool answered = ask.yes;
  std::size_t number = 0;
  std::setvbuf(stdin, nullptr, _IONBF, 0);  // answers are read by poll too
  for (const Action* action : chosen) {
    show(*action, ++number, chosen.size());
    if (!ask.yes && action->changes.empty()) {
      fmt::print("   {}\n", end_words(End::by_hand));
      continue;
    }
    const Answer answer = ask.yes ? Answer::yes : ask_person(*action);
    if (answer == Answer::none && !answered) {
      TRY(run.finish());
      return failure(Fault::malformed,
                     "nobody answers, so nothing was changed: run it on a terminal, or say --yes for what the plan "
                     "does by default");
    }
    answered = true;
    if (answer == Answer::none) {
      left += chosen.size() - number + 1;
      break;
    }
    if (answer == Answer::no) {
      left += action->is_default ? 1 : 0;
      continue;
    }
    const remedy::Outcome outcome = run.act(*action);
    fmt::print("   {}{}{}\n", end_words(outcome.end), outcome.says.empty() ? "" : ": ", shown_text(outcome.says, 2000));
    std::fflush(stdout);
    const bool on_trial = action->kind == "firewall_on" && outcome.end == End::done && run.where().live;
    if (on_trial && !confirm_firewall(!ask.yes) && !ask.yes) {
      unconfirmed = action->id;
      ++left;
    }
    const bool rebuild = action->kind == "rebuild_server";
    if (outcome.end == End::failed || outcome.end == End::refused || rebuild) ++left;
  }
  TRY(run.finish());
  fmt::print("\nRun {}. To take it back: abate undo {} --state {}\n", run.id(), run.id(),
             shown_name(run.where().state_folder));
  return left == 0 ? kNothingFound : kFound;
}

Result<int> apply(std::string text, const ApplyAsk& ask) {
  std::string unconfirmed;
  remedy::Where where;
  Result<int> status = kWrong;
  {
    TRY_ASSIGN(ApplyRun run, ApplyRun::open(std::move(text), ask.state));
    TRY_ASSIGN(const std::vector<const Action*> chosen, named_actions(run.plan(), ask));
    for (const std::string& warning : run.plan().warnings) fmt::print("! {}\n", shown_text(warning, 2000));
    where = run.where();
    status = apply_all(run, ask, chosen, unconfirmed);
  }
  if (!unconfirmed.empty()) take_firewall_back(where, unconfirmed);  // the run let go of its lock
  return status;
}

std::string_view word_of(remedy::DoneAction::State state) {
  switch (state) {
    case remedy::DoneAction::State::done: return "done";
    case remedy::DoneAction::State::failed: return "failed";
    case remedy::DoneAction::State::undone: return "undone";
    case remedy::DoneAction::State::cut_off: return "cut off";
  }
  return "";
}

int complain_or(const Result<int>& status) { return status ? *status : complain(status.error()); }

}  // namespace

int apply_command(const ApplyAsk& ask) {
  const Result<std::string> text = read_input("PLAN", ask.plan, wire::kPlanBytesMax);
  return text ? apply_plan(*text, ask) : complain(text.error());
}

int apply_plan(const std::string& plan_text, const ApplyAsk& ask) { return complain_or(apply(plan_text, ask)); }

int undo_command(const UndoAsk& ask) {
  const auto undo = [&]() -> Result<int> {
    TRY_ASSIGN(const remedy::Where where, where_of(ask.root, ask.state));
    TRY_ASSIGN(const std::vector<remedy::Undone> undone, remedy::undo(where, ask.what, wall_clock()));
    bool whole = true;
    for (const remedy::Undone& one : undone) {
      whole &= one.outcome.end == End::done;
      fmt::print("{}  {}  {}  {}{}\n", one.action, one.kind, one.path,
                 one.outcome.end == End::done ? "undone" : end_words(one.outcome.end),
                 one.outcome.says.empty() ? "" : ": " + shown_text(one.outcome.says, 2000));
    }
    if (undone.empty()) fmt::print("Nothing is left to undo.\n");
    return whole ? kNothingFound : kFound;
  };
  return complain_or(undo());
}

int history_command(const UndoAsk& ask) {
  const auto tell = [&]() -> Result<int> {
    TRY_ASSIGN(const remedy::Where where, where_of(ask.root, ask.state));
    TRY_ASSIGN(const std::vector<remedy::DoneAction> all, remedy::history(where.state_folder));
    for (const remedy::DoneAction& one : all)
      fmt::print("{}  {}  {}  {}  {}  {}{}\n", one.at ? format_rfc3339(*one.at) : "", one.run, one.action, one.kind,
                 shown_text(one.subject, 2000), word_of(one.state),
                 one.says.empty() ? "" : ": " + shown_text(one.says, 2000));
    if (all.empty()) fmt::print("abate changed nothing here.\n");
    return kNothingFound;
  };
  return complain_or(tell());
}

}  // namespace abate::apps
