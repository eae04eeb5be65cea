// SPDX-License-Identifier: Apache-2.0
#include "base/text.h"
#include "store/transaction.h"

namespace abate::store {
namespace {

User read_user(const Row& row) {
  return User{.email = row.string(0),
              .role = parse_role(row.view(1)).value_or(Role::customer),  // what is not known may do least
              .customer_id = row.string(2),
              .password_hash = row.string(3),
              .created_at = row.at(4)};
}

std::optional<Scope> parse_scope(std::string_view name) {
  for (const Scope scope : {Scope::reports, Scope::desk, Scope::customer, Scope::metrics})
    if (scope_name(scope) == name) return scope;
  return std::nullopt;
}

// Empty where a newer program made it: it opens nothing here.
std::optional<ApiToken> read_token(const Row& row) {
  const std::optional<Scope> scope = parse_scope(row.view(1));
  if (!scope) return std::nullopt;
  return ApiToken{.name = row.string(0),
                  .scope = *scope,
                  .customer_id = row.string(2),
                  .reporter = row.string(3),
                  .secret_sha256 = row.string(4),
                  .created_at = row.at(5)};
}

}  // namespace

Result<void> StoreTransaction::add_user(const User& user) {
  const std::string email = to_lower(user.email);
  TRY_ASSIGN(const std::uint64_t written,
             connection_.run(statement("insert_user"), {text(email), text(role_name(user.role)), text(user.customer_id),
                                                        text(user.password_hash), time(user.created_at)}));
  if (written == 0) return failure(Fault::conflict, "{} has an account already", email);
  return {};
}

Result<User> StoreTransaction::user(const std::string& email) {
  Result<User> out = failure(Fault::not_found, "nobody has an account as {}", email);
  TRY(connection_.run(statement("user"), {text(to_lower(email))}, [&](const Row& row) { out = read_user(row); }));
  return out;
}

Result<std::vector<User>> StoreTransaction::users() {
  std::vector<User> out;
  TRY(connection_.run(statement("users"), {}, [&](const Row& row) { out.push_back(read_user(row)); }));
  return out;
}

Result<void> StoreTransaction::set_password_hash(const std::string& email, const std::string& hash) {
  TRY_ASSIGN(const std::uint64_t found,
             connection_.run(statement("set_password_hash"), {text(to_lower(email)), text(hash)}));
  if (found == 0) return failure(Fault::not_found, "nobody has an account as {}", email);
  return {};
}

Result<void> StoreTransaction::remove_user(const std::string& email) {
  TRY_ASSIGN(const std::uint64_t found, connection_.run(statement("delete_user"), {text(to_lower(email))}));
  if (found == 0) return failure(Fault::not_found, "nobody has an account as {}", email);
  return {};
}

Result<void> StoreTransaction::add_token(const ApiToken& token) {
  TRY_ASSIGN(const std::uint64_t written,
             connection_.run(statement("insert_token"),
                             {text(token.name), text(scope_name(token.scope)), text(token.customer_id),
                              text(token.reporter), text(token.secret_sha256), time(token.created_at)}));
  if (written == 0) return failure(Fault::conflict, "a token is called {} already", token.name);
  return {};
}

Result<ApiToken> StoreTransaction::token_by_secret(const std::string& secret_sha256) {
  Result<ApiToken> out = failure(Fault::not_found, "there is no such token");
  TRY(connection_.run(statement("token_by_secret"), {text(secret_sha256)}, [&](const Row& row) {
    if (std::optional<ApiToken> token = read_token(row)) out = *std::move(token);
  }));
  return out;
}

Result<std::vector<ApiToken>> StoreTransaction::tokens() {
  std::vector<ApiToken> out;
  TRY(connection_.run(statement("tokens"), {}, [&](const Row& row) {
    if (std::optional<ApiToken> token = read_token(row)) out.push_back(*std::move(token));
  }));
  return out;
}

Result<void> StoreTransaction::remove_token(const std::string& name) {
  TRY_ASSIGN(const std::uint64_t found, connection_.run(statement("delete_token"), {text(name)}));
  if (found == 0) return failure(Fault::not_found, "no token is called {}", name);
  return {};
}

Result<void> StoreTransaction::add_ticket_token(const TicketToken& token, std::size_t kept_max) {
  TRY(connection_.defer(statement("sweep_ticket_tokens"), {time(token.made_at)}));
  TRY_ASSIGN(const std::uint64_t written,
             connection_.run(statement("insert_ticket_token"), {text(token.secret_sha256), text(token.ticket_id),
                                                                time(token.made_at), time(token.expires_at)}));
  if (written == 0) return failure(Fault::conflict, "this token is there already");
  return connection_.defer(statement("end_older_ticket_tokens"),
                           {text(token.ticket_id), number(static_cast<std::int64_t>(kept_max))});
}

Result<TicketToken> StoreTransaction::ticket_token(const std::string& secret_sha256, Instant now) {
  Result<TicketToken> out = failure(Fault::not_found, "there is no such token");
  TRY(connection_.run(statement("ticket_token"), {text(secret_sha256), time(now)},
                      [&](const Row& row) { out = TicketToken{row.string(0), row.string(1), row.at(2), row.at(3)}; }));
  return out;
}

Result<std::uint64_t> StoreTransaction::end_ticket_tokens(const std::string& ticket_id) {
  return connection_.run(statement("end_ticket_tokens"), {text(ticket_id)});
}

Result<std::string> StoreTransaction::take_key(const std::string& key, const std::string& said, Instant now) {
  TRY(connection_.defer(statement("sweep_taken_keys"), {time(now - kTakenKeysKept)}));
  TRY_ASSIGN(const std::uint64_t written,
             connection_.run(statement("insert_taken_key"), {text(key), text(said), time(now)}));
  if (written > 0) return std::string{};
  return said_under_key(key);
}

Result<std::string> StoreTransaction::said_under_key(const std::string& key) {
  std::string said;
  TRY(connection_.run(statement("taken_key"), {text(key)}, [&](const Row& row) { said = row.string(0); }));
  return said;
}

Result<void> StoreTransaction::add_session(const Session& session) {
  TRY(connection_.defer(statement("sweep_sessions"), {time(session.created_at)}));
  TRY_ASSIGN(const std::uint64_t written,
             connection_.run(statement("insert_session"),
                             {text(session.secret_sha256), text(session.email), text(session.csrf),
                              time(session.created_at), time(session.expires_at)}));
  if (written == 0) return failure(Fault::conflict, "this session is there already");
  return {};
}

Result<Session> StoreTransaction::session(const std::string& secret_sha256, Instant now) {
  Result<Session> out = failure(Fault::not_found, "there is no such session");
  TRY(connection_.run(statement("session"), {text(secret_sha256), time(now)}, [&](const Row& row) {
    out = Session{row.string(0), row.string(1), row.string(2), row.at(3), row.at(4)};
  }));
  return out;
}

Result<void> StoreTransaction::end_session(const std::string& secret_sha256) {
  return connection_.defer(statement("end_session"), {text(secret_sha256)});
}

Result<void> StoreTransaction::end_sessions_of(const std::string& email, Instant now) {
  return connection_.defer(statement("end_sessions_of"), {text(to_lower(email)), time(now)});
}

Result<void> StoreTransaction::note_failed_sign_in(const std::string& email, const std::string& from, Instant at) {
  TRY(connection_.defer(statement("sweep_failed_sign_ins"), {time(at - kFailedSignInsKept)}));
  return connection_.defer(statement("insert_failed_sign_in"), {text(to_lower(email)), text(from), time(at)});
}

// The larger of the two: many passwords for one person, or many persons from one address.
Result<std::uint64_t> StoreTransaction::failed_sign_ins(const std::string& email, const std::string& from,
                                                        Instant since) {
  std::uint64_t most = 0;
  const auto see = [&](const Row& row) { most = std::max(most, row.count(0)); };
  TRY(connection_.run(statement("failed_sign_ins_of_email"), {text(to_lower(email)), time(since)}, see));
  TRY(connection_.run(statement("failed_sign_ins_from"), {text(from), time(since)}, see));
  return most;
}

Result<void> StoreTransaction::forget_failed_sign_ins(const std::string& email) {
  return connection_.defer(statement("forget_failed_sign_ins"), {text(to_lower(email))});
}

}  // namespace abate::store
