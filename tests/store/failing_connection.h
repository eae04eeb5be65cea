// SPDX-License-Identifier: Apache-2.0
// A connection whose Nth step fails: a statement that does not run, a commit that does not happen. Counts over all
// connections of one store.
#pragma once

#include <atomic>
#include <memory>

#include "store/connection.h"

namespace abate::store {

struct Faults {
  std::atomic<int> steps{0};
  std::atomic<int> fail_at{0};  // 0: none
  bool due() { return ++steps == fail_at; }
};

class FailingConnection final : public Connection {
 public:
  FailingConnection(std::unique_ptr<Connection> inner, Faults& faults) : inner_{std::move(inner)}, faults_{faults} {}

  [[nodiscard]] Engine engine() const override { return inner_->engine(); }
  Result<void> begin(Mode mode) override {
    failed_ = false;
    if (faults_.due()) return fail("begin");
    return inner_->begin(mode);
  }
  Result<void> commit() override {
    if (failed_ || faults_.due()) return fail("commit");
    return inner_->commit();
  }
  void rollback() override { inner_->rollback(); }
  Result<std::uint64_t> run(const Statement& statement, std::span<const Value> values, const Visit& visit) override {
    if (failed_ || faults_.due()) return fail(statement.name());
    return inner_->run(statement, values, visit);
  }
  Result<void> defer(const Statement& statement, std::span<const Value> values) override {
    if (failed_ || faults_.due()) return fail(statement.name());
    return inner_->defer(statement, values);
  }
  Result<void> bulk(const Bulk& bulk, std::size_t rows, std::size_t columns, const FillRow& fill) override {
    if (failed_ || faults_.due()) return fail(bulk.table);
    return inner_->bulk(bulk, rows, columns, fill);
  }
  Result<void> script(const std::string& sql) override {
    if (failed_ || faults_.due()) return fail("script");
    return inner_->script(sql);
  }
  [[nodiscard]] bool broken() const override { return inner_->broken(); }
  [[nodiscard]] bool asks_again() const override { return !failed_ && inner_->asks_again(); }
  [[nodiscard]] std::int64_t slot() const override { return inner_->slot(); }

 private:
  std::unexpected<Error> fail(std::string_view what) {
    failed_ = true;  // as the engines do: what follows in this transaction fails too
    return failure(Fault::unavailable, "{} failed because the test wants it", what);
  }
  std::unique_ptr<Connection> inner_;
  Faults& faults_;
  bool failed_ = false;
};

}  // namespace abate::store
