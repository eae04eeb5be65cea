// SPDX-License-Identifier: Apache-2.0
// apps/abate/in_child.h — a piece of work in a child process that may give up its rights (confine.h), while this
// process keeps them.
//
//   TRY_ASSIGN(std::string text, in_child([&] { … return Result<std::string>{text}; }));
//
// The child ends when its work is done, and when its parent ends. Its answer is bounded.
#pragma once

#include <functional>
#include <string>

#include "base/result.h"

namespace abate::apps {

constexpr std::size_t kChildBytesMax = std::size_t{128} << 20;

// The work's own result; unavailable where the child ended before it gave one.
Result<std::string> in_child(const std::function<Result<std::string>()>& work, std::size_t bytes_max = kChildBytesMax);

}  // namespace abate::apps
