// SPDX-License-Identifier: Apache-2.0
#include "desk/read_line.h"

#include "base/log.h"
#include "desk/accept.h"
#include "desk/authenticate.h"
#include "desk/ledger.h"
#include "desk/thread_mail.h"
#include "desk/triage.h"

namespace abate::desk {
namespace {

constexpr std::chrono::seconds kStorePause{1};

struct Ending {  // how a report leaves the line
  ReportStatus status = ReportStatus::unreadable;
  bool needs_person = false;
  std::string reason;
  std::string suggestion;
};

Result<Ending> ending_of(Desk& desk, Transaction& store, const Unread& report, const Reading& reading) {
  if (reading.mail) {
    TRY_ASSIGN(const std::optional<Threaded> threaded, follow_thread(desk, store, report, *reading.mail));
    if (threaded)
      return Ending{ReportStatus::not_a_report, threaded->needs_person, threaded->reason, threaded->suggestion};
  }
  switch (reading.outcome) {
    case Outcome::not_a_report: return Ending{ReportStatus::not_a_report, false, "not an abuse report", {}};
    case Outcome::unreadable:
      return Ending{ReportStatus::unreadable,
                    true,
                    reading.warnings.empty() ? "nothing in it could be read as a report" : reading.warnings.front(),
                    {}};
    case Outcome::read: break;
  }
  TRY_ASSIGN(const Placed placed, triage(desk, store, report, reading));
  const bool nothing_left = placed.ignored == reading.incidents.size();
  return Ending{nothing_left ? ReportStatus::dismissed : ReportStatus::read, placed.for_a_person > 0, placed.why, {}};
}

// A folder's reader speaks: only there, a sender may write any type.
bool left_alone(const Unread& report) {
  return report.content_type == kLeftAloneType &&
         (report.channel == Channel::maildir || report.channel == Channel::feed);
}

bool is_to_be_read(const Unread& report) { return report.tries < kReadTriesMax && !left_alone(report); }

Reading unread(const Unread& report) {
  Reading reading;
  reading.format = "unknown";
  reading.warnings = {left_alone(report) ? report.bytes
                                         : fmt::format("reading it failed {} times without an answer", report.tries)};
  return reading;
}

// Saves one; a conflict means that another reader was faster, which is no error.
Result<void> save_one(Desk& desk, Transaction& store, const Unread& report, const Reading& reading) {
  TRY_ASSIGN(const Ending ending, ending_of(desk, store, report, reading));
  return store.save_reading(report.id, ending.status, reading, ending.needs_person, ending.reason, ending.suggestion);
}

// The batch in one transaction; where one of it cannot be saved, each alone, and that one waits for a person.
Result<void> save_batch(Desk& desk, const std::vector<Unread>& reports, const std::vector<Reading>& readings) {
  const Result<void> all = desk.store.write([&](Transaction& store) -> Result<void> {
    for (std::size_t i = 0; i < reports.size(); ++i) TRY(save_one(desk, store, reports[i], readings[i]));
    return {};
  });
  if (all || all.error().fault == Fault::unavailable) return all;
  for (std::size_t i = 0; i < reports.size(); ++i) {
    const Result<void> one =
        desk.store.write([&](Transaction& store) { return save_one(desk, store, reports[i], readings[i]); });
    if (one || one.error().fault == Fault::conflict) continue;
    if (one.error().fault == Fault::unavailable) return one;
    log_error("report_not_placed", {{"report", reports[i].id}, {"why", one.error().what}});
    TRY(desk.store.write([&](Transaction& store) {
      return store.save_reading(reports[i].id, ReportStatus::unreadable, readings[i], true,
                                "it was read, but could not be placed: " + one.error().what, {});
    }));
  }
  return {};
}

}  // namespace

Result<std::size_t> ReadLine::read_some(Desk& desk, Reader& reader, Resolver* resolver, const std::string& owner) {
  const Instant now = desk.clock.now();
  TRY_ASSIGN(const std::vector<Unread> reports,
             in_write(desk.store, [&](Transaction& store) -> Result<std::vector<Unread>> {
               TRY_ASSIGN(const std::uint32_t tries, store.tries_of_oldest_unread(now));
               return store.claim_unread(tries < kReadAloneAfter ? kReadBatchMax : 1, owner, now, now + kReadLease);
             }));
  if (reports.empty()) return std::size_t{0};
  std::vector<ToRead> to_read;
  for (const Unread& report : reports)
    if (is_to_be_read(report)) to_read.push_back({report.bytes, report.content_type, report.reporter_domain});
  std::vector<Reading> read = reader.read(to_read);
  std::vector<Reading> readings;
  readings.reserve(reports.size());
  std::size_t next = 0;
  for (const Unread& report : reports)
    readings.push_back(is_to_be_read(report) ? std::move(read[next++]) : unread(report));
  authenticate(desk, resolver, reader, reports, readings);
  // What was read is kept in hand while the store is away or the ledger changes: reading it again would cost more.
  for (std::uint64_t seen = 0;;) {
    const Result<void> saved = save_batch(desk, reports, readings);
    if (saved) break;
    if (saved.error().fault != Fault::unavailable || desk.bell.closed()) return std::unexpected(saved.error());
    log_warning("readings_wait", {{"why", saved.error().what}, {"reports", std::to_string(reports.size())}});
    if (const Result<bool> fresh = refresh_ledger(desk); !fresh || !*fresh)
      desk.bell.wait(Bell::Topic::ledger, seen, kStorePause);
    if (desk.clock.now() > now + kReadLease) return std::unexpected(saved.error());  // somebody else has them now
  }
  desk.bell.ring(Bell::Topic::outbox);
  desk.bell.ring(Bell::Topic::due);
  return reports.size();
}

ReadLine::ReadLine(Desk& desk, Reader& reader, Resolver* resolver, std::size_t threads)
    : desk_{desk}, reader_{reader}, resolver_{resolver} {
  for (std::size_t i = 0; i < threads; ++i)
    threads_.emplace_back([this, owner = fmt::format("{}/read-{}", desk.node, i)] { run(owner); });
}

ReadLine::~ReadLine() { stop(); }

void ReadLine::stop() {
  stopping_ = true;
  desk_.bell.ring(Bell::Topic::unread);
  for (std::thread& thread : threads_)
    if (thread.joinable()) thread.join();
}

void ReadLine::run(const std::string& owner) {
  std::uint64_t seen = 0;
  while (!stopping_ && !desk_.bell.closed()) {
    const Result<std::size_t> done = read_some(desk_, reader_, resolver_, owner);
    if (!done) {
      log_error("read_line", {{"why", done.error().what}});
      desk_.bell.wait(Bell::Topic::unread, seen, kStorePause);
    } else if (*done == 0) {
      desk_.bell.wait(Bell::Topic::unread, seen, kReadSleepMax);
    }
  }
}

}  // namespace abate::desk
