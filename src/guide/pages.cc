// SPDX-License-Identifier: Apache-2.0
#include "guide/pages.h"

#include <algorithm>

#include "base/text.h"
#include "report/words.h"

namespace abate::guide {

using report::Canvas;
using report::Ink;

namespace {

constexpr std::size_t kListedMax = 6;
constexpr unsigned kExcerptLinesMax = 6;

std::string_view harm_words(Category category) {
  switch (category) {
    case Category::spam: return "unwanted mail (spam) is sent from";
    case Category::phishing:
      return "a page that pretends to be somebody else's, to collect passwords (phishing), lies at";
    case Category::malware: return "harmful programs (malware) are handed out by";
    case Category::ddos: return "others are flooded with traffic (DDoS) by";
    case Category::proxy: return "strangers send their traffic through";
    case Category::illegal_content: return "content that may not be published is served by";
    case Category::other: break;
  }
  return "something that may not be done comes from";
}

std::string listed(const std::vector<std::string>& items) {
  std::string out;
  for (std::size_t n = 0; n < std::min(items.size(), kListedMax); ++n) out += (n == 0 ? "" : ", ") + items[n];
  if (items.size() > kListedMax) out += fmt::format(" and {} more", items.size() - kListedMax);
  return out;
}

void put_item(Canvas& canvas, unsigned indent, std::string_view text) {
  canvas.begin(indent, indent + 2);
  canvas.put("– ");
  canvas.put(text);
  canvas.end();
}

void put_field(Canvas& canvas, std::string_view name, std::string_view text, Ink ink = Ink::plain) {
  if (text.empty()) return;
  canvas.begin(2, 4);
  canvas.put(fmt::format("{}: ", name), Ink::faint);
  canvas.put(text, ink);
  canvas.end();
}

std::string until_words(const std::optional<Instant>& until, Instant now) {
  return until ? fmt::format("{} ({})", format_for_people(*until), left_of(*until, now)) : "";
}

void put_mark(Canvas& canvas, unsigned indent, std::string_view sign, Ink ink, std::string_view text) {
  canvas.begin(indent, indent + 2);
  canvas.put(fmt::format("{} ", sign), ink);
  canvas.put(text);
  canvas.end();
}

std::string what_of(const Action& action) {
  const std::string subject = report::subject_words(action.subject);
  return report::action_words(action) + (subject.empty() ? "" : ": " + subject);
}

}  // namespace

std::string left_of(Instant until, Instant now) {
  const bool past = until < now;
  const auto minutes = std::chrono::duration_cast<std::chrono::minutes>(past ? now - until : until - now).count();
  std::string much = minutes < 120       ? report::counted(static_cast<std::uint64_t>(minutes), "minute")
                     : minutes < 48 * 60 ? report::counted(static_cast<std::uint64_t>(minutes / 60), "hour")
                                         : report::counted(static_cast<std::uint64_t>(minutes / 1440), "day");
  return past ? much + " ago" : "in " + much;
}

std::string heading_page(Place place, const TerminalLook& look) {
  Canvas canvas{look};
  const Stage stage = stage_of(place);
  canvas.heading(fmt::format("{} of {} · {}", stage.number, kStages, stage.title));
  return "\n" + canvas.take();
}

std::string note_page(std::string_view text, const TerminalLook& look, Ink ink) {
  Canvas canvas{look};
  canvas.paragraph(2, text, ink);
  return canvas.take();
}

std::string next_page(std::string_view text, const TerminalLook& look) {
  Canvas canvas{look};
  canvas.begin(2, 4);
  canvas.put("→ ", Ink::good);
  canvas.put(text);
  canvas.end();
  return "\n" + canvas.take();
}

std::string list_page(const std::vector<const Action*>& actions, const TerminalLook& look) {
  Canvas canvas{look};
  for (const Action* action : actions) put_item(canvas, 2, what_of(*action));
  return canvas.take();
}

std::string welcome_page(const TerminalLook& look) {
  Canvas canvas{look};
  canvas.paragraph(0, "abate leads you from an abuse report to a fix that holds, and to the answer.", Ink::strong);
  canvas.paragraph(0,
                   "It happens to many servers, and it can be put right. Looking changes nothing; each change is shown "
                   "first, asked for, and can be taken back. Stop at any time: the next abate goes on here.");
  return canvas.take();
}

std::string ticket_page(const TicketTold& ticket, Instant now, const TerminalLook& look) {
  Canvas canvas{look};
  canvas.begin(2, 4);
  canvas.put("Somebody reports: ");
  canvas.put(harm_words(ticket.category), Ink::strong);
  canvas.put(ticket.addresses.empty() ? " this server." : " " + listed(ticket.addresses) + ".", Ink::strong);
  canvas.end();
  canvas.blank();
  put_field(canvas, "Ticket", ticket.id);
  put_field(canvas, "Where", listed(ticket.urls));
  if (ticket.first) {
    std::string when = report::short_time(*ticket.first);
    if (ticket.last && *ticket.last != *ticket.first) when += " to " + report::short_time(*ticket.last);
    put_field(canvas, "When", when);
  }
  if (ticket.incidents > 1) put_field(canvas, "How often it was seen", report::number_words(ticket.incidents));
  put_field(canvas, "Answer by", until_words(ticket.respond_by, now), Ink::strong);
  put_field(canvas, "Fixed by", until_words(ticket.fix_by, now), Ink::strong);
  if (!ticket.required_actions.empty()) {
    canvas.paragraph(2, "What the team asks for:", Ink::faint);
    for (const std::string& action : ticket.required_actions) put_item(canvas, 4, action);
  }
  if (!ticket.seen.empty()) {
    canvas.paragraph(2, "What somebody saw:", Ink::faint);
    unsigned lines = 0;
    for (const std::string_view line : split(ticket.seen, '\n')) {
      if (trim(line).empty()) continue;
      if (++lines > kExcerptLinesMax) break;
      canvas.excerpt(4, line, 2);
    }
  }
  if (ticket.respond_by) canvas.paragraph(2, "An answer alone does not stop the second clock: a fix does.", Ink::faint);
  return canvas.take();
}

std::string story_page(const Looked& looked, const TerminalLook& look) {
  Canvas canvas{look};
  const report::Verdict verdict = report::verdict_of(looked.outcome);
  using Tone = report::Verdict::Tone;
  const Ink ink = verdict.tone == Tone::act ? Ink::alarm : verdict.tone == Tone::careful ? Ink::warning : Ink::good;
  canvas.begin(2, 4);
  canvas.put(verdict.tone == Tone::act ? "✖ " : verdict.tone == Tone::careful ? "▲ " : "✔ ", ink);
  canvas.put(verdict.headline, Ink::strong);
  canvas.end();
  if (!verdict.more.empty()) canvas.paragraph(4, verdict.more);
  const Diagnosis& diagnosis = *looked.outcome.diagnosis;
  if (!diagnosis.cause.empty()) canvas.blank();
  for (const CauseStep& step : diagnosis.cause) {
    canvas.begin(2, 4);
    canvas.put(report::step_title(step.step), step.step == Step::harm ? Ink::alarm : Ink::strong);
    canvas.put(step.at ? " · " + report::short_time(*step.at) : std::string{" · time not known"}, Ink::faint);
    canvas.end();
    canvas.paragraph(4, step.says);
  }
  if (!diagnosis.intruders.empty()) {
    canvas.blank();
    put_field(canvas, "The stranger came from", listed(diagnosis.intruders));
  }
  for (const std::string& ground : diagnosis.grounds) put_item(canvas, 2, ground);
  canvas.blank();
  std::string seen = fmt::format("Looked at {} and {}.", report::counted(looked.outcome.files, "file"),
                                 report::counted(looked.outcome.log_lines, "log line"));
  for (std::size_t n = 0; n < looked.counts.size(); ++n) {
    const Severity severity = report::kWorstFirst.at(n);
    if (looked.counts.at(n) == 0 || severity == Severity::note) continue;
    seen += fmt::format(" {} {}.", report::number_words(looked.counts.at(n)), report::severity_label(severity));
  }
  if (looked.unseen > 0)
    seen += fmt::format(" {} could not be looked at; abate sweep --verbose lists them.",
                        report::counted(looked.unseen, "thing"));
  canvas.paragraph(2, seen, Ink::faint);
  return canvas.take();
}

std::string plan_page(const std::vector<const Action*>& asked, const Plan& plan, const TerminalLook& look) {
  Canvas canvas{look};
  for (const std::string& warning : plan.warnings) {
    put_mark(canvas, 2, "▲", Ink::warning, warning);
    canvas.blank();
  }
  const auto recommended =
      static_cast<std::size_t>(std::ranges::count_if(asked, [](const Action* action) { return action->is_default; }));
  canvas.paragraph(2,
                   fmt::format("{} to decide on, {} of them recommended. Nothing is changed before you have seen all "
                               "of it and said yes once more; whatever is changed can be taken back.",
                               report::counted(asked.size(), "thing"), recommended));
  return canvas.take();
}

std::string action_page(const Action& action, std::size_t number, std::size_t all, const TerminalLook& look) {
  Canvas canvas{look};
  canvas.blank();
  canvas.begin(2, 4);
  canvas.put(fmt::format("{} of {} · ", number, all), Ink::faint);
  canvas.put(what_of(action), Ink::strong);
  canvas.end();
  put_field(canvas, "Why", action.why);
  if (action.changes.empty()) {
    put_field(canvas, "For you to do", action.by_hand, Ink::strong);
  } else {
    put_field(canvas, "Effect", action.effect);
    put_field(canvas, "Mind", action.risk, Ink::warning);
    put_field(canvas, "Undo", action.undo);
    put_field(canvas, "Besides, for you to do", action.by_hand);
  }
  canvas.paragraph(2, action.is_default ? "Recommended." : "Only if it suits you.", Ink::faint);
  return "\n" + canvas.take();
}

std::string did_page(const Action& action, const Did& did, const TerminalLook& look) {
  Canvas canvas{look};
  canvas.begin(2, 4);
  canvas.put(did.good ? "✔ " : "▲ ", did.good ? Ink::good : Ink::warning);
  canvas.put(what_of(action));
  canvas.put(" · " + did.words, Ink::faint);
  if (!did.says.empty()) canvas.put(": " + did.says, Ink::faint);
  canvas.end();
  return canvas.take();
}

std::string verify_page(const Looked& looked, const TerminalLook& look) {
  Canvas canvas{look};
  std::size_t good = 0;
  for (const Proof& proof : looked.reply.proofs)
    if (proof.good)
      ++good;
    else if (proof.about != "sweep")
      put_mark(canvas, 2, "✖", Ink::alarm, fmt::format("{}: {}", proof.tried, proof.seen));
  if (good > 0)
    put_mark(canvas, 2, "✔", Ink::good, fmt::format("{} done again and good.", report::counted(good, "check")));
  canvas.blank();
  if (looked.gone)
    put_mark(canvas, 2, "✔", Ink::good, "It is gone: every check holds, and nothing else was found.");
  else
    put_mark(canvas, 2, "▲", Ink::warning, "Not all of it is gone yet.");
  return canvas.take();
}

std::string strength_page(const Strength& strength, const std::vector<const Action*>& asked, const TerminalLook& look) {
  Canvas canvas{look};
  if (strength.already > 0)
    put_mark(canvas, 2, "✔", Ink::good,
             fmt::format("{} as they should be already.", report::counted(strength.already, "point is", "points are")));
  if (asked.empty()) {
    canvas.paragraph(2, "Nothing else is for abate to change.");
    return canvas.take();
  }
  const auto recommended = std::ranges::count_if(asked, [](const Action* action) { return action->is_default; });
  canvas.paragraph(2, fmt::format("{} can be made better by abate, {} recommended. Each is asked for, and can be taken "
                                  "back.",
                                  report::counted(asked.size(), "point"), recommended));
  return canvas.take();
}

std::string topic_page(const Topic& topic, const std::vector<const Action*>& open, const TerminalLook& look) {
  Canvas canvas{look};
  canvas.blank();
  canvas.paragraph(2, topic.title, Ink::strong);
  canvas.paragraph(2, topic.why);
  for (const Action* measure : open) put_mark(canvas, 2, "▲", Ink::warning, "On this server: " + measure->why);
  return "\n" + canvas.take();
}

std::string how_page(const Topic& topic, const std::vector<const Action*>& open, const TerminalLook& look) {
  Canvas canvas{look};
  canvas.paragraph(4, topic.how);
  for (const Action* measure : open)
    if (!measure->by_hand.empty()) canvas.paragraph(4, "On this server: " + measure->by_hand);
  return canvas.take();
}

std::string reply_page(const Reply& reply, const TerminalLook& look) {
  Canvas canvas{look};
  for (const reply::Part part : reply::kParts) {
    canvas.blank();
    canvas.paragraph(2, reply::part_title(part), Ink::strong);
    if (reply::part_of(reply, part).empty()) canvas.paragraph(4, "nothing to say yet", Ink::faint);
    for (const Statement& statement : reply::part_of(reply, part)) {
      const bool proved = statement.standing == Standing::proved;
      put_mark(canvas, 4, proved ? "✔" : "○", proved ? Ink::good : Ink::door, statement.says);
    }
  }
  canvas.blank();
  canvas.paragraph(2, "✔ proved by what abate found, did or tried   ○ your own words", Ink::faint);
  return canvas.take();
}

std::string prompt_text(std::string_view question, const std::vector<Key>& keys, const TerminalLook& look) {
  Canvas canvas{look};
  canvas.blank();
  canvas.begin(2, 4);
  canvas.put(question, Ink::strong);
  for (const Key& key : keys) {
    canvas.put(&key == keys.data() ? " " : " · ", Ink::faint);
    const std::size_t end = key.says.find(']');
    if (end == std::string_view::npos || key.says[0] != '[') {
      canvas.put(key.says, key.key == 0 ? Ink::strong : Ink::plain);
      continue;
    }
    canvas.put(key.says.substr(0, end + 1), Ink::strong);
    canvas.put(key.says.substr(end + 1));
  }
  canvas.end();
  std::string text = canvas.take();
  if (text.ends_with('\n')) text.pop_back();
  return "\n" + text + " > ";
}

}  // namespace abate::guide
