// SPDX-License-Identifier: Apache-2.0
// reading/settled.h — does a mail end a matter instead of beginning one: taken back, closed, taken off a list.
//
// Only the mail's own first sentences and its Subject decide, never what it quotes, forwards or signs with; and never
// where it brings evidence of its own (a log line, a time beside an address, a list, an attachment) or says that the
// harm goes on: a report that is lost costs more than a mail that a person closes. Pure.
#pragma once

#include <string_view>

#include "reading/input.h"

namespace abate::reading {

constexpr std::size_t kSettlingSentencesMax = 3;

// A notice of ours, by the mark of its ticket in the Subject and our address as its writer, that came back: as it was
// sent, or quoted or forwarded with words that name no address. Needs a mail.
bool returns_our_notice(const Input& input);

// What it is ("a word that an earlier report is settled"), or "". Needs a mail.
std::string_view settles(const Input& input);

}  // namespace abate::reading
