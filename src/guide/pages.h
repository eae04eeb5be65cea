// SPDX-License-Identifier: Apache-2.0
// guide/pages.h — what a person reads at each step: calm, plain words (R37), as wide as their terminal. Data in, text
// out; written by Canvas alone, so that no byte of a server or a report steers the terminal. Pure.
#pragma once

#include <string>
#include <string_view>
#include <vector>

#include "guide/told.h"
#include "guide/topics.h"
#include "report/layout.h"

namespace abate::guide {

using report::TerminalLook;

std::string heading_page(Place place, const TerminalLook& look);  // "4 of 7 · The plan ────"
std::string welcome_page(const TerminalLook& look);
std::string ticket_page(const TicketTold& ticket, Instant now, const TerminalLook& look);
std::string story_page(const Looked& looked, const TerminalLook& look);
std::string plan_page(const std::vector<const Action*>& asked, const Plan& plan, const TerminalLook& look);
std::string action_page(const Action& action, std::size_t number, std::size_t all, const TerminalLook& look);
std::string did_page(const Action& action, const Did& did, const TerminalLook& look);
std::string verify_page(const Looked& looked, const TerminalLook& look);
std::string strength_page(const Strength& strength, const std::vector<const Action*>& asked, const TerminalLook& look);
// `open`: the measures that look at the same and are not so yet.
std::string topic_page(const Topic& topic, const std::vector<const Action*>& open, const TerminalLook& look);
std::string how_page(const Topic& topic, const std::vector<const Action*>& open, const TerminalLook& look);
std::string reply_page(const Reply& reply, const TerminalLook& look);

// A sentence or two of our own, or of an error.
std::string note_page(std::string_view text, const TerminalLook& look, report::Ink ink = report::Ink::plain);

std::string next_page(std::string_view text, const TerminalLook& look);  // what comes now, set apart
std::string list_page(const std::vector<const Action*>& actions, const TerminalLook& look);

struct Key {
  char key;               // lower case; 0: Enter
  std::string_view says;  // "[y]es": what stands in brackets is the key
};
// "Do this? [y]es · [n]o · [s]tuck · [q]uit: ", without an end of line.
std::string prompt_text(std::string_view question, const std::vector<Key>& keys, const TerminalLook& look);

std::string left_of(Instant until, Instant now);  // "in 5 hours", "2 hours ago"

}  // namespace abate::guide
