// SPDX-License-Identifier: Apache-2.0
// apps/abate/guide_person.h — the person at the terminal: standard input and output.
//
// What was typed before a question was shown does not answer it: the rest of a pasted report must never say yes.
#pragma once

#include "apps/abate/commands.h"
#include "guide/ports.h"

namespace abate::apps {

class GuidePerson : public guide::Person {
 public:
  explicit GuidePerson(const SweepAsk& ask) : ask_{ask} {}
  static bool is_there();  // standard input and output are a terminal

  void say(std::string_view text) override;
  std::optional<std::string> ask(std::string_view prompt) override;
  std::optional<std::string> paste() override;
  [[nodiscard]] report::TerminalLook look() const override;

 private:
  SweepAsk ask_;
  bool gone_ = false;  // end of input, or interrupted
};

}  // namespace abate::apps
