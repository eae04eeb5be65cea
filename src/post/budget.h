// SPDX-License-Identifier: Apache-2.0
// post/budget.h — how many bytes of messages may be in memory at once, over all connections. Thread-safe.
#pragma once

#include <atomic>
#include <cstddef>

namespace abate::post {

class Budget {
 public:
  explicit Budget(std::size_t bytes_max) : left_{bytes_max} {}
  Budget(const Budget&) = delete;
  Budget& operator=(const Budget&) = delete;

  // False, and nothing taken, when fewer are left.
  [[nodiscard]] bool take(std::size_t bytes) {
    std::size_t left = left_.load(std::memory_order_relaxed);
    while (left >= bytes)
      if (left_.compare_exchange_weak(left, left - bytes, std::memory_order_relaxed)) return true;
    return false;
  }
  void give(std::size_t bytes) { left_.fetch_add(bytes, std::memory_order_relaxed); }
  [[nodiscard]] std::size_t left() const { return left_.load(std::memory_order_relaxed); }

 private:
  std::atomic<std::size_t> left_;
};

}  // namespace abate::post
