// SPDX-License-Identifier: Apache-2.0
// Every measure's examples: what it says of each small server; then what it advises is made on a real folder by the
// executor, nothing is left to advise, and undo brings each byte and attribute back.
#include "remedy/measure.h"

#include <filesystem>
#include <fstream>
#include <set>

#include <gtest/gtest.h>
#include <sys/stat.h>
#include <unistd.h>

#include "remedy/action_kind.h"
#include "remedy/disk.h"
#include "remedy/executor/executor.h"
#include "sweep/host/disk_tree.h"
#include "sweep/host/open_host.h"
#include "sweep/kit/memory_tree.h"

namespace abate::remedy {
namespace {

constexpr Instant kNow{Duration{1'790'000'000'000'000}};

std::vector<Advice> look(const Measure& measure, const sweep::Host& host) {
  Advised out{measure};
  measure.look({.host = host, .findings = {}, .entry_at = {}, .renew = {}}, out);
  return out.take();
}

Standing worst(const std::vector<Advice>& all) {
  for (const Standing standing : {Standing::advised, Standing::by_hand, Standing::said})
    for (const Advice& one : all)
      if (one.standing == standing) return standing;
  return Standing::already;
}

std::string told(const std::vector<Advice>& all) {
  std::string text;
  for (const Advice& one : all) text += fmt::format("{}: {}\n", standing_name(one.standing), one.action.why);
  return text;
}

class EachMeasure : public testing::TestWithParam<const Measure*> {};

TEST_P(EachMeasure, says_of_its_examples_what_they_need) {
  for (const MeasureExample& example : GetParam()->examples) {
    const sweep::MemoryTree tree{example.tree};
    sweep::Notes notes;
    const auto opened = sweep::open_host(tree, {}, kNow, {}, notes);
    const std::vector<Advice> all = look(*GetParam(), opened->host);
    EXPECT_EQ(worst(all), example.worst) << example.title << "\n" << told(all);
    for (const Advice& one : all) EXPECT_FALSE(one.action.why.empty()) << example.title;
  }
}

TEST_P(EachMeasure, what_it_advises_is_enough_and_undo_brings_every_byte_back) {
  for (const MeasureExample& example : GetParam()->examples) {
    SCOPED_TRACE(std::string{example.title});
    if (example.worst != Standing::advised) continue;
    const Disk disk{example.tree};
    const auto before = disk.picture();
    std::string run_id;
    {
      const Result<std::unique_ptr<sweep::DiskTree>> tree = sweep::DiskTree::open_root(disk.root());
      ASSERT_TRUE(tree);
      sweep::Notes notes;
      const auto opened = sweep::open_host(**tree, {}, kNow, {}, notes);
      HardenPlan hardened = harden_plan({opened->host, {}, {}, {}}, kNow);
      Result<remedy::Run> run = remedy::Run::start(disk.where(), "plan", "", kNow);
      ASSERT_TRUE(run) << run.error().what;
      run_id = run->id();
      std::size_t done = 0;
      for (const Action& action : hardened.plan.actions) {
        if (action.kind != GetParam()->name || !action.by_hand.empty()) continue;
        EXPECT_FALSE(action.changes.empty()) << action.why;
        EXPECT_FALSE(action.effect.empty()) << "what users notice is said";
        const Result<Work> work = work_of(action, opened->host);
        ASSERT_TRUE(work) << work.error().what;
        const Outcome outcome = run->act(action, *work, kNow);
        EXPECT_EQ(outcome.end, Outcome::End::done) << outcome.says;
        ++done;
      }
      EXPECT_GT(done, 0U);
      ASSERT_TRUE(run->finish(kNow));
    }
    EXPECT_NE(disk.picture(), before);
    const Result<std::unique_ptr<sweep::DiskTree>> tree = sweep::DiskTree::open_root(disk.root());
    ASSERT_TRUE(tree);
    sweep::Notes notes;
    const auto opened = sweep::open_host(**tree, {}, kNow, {}, notes);
    const std::vector<Advice> again = look(*GetParam(), opened->host);
    EXPECT_NE(worst(again), Standing::advised) << told(again);
    const Result<std::vector<Undone>> undone = undo(disk.where(), run_id, kNow);
    ASSERT_TRUE(undone) << undone.error().what;
    for (const Undone& one : *undone) EXPECT_EQ(one.outcome.end, Outcome::End::done) << one.outcome.says;
    EXPECT_EQ(disk.picture(), before);
  }
}

TEST_P(EachMeasure, survives_examples_that_were_cut_anywhere) {
  for (const MeasureExample& example : GetParam()->examples) {
    const sweep::MemoryTree whole{example.tree};
    for (const auto& [path, size] : whole.files())
      for (std::size_t length = 0; length < size; length += 1 + size / 40) {
        sweep::MemoryTree tree{example.tree};
        tree.cut(path, length);
        sweep::Notes notes;
        const auto opened = sweep::open_host(tree, {}, kNow, {}, notes);
        for (const Advice& one : look(*GetParam(), opened->host))
          if (GetParam()->work != nullptr) static_cast<void>(GetParam()->work(one.action, opened->host));
      }
  }
}

INSTANTIATE_TEST_SUITE_P(Of, EachMeasure, testing::ValuesIn(measures().begin(), measures().end()),
                         [](const auto& one) { return std::string{one.param->name}; });

TEST(Measures, each_has_a_name_of_its_own_a_requirement_and_a_manual) {
  std::set<std::string_view> names;
  std::set<std::string_view> requirements;
  for (const ActionKind* kind : action_kinds())
    if (kind->name != "firewall_on") names.insert(kind->name);  // one thing, advised by both
  for (const Measure* measure : measures()) {
    EXPECT_TRUE(names.insert(measure->name).second) << measure->name;
    EXPECT_GE(measure->explain.size(), 100U) << measure->name;
    EXPECT_FALSE(measure->title.empty()) << measure->name;
    EXPECT_FALSE(measure->examples.empty()) << measure->name;
    requirements.insert(measure->requirement);
  }
  for (const std::string_view one : requirements) EXPECT_TRUE(one >= "R27" && one <= "R32") << one;
}

}  // namespace
}  // namespace abate::remedy
