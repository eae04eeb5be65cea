// SPDX-License-Identifier: Apache-2.0
#include "reading/passage.h"

#include <algorithm>

#include "base/text.h"

namespace abate::reading {
namespace {

// "part 3 (xarf.json), line 7" -> 2
std::optional<std::size_t> part_in(std::string_view read_from) {
  if (!read_from.starts_with("part ")) return std::nullopt;
  std::size_t number = 0;
  for (const char c : read_from.substr(5)) {
    if (c < '0' || c > '9' || number > kPartsMax) break;
    number = number * 10 + static_cast<std::size_t>(c - '0');
  }
  return number == 0 ? std::nullopt : std::optional{number - 1};
}

Passage passage_of_part(const Message& mail, std::size_t part) {
  const Part& found = mail.parts()[part];
  if (found.type == "text/html") return passage_of(mail.text(part, kPassageBytesMax), 1, std::nullopt);
  const bool verbatim = found.transfer == Transfer::verbatim && found.range;
  return passage_of(mail.content(part), 1, verbatim ? std::optional{found.range->offset} : std::nullopt);
}

// What another part than the one that is named would show is worse than nothing: packed files, rows of objects.
bool is_shown_whole(std::string_view text) {
  return text.size() <= kPassageBytesMax && text.find('\0') == std::string_view::npos;
}

}  // namespace

Passage passage_of(std::string_view text, std::uint32_t first, std::optional<std::size_t> offset) {
  std::string_view taken = text.substr(0, kPassageBytesMax);
  if (taken.size() < text.size() && taken.rfind('\n') != std::string_view::npos)
    taken = taken.substr(0, taken.rfind('\n') + 1);
  std::uint32_t lines = 0;
  std::size_t end = 0;
  while (end < taken.size() && lines < kPassageLinesMax) {
    const auto newline = taken.find('\n', end);
    end = newline == std::string_view::npos ? taken.size() : newline + 1;
    ++lines;
  }
  Passage passage;
  if (lines == 0) return passage;
  taken = taken.substr(0, end);
  passage.first_line = first;
  passage.last_line = first + lines - 1;
  if (offset)
    passage.range = ByteRange{*offset, taken.size()};
  else
    passage.excerpt = make_valid_utf8(taken);
  return passage;
}

void add_passages(Reading& reading, const Input& input) {
  const Message* mail = input.message();
  std::optional<std::size_t> last;  // forms of one part share its passage
  Passage passage;
  for (Incident& incident : reading.incidents) {
    if (incident.passage.first_line != 0 || incident.passage.range) continue;
    if (mail == nullptr) {
      if (is_shown_whole(input.bytes())) incident.passage = passage_of(input.bytes(), 1, 0);
      continue;
    }
    auto part = part_in(incident.read_from);
    if (incident.read_from == "feedback report") part = mail->find("message/feedback-report");
    if (!part || *part >= mail->parts().size()) continue;
    if (part != last) {
      const bool whole = is_shown_whole(mail->content(*part)) || mail->parts()[*part].type.starts_with("text/html");
      passage = whole ? passage_of_part(*mail, *part) : Passage{};
      last = part;
    }
    incident.passage = passage;
  }
}

}  // namespace abate::reading
