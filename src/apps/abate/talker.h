// SPDX-License-Identifier: Apache-2.0
// apps/abate/talker.h — a child of this program that alone may speak over the network, while this process, which reads
// hostile files, has given that right up.
//
//   TRY_ASSIGN(Talker talker, Talker::start());   // before confine(), with one thread
//   confine(…);
//   TRY_ASSIGN(std::string ticket, talker.fetch_ticket(link));
//
// SECURITY: the child writes no file and starts no program. It speaks to one desk: the first that it is told of, before
// anything of the server was read; later ones are refused. Not thread-safe.
#pragma once

#include <string>

#include "apps/abate/messages.h"
#include "base/result.h"
#include "talk/desk.h"

namespace abate::apps {

class Talker {
 public:
  static Result<Talker> start();
  Talker(Talker&&) noexcept = default;
  Talker& operator=(Talker&&) noexcept = default;
  ~Talker();

  // The desk of this link, or of a saved ticket. refused: it has one already.
  Result<std::string> fetch_ticket(const std::string& link) const;
  Result<void> name_desk(const std::string& url, const std::string& ticket, const std::string& token) const;
  // The ticket as it is then.
  Result<std::string> post_text(talk::Say say, const talk::Saying& text) const;
  Result<std::string> post_proofs(const talk::Saying& document) const;

 private:
  explicit Talker(ChildWay child) : child_{std::move(child)} {}

  ChildWay child_;
};

}  // namespace abate::apps
