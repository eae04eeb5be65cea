// SPDX-License-Identifier: Apache-2.0
#include "web/pages/case_actions.h"

#include <algorithm>
#include <array>

#include <fmt/format.h>

#include "model/deadlines.h"
#include "model/ladder.h"

namespace abate::web {
namespace {

struct Action {
  Move move;
  std::string_view name;  // the last part of the form's address
  std::string_view label;
  std::string_view help;
  std::string_view question;  // the label of its reason; empty: asks for none
  bool primary;               // stands in view; the others unfold
  bool judges = false;        // may say that the reports were harmful
};
constexpr std::array kActions{
    Action{Move::open, "open", "Open the ticket", "Tells the customer by e-mail and starts both clocks.", "", true},
    Action{Move::accept, "accept", "Accept the fix",
           "Closes the ticket as verified; probation begins, measures are lifted.", "How was it verified?", true},
    Action{Move::refuse, "refuse", "Send it back",
           "The fix clock goes on where it stood, and the customer is told why.",
           "What is still wrong, and what is the next step? (the customer reads this)", true},
    Action{Move::dismiss, "dismiss", "Dismiss", "Nothing is opened; the customer is not told.", "Why is this no case?",
           false, true},
    Action{Move::close, "close", "Close without a claim", "Ends the case; probation begins, measures are lifted.",
           "Why does it end? (the customer reads this)", false, true},
    Action{Move::reopen, "reopen", "Open again", "New terms begin, and the customer is told.",
           "What came back? (the customer reads this)", false},
};

constexpr std::size_t kToWeighShownMax = 20;  // more than so many are a case to send back

void fill_draft(Part& form, const CaseView& view, std::string_view action) {
  if (view.draft.action != action) return;
  form.show("UNFOLDED").set("TYPED", view.draft.form.value("reason"));
}

// One box for each, so that what comes in meanwhile is not weighed with it.
void add_to_weigh(Part& form, const CaseView& view) {
  if (view.to_weigh.empty()) return;
  Part weigh = form.add("WEIGH");
  for (std::size_t n = 0; n < std::min(view.to_weigh.size(), kToWeighShownMax); ++n) {
    Part row = weigh.add("WEIGHED");
    row.set("WEIGHED_ID", view.to_weigh[n]).set("WEIGHED_NUMBER", fmt::format("{}", n));
  }
  if (view.to_weigh.size() > kToWeighShownMax)
    weigh.add("TOO_MANY").set("TO_WEIGH_COUNT", fmt::format("{}", view.to_weigh.size()));
}

void add_extend(Part& main, const CaseView& view) {
  Part form = main.add("EXTEND");
  fill_draft(form, view, "extend");
  const std::string& typed = view.draft.action == "extend" ? view.draft.form.value("fix_by") : std::string{};
  if (!typed.empty())
    form.set("FIX_BY_VALUE", typed);
  else if (view.ticket.fix_by)
    form.set("FIX_BY_VALUE", format_rfc3339(*view.ticket.fix_by).substr(0, 16));
}

}  // namespace

void add_actions(Part& main, const CaseView& view, const Principal& who) {
  const Ticket& ticket = view.ticket;
  bool any = false;
  const auto may = [&](Move move) {
    const bool yes = offered(ticket, who, move);
    any = any || yes;
    return yes;
  };
  for (const Action& action : kActions) {
    if (!may(action.move)) continue;
    const bool bare = action.question.empty();
    Part form = main.add(bare ? "ACT_NOW" : action.primary ? "ACT_MAIN" : "ACT");
    form.set("ACTION", action.name).set("ACTION_LABEL", action.label).set("ACTION_HELP", action.help);
    form.set("QUESTION", action.question);
    form.show_if(action.move == Move::accept, "STRONG");
    if (action.judges) form.show("JUDGES");
    if (action.move == Move::accept) add_to_weigh(form, view);
    fill_draft(form, view, action.name);
  }
  if (may(Move::extend)) add_extend(main, view);
  if (may(Move::merge)) {
    Part form = main.add("MERGE");
    fill_draft(form, view, "merge");
    if (view.draft.action == "merge") form.set("INTO_VALUE", view.draft.form.value("into"));
  }
  if (may(Move::split) && ticket.incident_count > 1) {
    Part form = main.add("SPLIT");
    fill_draft(form, view, "split");
  }
  if (may(Move::note)) {
    Part form = main.add("ASSIGN");
    form.set("ASSIGN_VALUE", view.draft.action == "assign" ? view.draft.form.value("email")
                             : ticket.assigned_to.empty()  ? who.name
                                                           : ticket.assigned_to);
    if (view.draft.action == "assign") form.show("UNFOLDED");
    if (ticket.state != TicketState::in_review && ticket.state != TicketState::dismissed) main.show("WITHDRAW");
    Part note = main.add("NOTE");
    if (view.draft.action == "note") note.show("UNFOLDED").set("NOTE_TYPED", view.draft.form.value("text"));
  }
  if (may(Move::reply)) {
    Part form = main.add("REPLY");
    if (view.draft.action == "reply") form.set("REPLY_TYPED", view.draft.form.value("text"));
    if (!view.playbook.empty()) form.add("SUGGEST").show_if(view.stuck, "STUCK").set("PLAYBOOK", view.playbook);
  }
  main.show_if(any, "ANY_ACTION");
}

namespace {

constexpr std::array kKinds{MeasureKind::limit_port25, MeasureKind::limit_egress, MeasureKind::isolate,
                            MeasureKind::suspend, MeasureKind::terminate};

std::string_view tone_of(MeasureState state) {
  switch (state) {
    case MeasureState::proposed: return "warn";
    case MeasureState::approved: return "warn";
    case MeasureState::in_force: return "bad";
    case MeasureState::failed: return "bad";
    case MeasureState::lifting: return "calm";
    case MeasureState::lifted: return "quiet";
  }
  return "quiet";
}

// The newest measure of that kind, where it is not lifted.
const Measure* standing(const Ticket& ticket, MeasureKind kind) {
  for (auto at = ticket.measures.rbegin(); at != ticket.measures.rend(); ++at)
    if (at->kind == kind) return at->state == MeasureState::lifted ? nullptr : &*at;
  return nullptr;
}

std::string upper_first(std::string_view text) {
  std::string out{text};
  if (!out.empty() && out[0] >= 'a' && out[0] <= 'z') out[0] = static_cast<char>(out[0] - 'a' + 'A');
  return out;
}

void add_row(Part& box, const CaseView& view, const Measure& measure, const Principal& who, Instant now) {
  Part row = box.add("MEASURE");
  row.set("MEASURE_NAME", measure_name(measure.kind)).set("MEASURE_TITLE", upper_first(measure_title(measure.kind)));
  row.set("MEASURE_STATE", measure_state_title(measure.state)).set("MEASURE_TONE", tone_of(measure.state));
  row.set_if("MEASURE_REASON", measure.reason);
  row.set("MEASURE_BY", actor_title(measure.by, Reader::team));
  if (measure.deliberate) row.show("DELIBERATE");
  set_time(row, "MEASURE_AT", measure.at);
  if (standing(view.ticket, measure.kind) != &measure) return;
  if (measure.state == MeasureState::proposed && offered(view.ticket, who, Move::measure)) {
    const auto why = why_not(view.ticket, view.terms, measure.kind, false, now);
    if (why)
      row.add("BLOCKED").set("WHY_NOT", *why);
    else
      row.add("APPROVE").set("PROPOSED_REASON", measure.reason);
  }
  const bool liftable =
      measure.state == MeasureState::proposed || holds(measure.state) || measure.state == MeasureState::failed;
  if (liftable && offered(view.ticket, who, Move::lift))
    row.add("LIFT").set("LIFT_LABEL", measure.state == MeasureState::proposed ? "Turn it down" : "Lift it");
}

// What comes by itself, so that nobody is surprised: above all who lifted a measure and left the case overdue.
void add_ladder(Part& box, const CaseView& view, Instant now) {
  const std::optional<Due> due = next_due(view.ticket, view.terms, now);
  const std::optional<MeasureKind> step = next_step(view.ticket, view.terms);
  if (!due || due->kind != Due::Kind::ladder || due->at <= now || !step) return;
  Part ladder = box.add("LADDER");
  ladder.set("LADDER_DOES", view.terms.enforce == EnforceMode::automatic ? "takes" : "proposes");
  ladder.set("LADDER_STEP", measure_title(*step));
  set_time(ladder, "LADDER_AT", due->at);
}

}  // namespace

void add_measures(Part& main, const CaseView& view, const Principal& who, Instant now) {
  const Ticket& ticket = view.ticket;
  const bool may_take = offered(ticket, who, Move::measure);
  if (ticket.measures.empty() && !find_move(ticket.state, Move::measure)) return;
  Part box = main.add("MEASURES");
  for (const Measure& measure : ticket.measures) add_row(box, view, measure, who, now);
  if (ticket.measures.empty()) box.show("NO_MEASURE");
  add_ladder(box, view, now);
  if (!may_take) {
    if (!who.may_lead()) box.show("LEAD_ONLY");
    return;
  }
  Part take = box.add("TAKE");
  bool any = false;
  for (const MeasureKind kind : kKinds) {
    if (standing(ticket, kind) != nullptr) continue;
    const auto why = why_not(ticket, view.terms, kind, false, now);
    if (!why) {
      take.add("TAKE_CHOICE").set("VALUE", measure_name(kind)).set("LABEL", upper_first(measure_title(kind)));
      any = true;
    } else if (std::ranges::find(view.terms.ladder, kind) != view.terms.ladder.end()) {
      take.add("NOT_NOW").set("LABEL", upper_first(measure_title(kind))).set("WHY_NOT", *why);
    }
  }
  if (any) take.show("CAN_TAKE");
  Part deliberate = box.add("DELIBERATE_FORM");
  const bool drafted = view.draft.action == "measures" && view.draft.form.value("deliberate") == "1";
  if (drafted) deliberate.show("UNFOLDED").set("TYPED", view.draft.form.value("reason"));
  for (const MeasureKind kind : {MeasureKind::suspend, MeasureKind::isolate, MeasureKind::terminate}) {
    if (standing(ticket, kind) != nullptr && standing(ticket, kind)->state != MeasureState::proposed) continue;
    Part choice = deliberate.add("DELIBERATE_CHOICE");
    choice.set("VALUE", measure_name(kind)).set("LABEL", upper_first(measure_title(kind)));
    if (drafted && view.draft.form.value("measure") == measure_name(kind)) choice.show("CHOSEN");
  }
}

}  // namespace abate::web
