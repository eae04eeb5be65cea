// SPDX-License-Identifier: Apache-2.0
// apps/abate/child_answer.h — lets a child do something that reads hostile files, and hands back its answer: a text.
#pragma once

#include <functional>
#include <string>

#include "base/result.h"

namespace abate::apps {

// The child's own error where it fails; unavailable where it died, too_big beyond `bytes_max`. One thread.
Result<std::string> answer_of_child(std::size_t bytes_max, const std::function<Result<std::string>()>& does);

}  // namespace abate::apps
