// SPDX-License-Identifier: Apache-2.0
#include "reply/reply_text.h"

#include <algorithm>
#include <optional>

#include "base/text.h"
#include "model/finding.h"

namespace abate::reply {
namespace {

constexpr std::size_t kSentenceBytesMax = 4096;
constexpr std::string_view kNothing = "(nothing to say yet)";

std::string shown(const Statement& statement) { return shown_text(statement.says, kSentenceBytesMax); }

std::optional<Part> titled(std::string_view line) {
  for (const Part part : kParts)
    if (equals_ignoring_case(line, part_title(part))) return part;
  return std::nullopt;
}

std::string_view without_label(std::string_view says) {
  for (const Standing standing : {Standing::proved, Standing::claimed}) {
    const std::string label = fmt::format("[{}]", standing_name(standing));
    if (says.ends_with(label)) return trim(says.substr(0, says.size() - label.size()));
  }
  return says;
}

Statement as_it_was(const Reply& before, std::string_view says) {
  for (const Part part : kParts)
    for (const Statement& statement : part_of(before, part))
      if (statement.standing == Standing::proved && trim(shown(statement)) == says) return statement;
  return {std::string{says}, Standing::claimed, {}};
}

}  // namespace

std::string_view part_title(Part part) {
  switch (part) {
    case Part::cause: return "What caused it";
    case Part::done: return "What was done";
    case Part::confirmed: return "How it was confirmed";
    case Part::prevention: return "What keeps it from happening again";
  }
  return "";
}

const std::vector<Statement>& part_of(const Reply& reply, Part part) {
  switch (part) {
    case Part::cause: return reply.cause;
    case Part::done: return reply.done;
    case Part::confirmed: return reply.confirmed;
    case Part::prevention: break;
  }
  return reply.prevention;
}

std::vector<Statement>& part_of(Reply& reply, Part part) {
  switch (part) {
    case Part::cause: return reply.cause;
    case Part::done: return reply.done;
    case Part::confirmed: return reply.confirmed;
    case Part::prevention: break;
  }
  return reply.prevention;
}

std::string reply_text(const Reply& reply) {
  std::string text;
  for (const Part part : kParts) {
    text += fmt::format("{}\n", part_title(part));
    if (part_of(reply, part).empty()) text += fmt::format("- {}\n", kNothing);
    for (const Statement& statement : part_of(reply, part))
      text += fmt::format("- {} [{}]\n", shown(statement), standing_name(statement.standing));
    text += "\n";
  }
  return text;
}

Reply edited(const Reply& before, std::string_view text) {
  Reply after;
  after.ticket = before.ticket;
  after.proofs = before.proofs;
  Part part = Part::cause;
  std::vector<std::pair<Part, std::string>> sentences;
  bool goes_on = false;
  for (const std::string_view row : split(text, '\n')) {
    std::string_view line = trim(row);
    if (row.starts_with('#')) continue;
    if (const std::optional<Part> title = titled(line)) {
      part = *title;
      goes_on = false;
      continue;
    }
    if (line.empty()) {
      goes_on = false;
      continue;
    }
    const bool begins = line.starts_with("- ") || line == "-";
    if (begins) line = trim(line.substr(1));
    if (!begins && goes_on) {
      sentences.back().second.append(" ").append(line);
    } else if (sentences.size() < kStatementsMax) {
      sentences.emplace_back(part, line);
      goes_on = true;
    }
  }
  for (const auto& [of, sentence] : sentences) {
    const std::string_view says = without_label(sentence);
    if (!says.empty() && says != kNothing) part_of(after, of).push_back(as_it_was(before, says));
  }
  after.text = reply_text(after);
  return after;
}

void claim(Reply& reply, Part part, std::string_view says) {
  if (!trim(says).empty()) part_of(reply, part).push_back({std::string{trim(says)}, Standing::claimed, {}});
  reply.text = reply_text(reply);
}

}  // namespace abate::reply
