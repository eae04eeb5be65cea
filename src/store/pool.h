// SPDX-License-Identifier: Apache-2.0
// store/pool.h — connections that wait to be used. Opened when first needed, dropped when broken. Thread-safe.
#pragma once

#include <condition_variable>
#include <cstddef>
#include <functional>
#include <memory>
#include <mutex>
#include <vector>

#include "base/result.h"
#include "store/connection.h"

namespace abate::store {

class Pool {
 public:
  using Open = std::function<Result<std::unique_ptr<Connection>>()>;
  Pool(std::size_t size_max, Open open) : size_max_{size_max}, open_{std::move(open)} {}

  class Lease {  // gives the connection back
   public:
    Lease(Pool& pool, std::unique_ptr<Connection> connection) : pool_{&pool}, connection_{std::move(connection)} {}
    Lease(Lease&& other) noexcept : pool_{other.pool_}, connection_{std::move(other.connection_)} {
      other.pool_ = nullptr;
    }
    Lease& operator=(Lease&&) = delete;
    ~Lease() {
      if (pool_ != nullptr) pool_->give_back(std::move(connection_));
    }
    Connection& operator*() const { return *connection_; }
    Connection* operator->() const { return connection_.get(); }

   private:
    Pool* pool_;
    std::unique_ptr<Connection> connection_;
  };

  Result<Lease> lease() {  // waits while all are in use
    std::unique_lock lock{mutex_};
    free_again_.wait(lock, [&] { return in_use_ < size_max_; });
    ++in_use_;
    if (!idle_.empty()) {
      std::unique_ptr<Connection> connection = std::move(idle_.back());
      idle_.pop_back();
      return Lease{*this, std::move(connection)};
    }
    lock.unlock();
    Result<std::unique_ptr<Connection>> opened = open_();
    if (!opened) {
      give_back(nullptr);
      return std::unexpected(std::move(opened).error());
    }
    return Lease{*this, *std::move(opened)};
  }
  void forget_idle() {  // after one was lost, the others are likely lost too
    const std::scoped_lock lock{mutex_};
    idle_.clear();
  }

 private:
  void give_back(std::unique_ptr<Connection> connection) {
    {
      const std::scoped_lock lock{mutex_};
      --in_use_;
      if (connection && !connection->broken()) idle_.push_back(std::move(connection));
    }
    free_again_.notify_one();
  }

  const std::size_t size_max_;
  const Open open_;
  std::mutex mutex_;
  std::condition_variable free_again_;
  std::size_t in_use_ = 0;
  std::vector<std::unique_ptr<Connection>> idle_;
};

}  // namespace abate::store
