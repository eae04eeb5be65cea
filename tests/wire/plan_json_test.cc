// SPDX-License-Identifier: Apache-2.0
#include "wire/plan_json.h"

#include <boost/json/serialize.hpp>
#include <gtest/gtest.h>

#include "wire/sweep_json.h"

namespace abate::wire {
namespace {

Plan some_plan() {
  Plan plan;
  plan.ticket = "T-2026-000001";
  plan.root = "/mnt/disk";
  Action action;
  action.id = "a0123456789ab";
  action.kind = "quarantine_file";
  action.subject = file_subject("/var/www/a\\b\x1b[2J\xff.php");
  action.expected = {{action.subject.path, std::string(64, 'a')}, {"/etc/new", ""}};
  action.changes = {"it goes"};
  plan.actions = {action};
  return plan;
}

TEST(PlanJson, names_of_any_bytes_come_back_as_they_were) {
  const Result<Plan> read = read_plan(boost::json::serialize(plan_json(some_plan(), {})));
  ASSERT_TRUE(read) << read.error().what;
  ASSERT_EQ(read->actions.size(), 1U);
  EXPECT_EQ(read->root, "/mnt/disk");
  EXPECT_EQ(read->actions[0].subject, some_plan().actions[0].subject);
  EXPECT_EQ(read->actions[0].expected, some_plan().actions[0].expected);
}

TEST(PlanJson, a_plan_that_was_cut_anywhere_is_refused_with_words) {
  const std::string whole = boost::json::serialize(plan_json(some_plan(), {}));
  for (std::size_t size = 0; size < whole.size(); ++size) {
    const Result<Plan> read = read_plan(std::string_view{whole}.substr(0, size));
    ASSERT_FALSE(read) << size;
    ASSERT_FALSE(read.error().what.empty());
  }
}

TEST(PlanJson, a_path_that_is_not_absolute_or_a_name_that_nobody_showed_is_refused) {
  Plan plan = some_plan();
  plan.actions[0].subject.path = "etc/passwd";
  EXPECT_FALSE(read_plan(boost::json::serialize(plan_json(plan, {}))));
  EXPECT_FALSE(raw_name("a\\q"));
  EXPECT_FALSE(raw_name("a\\x1"));
  EXPECT_FALSE(read_plan(R"({"schema":"abate.plan/2"})"));
}

TEST(PlanJson, an_action_twice_or_an_id_that_is_no_word_is_refused) {
  Plan twice = some_plan();
  twice.actions.push_back(twice.actions[0]);
  EXPECT_FALSE(read_plan(boost::json::serialize(plan_json(twice, {}))));
  Plan odd = some_plan();
  odd.actions[0].id = "../x";
  EXPECT_FALSE(read_plan(boost::json::serialize(plan_json(odd, {}))));
}

}  // namespace
}  // namespace abate::wire
