// SPDX-License-Identifier: Apache-2.0
// apps/abated/commands.h — one function a command of `abated`; each returns the exit status and says on standard error
// what a person can do about an error.
#pragma once

#include <optional>
#include <string>
#include <vector>

namespace CLI {
class App;
}

namespace abate::apps {

// sysexits.h, as mail servers read them.
constexpr int kOk = 0;
constexpr int kFailed = 1;
constexpr int kWrongUse = 2;
constexpr int kTooBig = 69;
constexpr int kTryAgain = 75;

int serve(const std::string& config_file);
int deliver(const std::string& config_file, const std::string& from, const std::string& to);
int read_files(const std::string& config_file, const std::vector<std::string>& files);
int import_assignments(const std::string& config_file, const std::string& csv_file, bool dry_run);

struct UserAsk {
  std::string email, role, customer;
  bool password_stdin = false;
};
int add_user(const std::string& config_file, const UserAsk& ask);
int set_password(const std::string& config_file, const UserAsk& ask);  // of the e-mail; read from standard input
int remove_user(const std::string& config_file, const std::string& email);
int list_users(const std::string& config_file);

struct TokenAsk {
  std::string name, scope, reporter;
};
int add_token(const std::string& config_file, const TokenAsk& ask);
int remove_token(const std::string& config_file, const std::string& name);
int list_tokens(const std::string& config_file);  // never their secrets: only hashes are kept

int verify_history(const std::string& config_file);
int try_policy(const std::string& config_file, const std::string& policy_file, const std::string& since);
int check_config(const std::string& config_file);
int backup(const std::string& config_file, const std::string& dir);
int migrate(const std::string& config_file);

int explain(const std::string& id);                                 // "": the list of probes and enforcers
int print_manual(const CLI::App& app, const std::string& version);  // as roff
int print_completion(const CLI::App& app, const std::string& version, const std::string& shell);

}  // namespace abate::apps
