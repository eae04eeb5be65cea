// SPDX-License-Identifier: Apache-2.0
#include "base/whole_io.h"

#include <string>
#include <thread>

#include <gtest/gtest.h>
#include <unistd.h>

namespace abate {
namespace {

TEST(WholeIo, goes_on_where_a_pipe_takes_or_gives_only_a_part) {
  int ends[2];
  ASSERT_EQ(::pipe(ends), 0);
  const std::string sent(1'000'000, 'x');  // more than a pipe holds
  std::thread writer{[&] {
    EXPECT_TRUE(write_all(ends[1], sent));
    ::close(ends[1]);
  }};
  std::string got(sent.size() + 5, '\0');
  EXPECT_EQ(read_full(ends[0], got), static_cast<ssize_t>(sent.size())) << "the end came before the space was full";
  got.resize(sent.size());
  EXPECT_EQ(got, sent);
  writer.join();
  ::close(ends[0]);
}

TEST(WholeIo, says_so_when_it_cannot) {
  char byte = 0;
  EXPECT_EQ(read_full(-1, {&byte, 1}), -1);
  EXPECT_FALSE(write_all(-1, "x"));
}

}  // namespace
}  // namespace abate
