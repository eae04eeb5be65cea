// SPDX-License-Identifier: Apache-2.0
// apps/abate/guide_hands.h — the guide's hands on the real server. Whatever reads the server's or a reporter's bytes
// runs in a confined child; changes are made by the executor alone; progress lies in STATE/guide, for its owner only.
#pragma once

#include <string>

#include "apps/abate/commands.h"
#include "apps/abate/send_reply.h"
#include "guide/ports.h"
#include "remedy/executor/executor.h"

namespace abate::apps {

class GuideHands : public guide::Hands {
 public:
  // unavailable: the state folder cannot be written. conflict: another guide is at work there.
  static Result<std::unique_ptr<GuideHands>> open(const SweepAsk& ask);

  Result<guide::TicketTold> take_ticket(const std::string& named) override;
  Result<guide::TicketTold> take_pasted(const std::string& text) override;
  Result<guide::TicketTold> kept_ticket() override;
  Result<guide::Looked> look() override;
  Result<guide::Looked> kept_look() override;
  Result<std::string> apply(const std::vector<std::string>& ids,
                            const std::function<void(const Action&, const guide::Did&)>& told) override;
  Result<guide::Strength> weigh(std::optional<Instant> entry) override;
  Result<guide::Strength> kept_strength() override;
  Result<std::string> strengthen(const std::vector<std::string>& ids,
                                 const std::function<void(const Action&, const guide::Did&)>& told) override;
  std::string manual(const std::string& action_kind) override;
  Result<std::string> edit(const std::string& text) override;
  Result<std::string> send_question(const std::string& text) override;
  Result<std::string> send_answer(bool is_claim, const Reply& reply) override;
  Result<std::string> show_answer(bool is_claim, const Reply& reply) override;
  Result<std::string> save(const std::string& name, const std::string& text) override;
  Result<void> keep(const guide::Progress& progress) override;
  Instant now() override;

  // Of the last time; not_found where there is none.
  Result<guide::Progress> kept_progress();
  void start_over();  // forgets all of the guide's own; what was changed stays in the history

 private:
  GuideHands(SweepAsk ask, std::string folder, Descriptor lock)
      : ask_{std::move(ask)}, folder_{std::move(folder)}, lock_{std::move(lock)} {}
  // Those actions of a plan, one after the other; a new firewall is asked about as long as it is on trial.
  Result<std::string> carry_out(std::string plan, const std::vector<std::string>& ids,
                                const std::function<void(const Action&, const guide::Did&)>& told);
  Result<std::string> send(const std::function<Result<Sending>()>& make);
  Result<guide::TicketTold> take(const std::string& named, const std::string& as_if);
  [[nodiscard]] std::string file(std::string_view name) const { return folder_ + "/" + std::string{name}; }
  Result<std::string> read(std::string_view name, std::size_t bytes_max) const;
  // Whole or not at all, and on the disk when it returns.
  Result<void> write(std::string_view name, std::string_view text) const;

  SweepAsk ask_;
  std::string folder_;
  Descriptor lock_;
};

}  // namespace abate::apps
