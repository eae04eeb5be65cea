// SPDX-License-Identifier: Apache-2.0
#include "web/pages/passage.h"

#include <algorithm>
#include <optional>

#include <fmt/format.h>

#include "base/text.h"

namespace abate::web {
namespace {

// "part 2, lines 3, 5-9" -> 3, 5, 6, 7, 8, 9; at most kPassageLinesMax.
std::vector<std::uint64_t> numbers_in(std::string_view read_from) {
  std::vector<std::uint64_t> numbers;
  const std::size_t word = read_from.rfind("line");
  if (word == read_from.npos) return numbers;
  const auto is_digit = [](char c) { return c >= '0' && c <= '9'; };
  std::optional<std::uint64_t> from;
  for (std::size_t at = word; at < read_from.size() && numbers.size() < kPassageLinesMax;) {
    if (!is_digit(read_from[at])) {
      ++at;
      continue;
    }
    std::uint64_t number = 0;
    while (at < read_from.size() && is_digit(read_from[at]) && number < 1'000'000'000)
      number = number * 10 + static_cast<std::uint64_t>(read_from[at++] - '0');
    if (from)
      for (std::uint64_t between = *from + 1; between < number && numbers.size() < kPassageLinesMax; ++between)
        numbers.push_back(between);
    if (numbers.size() < kPassageLinesMax) numbers.push_back(number);
    from = at < read_from.size() && read_from[at] == '-' ? std::optional{number} : std::nullopt;
  }
  return numbers;
}

std::vector<std::string_view> lines_of(std::string_view text) {
  text = text.substr(0, kPassageBytesMax);
  std::vector<std::string_view> lines;
  while (!text.empty() && lines.size() < kPassageLinesMax) {
    const std::size_t end = text.find('\n');
    std::string_view line = text.substr(0, end);
    text.remove_prefix(end == text.npos ? text.size() : end + 1);
    if (line.ends_with('\r')) line.remove_suffix(1);
    lines.push_back(line);
  }
  return lines;
}

void number_on(Passage& passage, std::string_view text, std::uint64_t first) {
  for (const std::string_view line : lines_of(text)) passage.lines.push_back({first++, std::string(line)});
}

bool is_text(const Evidence& evidence) {
  return evidence.content_type.starts_with("text/") || evidence.content_type.starts_with("message/");
}

// The evidence that the incident was read from comes first; of a feedback report the part that is called so.
const Evidence* read_evidence(const Incident& incident) {
  for (const Evidence& evidence : incident.evidence)
    if (!evidence.description.empty() && evidence.description == incident.read_from) return &evidence;
  const bool first = !incident.evidence.empty() && is_text(incident.evidence.front());
  return first && incident.read_from != "feedback report" ? &incident.evidence.front() : nullptr;
}

// Those lines of the whole text; nothing where it turns out that they are counted in another part of the mail: then
// none of them names what the incident blames.
void pick(Passage& passage, std::string_view text, const std::vector<std::uint64_t>& numbers,
          const Incident& incident) {
  const std::string address = incident.source_ip ? incident.source_ip->to_string() : "";
  std::uint64_t number = 0;
  bool names_it = false;
  for (std::size_t at = 0; at < text.size() && passage.lines.size() < numbers.size();) {
    const std::size_t end = std::min(text.find('\n', at), text.size());
    if (std::ranges::find(numbers, ++number) != numbers.end()) {
      passage.lines.push_back({number, std::string(text.substr(at, std::min(end - at, kPassageBytesMax)))});
      const std::string& line = passage.lines.back().text;
      names_it =
          names_it || (!address.empty() && line.find(address) != line.npos) ||
          (incident.domain && contains_ignoring_case(line, incident.domain->substr(0, incident.domain->find('.'))));
    }
    at = end + 1;
  }
  if (!names_it) passage.lines.clear();
}

}  // namespace

Passage passage_of(const Incident& incident, std::string_view report, bool is_mail) {
  Passage passage;
  passage.from = incident.read_from;
  if (!incident.read_text.empty()) {
    const std::vector<std::uint64_t> numbers = numbers_in(incident.read_from);
    number_on(passage, incident.read_text, numbers.empty() ? 1 : numbers.front());
    return passage;
  }
  const Evidence* evidence = read_evidence(incident);
  const auto range = incident.read_range || evidence == nullptr ? incident.read_range : evidence->range;
  // A range that lies outside of its report reads as nothing: reading is not believed.
  if (range && range->offset < report.size()) {
    const std::string_view before = report.substr(0, range->offset);
    const auto first = static_cast<std::uint64_t>(1 + std::count(before.begin(), before.end(), '\n'));
    number_on(passage, report.substr(range->offset, range->length), first);
    passage.from = fmt::format("line {} of the report{}", first,
                               incident.read_from.starts_with("line ") || incident.read_from.empty()
                                   ? ""
                                   : fmt::format(" ({})", incident.read_from));
    return passage;
  }
  const std::vector<std::uint64_t> numbers = numbers_in(incident.read_from);
  if (evidence != nullptr && !numbers.empty()) {
    if (evidence->description == "text of the report") {
      pick(passage, evidence->bytes, numbers, incident);
      return passage;
    }
    const auto lines = lines_of(evidence->bytes);
    for (std::size_t i = 0; i < lines.size() && i < numbers.size(); ++i)
      passage.lines.push_back({numbers[i], std::string(lines[i])});
    return passage;
  }
  if (!is_mail && report.size() <= kPassageBytesMax && is_valid_utf8(report)) number_on(passage, report, 1);
  return passage;
}

}  // namespace abate::web
