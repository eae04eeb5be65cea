// SPDX-License-Identifier: Apache-2.0
// Words, blocks and includes, as named.conf has them.
#include <gtest/gtest.h>

#include "sweep/host/config/braces.h"
#include "sweep/kit/memory_tree.h"

namespace abate::sweep {
namespace {

TEST(Braces, blocks_comments_and_includes) {
  const MemoryTree tree{
      "--- /n\n/* a\nb */ options { recursion no; // x\n listen-on port 53 { any; }; };\ninclude \"/m\";\n--- /m\nzone "
      "\"a b\" { "
      "type master; };\ninclude \"/n\";\n"};
  const auto all = statements_of(tree, "/n", ';');
  ASSERT_EQ(all.size(), 2U);
  EXPECT_EQ(all[0].line, 2U);
  ASSERT_EQ(all[0].block.size(), 2U);
  EXPECT_EQ(all[0].block[1].words[2], "53");
  EXPECT_EQ(all[0].block[1].block[0].words[0], "any");
  EXPECT_EQ(all[1].words[1], "a b");
  EXPECT_EQ(all[1].path, "/m");
}

TEST(Braces, survive_depth_and_nonsense) {
  const MemoryTree deep{"--- /n\n" + std::string(100'000, '{') + "\n"};
  EXPECT_LE(statements_of(deep, "/n", ';').size(), 100'000U);
  const MemoryTree odd{"--- /n\n}}};\"open\n"};
  EXPECT_LE(statements_of(odd, "/n", ';').size(), 1U);
}

}  // namespace
}  // namespace abate::sweep
