// SPDX-License-Identifier: Apache-2.0
// guide/guide.h — leads a person through it all: the report, what was found, the plan, the changes, the proof, the
// answer.
//
//   Guide guide{person, hands, progress};   // progress: of the last time, or Progress{}
//   Ended ended = guide.run();
//
// Progress is kept after each answer, so that Ctrl-C, a closed terminal or a power cut loses one answer at most. Enter
// never does what could hurt: changes are made after a yes of their own, and the answer is sent after another. At every
// question: s asks the desk for the next step with what was found so far (R36), q leaves, ? says what can be said.
// Not thread-safe.
#pragma once

#include <optional>
#include <string>
#include <vector>

#include "guide/pages.h"
#include "guide/ports.h"

namespace abate::guide {

enum class Ended : std::uint8_t {
  good,    // gone, or not this server
  unsure,  // nothing found, and that proves nothing
  left,    // something is left, or the person stopped
};

class Guide {
 public:
  Guide(Person& person, Hands& hands, Progress progress)
      : person_{person}, hands_{hands}, progress_{std::move(progress)} {}
  Ended run();

 private:
  // What a place gives; nothing where the person stops, or a step cannot be done now.
  using Step = std::optional<Event>;
  Step visit();
  Step ticket();
  Step look();
  Step story();
  Step plan();
  Step apply();
  Step verify();
  Step measures();
  Step strengthen();
  Step topics();  // care and harden
  Step questions();
  Step reply();

  bool resume();         // a line of where they were, and what is needed again; false: stopped
  Step choose_ticket();  // asks until there is one, or none is wanted
  bool show(const Result<TicketTold>& told);
  bool look_again();      // into looked_; what was chosen of the former plan is forgotten
  bool look_at_change();  // likewise, after changes: what the person did by hand stays said
  // Nothing: stopped. `on_enter`: the key that Enter stands for; 0: Enter asks again.
  std::optional<char> choose(std::string_view question, const std::vector<Key>& keys, char on_enter);
  std::optional<std::string> words(std::string_view question);
  void stuck();
  using Asked = std::vector<const Action*>;
  using Choices = std::map<std::string, Choice>;
  [[nodiscard]] Asked asked_actions() const;
  [[nodiscard]] Asked asked_measures() const;
  static Asked chosen_of(const Asked& asked, const Choices& choices);  // what abate can do of those with a yes
  static std::vector<std::string> ids_of(const Asked& chosen);
  // nothing: stopped; 'b': the one before; 'a', 'k': this and all that follow
  std::optional<char> decide(const Action& action, std::size_t number, std::size_t all);
  bool decide_all(const Asked& asked, Choices& choices);                    // false: stopped
  std::optional<char> confirm(const Asked& chosen, std::string_view back);  // 'y', 'b'; nothing: stopped
  bool carried_out(const Result<std::string>& run);                         // says how it ended
  void weigh();                                                             // into strength_
  [[nodiscard]] Reply reply_now() const;                                    // with what the person claims
  bool send(const Reply& reply);
  bool save(const std::string& text);
  void say(const std::string& text) { person_.say(text); }
  void next(std::string_view text) { say(next_page(text, look_of())); }
  void note(std::string_view text, report::Ink ink = report::Ink::plain) { say(note_page(text, look_of(), ink)); }
  [[nodiscard]] TerminalLook look_of() const { return person_.look(); }
  void keep();
  void farewell();
  void goodbye();

  Person& person_;
  Hands& hands_;
  Progress progress_;
  std::optional<TicketTold> ticket_;
  std::optional<Looked> looked_;
  std::optional<Strength> strength_;
  bool keeps_ = true;  // progress could be kept the last time
};

}  // namespace abate::guide
