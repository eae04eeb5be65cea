// SPDX-License-Identifier: Apache-2.0
#include "worker/workers.h"

#include <condition_variable>
#include <csignal>
#include <mutex>
#include <thread>

#include "base/log.h"
#include "base/text.h"
#include "worker/child.h"
#include "worker/codec.h"
#include "worker/process.h"

namespace abate::worker {
namespace {

using SteadyClock = std::chrono::steady_clock;

constexpr std::size_t kAheadMax = 64;        // reports sent and not answered yet
constexpr std::chrono::minutes kBusyMax{5};  // then a child is replaced, before RLIMIT_CPU ends it
constexpr int kStartTriesMax = 3;
constexpr std::chrono::milliseconds kStartPause{200};

Reading unreadable(std::string warning) {
  Reading reading;
  reading.format = "none";
  reading.outcome = Outcome::unreadable;
  reading.warnings.push_back(std::move(warning));
  return reading;
}

// The next whole frame, until more is received.
std::optional<std::string_view> take_frame(Inbox& inbox, bool& nonsense) {
  const std::string_view rest = inbox.rest();
  if (rest.size() < 4) return std::nullopt;
  std::size_t size = 0;
  for (unsigned i = 0; i < 4; ++i) size |= std::size_t{static_cast<unsigned char>(rest[i])} << (8 * i);
  nonsense = size > kAnswerBytesMax;
  if (nonsense || rest.size() < size + 4) return std::nullopt;
  inbox.drop(size + 4);
  return rest.substr(4, size);
}

// One child and what it is busy with. Used by one thread at a time.
class Worker {
 public:
  explicit Worker(const WorkerOptions& options) : options_{options} {}

  Result<void> spawn() {
    std::vector<std::string> command = options_.command;
    if (command.empty()) command.emplace_back("/proc/self/exe");
    command.emplace_back(kWorkerWord);
    command.push_back(std::to_string(options_.memory_max_bytes));
    inbox_.clear();
    answered_ = 0;
    busy_ = {};
    TRY_ASSIGN(process_, Process::start(command));
    return {};
  }

  // Until the child has shut itself in.
  Result<void> await_ready() {
    const auto deadline = SteadyClock::now() + kStartTimeMax;
    bool nonsense = false;
    while (true) {
      if (const auto frame = take_frame(inbox_, nonsense)) {
        if (*frame == kReady) return {};
        return give_up(fmt::format("A reader cannot shut itself in: {}", make_valid_utf8(*frame)));
      }
      const auto left = std::chrono::duration_cast<std::chrono::milliseconds>(deadline - SteadyClock::now());
      if (nonsense || left.count() <= 0) return give_up("A reader did not get ready");
      if (process_->wait(false, left).to_receive && !process_->receive(inbox_)) {
        const auto end = process_->end();
        return give_up(fmt::format("A reader ended while it started (signal {}, status {})", end.signal, end.status));
      }
    }
  }

  Result<void> start() {
    TRY(spawn());
    return await_ready();
  }

  void read(std::span<const desk::ToRead> reports, std::vector<Reading>& readings) {
    reports_ = reports;
    readings_ = &readings;
    retried_ = reports.size();
    next_ = 0;
    while (next_ < reports_.size()) {
      if (const auto alive = ensure_started(); !alive) {
        for (; next_ < reports_.size(); ++next_)
          readings[next_] = unreadable(fmt::format("No reader could be started: {}", alive.error().what));
        why_not_started_ = alive.error().what;
        return;
      }
      why_not_started_.clear();
      run();
      if (worn_out()) process_.reset();
    }
  }

  [[nodiscard]] const std::string& why_not_started() const { return why_not_started_; }

 private:
  std::unexpected<Error> give_up(std::string why) {
    process_.reset();
    return failure(Fault::unavailable, std::move(why));
  }

  Result<void> ensure_started() {
    Result<void> started;
    for (int tries = 0; !process_ && tries < kStartTriesMax; ++tries) {
      if (tries > 0) std::this_thread::sleep_for(kStartPause);
      started = start();
    }
    return process_ ? Result<void>() : started;
  }

  [[nodiscard]] bool worn_out() const { return busy_ > kBusyMax || answered_ >= kReportsPerChildMax; }

  // Sends and receives until all is answered, or the child is gone, or it should be replaced.
  void run() {
    sent_ = next_;
    pieces_.clear();
    sending_ = true;
    since_ = SteadyClock::now();
    while (process_ && next_ < reports_.size()) {
      const bool may_begin = sent_ < reports_.size() && sent_ - next_ < kAheadMax && !worn_out();
      if (pieces_.empty() && may_begin) begin_sending(reports_[sent_]);
      if (pieces_.empty() && sent_ == next_ && worn_out()) return;
      const auto left = options_.time_max - (SteadyClock::now() - since_);
      if (left <= left.zero()) return stop("", true);
      const auto ready =
          process_->wait(sending_ && !pieces_.empty(), std::chrono::duration_cast<std::chrono::milliseconds>(left));
      if (ready.to_receive && !receive()) return stop("", false);
      if (ready.to_send && process_) send();
    }
  }

  void begin_sending(const desk::ToRead& report) {
    witnesses_ = report.witnesses == nullptr ? "" : encode_witnesses(*report.witnesses);
    const bool prove = report.witnesses != nullptr;
    const std::string_view type =
        prove ? std::string_view{witnesses_} : report.content_type.substr(0, kContentTypeBytesMax);
    const std::string_view domain =
        prove ? std::string_view{} : report.reporter_domain.substr(0, worker::kDomainBytesMax);
    head_ = encode_head({.prove = prove,
                         .content_type_bytes = static_cast<std::uint32_t>(type.size()),
                         .domain_bytes = static_cast<std::uint32_t>(domain.size()),
                         .report_bytes = report.bytes.size()});
    pieces_ = {head_, type, domain, report.bytes};
  }

