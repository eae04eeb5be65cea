// SPDX-License-Identifier: Apache-2.0
// web/pages/phrases.h — what states, clocks, entries and attributions read like, for people (R37: plain, calm, with the
// next step in sight). Pure; thread-safe. The strings are plain text: templates escape them.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "desk/ports/reports.h"
#include "model/entry.h"
#include "model/policy.h"
#include "model/ticket.h"

namespace abate::web {

// Who reads: the team sees names, a customer sees "you" and "the Abuse Team" and never who reported (law 6).
enum class Reader : std::uint8_t { team, customer };

// "5 h 12 min", "2 d 3 h", "less than a minute": two units, rounded down; of the absolute value.
std::string duration_for_people(Duration duration);
std::string from_now(Instant at, Instant now);  // "in 5 h 12 min", "3 h ago"

std::string_view state_title(TicketState state, Reader reader);
std::string_view report_status_title(ReportStatus status);
std::string_view measure_state_title(MeasureState state);
std::string actor_title(std::string_view actor, Reader reader);
// "DKIM of example.org", "API token of example.org", "not authenticated".
std::string authentication_title(std::string_view authenticated);
bool is_authenticated(std::string_view authenticated);

// A word for style sheets: "calm", "warn", "bad", "good", "busy", "quiet".
std::string_view state_tone(TicketState state);
std::string_view verdict_tone(Verdict verdict);
std::string_view verdict_title(Verdict verdict);
// "41 reports so far, 38 led to a ticket, 1 dismissed"; empty where there were none.
std::string record_sentence(const desk::ReporterRecord& record);

struct ClockFace {
  std::string label;          // "Respond by"
  std::optional<Instant> at;  // the deadline, where there is one
  std::string says;           // "in 5 h 12 min", "answered 2 h ago"
  std::string_view tone;
  std::optional<int> percent;  // how much of the term is used, 0..100
};
// Both clocks, and probation after closing. Before opening: what the policy will set.
std::vector<ClockFace> clock_faces(const Ticket& ticket, const Terms& terms, Instant now);

std::string notice_sentence(const Ticket& ticket);
std::string_view notice_tone(NoticeStanding standing);

std::string when_of(
    const desk::KeptIncident& incident);         // "2 January 2026, 03:04 UTC to …", and what is not known is said
std::string where_of(const Incident& incident);  // "203.0.113.10 port 25"; without URL
std::string verdict_sentence(const desk::KeptIncident& incident);  // what attribution found, and by which proof (B2)
std::string assignment_sentence(const Assignment& assignment);

struct Said {
  std::string sentence;  // "opened the ticket: respond by …, fix by …"
  std::string text;      // what a person wrote, or a reason; may be empty
  std::string_view tone;
  bool speech = false;  // a reply, claim or note: shown as a message rather than a line
};
Said say(const Entry& entry, Reader reader);

std::string_view plain_meaning(Category category);  // for customers: what it means that this was reported
std::string_view first_step(Category category);     // for customers: where to look first
std::string measure_for_customer(const Measure& measure);

}  // namespace abate::web
