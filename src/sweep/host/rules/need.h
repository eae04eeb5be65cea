// SPDX-License-Identifier: Apache-2.0
// sweep/host/rules/need.h — which strings a YARA rule cannot match without.
//
// The answer is a list of clauses, each a set of the rule's strings: whenever the condition is true, every clause has a
// string that matched. No clause: nothing is known, the rule must always be run. Only forms of condition that are
// understood whole give clauses; a form that might be true without strings (`not`, `filesize`, `#a == 0`, other rules,
// modules) gives none of its own, but does not spoil what it is joined with by `and`.
#pragma once

#include <vector>

#include "sweep/host/rules/yara_text.h"

namespace abate::sweep {

using Clause = std::vector<std::size_t>;  // indexes into YaraRule::strings

// `scores`: how telling each string is for the prefilter; 0: it cannot be looked for. The best clause comes first.
std::vector<Clause> needed_strings(const YaraRule& rule, const std::vector<unsigned>& scores);

constexpr std::size_t kClausesMax = 6;
constexpr int kNeedDepthMax = 60;  // nested brackets, then nothing is known

}  // namespace abate::sweep
