// SPDX-License-Identifier: Apache-2.0
#include "store/store.h"

#include <chrono>
#include <thread>

#include "base/log.h"
#include "base/random.h"
#include "store/open_store.h"
#include "store/transaction.h"

namespace abate::store {
namespace {

using Work = std::function<Result<void>(desk::Transaction&)>;

// Rolls back when the work fails or throws.
class Guard {
 public:
  explicit Guard(Connection& connection) : connection_{connection} {}
  Guard(const Guard&) = delete;
  Guard& operator=(const Guard&) = delete;
  ~Guard() {
    if (open_) connection_.rollback();
  }
  Result<void> commit() {
    TRY(connection_.commit());
    open_ = false;
    return {};
  }

 private:
  Connection& connection_;
  bool open_ = true;
};

Result<void> once(Connection& connection, Mode mode, const Work& work) {
  TRY(connection.begin(mode));
  Guard guard{connection};
  StoreTransaction transaction{connection};
  TRY(work(transaction));
  if (mode == Mode::read) return {};
  TRY(transaction.finish());
  return guard.commit();
}

void pause_before(int attempt) {
  const std::uint32_t most = 1000U << std::min(attempt, 6);  // 2 ms .. 64 ms
  std::this_thread::sleep_for(std::chrono::microseconds{random_below(most)});
}

class SqlStore final : public desk::Store {
 public:
  SqlStore(std::shared_ptr<Pool> writers, std::shared_ptr<Pool> readers)
      : writers_{std::move(writers)}, readers_{std::move(readers)} {}

  Result<void> write(const Work& work) override { return again(*writers_, Mode::write, work); }
  Result<void> read(const Work& work) override { return again(*readers_, Mode::read, work); }
  Result<void> check() override {
    const auto touch = [](Connection& connection) -> Result<void> {
      TRY(connection.begin(Mode::write));
      Guard guard{connection};
      // Another value each time: SQLite writes no page that stays as it was, so the same one would prove nothing.
      const std::int64_t now = std::chrono::system_clock::now().time_since_epoch().count();
      TRY(connection.run(statement("set_setting"), {text(fmt::format("checked/{}", connection.slot())), number(now)}));
      return guard.commit();
    };
    return again(*writers_, touch);
  }

 private:
  static Result<void> again(Pool& pool, Mode mode, const Work& work) {
    return again(pool, [&](Connection& connection) { return once(connection, mode, work); });
  }
  static Result<void> again(Pool& pool, const std::function<Result<void>(Connection&)>& attempt_once);

  std::shared_ptr<Pool> writers_;
  std::shared_ptr<Pool> readers_;
};

Result<void> SqlStore::again(Pool& pool, const std::function<Result<void>(Connection&)>& attempt_once) {
  for (int attempt = 1;; ++attempt) {
    Result<void> done;
    bool asks_again = false;
    {
      TRY_ASSIGN(const Pool::Lease connection, pool.lease());
      done = attempt_once(*connection);
      if (done) return done;
      asks_again = connection->asks_again();
      if (connection->broken()) pool.forget_idle();
    }
    if (!asks_again || attempt == kAttemptsMax) return done;
    log_debug("store_runs_again", {{"attempt", std::to_string(attempt)}, {"because", done.error().what}});
    pause_before(attempt);
  }
}

}  // namespace

std::unique_ptr<desk::Store> make_store(std::shared_ptr<Pool> writers, std::shared_ptr<Pool> readers) {
  return std::make_unique<SqlStore>(std::move(writers), std::move(readers));
}

Result<std::map<std::string, std::int64_t>> StoreTransaction::totals() {
  std::map<std::string, std::int64_t> out;
  TRY(connection_.run(statement("totals"), {}, [&](const Row& row) { out[row.string(0)] = row.integer(1); }));
  for (const auto& [what, by] : counted_) out[what] += by;
  return out;
}

Result<void> StoreTransaction::finish() {
  for (const auto& [what, by] : counted_)
    if (by != 0)
      TRY(connection_.defer(statement("add_to_total"), {text(what), number(connection_.slot()), number(by)}));
  counted_.clear();
  return {};
}

}  // namespace abate::store
