// SPDX-License-Identifier: Apache-2.0
// The abuse desk. This file is the table of its commands; each is a file beside it.
#include <CLI/CLI.hpp>

#include "apps/abated/commands.h"
#include "apps/command_words.h"
#include "worker/child.h"

namespace {

using namespace abate::apps;

constexpr const char* kVersion = "abated " ABATE_VERSION;

}  // namespace

int main(int argc, char** argv) {
  if (const std::optional<int> status = abate::worker::run_if_worker(argc, argv)) return *status;

  CLI::App app{"The abuse desk: takes an abuse report to a verified fix", "abated"};
  app.set_version_flag("--version", kVersion);
  app.require_subcommand(1);
  app.set_help_all_flag("--help-all", "Help of every command");
  std::string config;
  int status = kOk;
  const auto command = [&](CLI::App& parent, const char* name, const char* does) {
    CLI::App* sub = parent.add_subcommand(name, does);
    sub->set_version_flag("--version", kVersion);
    sub->add_option("--config", config, "Configuration (default: $ABATED_CONFIG, then /etc/abate/abated.toml)");
    return sub;
  };

  const auto group = [&](const char* name, const char* holds) {
    CLI::App* sub = app.add_subcommand(name, holds);
    sub->set_version_flag("--version", kVersion);
    sub->require_subcommand(1);
    return sub;
  };
  const auto about_itself = [&](const char* name, const char* says) {  // needs no configuration
    CLI::App* sub = app.add_subcommand(name, says);
    sub->set_version_flag("--version", kVersion);
    return sub;
  };

  CLI::App* serving = command(app, "serve", "Run the desk in the foreground");
  serving->callback([&] { status = serve(config); });

  std::string from, to;
  CLI::App* delivering =
      command(app, "deliver", "Keep one message from standard input (0 kept, 75 try again, 69 too big)");
  delivering->add_option("--from", from, "Envelope sender")->envname("SENDER");
  delivering->add_option("--to", to, "Envelope recipient")->envname("RECIPIENT");
  delivering->callback([&] { status = deliver(config, from, to); });

  std::vector<std::string> files;
  bool json = false;
  CLI::App* reading = command(app, "read", "Read reports without keeping them: one JSON line a file");
  reading->add_flag("--json", json, "Print JSON (the only form)");
  reading->add_option("FILE", files, "Files; - is standard input")->required();
  reading->callback([&] { status = read_files(config, files); });

  std::string csv;
  bool dry_run = false;
  CLI::App* assignments = group("assignments", "The ledger of addresses, times and services");
  CLI::App* importing = command(*assignments, "import", "Replace the whole ledger by a CSV file, or nothing");
  importing
      ->add_option("FILE", csv, "range,from,until,service_id,service_name,customer_id,customer_name,customer_email")
      ->required();
  importing->add_flag("--dry-run", dry_run, "Only say what would change");
  importing->callback([&] { status = import_assignments(config, csv, dry_run); });

  UserAsk user;
  CLI::App* users = group("user", "People who sign in");
  CLI::App* adding_user = command(*users, "add", "Add a person");
  adding_user->add_option("--email", user.email, "What they sign in with")->required();
  adding_user->add_option("--role", user.role, "customer, analyst, lead or admin")->required();
  adding_user->add_option("--customer", user.customer, "For role customer: the customer's id");
  adding_user->add_flag("--password-stdin", user.password_stdin, "Read the password from standard input");
  adding_user->callback([&] { status = add_user(config, user); });

  CLI::App* renewing = command(*users, "password", "Give a person a new password and end their sessions");
  renewing->add_option("--email", user.email, "Whose")->required();
  renewing->add_flag("--password-stdin", user.password_stdin, "Read the password from standard input (always so)");
  renewing->callback([&] { status = set_password(config, user); });
  CLI::App* removing_user = command(*users, "remove", "Take a person's account away and end their sessions");
  removing_user->add_option("--email", user.email, "Whose")->required();
  removing_user->callback([&] { status = remove_user(config, user.email); });
  command(*users, "list", "Who has an account")->callback([&] { status = list_users(config); });

  TokenAsk token;
  CLI::App* tokens = group("token", "Tokens for programs");
  CLI::App* adding_token = command(*tokens, "add", "Make a token; it is printed once, as the last word");
  adding_token->add_option("--name", token.name, "1 to 64 letters, digits, '.', '_' or '-'")->required();
  adding_token->add_option("--scope", token.scope, "reports, desk, customer:ID or metrics")->required();
  adding_token->add_option("--reporter", token.reporter, "The domain that reports by this token speak for");
  adding_token->callback([&] { status = add_token(config, token); });

  CLI::App* removing_token = command(*tokens, "remove", "Take a token back: from now on it opens nothing");
  removing_token->add_option("--name", token.name, "Which, as token list shows it")->required();
  removing_token->callback([&] { status = remove_token(config, token.name); });
  command(*tokens, "list", "Which tokens there are; their secrets are not kept")->callback([&] {
    status = list_tokens(config);
  });

  CLI::App* history = group("history", "The hash-chained history");
  command(*history, "verify", "Walk the chain: 0 whole, 1 broken")->callback([&] { status = verify_history(config); });

  std::string policy_file, since;
  CLI::App* policy = group("policy", "Policies");
  CLI::App* trying = command(*policy, "try", "Replay the past under another policy");
  trying->add_option("FILE", policy_file, "The other policy.toml")->required();
  trying->add_option("--since", since, "RFC 3339; default: everything");
  trying->callback([&] { status = try_policy(config, policy_file, since); });

  std::string checked;
  CLI::App* configs = group("config", "The configuration");
  CLI::App* checking = command(*configs, "check", "Check configuration and policy");
  checking->add_option("FILE", checked, "Instead of the one that --config names");
  checking->callback([&] { status = check_config(checked.empty() ? config : checked); });

  std::string dir;
  CLI::App* backing = command(app, "backup", "Copy the store while the desk runs");
  backing->add_option("DIR", dir, "Where the copy goes; it is made")->required();
  backing->callback([&] { status = backup(config, dir); });

  command(app, "migrate", "Make an empty store, or bring an older one up to date")->callback([&] {
    status = migrate(config);
  });

  std::string id;
  CLI::App* explaining = about_itself("explain", "The manual of a probe or an enforcer; without ID, the list");
  explaining->add_option("ID", id);
  explaining->callback([&] { status = explain(id); });

  std::string shell;
  about_itself("man", "Print the manual page, as roff: abated man | man -l -")->callback([&] {
    status = print_manual(app, ABATE_VERSION);
  });
  CLI::App* completing = about_itself("completion", "Print what a shell needs to complete commands and options");
  completing->add_option("SHELL", shell, "bash, zsh or fish")
      ->required()
      ->check(CLI::IsMember({"bash", "zsh", "fish"}));
  completing->callback([&] { status = print_completion(app, ABATE_VERSION, shell); });

  try {
    app.parse(argc, argv);
  } catch (const CLI::ParseError& wrong) {
    const std::string unknown = unknown_command(app, {argv + 1, argv + std::max(argc, 1)});
    if (wrong.get_exit_code() != 0 && !unknown.empty()) {
      fmt::print(stderr, "abated: {}\n", unknown);
      return kWrongUse;
    }
    return app.exit(wrong) == 0 ? kOk : kWrongUse;
  }
  return status;
}
