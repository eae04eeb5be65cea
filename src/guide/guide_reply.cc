// SPDX-License-Identifier: Apache-2.0
// What only the person can say, and the answer.
#include <algorithm>

#include "base/text.h"
#include "guide/guide.h"
#include "report/words.h"

namespace abate::guide {

using report::Ink;

Guide::Step Guide::questions() {
  if (!looked_) return std::nullopt;
  const Reply reply = reply_now();
  for (const reply::OpenQuestion& question : looked_->questions) {
    if (progress_.words.contains(question.asks)) continue;
    // Asked because the part was empty; by now the person said something there.
    if (question.part == reply::Part::done && !reply.done.empty()) continue;
    if (question.part == reply::Part::prevention && !reply.prevention.empty() && looked_->reply.prevention.empty() &&
        question.asks.starts_with("What will you do"))
      continue;
    note("Only you know this; it goes into the answer as your own word.", Ink::faint);
    const std::optional<std::string> said = words(question.asks);
    if (!said) return std::nullopt;
    progress_.words[question.asks] = *said;
    keep();
  }
  return Event::ready;
}

Reply Guide::reply_now() const {
  Reply reply = looked_->reply;
  for (const Action* action : asked_actions()) {
    const auto choice = progress_.actions.find(action->id);
    if (action->changes.empty() && choice != progress_.actions.end() && choice->second == Choice::yes)
      reply::claim(
          reply, reply::Part::done,
          fmt::format("By hand: {}: {}", report::action_words(*action), report::subject_words(action->subject)));
  }
  for (const auto& [id, choice] : progress_.topics) {
    const Topic* topic = topic_of(id);
    if (topic == nullptr || choice != Choice::yes) continue;
    reply::claim(reply, id == "audit" ? reply::Part::confirmed : reply::Part::prevention, topic->claims);
  }
  for (const reply::OpenQuestion& question : looked_->questions) {
    const auto said = progress_.words.find(question.asks);
    if (said != progress_.words.end() && !said->second.empty())
      reply::claim(reply, question.part, question.asks + " " + said->second);
  }
  return reply;
}

bool Guide::send(const Reply& reply) {
  const bool is_claim =
      looked_->gone && !looked_->is_in_doubt && looked_->outcome.diagnosis->verdict != SweepVerdict::not_this_server;
  const Result<std::string> shown = hands_.show_answer(is_claim, reply);
  if (!shown) {
    note(shown.error().what, Ink::warning);
    return false;
  }
  for (const std::string_view line : split(*shown, '\n')) note(line.empty() ? " " : line, Ink::faint);
  const std::optional<char> key = choose("Send it now?", {{'y', "[y]es"}, {'n', "[n]o"}}, 'n');
  if (!key || *key != 'y') return false;
  const Result<std::string> sent = hands_.send_answer(is_claim, reply);
  if (!sent) {
    note(sent.error().what, Ink::warning);
    note("It can be tried again, or saved as a file to copy.");
    return false;
  }
  note("Sent. " + *sent, Ink::good);
  progress_.ending = "sent";
  return true;
}

bool Guide::save(const std::string& text) {
  const Result<std::string> path = hands_.save("reply.txt", text);
  if (!path) {
    note(path.error().what, Ink::warning);
    return false;
  }
  note("Saved: " + *path + ". Copy it into the ticket, or into the form of your provider.", Ink::good);
  progress_.ending = "saved";
  return true;
}

Guide::Step Guide::reply() {
  if (!looked_) return std::nullopt;
  const bool can_send = ticket_ && ticket_->has_desk;
  for (bool shown = false;;) {
    Reply reply = reply_now();
    if (!progress_.reply.empty()) reply = reply::edited(reply, progress_.reply);
    if (!shown) say(reply_page(reply, look_of()));
    shown = true;
    std::vector<Key> keys;
    if (can_send) keys.push_back({'p', "[p]ost it into the ticket"});
    keys.push_back({'f', "save it as a [f]ile to copy"});
    keys.push_back({'e', "[e]dit"});
    const std::optional<char> key = choose("Your answer is ready.", keys, 0);
    if (!key) return std::nullopt;
    if (*key == 'p' && send(reply)) return Event::ready;
    if (*key == 'f' && save(reply.text)) return Event::ready;
    if (*key != 'e') continue;
    const Result<std::string> text = hands_.edit(
        "# Change what you like. A sentence that you change is marked as your own word.\n# Lines that begin with # are "
        "left out.\n\n" +
        reply.text);
    if (!text) {
      note(text.error().what, Ink::warning);
      continue;
    }
    progress_.reply = *text;
    keep();
    shown = false;
  }
}

}  // namespace abate::guide
