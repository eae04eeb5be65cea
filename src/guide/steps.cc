// SPDX-License-Identifier: Apache-2.0
#include "guide/steps.h"

namespace abate::guide {
namespace {

struct Row {
  Place place;
  std::string_view name;
  Stage stage;
};
constexpr Row kPlaces[] = {
    {Place::ticket, "ticket", {1, "The report"}},
    {Place::look, "look", {2, "Looking"}},
    {Place::story, "story", {3, "What happened"}},
    {Place::care, "care", {4, "To be on the safe side"}},
    {Place::plan, "plan", {4, "The plan"}},
    {Place::apply, "apply", {4, "Making the changes"}},
    {Place::verify, "verify", {5, "Is it gone?"}},
    {Place::measures, "measures", {6, "So that it does not come back"}},
    {Place::strengthen, "strengthen", {6, "So that it does not come back"}},
    {Place::harden, "harden", {6, "So that it does not come back"}},
    {Place::questions, "questions", {7, "Your answer"}},
    {Place::reply, "reply", {7, "Your answer"}},
    {Place::done, "done", {7, "Done"}},
};

struct Move {
  Place at;
  Event event;
  Place next;
};
// clang-format off
constexpr Move kMoves[] = {
    {Place::ticket, Event::ready, Place::look},
    {Place::look, Event::ready, Place::story},
    {Place::story, Event::found, Place::plan},
    {Place::story, Event::nothing, Place::care},
    {Place::story, Event::elsewhere, Place::questions},
    {Place::care, Event::found, Place::plan},  // open doors and what a person should look at
    {Place::care, Event::ready, Place::measures},
    {Place::plan, Event::ready, Place::apply},
    {Place::plan, Event::no_changes, Place::measures},
    {Place::apply, Event::ready, Place::verify},
    {Place::verify, Event::left, Place::plan},
    {Place::verify, Event::ready, Place::measures},
    {Place::measures, Event::ready, Place::strengthen},
    {Place::measures, Event::no_changes, Place::harden},
    {Place::strengthen, Event::ready, Place::harden},
    {Place::harden, Event::ready, Place::questions},
    {Place::questions, Event::ready, Place::reply},
    {Place::reply, Event::ready, Place::done},
};
// clang-format on

}  // namespace

std::string_view place_name(Place place) {
  for (const Row& row : kPlaces)
    if (row.place == place) return row.name;
  return "";
}

std::optional<Place> parse_place(std::string_view name) {
  for (const Row& row : kPlaces)
    if (row.name == name) return row.place;
  return std::nullopt;
}

std::optional<Place> next_place(Place at, Event event) {
  for (const Move& move : kMoves)
    if (move.at == at && move.event == event) return move.next;
  return std::nullopt;
}

Stage stage_of(Place place) {
  for (const Row& row : kPlaces)
    if (row.place == place) return row.stage;
  return {};
}

}  // namespace abate::guide
