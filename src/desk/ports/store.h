// SPDX-License-Identifier: Apache-2.0
// desk/ports/store.h — where everything is kept. Implemented by the room `store`, on SQLite and on PostgreSQL.
//
//   Result<Ticket> ticket = in_write(store, [&](Transaction& t) -> Result<Ticket> { ... });
//
// A Transaction is all or nothing: it is committed when the function returns a value and rolled back when it returns an
// error. A function may be run again when the database asks for it (serialisation), so it must have no other effects.
// A write that returned a value is on disk. Store is thread-safe; a Transaction belongs to the function it is given to.
//
// Errors: not_found (what was named is not there), stale (the version read is no longer the version there),
// conflict (a unique name is taken), unavailable (disk full, database away: try again later).
#pragma once

#include <functional>
#include <optional>

#include "base/result.h"
#include "desk/ports/accounts.h"
#include "desk/ports/ledger.h"
#include "desk/ports/outbox.h"
#include "desk/ports/probes.h"
#include "desk/ports/reports.h"
#include "desk/ports/tickets.h"

namespace abate::desk {

class Transaction : public Reports, public Tickets, public Outbox, public Accounts, public Ledger, public Probes {
 public:
  ~Transaction() override = default;

  // Gives back what owners whose name begins so hold under lease: at start, what this node had in hand when it died.
  virtual Result<void> release_leases(const std::string& owner_prefix) = 0;
};

class Store {
 public:
  virtual ~Store() = default;
  virtual Result<void> write(const std::function<Result<void>(Transaction&)>& work) = 0;
  // One consistent view; nothing is changed.
  virtual Result<void> read(const std::function<Result<void>(Transaction&)>& work) = 0;
  // Is it there and does it take writes? For /readyz.
  virtual Result<void> check() = 0;
};

template <class Work>
auto in_write(Store& store, Work&& work) -> std::invoke_result_t<Work&, Transaction&> {
  using R = std::invoke_result_t<Work&, Transaction&>;
  std::optional<R> out;
  const Result<void> done = store.write([&](Transaction& transaction) -> Result<void> {
    out.emplace(work(transaction));
    if (!*out) return std::unexpected(out->error());
    return {};
  });
  if (!done) return std::unexpected(done.error());
  return std::move(*out);
}

template <class Work>
auto in_read(Store& store, Work&& work) -> std::invoke_result_t<Work&, Transaction&> {
  using R = std::invoke_result_t<Work&, Transaction&>;
  std::optional<R> out;
  const Result<void> done = store.read([&](Transaction& transaction) -> Result<void> {
    out.emplace(work(transaction));
    if (!*out) return std::unexpected(out->error());
    return {};
  });
  if (!done) return std::unexpected(done.error());
  return std::move(*out);
}

}  // namespace abate::desk
