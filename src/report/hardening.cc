// SPDX-License-Identifier: Apache-2.0
#include "report/hardening.h"

#include <algorithm>
#include <map>

#include "report/words.h"

namespace abate::report {
namespace {

using Standing = HardeningRow::Standing;

struct Mark {
  std::string_view sign;
  std::string_view word;
  Ink ink;
};

Mark mark_of(Standing standing) {
  switch (standing) {
    case Standing::advised: return {"▲", "weak; abate can do it", Ink::door};
    case Standing::by_hand: return {"▲", "weak; for you to do", Ink::warning};
    case Standing::said: return {"·", "good to know", Ink::faint};
    case Standing::already: break;
  }
  return {"✓", "already", Ink::good};
}

void put_field(Canvas& canvas, std::string_view name, std::string_view text) {
  if (text.empty()) return;
  canvas.begin(4, 6);
  canvas.put(fmt::format("{}: ", name), Ink::faint);
  canvas.put(text);
  canvas.end();
}

void put_row(Canvas& canvas, const HardeningRow& row, bool verbose) {
  const Mark mark = mark_of(row.standing);
  const Action& action = row.action;
  const bool weak = row.standing == Standing::advised || row.standing == Standing::by_hand;
  canvas.begin(2, 4);
  canvas.put(fmt::format("{} ", mark.sign), mark.ink);
  canvas.put(action_words(action), Ink::strong);
  if (!weak) canvas.put(": " + action.why);
  if (weak) canvas.put(fmt::format("  {}", mark.word), mark.ink);
  canvas.end();
  if (!weak && !verbose) return;
  if (weak) put_field(canvas, "Why", action.why);
  for (const std::string& change : action.changes) put_field(canvas, "Changes", change);
  put_field(canvas, "Effect", action.effect);
  put_field(canvas, "Risk", action.risk);
  put_field(canvas, "To do", action.by_hand);
  if (row.standing == Standing::advised) put_field(canvas, "Undo", action.undo);
  if (!weak) return;
  canvas.begin(4);
  canvas.put(fmt::format("{}  {}{}", action.id, action.kind,
                         row.standing != Standing::advised ? ""
                         : action.is_default               ? "  recommended"
                                                           : "  only if it suits you"),
             Ink::faint);
  canvas.end();
}

}  // namespace

std::string hardening_text(const std::vector<HardeningRow>& rows, const TerminalLook& look) {
  Canvas canvas{look};
  std::map<std::string, std::vector<const HardeningRow*>> by_requirement;
  for (const HardeningRow& row : rows) by_requirement[row.action.requirement].push_back(&row);
  for (auto& [requirement, of_it] : by_requirement) {
    std::string words = requirement_words(requirement);
    if (!words.empty() && words[0] >= 'a' && words[0] <= 'z') words[0] = static_cast<char>(words[0] - 'a' + 'A');
    canvas.heading(fmt::format("{} ({})", words, requirement));
    std::ranges::stable_sort(of_it, {}, &HardeningRow::standing);
    for (const HardeningRow* row : of_it) put_row(canvas, *row, look.verbose);
  }
  const auto count = [&](Standing standing) { return std::ranges::count(rows, standing, &HardeningRow::standing); };
  const auto can = count(Standing::advised);
  const auto by_hand = count(Standing::by_hand);
  canvas.blank();
  if (can + by_hand == 0)
    canvas.paragraph(0, "Nothing weak is left of what abate looks at.", Ink::good);
  else
    canvas.paragraph(
        0, fmt::format("{} weak: abate can do {} of them (abate harden --apply), {} {} for you. Each is explained "
                       "by abate explain NAME.",
                       can + by_hand, can, by_hand, by_hand == 1 ? "is" : "are"));
  return canvas.take();
}

}  // namespace abate::report
