// SPDX-License-Identifier: Apache-2.0
// A program that is killed while it writes: what it had reported as committed is there, all of it and once.
#include <signal.h>
#include <sys/wait.h>
#include <unistd.h>

#include "base/hash.h"
#include "store/store_fixture.h"

namespace abate::store {
namespace {

using desk::Transaction;

constexpr int kRounds = 4;
constexpr int kReportsPerCommit = 5;

// The child: keeps batches for ever, and after each commit tells its number through the pipe.
[[noreturn]] void write_for_ever(const std::string& url, int round, int out) {
  const auto store = open_store(url);
  if (!store) _exit(2);
  for (std::uint32_t batch = 0;; ++batch) {
    const auto done = (*store)->write([&](Transaction& t) -> Result<void> {
      for (int i = 0; i < kReportsPerCommit; ++i) {
        const std::string id = fmt::format("R-{}-{}-{}", round, batch, i);
        TRY(t.keep(arrival_of(id + std::string(5000, 'x')), id));
      }
      TRY(t.append_entry("intake/node-1", kNow, "system", EntryKind::received, "{}"));
      return {};
    });
    if (!done || write(out, &batch, sizeof batch) != sizeof batch) _exit(3);
  }
}

bool read_from(int pipe_end, std::uint32_t& batch) { return ::read(pipe_end, &batch, sizeof batch) == sizeof batch; }

class Killed : public OnBothEngines {
 protected:
  // A PostgreSQL server goes on with what a dead client had sent, the commit too: until it has ended the session, the
  // outcome is open.
  [[nodiscard]] std::string writers_url() const {
    return GetParam() == Engine::postgresql ? database_.url() + "&application_name=writer" : database_.url();
  }
  void wait_for_the_end_of_its_session() const {
    if (GetParam() != Engine::postgresql) return;
    const auto waited = database_.connect()->script(
        "DO $$ BEGIN FOR i IN 1..3000 LOOP PERFORM pg_stat_clear_snapshot(); "
        "IF NOT EXISTS (SELECT 1 FROM pg_stat_activity WHERE application_name = 'writer') THEN RETURN; END IF; "
        "PERFORM pg_sleep(0.01); END LOOP; RAISE EXCEPTION 'the session goes on'; END $$");
    ASSERT_TRUE(waited) << waited.error().what;
  }
  // Every batch up to `last` is whole; the one after it is whole (committed, not yet told) or not there.
  void check_round(int round, std::uint32_t last, std::uint64_t& expected_entries) {
    read([&](Transaction& t) -> Result<void> {
      for (std::uint32_t batch = 0; batch <= last + 1; ++batch) {
        int there = 0;
        for (int i = 0; i < kReportsPerCommit; ++i) {
          const std::string id = fmt::format("R-{}-{}-{}", round, batch, i);
          const auto found = t.report_bytes(id);
          EXPECT_EQ(found.value_or(id + std::string(5000, 'x')), id + std::string(5000, 'x'));
          there += found ? 1 : 0;
        }
        EXPECT_TRUE(there == kReportsPerCommit || (batch > last && there == 0)) << batch << ": " << there;
        expected_entries += there == kReportsPerCommit ? 1U : 0U;
      }
      std::uint64_t walked = 0;
      TRY(t.walk_history(
          [&](const Entry& entry) -> Result<void> {
            EXPECT_EQ(entry_hash(entry), entry.hash);
            ++walked;
            return {};
          },
          [&](const std::string&, std::uint64_t seq, const std::string&) -> Result<void> {
            EXPECT_EQ(seq, expected_entries);
            return {};
          }));
      EXPECT_EQ(walked, expected_entries);
      TRY_ASSIGN(const auto totals, t.report_totals());
      EXPECT_EQ(totals.received, expected_entries * kReportsPerCommit);
      return {};
    });
  }
};

TEST_P(Killed, a_writer_leaves_all_that_it_reported_and_nothing_half) {
  std::uint64_t expected_entries = 0;
  for (int round = 0; round < kRounds; ++round) {
    int ends[2];
    ASSERT_EQ(pipe(ends), 0);
    const pid_t child = fork();
    if (child == 0) {
      close(ends[0]);
      write_for_ever(writers_url(), round, ends[1]);
    }
    close(ends[1]);
    std::uint32_t last = 0;
    std::uint32_t told = 0;
    // Killed after some commits, each round at another moment of the next one.
    while (told < 3U + static_cast<std::uint32_t>(round) * 4U && read_from(ends[0], last)) ++told;
    usleep(static_cast<useconds_t>(round * 700));
    kill(child, SIGKILL);
    while (read_from(ends[0], last)) ++told;
    close(ends[0]);
    waitpid(child, nullptr, 0);
    ASSERT_GE(told, 3U);
    wait_for_the_end_of_its_session();
    check_round(round, last, expected_entries);
  }
}

ON_BOTH_ENGINES(Killed);

}  // namespace
}  // namespace abate::store
