// SPDX-License-Identifier: Apache-2.0
// desk/ports/accounts.h — the part of the store that holds people, tokens, sessions and failed sign-ins.
#pragma once

#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

#include "base/result.h"
#include "base/time.h"
#include "model/account.h"

namespace abate::desk {

class Accounts {
 public:
  virtual ~Accounts() = default;

  virtual Result<void> add_user(const User& user) = 0;  // conflict: the e-mail is taken
  virtual Result<User> user(const std::string& email) = 0;
  virtual Result<std::vector<User>> users() = 0;
  virtual Result<void> set_password_hash(const std::string& email, const std::string& hash) = 0;
  virtual Result<void> remove_user(const std::string& email) = 0;  // not_found; sessions stay: end_sessions_of

  virtual Result<void> add_token(const ApiToken& token) = 0;  // conflict: the name is taken
  virtual Result<ApiToken> token_by_secret(const std::string& secret_sha256) = 0;
  virtual Result<std::vector<ApiToken>> tokens() = 0;              // by name
  virtual Result<void> remove_token(const std::string& name) = 0;  // not_found

  // Keeps the newest `kept_max` of that ticket, this one among them: older ones end.
  virtual Result<void> add_ticket_token(const TicketToken& token, std::size_t kept_max) = 0;
  virtual Result<TicketToken> ticket_token(const std::string& secret_sha256, Instant now) = 0;  // expired: not found
  virtual Result<std::uint64_t> end_ticket_tokens(const std::string& ticket_id) = 0;            // how many there were

  // What was said under this key (the hash of it), kept from then on; empty: nothing, and `said` is kept now.
  virtual Result<std::string> take_key(const std::string& key, const std::string& said, Instant now) = 0;
  virtual Result<std::string> said_under_key(const std::string& key) = 0;  // empty: nothing

  virtual Result<void> add_session(const Session& session) = 0;
  virtual Result<Session> session(const std::string& secret_sha256, Instant now) = 0;  // expired ones are not found
  virtual Result<void> end_session(const std::string& secret_sha256) = 0;
  virtual Result<void> end_sessions_of(const std::string& email, Instant now) = 0;

  // Wrong passwords, per e-mail and per network address, in a window that the caller names.
  virtual Result<void> note_failed_sign_in(const std::string& email, const std::string& from, Instant at) = 0;
  virtual Result<std::uint64_t> failed_sign_ins(const std::string& email, const std::string& from, Instant since) = 0;
  virtual Result<void> forget_failed_sign_ins(const std::string& email) = 0;
};

}  // namespace abate::desk
