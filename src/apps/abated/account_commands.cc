// SPDX-License-Identifier: Apache-2.0
// `abated user add` and `abated token add`.
#include <cstdio>
#include <iostream>

#include "apps/abated/commands.h"
#include "apps/abated/setup.h"
#include "base/text.h"
#include "desk/accounts.h"

namespace abate::apps {

int add_user(const std::string& config_file, const UserAsk& ask) {
  desk::NewUser user;
  user.email = ask.email;
  const std::optional<Role> role = parse_role(ask.role);
  if (!role)
    return complain({Fault::malformed, "--role: '" + ask.role + "' is none of customer, analyst, lead, admin"});
  user.role = *role;
  user.customer_id = ask.customer;
  if (ask.password_stdin) {
    std::string password;
    std::getline(std::cin, password);
    if (password.ends_with('\r')) password.pop_back();
    user.password = std::move(password);
  }
  const Result<Setup> setup = set_up(config_file);
  if (!setup) return complain(setup.error());
  const Result<User> added = desk::add_user(*setup->store, SystemClock{}, user);
  if (!added) return complain(added.error());
  fmt::print("added {} as {}\n", escape_terminal(added->email), role_name(added->role));
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

}  // namespace abate::apps
