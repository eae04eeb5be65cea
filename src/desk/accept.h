// SPDX-License-Identifier: Apache-2.0
// desk/accept.h — keeps what arrives, before anybody is told that it was accepted (law 1, B1).
//
//   intake.accept(Arrival{.channel = Channel::lmtp, .bytes = ..., ...}, [](Result<Kept> kept) { ... 250 or 451 ... });
//
// Many arrivals share one commit: an arrival waits at most kCommitDelay for company, and not at all when nobody else is
// waiting. The same bytes again by a mail channel are one report with two arrivals. By HTTP an Idempotency-Key decides
// (per token); without a key, the same bytes from the same token.
// Thread-safe. The callback runs on the intake's own thread, once, after the commit; it must not block.
#pragma once

#include <cstddef>
#include <functional>
#include <memory>
#include <string>
#include <string_view>

#include "base/clock.h"
#include "desk/bell.h"
#include "desk/ports/store.h"

namespace abate::desk {

constexpr std::chrono::milliseconds kCommitDelay{5};
constexpr std::size_t kCommitArrivalsMax = 256;
constexpr std::size_t kCommitBytesMax = std::size_t{64} << 20;
constexpr std::size_t kWaitingBytesMax = std::size_t{512} << 20;  // beyond it arrivals are told to come back later

constexpr std::chrono::seconds kRefusalTold{5};

// The content type of what a folder's reader says itself about a file that it left alone: UTF-8 text, one line. It is
// not read as a report: it stands in a person's queue as it is, however much the file's name looks like an incident.
constexpr std::string_view kLeftAloneType = "text/plain; about=file-left-alone";

// Owns its bytes while it waits.
struct NewArrival {
  Channel channel = Channel::lmtp;
  std::string bytes;
  std::string content_type = "message/rfc822";
  std::string envelope_from;
  std::string envelope_to;
  std::string token;
  std::string reporter_domain;
  std::string idempotency_key;  // http only
};

class Intake {
 public:
  using Done = std::function<void(Result<Kept>)>;  // conflict: the idempotency key was used with other bytes

  Intake(Store& store, const Clock& clock, Bell& bell, std::string node);
  ~Intake();  // commits what waits, then stops
  Intake(const Intake&) = delete;
  Intake& operator=(const Intake&) = delete;

  void accept(NewArrival arrival, Done done);
  Result<Kept> accept_and_wait(NewArrival arrival);  // must not be called from a Done

  // Why arrivals were refused within kRefusalTold, where none was kept since: a disk without room for a report often
  // has some for the little that Store::check writes.
  [[nodiscard]] Result<void> standing() const;

 private:
  struct Inside;
  std::unique_ptr<Inside> inside_;
};

}  // namespace abate::desk
