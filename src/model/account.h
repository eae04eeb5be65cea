// SPDX-License-Identifier: Apache-2.0
// model/account.h — people who sign in, programs that hold a token, and sessions. Only hashes of secrets are kept.
#pragma once

#include <cstdint>
#include <optional>
#include <string>

#include "base/time.h"
#include "model/actor.h"

namespace abate {

struct User {
  std::string email;  // lower case, unique
  Role role = Role::analyst;
  std::string customer_id;    // for role customer
  std::string password_hash;  // argon2id, as libsodium writes it; empty: cannot sign in yet
  Instant created_at;
};

struct ApiToken {
  std::string name;  // unique
  Scope scope = Scope::reports;
  std::string customer_id;
  std::string reporter;
  std::string secret_sha256;
  Instant created_at;
};

// Speaks for a customer about one ticket, and ends by itself: what the notice's link carries.
struct TicketToken {
  std::string secret_sha256;
  std::string ticket_id;
  Instant made_at;
  Instant expires_at;
};

struct Session {
  std::string secret_sha256;  // of the cookie's value
  std::string email;
  std::string csrf;  // shown in the page, wanted back with each change
  Instant created_at;
  Instant expires_at;
};

}  // namespace abate
