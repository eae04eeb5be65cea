// SPDX-License-Identifier: Apache-2.0
#include "desk/accept.h"

#include <condition_variable>
#include <deque>
#include <future>
#include <mutex>
#include <optional>

#include "base/canonical_json.h"
#include "base/hash.h"
#include "base/log.h"
#include "base/random.h"
#include "desk/change.h"

namespace abate::desk {
namespace {

struct Waiting {
  NewArrival arrival;
  Intake::Done done;
  std::string sha256;
  std::string fresh_id;
};

// What counts as the same report: desk/accept.h. Lengths lead, so that no name can imitate another's.
std::string identity_of(const NewArrival& arrival, const std::string& sha256) {
  if (arrival.channel != Channel::http) return "mail/" + sha256;
  if (arrival.idempotency_key.empty()) return fmt::format("http/{}/{}/{}", arrival.token.size(), arrival.token, sha256);
  return fmt::format("key/{}/{}/{}", arrival.token.size(), arrival.token, arrival.idempotency_key);
}

Arrival arrival_of(const Waiting& waiting, Instant now) {
  const NewArrival& from = waiting.arrival;
  Arrival out;
  out.channel = from.channel;
  out.bytes = from.bytes;
  out.content_type = from.content_type;
  out.envelope_from = from.envelope_from;
  out.envelope_to = from.envelope_to;
  out.token = from.token;
  out.reporter_domain = from.reporter_domain;
  out.identity = identity_of(from, waiting.sha256);
  out.sha256 = waiting.sha256;
  out.at = now;
  return out;
}

}  // namespace

struct Intake::Inside {
  Store& store;
  const Clock& clock;
  Bell& bell;
  const std::string stream;

  std::mutex mutex;
  std::condition_variable came;
  std::deque<Waiting> waiting;
  std::size_t waiting_bytes = 0;
  std::size_t before = 0;  // arrivals of the commit before this one: alone then, alone now, so no company is awaited
  std::optional<std::pair<Instant, Error>> refused;  // the last commit, when it failed
  bool stopping = false;
  std::thread committer;

  Inside(Store& s, const Clock& c, Bell& b, const std::string& node)
      : store{s}, clock{c}, bell{b}, stream{"intake/" + node} {
    committer = std::thread{[this] { run(); }};
  }

  void run() {
    for (;;) {
      std::vector<Waiting> batch = gather();
      if (batch.empty()) return;
      before = batch.size();
      answer(batch, commit(batch));
    }
  }

  std::vector<Waiting> gather() {
    std::unique_lock lock{mutex};
    came.wait(lock, [&] { return stopping || !waiting.empty(); });
    if (!stopping && before > 1 && waiting.size() < before)
      came.wait_for(lock, kCommitDelay, [&] { return stopping || waiting.size() >= before; });
    std::vector<Waiting> batch;
    for (std::size_t bytes = 0; !waiting.empty() && batch.size() < kCommitArrivalsMax && bytes < kCommitBytesMax;) {
      bytes += waiting.front().arrival.bytes.size();
      batch.push_back(std::move(waiting.front()));
      waiting.pop_front();
    }
    return batch;
  }

  Result<std::vector<Kept>> commit(const std::vector<Waiting>& batch) {
    return in_write(store, [&](Transaction& transaction) -> Result<std::vector<Kept>> {
      const Instant now = clock.now();
      std::vector<Kept> kept;
      boost::json::array fresh;
      for (const Waiting& one : batch) {
        TRY_ASSIGN(Kept result, transaction.keep(arrival_of(one, now), one.fresh_id));
        if (result.fresh) fresh.push_back(boost::json::array{result.report_id, result.sha256});
        kept.push_back(std::move(result));
      }
      if (!fresh.empty())
        TRY(transaction.append_entry(stream, now, the_system().actor(), EntryKind::received,
                                     canonical_json(boost::json::object{{"reports", std::move(fresh)}})));
      return kept;
    });
  }

  void answer(std::vector<Waiting>& batch, Result<std::vector<Kept>> kept) {
    if (!kept)
      log_error("intake_commit_failed", {{"why", kept.error().what}, {"arrivals", std::to_string(batch.size())}});
    {
      const std::lock_guard lock{mutex};  // before anybody is answered: whoever was refused may ask why
      refused.reset();
      if (!kept) refused.emplace(clock.now(), kept.error());
    }
    std::size_t freed = 0;
    for (std::size_t i = 0; i < batch.size(); ++i) {
      freed += batch[i].arrival.bytes.size();
      if (!kept)
        batch[i].done(std::unexpected(kept.error()));
      else if ((*kept)[i].sha256 != batch[i].sha256)
        batch[i].done(failure(Fault::conflict, "this Idempotency-Key was used before, with other bytes"));
      else
        batch[i].done(std::move((*kept)[i]));
    }
    {
      const std::lock_guard lock{mutex};
      waiting_bytes -= freed;
    }
    if (kept) bell.ring(Bell::Topic::unread);
  }
};

Intake::Intake(Store& store, const Clock& clock, Bell& bell, std::string node)
    : inside_{std::make_unique<Inside>(store, clock, bell, node)} {}

Intake::~Intake() {
  {
    const std::lock_guard lock{inside_->mutex};
    inside_->stopping = true;
  }
  inside_->came.notify_all();
  inside_->committer.join();
}

void Intake::accept(NewArrival arrival, Done done) {
  Waiting waiting;
  waiting.sha256 = sha256_hex(arrival.bytes);  // here, on the caller's thread: the committer is the narrow place
  waiting.fresh_id = random_id("R", inside_->clock.now());
  waiting.arrival = std::move(arrival);
  waiting.done = std::move(done);
  const std::size_t size = waiting.arrival.bytes.size();
  {
    const std::lock_guard lock{inside_->mutex};
    // One arrival is always let in, however large: message_max was judged before.
    const bool full = inside_->waiting_bytes > 0 && inside_->waiting_bytes + size > kWaitingBytesMax;
    if (!full && !inside_->stopping) {
      inside_->waiting_bytes += size;
      inside_->waiting.push_back(std::move(waiting));
      inside_->came.notify_one();
      return;
    }
  }
  waiting.done(failure(Fault::unavailable, "too much is waiting to be kept; try again in a minute"));
}

Result<Kept> Intake::accept_and_wait(NewArrival arrival) {
  std::promise<Result<Kept>> promise;
  std::future<Result<Kept>> kept = promise.get_future();
  accept(std::move(arrival), [&promise](Result<Kept> result) { promise.set_value(std::move(result)); });
  return kept.get();
}

Result<void> Intake::standing() const {
  const std::lock_guard lock{inside_->mutex};
  const auto& refused = inside_->refused;
  if (refused && inside_->clock.now() < refused->first + kRefusalTold) return std::unexpected(refused->second);
  return {};
}

}  // namespace abate::desk
