// SPDX-License-Identifier: Apache-2.0
// model/notice.h — a message to the customer about a ticket, with its delivery state (R6, B3).
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

#include "base/time.h"

namespace abate {

enum class NoticeKind : std::uint8_t {
  opened,
  reminder,
  overdue,
  reply,
  refused,
  closed,
  reopened,
  measure,
  lifted,
  pointer
};
std::string_view notice_kind_name(NoticeKind kind);
std::optional<NoticeKind> parse_notice_kind(std::string_view name);

enum class NoticeState : std::uint8_t { queued, sent, bounced, failed };
std::string_view notice_state_name(NoticeState state);
std::optional<NoticeState> parse_notice_state(std::string_view name);

struct Notice {
  std::string token;      // unique and secret: the local part "bounce+TOKEN" of its envelope sender, in its Message-ID
  std::string ticket_id;  // empty for a `pointer`: told once where the thread lives (R35)
  NoticeKind kind = NoticeKind::opened;
  std::string to;
  std::string message_id;  // without brackets; the same over retries
  std::string subject;
  NoticeState state = NoticeState::queued;
  Instant queued_at;
  std::optional<Instant> settled_at;
  std::string diagnostic;  // what the other side said
};

}  // namespace abate
