// SPDX-License-Identifier: Apache-2.0
// report/timeline_svg.h — when what happened, as a picture: a lane each for the way in, the foothold, staying and harm,
// what the intruder asked for, and the rest; without a diagnosis a lane for each area.
//
// Time runs to the right. Long pauses are cut out and named ("4 days"), so that minutes stay apart where it matters;
// between two cuts the scale is even. Marks that would cover each other become one with their number in it. The page
// shows it as an addition to its lists: it holds nothing that they do not say. Pure.
#pragma once

#include <cstdint>
#include <string>
#include <vector>

#include "base/time.h"
#include "report/html_page.h"
#include "report/outcome.h"

namespace abate::report {

struct Mark {
  enum class Tone : std::uint8_t { plain, door, careful, act } tone = Tone::plain;
  Instant at;
  std::string says;
};
struct Lane {
  std::string title;
  std::vector<Mark> marks;  // in order of time
};
std::vector<Lane> lanes_of(const Outcome& outcome);  // only those with marks

struct PictureSize {
  unsigned width;
  unsigned cuts_max;   // pauses that are cut out
  bool titles_beside;  // in a column of their own; else above their lanes
};
void put_timeline(HtmlPage& page, const std::vector<Lane>& lanes, const PictureSize& size, HtmlPage::Word css_class);

// "4 days", "17 min": a pause in one word and number.
std::string pause_words(Duration pause);

}  // namespace abate::report
