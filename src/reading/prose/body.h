// SPDX-License-Identifier: Apache-2.0
// reading/prose/body.h — the text of a report as one who reads it sees it, freed of what others wrapped around it:
// quote marks, the head that a help desk (Request Tracker and its like) puts in front, the header of a forwarded mail.
//
// Taken: the text parts of the report itself (HTML where there is no plain text), text attachments, and of a forwarded
// mail its Subject. A mail that lies *inside* (the spam that is complained about) is only `evidence`: its fields.
// Limits: kProseBytesMax of text. Pure; thread-safe.
#pragma once

#include <optional>
#include <string>
#include <vector>

#include "base/time.h"
#include "reading/input.h"

namespace abate::reading::prose {

constexpr std::size_t kProseBytesMax = std::size_t{1} << 20;
constexpr std::size_t kEvidenceHeadBytesMax = 16 * 1024;

struct Body {
  std::string subject;  // and the subjects of what was forwarded, each on its line
  std::string text;
  bool answers = false;            // it answers a mail: what its subject says was said before
  std::string evidence;            // header of the mail complained about, where one is quoted or attached, or ""
  std::string evidence_subject;    // its Subject
  bool evidence_attached = false;  // it came as a part of its own
  std::optional<Instant> around;   // when the report was written
  std::optional<Instant> dated;    // the wall clock of Date, as it stands there
  std::optional<std::chrono::minutes> dated_east;  // and the zone of Date, named or proved
  std::string originator;                          // who wrote it to the help desk that forwards, or ""
  std::vector<std::string> own_domains;            // of the reporter: From, Reply-To, Message-ID
  std::vector<std::string> their_domains;          // of those it was sent to
  struct Piece {
    std::size_t begin;  // in text
    std::string name;   // "part 2"
  };
  std::vector<Piece> pieces;
  std::vector<std::size_t> line_ends;  // of text
  bool cut = false;
};

Body body_of(const Input& input);
// "part 2, line 7"
std::string place_of(const Body& body, std::size_t at);
// "part 2, lines 7, 9-12" of places from left to right; those in another part than the first are left out.
std::string places_of(const Body& body, const std::vector<std::size_t>& places);
constexpr std::size_t kPlacesNamedMax = 40;

}  // namespace abate::reading::prose
