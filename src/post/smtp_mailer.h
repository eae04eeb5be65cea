// SPDX-License-Identifier: Apache-2.0
// post/smtp_mailer.h — the desk's mail goes out: to an SMTP server by libcurl, or into a folder.
//
//   TRY_ASSIGN(auto mailer, make_mailer({.url = "smtp://127.0.0.1:25"}));
//
// URLs: "smtp://host:port" (STARTTLS where the server offers it; asked for with require_tls), "smtps://host:port", or
// "folder:/path": each mail becomes a file there, for a demonstration and for tests. Nothing is resolved or sent before
// send(). unavailable: no connection, time run out, 4xx, or a server that refuses us and not the mail (greeting,
// STARTTLS, AUTH, 530). refused: 5xx to the mail, with the server's words; an address that holds control characters or
// angle brackets. Thread-safe: each send has a connection of its own from a small pool, kept open for the next.
#pragma once

#include <memory>
#include <string>

#include "base/result.h"
#include "desk/ports/mailer.h"

namespace abate::post {

constexpr long kSmtpConnectMs = 15'000;
constexpr long kSmtpTotalMs = 120'000;  // shorter than the courier's lease

struct MailerOptions {
  std::string url = "smtp://127.0.0.1:25";
  std::string user_file = {};  // "user:password" on its first line; empty: no authentication
  std::string ca_file = {};    // empty: the system's
  bool require_tls = false;
  long total_ms = kSmtpTotalMs;
};

// malformed: the URL, or a user_file that cannot be read.
Result<std::unique_ptr<desk::Mailer>> make_mailer(const MailerOptions& options);

}  // namespace abate::post
