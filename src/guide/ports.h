// SPDX-License-Identifier: Apache-2.0
// guide/ports.h — what the guide needs of the world: somebody to talk to, and hands. apps/abate gives both; tests give
// a script.
#pragma once

#include <functional>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "base/result.h"
#include "guide/progress.h"
#include "guide/told.h"
#include "report/layout.h"

namespace abate::guide {

class Person {
 public:
  Person() = default;
  Person(const Person&) = delete;
  Person& operator=(const Person&) = delete;
  virtual ~Person() = default;
  virtual void say(std::string_view text) = 0;
  // One line; nothing where nobody answers any more (end of input, Ctrl-C).
  virtual std::optional<std::string> ask(std::string_view prompt) = 0;
  // Lines until one that holds only a dot, or the end of input (Ctrl-D).
  virtual std::optional<std::string> paste() = 0;
  [[nodiscard]] virtual report::TerminalLook look() const = 0;  // as wide as the terminal is now
};

class Hands {
 public:
  Hands() = default;
  Hands(const Hands&) = delete;
  Hands& operator=(const Hands&) = delete;
  virtual ~Hands() = default;
  // A link or a file; a copy is kept, so that the next time does not need it. not_found, malformed, unavailable.
  virtual Result<TicketTold> take_ticket(const std::string& named) = 0;
  virtual Result<TicketTold> take_pasted(const std::string& text) = 0;
  virtual Result<TicketTold> kept_ticket() = 0;  // not_found: none
  // Looks through the server and keeps what it gave; shows its progress itself. stale: the person interrupted it.
  virtual Result<Looked> look() = 0;
  virtual Result<Looked> kept_look() = 0;  // the last one; not_found
  // Carries out these actions of the kept look's plan; goes on with a run that was cut off. Returns the run's name.
  virtual Result<std::string> apply(const std::vector<std::string>& ids,
                                    const std::function<void(const Action&, const Did&)>& told) = 0;
  // How the server stands towards R27 to R32; kept. `entry`: when the intruder came in.
  virtual Result<Strength> weigh(std::optional<Instant> entry) = 0;
  virtual Result<Strength> kept_strength() = 0;  // the last one; not_found
  virtual Result<std::string> strengthen(const std::vector<std::string>& ids,
                                         const std::function<void(const Action&, const Did&)>& told) = 0;
  virtual std::string manual(const std::string& action_kind) = 0;
  virtual Result<std::string> edit(const std::string& text) = 0;  // in the person's editor
  // What the desk says of it. The answer goes with the proofs that it names, redacted.
  virtual Result<std::string> send_question(const std::string& text) = 0;
  virtual Result<std::string> send_answer(bool is_claim, const Reply& reply) = 0;
  virtual Result<std::string> show_answer(bool is_claim, const Reply& reply) = 0;          // all that would be sent
  virtual Result<std::string> save(const std::string& name, const std::string& text) = 0;  // its path
  virtual Result<void> keep(const Progress& progress) = 0;
  virtual Instant now() = 0;
};

}  // namespace abate::guide
