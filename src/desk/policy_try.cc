// SPDX-License-Identifier: Apache-2.0
#include "desk/policy_try.h"

#include <functional>
#include <set>

#include <boost/json.hpp>

#include "model/deadlines.h"
#include "model/ladder.h"

namespace abate::desk {
namespace {

constexpr int kStepsMax = 64;  // of one ticket between two events: reminders and measures

boost::json::value value_in(const Entry& entry, std::string_view key) {
  boost::system::error_code wrong;
  const boost::json::value body = boost::json::parse(entry.body, wrong);
  if (wrong || !body.is_object()) return nullptr;
  const boost::json::value* value = body.get_object().if_contains(key);
  return value == nullptr ? boost::json::value{nullptr} : *value;
}

std::string text_in(const Entry& entry, std::string_view key) {
  const boost::json::value value = value_in(entry, key);
  return value.is_string() ? std::string{value.get_string()} : std::string{};
}

std::uint64_t count_in(const Entry& entry, std::string_view key) {
  const boost::json::value value = value_in(entry, key);
  return value.is_int64() && value.get_int64() > 0 ? static_cast<std::uint64_t>(value.get_int64()) : 1;
}

class Replay {
 public:
  // `trusted`: does this reporter have the record that the policy asks for, as it stands today?
  using Trusted = std::function<bool(const std::string& authenticated)>;
  Replay(const Terms& terms, PolicyOutcome& outcome, Category category, Trusted trusted)
      : terms_{terms}, outcome_{outcome}, trusted_{std::move(trusted)} {
    ticket_.category = category;
  }

  void play(const Entry& entry) {
    run_clock(entry.at);
    switch (entry.kind) {
      case EntryKind::reported:
        ticket_.created_at = entry.at;
        hear(entry);
        break;
      case EntryKind::incident_added: hear(entry); break;
      case EntryKind::opened:
        if (ticket_.state == TicketState::in_review) open(entry.at, false);
        break;
      case EntryKind::dismissed: ticket_.state = TicketState::dismissed; break;
      case EntryKind::reply:
        if (!entry.actor.starts_with("customer:")) break;
        note_answer(ticket_, entry.at);
        note_reached(ticket_, terms_, entry.at);
        break;
      case EntryKind::claim:
        rest_fix_clock(ticket_, entry.at);
        note_reached(ticket_, terms_, entry.at);
        ticket_.state = TicketState::claimed;
        break;
      case EntryKind::refused:
        resume_fix_clock(ticket_, entry.at);
        ticket_.state = TicketState::open;
        break;
      case EntryKind::accepted:
      case EntryKind::closed:
        stop_clocks(ticket_, terms_, entry.at);
        ticket_.state = TicketState::closed;
        break;
      case EntryKind::reopened:
        restart_clocks(ticket_, terms_, entry.at);
        ticket_.state = TicketState::open;
        break;
      case EntryKind::extended:
        if (const Result<Instant> by = parse_rfc3339(text_in(entry, "fix_by"))) ticket_.fix_by = *by;
        break;
      case EntryKind::notice_bounced: ticket_.notice = NoticeStanding::undelivered; break;
      case EntryKind::notice_sent:
        if (text_in(entry, "standing") != notice_standing_name(NoticeStanding::undelivered))
          note_reached(ticket_, terms_, entry.at);
        break;
      default: break;
    }
  }

  void run_clock(Instant until) {
    for (int step = 0; step < kStepsMax; ++step) {
      const std::optional<Due> due = next_due(ticket_, terms_, until);
      if (!due || due->at > until) return;
      if (due->kind == Due::Kind::reminder) ticket_.reminded.push_back(due->at);
      if (due->kind == Due::Kind::overdue) ticket_.overdue_for = due->at;
      if (due->kind == Due::Kind::ladder) climb(due->at);
    }
  }

 private:
  struct Heard {
    Instant at;
    std::uint64_t incidents;
    std::string reporter;
  };