  void send() {
    const auto taken = process_->send(pieces_);
    if (!taken) {  // it is gone; what it answered before may still be there to receive
      sending_ = false;
      pieces_.clear();
      return;
    }
    std::size_t left = *taken;
    for (std::string_view& piece : pieces_) {
      const std::size_t cut = std::min(left, piece.size());
      piece.remove_prefix(cut);
      left -= cut;
    }
    while (!pieces_.empty() && pieces_.front().empty()) pieces_.erase(pieces_.begin());
    if (!pieces_.empty()) return;
    if (sent_ == next_) since_ = SteadyClock::now();  // only now can the child begin with it
    ++sent_;
  }

  bool receive() {
    const bool open = process_->receive(inbox_);
    bool nonsense = false;
    while (next_ < sent_) {
      const auto frame = take_frame(inbox_, nonsense);
      if (!frame) break;
      auto reading = decode_reading(*frame, reports_[next_].bytes);
      if (!reading) {
        stop(reading.error().what, true);
        return true;
      }
      (*readings_)[next_++] = std::move(*reading);
      ++answered_;
      const auto now = SteadyClock::now();
      busy_ += now - since_;
      since_ = now;
    }
    if (nonsense || (next_ == sent_ && !inbox_.rest().empty())) {
      stop("The reader's answer is damaged", true);
      return true;
    }
    return open;
  }

  // The report that the child is busy with is at fault; `killed` where we end the child, else it ended by itself.
  void stop(std::string what, bool killed) {
    const bool fresh = answered_ == 0;
    if (killed) process_->kill();
    const auto end = process_->end();
    process_.reset();
    const bool crashed = !killed && !(end.signal == 0 && end.status == kExitMemory);
    if (crashed && !fresh && retried_ != next_) {  // an earlier report may have damaged it: try once in a new child
      retried_ = next_;
      return;
    }
    if (what.empty()) what = cause(killed, end);
    log_warning("reader_stopped", {{"cause", what}, {"bytes", std::to_string(reports_[next_].bytes.size())}});
    (*readings_)[next_++] = unreadable(std::move(what));
  }

  [[nodiscard]] std::string cause(bool killed, const Process::End& end) const {
    const auto seconds = std::chrono::duration<double>(options_.time_max).count();
    if (killed) return fmt::format("The reader was stopped after {:g} s", seconds);
    if (end.signal == 0 && end.status == kExitMemory)
      return fmt::format("The reader needed more than {} MiB", options_.memory_max_bytes >> 20);
    if (end.signal == SIGSYS) return "The reader was stopped: it tried what a reader may not do";
    if (end.signal != 0) return fmt::format("The reader crashed (signal {})", end.signal);
    return fmt::format("The reader ended (status {})", end.status);
  }

  WorkerOptions options_;
  std::string why_not_started_;  // empty: it was
  std::optional<Process> process_;
  Inbox inbox_;
  std::size_t answered_ = 0;  // by this child
  SteadyClock::duration busy_{};

  std::span<const desk::ToRead> reports_;
  std::vector<Reading>* readings_ = nullptr;
  std::size_t next_ = 0;     // the first that is not answered
  std::size_t sent_ = 0;     // the first that is not sent whole
  std::size_t retried_ = 0;  // the one that was tried a second time
  bool sending_ = true;
  std::string head_;
  std::string witnesses_;
  std::vector<std::string_view> pieces_;  // what is left to send of reports_[sent_]
  SteadyClock::time_point since_;         // when the child could begin with reports_[next_]
};

class Workers final : public desk::Reader {
 public:
  explicit Workers(const WorkerOptions& options) {
    for (std::size_t i = 0; i < options.count; ++i) all_.push_back(std::make_unique<Worker>(options));
    for (const auto& worker : all_) free_.push_back(worker.get());
  }

  Result<void> start() {
    for (const auto& worker : all_) TRY(worker->spawn());
    for (const auto& worker : all_) TRY(worker->await_ready());
    return {};
  }

  std::vector<Reading> read(std::span<const desk::ToRead> reports) override {
    std::vector<Reading> readings(reports.size());
    Worker* worker = borrow();
    worker->read(reports, readings);
    give_back(worker);
    return readings;
  }

  Result<void> check() const override {
    const std::lock_guard lock(mutex_);
    if (why_not_started_.empty()) return {};
    return failure(Fault::unavailable, "{}", why_not_started_);
  }

 private:
  Worker* borrow() {
    std::unique_lock lock(mutex_);
    freed_.wait(lock, [&] { return !free_.empty(); });
    Worker* worker = free_.back();
    free_.pop_back();
    return worker;
  }
  void give_back(Worker* worker) {
    {
      const std::lock_guard lock(mutex_);
      free_.push_back(worker);
      why_not_started_ = worker->why_not_started();
    }
    freed_.notify_one();
  }

  std::vector<std::unique_ptr<Worker>> all_;
  mutable std::mutex mutex_;
  std::condition_variable freed_;
  std::vector<Worker*> free_;
  std::string why_not_started_;  // of the child that was given back last
};

}  // namespace

Result<std::unique_ptr<desk::Reader>> start_workers(WorkerOptions options) {
  if (options.count < 1 || options.count > kWorkersMax)
    return failure(Fault::malformed, "The number of readers must be 1 to {}", kWorkersMax);
  auto workers = std::make_unique<Workers>(options);
  TRY(workers->start());
  return std::unique_ptr<desk::Reader>(std::move(workers));
}

}  // namespace abate::worker
