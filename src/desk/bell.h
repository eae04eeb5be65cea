// SPDX-License-Identifier: Apache-2.0
// desk/bell.h — tells the desk's own threads that there is work, so that nobody polls a database that is quiet.
//
// Only within one process: what another `abated` does is found by each loop's longest sleep. Thread-safe.
#pragma once

#include <array>
#include <chrono>
#include <condition_variable>
#include <cstdint>
#include <mutex>

namespace abate::desk {

class Bell {
 public:
  enum class Topic : std::uint8_t { unread, outbox, due, ledger };

  void ring(Topic topic);
  // Waits until the topic was rung since `seen`, at most `longest`, or until close(). Updates `seen`.
  void wait(Topic topic, std::uint64_t& seen, std::chrono::milliseconds longest);
  void close();  // everybody wakes, and no wait waits any more
  [[nodiscard]] bool closed() const;

 private:
  mutable std::mutex mutex_;
  std::condition_variable rung_;
  std::array<std::uint64_t, 4> counts_{};
  bool closed_ = false;
};

}  // namespace abate::desk
