// SPDX-License-Identifier: Apache-2.0
#include "web/pages/phrases.h"

#include <algorithm>
#include <array>

#include <fmt/format.h>

#include "base/text.h"
#include "model/deadlines.h"

namespace abate::web {

std::string duration_for_people(Duration duration) {
  const std::int64_t minutes = std::abs(std::chrono::duration_cast<std::chrono::minutes>(duration).count());
  const std::int64_t days = minutes / 1440;
  const std::int64_t hours = minutes / 60 % 24;
  if (minutes == 0) return "less than a minute";
  if (days > 0) return hours == 0 ? fmt::format("{} d", days) : fmt::format("{} d {} h", days, hours);
  if (hours > 0)
    return minutes % 60 == 0 ? fmt::format("{} h", hours) : fmt::format("{} h {} min", hours, minutes % 60);
  return fmt::format("{} min", minutes);
}

std::string from_now(Instant at, Instant now) {
  return at > now ? "in " + duration_for_people(at - now) : duration_for_people(now - at) + " ago";
}

std::string_view state_title(TicketState state, Reader reader) {
  const bool team = reader == Reader::team;
  switch (state) {
    case TicketState::in_review: return "In review";
    case TicketState::open: return team ? "Open" : "Needs your attention";
    case TicketState::claimed: return team ? "Claimed fixed" : "We are checking your fix";
    case TicketState::closed: return "Closed";
    case TicketState::dismissed: return "Dismissed";
  }
  return "";
}

std::string_view report_status_title(ReportStatus status) {
  switch (status) {
    case ReportStatus::received: return "Being read";
    case ReportStatus::read: return "Read";
    case ReportStatus::not_a_report: return "Not a report";
    case ReportStatus::unreadable: return "Unreadable";
    case ReportStatus::dismissed: return "Dismissed";
  }
  return "";
}

std::string_view measure_state_title(MeasureState state) {
  switch (state) {
    case MeasureState::proposed: return "Waits for a decision";
    case MeasureState::approved: return "Ordered";
    case MeasureState::in_force: return "In force";
    case MeasureState::failed: return "Failed: a person must act";
    case MeasureState::lifting: return "Being lifted";
    case MeasureState::lifted: return "Lifted";
  }
  return "";
}

std::string actor_title(std::string_view actor, Reader reader) {
  const std::string_view name = actor.substr(std::min(actor.find(':') + 1, actor.size()));
  if (actor == "system") return reader == Reader::team ? "Abate" : "The abuse desk";
  if (actor.starts_with("customer:")) return reader == Reader::team ? fmt::format("Customer {}", name) : "You";
  if (reader == Reader::customer) return "The Abuse Team";
  return actor.starts_with("token:") ? fmt::format("Program {}", name) : std::string{name};
}

bool is_authenticated(std::string_view authenticated) { return !authenticated.empty() && authenticated != "none"; }

std::string authentication_title(std::string_view authenticated) {
  if (!is_authenticated(authenticated)) return "not authenticated";
  const std::size_t colon = authenticated.find(':');
  if (colon == authenticated.npos) return std::string{authenticated};
  const std::string_view how = authenticated.substr(0, colon);
  const std::string_view who = authenticated.substr(colon + 1);
  if (how == "dkim") return fmt::format("DKIM of {}", who);
  if (how == "api") return fmt::format("API token of {}", who);
  return fmt::format("{} of {}", how, who);
}

std::string_view state_tone(TicketState state) {
  switch (state) {
    case TicketState::in_review: return "calm";
    case TicketState::open: return "warn";
    case TicketState::claimed: return "busy";
    case TicketState::closed: return "good";
    case TicketState::dismissed: return "quiet";
  }
  return "quiet";
}

std::string_view verdict_tone(Verdict verdict) {
  switch (verdict) {
    case Verdict::matched: return "good";
    case Verdict::ambiguous: return "warn";
    case Verdict::unassigned: return "warn";
    case Verdict::not_ours: return "quiet";
  }
  return "quiet";
}

std::string_view verdict_title(Verdict verdict) {
  return verdict == Verdict::not_ours ? "not ours" : verdict_name(verdict);
}

std::string record_sentence(const desk::ReporterRecord& record) {
  if (record.reports == 0) return {};
  std::string out = fmt::format("{} {} so far, {} led to a ticket, {} dismissed", record.reports,
                                record.reports == 1 ? "report" : "reports", record.opened, record.dismissed);
  if (record.harmful > 0) out += fmt::format(", {} harmful", record.harmful);
  return out;
}

namespace {

int percent_used(Instant from, Instant until, Instant now) {
  if (until <= from) return 100;
  const auto used = static_cast<double>((now - from).count()) / static_cast<double>((until - from).count());
  return static_cast<int>(std::clamp(used * 100.0, 0.0, 100.0));
}

std::string_view tone_left(Duration left) {
  if (left <= Duration{0}) return "bad";
  return left < std::chrono::hours{6} ? "warn" : "calm";
}

ClockFace running(std::string label, const Ticket& ticket, Instant until, Instant now) {
  const Duration left = until - now;
  std::string says = left > Duration{0} ? "in " + duration_for_people(left) : "overdue by " + duration_for_people(left);
  return {std::move(label), until, std::move(says), tone_left(left),
          percent_used(ticket.opened_at.value_or(ticket.created_at), until, now)};
}

ClockFace respond_face(const Ticket& ticket, Instant now) {
  if (ticket.answered_at)
    return {"Respond by", ticket.respond_by, "answered " + from_now(*ticket.answered_at, now), "good", std::nullopt};
  if (ticket.state != TicketState::open)
    return {"Respond by", ticket.respond_by, "stopped, unanswered", "quiet", std::nullopt};
  return running("Respond by", ticket, *ticket.respond_by, now);
}

ClockFace fix_face(const Ticket& ticket, Instant now) {
  if (ticket.state == TicketState::claimed) {
    const Duration left = ticket.fix_left.value_or(Duration{0});
    return {"Fix by", std::nullopt,
            left > Duration{0}
                ? fmt::format("rests with {} left while the claim is checked", duration_for_people(left))
                : fmt::format("rests, {} overdue, while the claim is checked", duration_for_people(left)),
            "busy", std::nullopt};
  }
  if (ticket.state == TicketState::closed) return {"Fix by", ticket.fix_by, "stopped at closing", "good", std::nullopt};
  return running("Fix by", ticket, *ticket.fix_by, now);
}

}  // namespace

std::vector<ClockFace> clock_faces(const Ticket& ticket, const Terms& terms, Instant now) {
  std::vector<ClockFace> faces;
  if (ticket.state == TicketState::dismissed) return faces;
  if (ticket.state == TicketState::in_review) {
    faces.push_back({"Respond by", std::nullopt,
                     fmt::format("{} from opening", duration_for_people(terms.respond_within)), "quiet", std::nullopt});
    faces.push_back({"Fix by", std::nullopt, fmt::format("{} from opening", duration_for_people(terms.fix_within)),
                     "quiet", std::nullopt});
    return faces;
  }
  if (ticket.respond_by) faces.push_back(respond_face(ticket, now));
  if (ticket.fix_by) faces.push_back(fix_face(ticket, now));
  if (ticket.state == TicketState::closed && ticket.probation_until && ticket.merged_into.empty()) {
    const bool runs = *ticket.probation_until > now;
    faces.push_back({"Probation until", ticket.probation_until,
                     runs ? "ends in " + duration_for_people(*ticket.probation_until - now) : "passed",
                     runs ? "calm" : "good", std::nullopt});
  }
  return faces;
}

std::string notice_sentence(const Ticket& ticket) {
  switch (ticket.notice) {
    case NoticeStanding::none: return "No notice was sent yet.";
    case NoticeStanding::queued: return fmt::format("The notice to {} is on its way.", ticket.customer.email);
    case NoticeStanding::delivered:
      return ticket.answered_at ? "The customer has answered: the notice arrived."
                                : fmt::format("The mail server of {} took the notice.", ticket.customer.email);
    case NoticeStanding::undelivered:
      return ticket.customer.email.empty()
                 ? "The ledger names no e-mail address for this customer: they do not know. No measure is taken."
                 : fmt::format("The notice to {} did not arrive: they do not know. No measure is taken.",
                               ticket.customer.email);
  }
  return "";
}

std::string_view notice_tone(NoticeStanding standing) {
  switch (standing) {
    case NoticeStanding::none: return "quiet";
    case NoticeStanding::queued: return "calm";
    case NoticeStanding::delivered: return "good";
    case NoticeStanding::undelivered: return "bad";
  }
  return "quiet";
}

std::string when_of(const desk::KeptIncident& kept) {
  const Incident& incident = kept.incident;
  if (incident.started_at && incident.ended_at && *incident.ended_at > *incident.started_at)
    return fmt::format("{} to {}", format_for_people(*incident.started_at), format_for_people(*incident.ended_at));
  if (incident.started_at) return format_for_people(*incident.started_at);
  if (incident.started_unzoned) {
    std::string wall = format_for_people(*incident.started_unzoned);
    if (wall.ends_with(" UTC")) wall.resize(wall.size() - 4);
    return fmt::format("{} (the report names no time zone)", wall);
  }
  return fmt::format("not stated; reported {}", format_for_people(kept.seen_at));
}

std::string where_of(const Incident& incident) {
  if (!incident.source_ip) return incident.domain ? defang(*incident.domain) : "address not stated";
  std::string out = incident.source_ip->to_string();
  if (incident.source_port) out += fmt::format(" port {}", *incident.source_port);
  if (incident.protocol) out += fmt::format(" ({})", *incident.protocol);
  return out;
}

std::string assignment_sentence(const Assignment& assignment) {
  return fmt::format("{} was assigned to {} ({}, {}) from {} {}", format_range(assignment.range), assignment.service.id,
                     assignment.service.name, assignment.customer.name, format_for_people(assignment.from),
                     assignment.until ? "to " + format_for_people(*assignment.until) : std::string{"until now"});
}

std::string verdict_sentence(const desk::KeptIncident& kept) {
  const desk::Attribution& found = kept.attribution;
  switch (found.verdict) {
    case Verdict::matched:
      return found.assignment ? assignment_sentence(*found.assignment) + ". The incident lies within that interval."
                              : "One assignment covers the time of the incident.";
    case Verdict::ambiguous:
      return fmt::format(
          "The address changed hands within the time in question ({} to {}): it cannot be told whose it "
          "was. A person decides.",
          format_for_people(found.span.begin), format_for_people(found.span.end));
    case Verdict::unassigned: return "The address is ours, but was assigned to nobody at that time. A person decides.";
    case Verdict::not_ours: return "The address is not one of ours.";
  }
  return "";
}

}  // namespace abate::web
