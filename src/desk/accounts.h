// SPDX-License-Identifier: Apache-2.0
// desk/accounts.h — people who sign in, and programs that hold a token: made by `abated user add` and `token add`.
#pragma once

#include <optional>
#include <string>
#include <string_view>

#include "base/clock.h"
#include "desk/ports/store.h"
#include "model/account.h"

namespace abate::desk {

struct NewUser {
  std::string email;
  Role role = Role::analyst;
  std::string customer_id;              // wanted for role customer, refused for others
  std::optional<std::string> password;  // without one they cannot sign in yet
};
// malformed: what is missing or wrong; conflict: the e-mail is taken.
Result<User> add_user(Store& store, const Clock& clock, const NewUser& user);
// Both end the sessions that the person has: whoever was signed in with the former password is no more. not_found:
// nobody has that account.
Result<void> set_password(Store& store, const Clock& clock, const std::string& email, std::string_view password);
Result<void> remove_user(Store& store, const Clock& clock, const std::string& email);

struct TokenScope {
  Scope scope = Scope::reports;
  std::string customer_id;
};
Result<TokenScope> parse_token_scope(std::string_view text);  // "reports", "desk", "metrics", "customer:ID"

struct NewToken {
  std::string name;  // letters, digits, . _ -; at most kTokenNameBytesMax
  TokenScope scope;
  std::string reporter;  // the domain that a token of scope `reports` or `desk` speaks for; may be empty
};
constexpr std::size_t kTokenNameBytesMax = 64;
// Returns the secret. It is shown once: only its hash is kept.
Result<std::string> add_token(Store& store, const Clock& clock, const NewToken& token);

}  // namespace abate::desk
