// SPDX-License-Identifier: Apache-2.0
// guide/topics.h — what only a person can do so that it does not come back (R27–R32), and what to do where nothing was
// found (R19): why, how, and the sentence that the reply may claim once it is done. Data.
#pragma once

#include <span>
#include <string_view>
#include <vector>

#include "guide/steps.h"

namespace abate::guide {

struct Topic {
  std::string_view id;
  std::string_view title;
  std::string_view why;
  std::string_view how;
  std::string_view claims;  // by the person, for the reply
  // Those of abate harden that look at the same. Where none of them is left open nothing is asked, if `is_answered`.
  std::span<const std::string_view> measures;
  bool is_answered = false;
};
// Of `care` and `harden`; empty for other places.
std::vector<const Topic*> topics_of(Place place);
const Topic* topic_of(std::string_view id);

}  // namespace abate::guide