  // As desk/triage.cc judges when a report is placed.
  void hear(const Entry& entry) {
    const std::string who = text_in(entry, "authenticated");
    heard_.push_back({entry.at, count_in(entry, "count"), who == "none" ? "" : who});
    if (ticket_.state != TicketState::in_review || terms_.open != OpenMode::automatic || heard_.back().reporter.empty())
      return;
    std::uint64_t incidents = 0;
    std::set<std::string> reporters;
    for (const Heard& each : heard_) {
      if (each.at < entry.at - terms_.noise_window) continue;
      incidents += each.incidents;
      reporters.insert(each.reporter);
    }
    if (!is_noise(terms_, incidents, reporters.size()) && trusted_(who)) open(entry.at, true);
  }

  void open(Instant at, bool by_itself) {
    outcome_.opened = true;
    outcome_.opened_by_itself = by_itself;
    ticket_.state = TicketState::open;
    ticket_.notice = NoticeStanding::delivered;
    start_clocks(ticket_, terms_, at);
  }

  void climb(Instant at) {
    const std::optional<MeasureKind> step = next_step(ticket_, terms_);
    if (!step) return;
    const bool automatic = terms_.enforce == EnforceMode::automatic;
    Measure measure;
    measure.kind = *step;
    measure.state = automatic ? MeasureState::in_force : MeasureState::proposed;
    ticket_.measures.push_back(measure);
    ticket_.ladder_next_at = at + terms_.step_pause;
    outcome_.measures.push_back(
        fmt::format("{} {} at {}", measure_name(*step), automatic ? "taken" : "proposed", format_rfc3339(at)));
  }

  const Terms& terms_;
  PolicyOutcome& outcome_;
  Trusted trusted_;
  std::vector<Heard> heard_;
  Ticket ticket_;
};

void note_past(const Entry& entry, PolicyOutcome& was) {
  if (entry.kind == EntryKind::opened) {
    was.opened = true;
    was.opened_by_itself = entry.actor == "system";
  }
  const bool taken = entry.kind == EntryKind::measure_in_force;
  if (taken || entry.kind == EntryKind::measure_proposed)
    was.measures.push_back(
        fmt::format("{} {} at {}", text_in(entry, "measure"), taken ? "taken" : "proposed", format_rfc3339(entry.at)));
}

Result<PolicyTrial> replay(Transaction& store, const Ticket& ticket, const Policy& policy, Instant now) {
  PolicyTrial trial{ticket.id, ticket.service.id, ticket.category, {}, {}};
  const Terms& terms = policy.of(ticket.category);
  Replay play{terms, trial.would, ticket.category, [&](const std::string& authenticated) {
                const Result<ReporterRecord> record = store.reporter_record(authenticated);
                return record && has_good_record(terms, record->opened, record->dismissed, record->harmful);
              }};
  Page page{{}, kPageMax};
  do {
    TRY_ASSIGN(const Listed<Entry> entries, store.entries(ticket.id, page));
    for (const Entry& entry : entries.items) {
      note_past(entry, trial.was);
      play.play(entry);
    }
    page.after = entries.next;
  } while (!page.after.empty());
  play.run_clock(now);
  return trial;
}

}  // namespace

Result<std::vector<PolicyTrial>> try_policy(Store& store, const Policy& policy, std::optional<Instant> since,
                                            Instant now) {
  return in_read(store, [&](Transaction& transaction) -> Result<std::vector<PolicyTrial>> {
    std::vector<PolicyTrial> out;
    TicketFilter everything;
    everything.now = now;
    Page page{{}, kPageMax};
    do {
      TRY_ASSIGN(const Listed<Ticket> tickets, transaction.tickets(everything, page));
      for (const Ticket& ticket : tickets.items) {
        if (since && ticket.created_at < *since) continue;
        TRY_ASSIGN(PolicyTrial trial, replay(transaction, ticket, policy, now));
        out.push_back(std::move(trial));
      }
      page.after = tickets.next;
    } while (!page.after.empty());
    return out;
  });
}

}  // namespace abate::desk
