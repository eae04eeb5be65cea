// SPDX-License-Identifier: Apache-2.0
// desk/read_line.h — takes what was kept to the reader, and what was read to triage (DESIGN.md, the way of a report).
//
// Each thread claims a batch under a lease, has it read and proved who wrote it (desk/authenticate.h), and saves the
// whole batch in one transaction: reading, verdicts and tickets together, or not at all. A report that was claimed
// kReadAloneAfter times without coming to an end is read alone from then on: of a batch that saw somebody die, nobody
// knows which one it was, or whether it was any of them (a power cut, a store that went away). After kReadTriesMax
// times it is `unreadable` and waits for a person. Thread-safe; stop() lets the batches in hand finish.
#pragma once

#include <atomic>
#include <thread>
#include <vector>

#include "desk/desk.h"
#include "desk/ports/reader.h"
#include "desk/ports/resolver.h"

namespace abate::desk {

constexpr std::size_t kReadBatchMax = 128;
constexpr std::uint32_t kReadAloneAfter = 2;
constexpr std::uint32_t kReadTriesMax = 6;
constexpr std::chrono::minutes kReadLease{5};
constexpr std::chrono::milliseconds kReadSleepMax{500};  // finds what `abated deliver` kept beside us

class ReadLine {
 public:
  // `resolver`: null where DNS is not to be asked. All are borrowed.
  ReadLine(Desk& desk, Reader& reader, Resolver* resolver, std::size_t threads);
  ~ReadLine();
  ReadLine(const ReadLine&) = delete;
  ReadLine& operator=(const ReadLine&) = delete;
  void stop();

  // One batch; returns how many reports were dealt with. The threads do nothing else.
  static Result<std::size_t> read_some(Desk& desk, Reader& reader, Resolver* resolver, const std::string& owner);

 private:
  void run(const std::string& owner);

  Desk& desk_;
  Reader& reader_;
  Resolver* resolver_;
  std::atomic<bool> stopping_{false};
  std::vector<std::thread> threads_;
};

}  // namespace abate::desk
