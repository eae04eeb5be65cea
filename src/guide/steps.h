// SPDX-License-Identifier: Apache-2.0
// guide/steps.h — the way that plain `abate` leads a person along, as one table: what follows what.
//
//   ticket → look → story → plan → apply → verify → measures → strengthen → harden → questions → reply → done
//
// Nothing found leads through `care` (R19) first, another server's harm straight to the reply, and what is left after
// the fix back to the plan. Every place can be left and come back to. Pure.
#pragma once

#include <cstdint>
#include <optional>
#include <string_view>

namespace abate::guide {

enum class Place : std::uint8_t {
  ticket,
  look,
  story,
  care,  // what is worth doing where nothing was found
  plan,
  apply,
  verify,
  measures,    // what abate can do so that it does not come back: chosen
  strengthen,  // and done
  harden,      // what only the person can do for it
  questions,
  reply,
  done
};
std::string_view place_name(Place place);  // the word that progress is kept by
std::optional<Place> parse_place(std::string_view name);

enum class Event : std::uint8_t {
  ready,       // done with it
  found,       // something that a plan answers
  nothing,     // nothing was found
  elsewhere,   // it was not this server
  no_changes,  // the person wants none
  left,        // something is left after the changes
};
// Nothing where the table knows no such move.
std::optional<Place> next_place(Place at, Event event);

struct Stage {  // what a person sees of it: "4 of 7 · The plan"
  int number = 1;
  std::string_view title;
};
constexpr int kStages = 7;
Stage stage_of(Place place);

}  // namespace abate::guide
