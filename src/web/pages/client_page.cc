// SPDX-License-Identifier: Apache-2.0
#include "web/pages/client_page.h"

#include <fmt/format.h>

#include "base/text.h"
#include "model/deadlines.h"
#include "web/pages/reply_panel.h"

namespace abate::web {

const std::array<ClaimPart, 4> kClaimParts{
    ClaimPart{
        "cause", "What caused it",
        "For example: an old plugin let somebody upload a script. If you could not find out, say what you looked at."},
    ClaimPart{"done", "What you did", "What you removed, closed, changed or updated."},
    ClaimPart{"confirmed", "How you made sure", "What you checked afterwards, and what it showed."},
    ClaimPart{"prevention", "What keeps it from happening again",
              "Updates, passwords, a firewall, backups: whatever you put in place."},
};

Result<std::string> claim_text(const Form& form) {
  std::string text;
  std::vector<std::string> missing;
  for (const ClaimPart& part : kClaimParts) {
    const std::string_view said = trim(form.value(part.field));
    if (said.empty()) missing.push_back(fmt::format("“{}”", part.title));
    text += fmt::format("{}{}\n{}", text.empty() ? "" : "\n\n", part.title, said);
  }
  if (missing.empty()) return text;
  return failure(Fault::malformed, "Please fill in {} too: with all four parts we can check and close sooner.",
                 join(missing, ", "));
}

namespace {

struct Standing {
  std::string heading;
  std::string text;
};

std::string by_when(const Ticket& ticket, Instant now) {
  if (!ticket.fix_by) return "";
  return *ticket.fix_by > now ? fmt::format("by {}", format_for_people(*ticket.fix_by))
                              : "as soon as you can: the time for it has passed";
}

// Where it stands, and the next step.
Standing standing_of(const Ticket& ticket, Instant now) {
  switch (ticket.state) {
    case TicketState::open:
      if (!ticket.answered_at)
        return {
            "Please look at this and write to us",
            fmt::format("Have a look at what was reported, tell us that you are on it, and put it right {}. If you are "
                        "stuck, write what you found so far: we will point you to the next step.",
                        by_when(ticket, now))};
      return {
          "Thank you for writing. Now it needs the fix",
          fmt::format("Please put it right {}, then tell us with the form “I have fixed it”. If you are stuck, write "
                      "what you found so far: we will point you to the next step.",
                      by_when(ticket, now))};
    case TicketState::claimed:
      return {"We are checking your fix",
              "You have done your part for now. The clock rests while we check; we will write to you here."};
    case TicketState::closed: {
      if (!ticket.merged_into.empty())
        return {"This case goes on in another ticket",
                fmt::format("It was joined with {}: everything about it is there.", ticket.merged_into)};
      if (ticket.probation_until && *ticket.probation_until > now)
        return {
            "This case is closed. Thank you",
            fmt::format("Until {} we keep an eye on it. If the same problem comes back before then, this ticket opens "
                        "again instead of a new one, so that nothing you told us is lost. There is nothing for you to "
                        "do.",
                        format_for_people(*ticket.probation_until))};
      return {"This case is closed. Thank you", "There is nothing for you to do."};
    }
    case TicketState::in_review:
    case TicketState::dismissed: break;
  }
  return {"There is nothing for you to do", ""};
}

void add_work(Part& main, const Ticket& ticket) {
  if (ticket.state != TicketState::open) return;
  Part work = main.add("WORK");
  for (const std::string& action : ticket.required_actions) work.add("STEP").set("STEP_TEXT", action);
  work.set("FIRST_STEP", first_step(ticket.category));
}

// How the customer runs the sweep: a button that makes a link, and the command once it is made.
void add_sweep(Part& main, const ClientView& view) {
  if (view.ticket.state != TicketState::open && view.ticket.state != TicketState::claimed) return;
  Part sweep = main.add("SWEEP");
  if (view.fresh_link.url.empty()) {
    sweep.show("SWEEP_ASK");
    return;
  }
  Part made = sweep.add("SWEEP_LINK");
  made.set("SWEEP_COMMAND", fmt::format("abate --ticket '{}'", view.fresh_link.url));
  set_time(made, "SWEEP_UNTIL", view.fresh_link.until);
}

void add_forms(Part& main, const ClientView& view, const Principal& who) {
  if (offered(view.ticket, who, Move::claim)) {
    Part claim = main.add("CLAIM");
    if (view.draft.action == "claim") claim.show("UNFOLDED");
    for (const ClaimPart& part : kClaimParts) {
      Part field = claim.add("CLAIM_PART");
      field.set("FIELD", part.field).set("FIELD_TITLE", part.title).set("FIELD_HINT", part.hint);
      if (view.draft.action == "claim") field.set("FIELD_TYPED", view.draft.form.value(part.field));
    }
  }
  if (offered(view.ticket, who, Move::reply)) {
    Part reply = main.add("REPLY");
    if (view.draft.action == "reply") {
      reply.set("REPLY_TYPED", view.draft.form.value("text"));
      if (view.draft.form.value("stuck") == "1") reply.show("STUCK_TICKED");
    }
    if (view.ticket.state == TicketState::open) reply.show("CLOCK_GOES_ON");
  }
}

}  // namespace

std::string render(const Frame& frame, const ClientView& view) {
  const Ticket& ticket = view.ticket;
  Sheet sheet;
  Part main = framed(sheet, frame, "my_ticket.html");
  const Principal nobody;
  const Principal& who = frame.who ? *frame.who : nobody;
  main.set("ID", ticket.id).set_number("VERSION", ticket.version).set("CATEGORY", category_title(ticket.category));
  main.set("STATE", state_title(ticket.state, Reader::customer)).set("STATE_TONE", state_tone(ticket.state));
  main.set("SERVICE", ticket.service.id).set("SERVICE_NAME", ticket.service.name);
  main.set("MEANING", plain_meaning(ticket.category));
  const Standing standing = standing_of(ticket, frame.now);
  main.set("STANDING", standing.heading).set("STANDING_TEXT", standing.text);
  if (!ticket.merged_into.empty()) main.add("MERGED").set("MERGED_INTO", ticket.merged_into);
  add_clocks(main, clock_faces(ticket, view.terms, frame.now));
  if (ticket.state == TicketState::open || ticket.state == TicketState::claimed) main.show("EXPLAIN_CLOCKS");
  for (const Measure& measure : ticket.measures)
    if (holds(measure.state)) main.add("IN_FORCE").set("IN_FORCE_TEXT", measure_for_customer(measure));
  add_work(main, ticket);
  add_sweep(main, view);
  if (const auto panel = panel_of(view.entries, ticket)) add_reply_panel(main, *panel, Reader::customer);
  for (const desk::KeptIncident& kept : view.incidents) {
    Part row = main.add("INCIDENTS");
    add_incident(row, kept, Reader::customer, nullptr, "");
  }
  if (!view.next_incidents.empty())
    main.add("MORE_INCIDENTS")
        .set("MORE_URL", fmt::format("/tickets/{}{}", ticket.id, query_string({{"incidents", view.next_incidents}})));
  for (const Entry& entry : view.entries) {
    Part row = main.add("ENTRIES");
    add_entry(row, entry, Reader::customer);
  }
  if (!view.next_entries.empty())
    main.add("MORE_ENTRIES")
        .set("MORE_ENTRIES_URL",
             fmt::format("/tickets/{}{}", ticket.id, query_string({{"entries", view.next_entries}})));
  add_forms(main, view, who);
  return sheet.render("layout.html");
}

}  // namespace abate::web
