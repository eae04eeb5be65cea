// SPDX-License-Identifier: Apache-2.0
// talk/relay.h — does a mail server (RFC 5321) take mail from a stranger for a third place?
//
//   const Trial trial = try_relay({.address = address, .port = 25}, {});
//
// EHLO, MAIL FROM an address at example.org, RCPT TO one at example.com; then RSET and QUIT. DATA is never said: no
// mail goes anywhere, also where the server would take it. "Relay access denied" is closed, with 5xx and with 4xx; a
// refusal for another reason (a list of bad senders, greylisting) says nothing about strangers in general: unclear.
// Thread-safe: no state.
#pragma once

#include "talk/line.h"
#include "talk/trial.h"

namespace abate::talk {

Trial try_relay(const Peer& peer, const Bounds& bounds);

struct SmtpReply {
  int code = 0;      // 0: not SMTP
  std::string text;  // all its lines, with their codes
};
// closed: it speaks of relaying, or wants a password first. Pure.
Outcome judge_recipient(const SmtpReply& reply);

}  // namespace abate::talk
