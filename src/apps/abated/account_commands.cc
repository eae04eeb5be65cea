// SPDX-License-Identifier: Apache-2.0
// `abated user add|password|remove|list` and `abated token add|remove|list`.
#include <cstdio>
#include <iostream>

#include "apps/abated/commands.h"
#include "apps/abated/setup.h"
#include "base/text.h"
#include "desk/accounts.h"

namespace abate::apps {
namespace {

std::string password_from_stdin() {
  std::string password;
  std::getline(std::cin, password);
  if (password.ends_with('\r')) password.pop_back();
  return password;
}

}  // namespace

int add_user(const std::string& config_file, const UserAsk& ask) {
  desk::NewUser user;
  user.email = ask.email;
  const std::optional<Role> role = parse_role(ask.role);
  if (!role)
    return complain({Fault::malformed, "--role: '" + ask.role + "' is none of customer, analyst, lead, admin"});
  user.role = *role;
  user.customer_id = ask.customer;
  if (ask.password_stdin) user.password = password_from_stdin();
  const Result<Setup> setup = set_up(config_file);
  if (!setup) return complain(setup.error());
  const Result<User> added = desk::add_user(*setup->store, SystemClock{}, user);
  if (!added) return complain(added.error());
  const std::string email = escape_terminal(added->email);
  fmt::print("added {} as {}\n", email, role_name(added->role));
  if (!ask.password_stdin) fmt::print("They can sign in after: abated user password --email {}\n", email);
  return kOk;
}

int set_password(const std::string& config_file, const UserAsk& ask) {
  const Result<Setup> setup = set_up(config_file);
  if (!setup) return complain(setup.error());
  const Result<void> set = desk::set_password(*setup->store, SystemClock{}, ask.email, password_from_stdin());
  if (!set) return complain(set.error());
  fmt::print("{} has a new password; whoever was signed in as them is no more\n", escape_terminal(ask.email));
  return kOk;
}

int remove_user(const std::string& config_file, const std::string& email) {
  const Result<Setup> setup = set_up(config_file);
  if (!setup) return complain(setup.error());
  if (const Result<void> removed = desk::remove_user(*setup->store, SystemClock{}, email); !removed)
    return complain(removed.error());
  fmt::print("removed {}; what they did stays in the history\n", escape_terminal(email));
  return kOk;
}

int list_users(const std::string& config_file) {
  const Result<Setup> setup = set_up(config_file);
  if (!setup) return complain(setup.error());
  const auto users = desk::in_read(*setup->store, [](desk::Transaction& store) { return store.users(); });
  if (!users) return complain(users.error());
  for (const User& user : *users)
    fmt::print("{}  {}{}{}\n", escape_terminal(user.email), role_name(user.role),
               user.customer_id.empty() ? "" : " of " + escape_terminal(user.customer_id),
               user.password_hash.empty() ? "  (no password yet)" : "");
  return kOk;
}

int add_token(const std::string& config_file, const TokenAsk& ask) {
  const Result<desk::TokenScope> scope = desk::parse_token_scope(ask.scope);
  if (!scope) return complain(scope.error());
  const Result<Setup> setup = set_up(config_file);
  if (!setup) return complain(setup.error());
  const Result<std::string> secret =
      desk::add_token(*setup->store, SystemClock{}, {.name = ask.name, .scope = *scope, .reporter = ask.reporter});
  if (!secret) return complain(secret.error());
  fmt::print("token {} is shown once, here: {}\n", escape_terminal(ask.name), *secret);
  return kOk;
}

int remove_token(const std::string& config_file, const std::string& name) {
  const Result<Setup> setup = set_up(config_file);
  if (!setup) return complain(setup.error());
  if (const Result<void> removed =
          setup->store->write([&](desk::Transaction& store) { return store.remove_token(name); });
      !removed)
    return complain(removed.error());
  fmt::print("removed token {}: it opens nothing any more\n", escape_terminal(name));
  return kOk;
}

int list_tokens(const std::string& config_file) {
  const Result<Setup> setup = set_up(config_file);
  if (!setup) return complain(setup.error());
  const auto tokens = desk::in_read(*setup->store, [](desk::Transaction& store) { return store.tokens(); });
  if (!tokens) return complain(tokens.error());
  for (const ApiToken& token : *tokens)
    fmt::print("{}  {}{}{}  since {}\n", escape_terminal(token.name), scope_name(token.scope),
               token.customer_id.empty() ? "" : ":" + escape_terminal(token.customer_id),
               token.reporter.empty() ? "" : "  speaks for " + escape_terminal(token.reporter),
               format_rfc3339(token.created_at));
  return kOk;
}

}  // namespace abate::apps
