// SPDX-License-Identifier: Apache-2.0
#include "desk/accounts.h"

#include "base/hash.h"
#include "base/password.h"
#include "base/random.h"
#include "base/text.h"

namespace abate::desk {
namespace {

constexpr std::size_t kSecretBytes = 32;
constexpr std::size_t kEmailBytesMax = 254;  // RFC 5321, 4.5.3.1.3

bool all_of_set(std::string_view text, std::string_view more) {
  return std::ranges::all_of(text, [&](char c) {
    return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') ||
           more.find(c) != std::string_view::npos;
  });
}

Result<std::string> checked_email(std::string_view raw) {
  const std::string email = to_lower(trim(raw));
  const auto at = email.find('@');
  const bool whole = at != std::string::npos && at > 0 && at + 1 < email.size() && at == email.rfind('@');
  const bool plain = std::ranges::none_of(email, [](unsigned char c) { return c <= ' ' || c == 0x7f; });
  if (!whole || !plain || email.size() > kEmailBytesMax || !is_valid_utf8(email))
    return failure(Fault::malformed, "'{}' is no e-mail address", escape_terminal(raw));
  return email;
}

Result<std::string> checked_customer(std::string_view id) {
  if (id.empty() || id.size() > 128 || !is_valid_utf8(id) ||
      std::ranges::any_of(id, [](unsigned char c) { return c <= ' ' || c == 0x7f; }))
    return failure(Fault::malformed, "'{}' is no customer id", escape_terminal(id));
  return std::string{id};
}

}  // namespace

Result<User> add_user(Store& store, const Clock& clock, const NewUser& user) {
  User out;
  TRY_ASSIGN(out.email, checked_email(user.email));
  out.role = user.role;
  if (user.role == Role::customer) {
    if (user.customer_id.empty()) return failure(Fault::malformed, "a customer's account needs --customer ID");
    TRY_ASSIGN(out.customer_id, checked_customer(user.customer_id));
  } else if (!user.customer_id.empty()) {
    return failure(Fault::malformed, "--customer is for role customer only, not for {}", role_name(user.role));
  }
  if (user.password) {
    TRY_ASSIGN(out.password_hash, hash_password(*user.password));
  }
  out.created_at = clock.now();
  TRY(store.write([&](Transaction& transaction) { return transaction.add_user(out); }));
  return out;
}

Result<void> set_password(Store& store, const Clock& clock, const std::string& email, std::string_view password) {
  TRY_ASSIGN(const std::string hash, hash_password(password));
  return store.write([&](Transaction& transaction) -> Result<void> {
    TRY(transaction.set_password_hash(email, hash));
    TRY(transaction.end_sessions_of(email, clock.now()));
    return transaction.forget_failed_sign_ins(email);
  });
}

Result<void> remove_user(Store& store, const Clock& clock, const std::string& email) {
  return store.write([&](Transaction& transaction) -> Result<void> {
    TRY(transaction.remove_user(email));
    return transaction.end_sessions_of(email, clock.now());
  });
}

Result<TokenScope> parse_token_scope(std::string_view text) {
  const auto colon = text.find(':');
  const std::string_view name = text.substr(0, colon);
  const std::optional<Scope> scope = parse_scope(name);
  if (!scope || (*scope == Scope::customer) != (colon != std::string_view::npos))
    return failure(Fault::malformed, "'{}' is no scope: reports, desk, customer:ID or metrics", escape_terminal(text));
  TokenScope out{*scope, {}};
  if (*scope == Scope::customer) {
    TRY_ASSIGN(out.customer_id, checked_customer(text.substr(colon + 1)));
  }
  return out;
}

Result<std::string> add_token(Store& store, const Clock& clock, const NewToken& token) {
  if (token.name.empty() || token.name.size() > kTokenNameBytesMax || !all_of_set(token.name, "._-"))
    return failure(Fault::malformed, "a token's name has 1 to {} letters, digits, '.', '_' or '-'", kTokenNameBytesMax);
  if (!token.reporter.empty()) {
    if (token.scope.scope != Scope::reports && token.scope.scope != Scope::desk)
      return failure(Fault::malformed, "--reporter is for tokens that post reports");
    if (token.reporter.size() > 253 || !all_of_set(token.reporter, ".-") || !token.reporter.contains('.'))
      return failure(Fault::malformed, "'{}' is no domain", escape_terminal(token.reporter));
  }
  const std::string secret = "abate_" + random_token(kSecretBytes);
  ApiToken kept;
  kept.name = token.name;
  kept.scope = token.scope.scope;
  kept.customer_id = token.scope.customer_id;
  kept.reporter = to_lower(token.reporter);
  kept.secret_sha256 = sha256_hex(secret);
  kept.created_at = clock.now();
  TRY(store.write([&](Transaction& transaction) { return transaction.add_token(kept); }));
  return secret;
}

}  // namespace abate::desk
