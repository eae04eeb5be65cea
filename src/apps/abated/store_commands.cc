// SPDX-License-Identifier: Apache-2.0
// The commands that work on the store beside a running desk: assignments, history, backup, migrate, config check.
#include <cstdio>
#include <filesystem>
#include <fstream>

#include "apps/abated/commands.h"
#include "apps/abated/parts.h"
#include "apps/abated/setup.h"
#include "base/text.h"
#include "desk/history.h"
#include "desk/ledger.h"
#include "store/open_store.h"
#include "web/pages/playbooks.h"

namespace abate::apps {

int import_assignments(const std::string& config_file, const std::string& csv_file, bool dry_run) {
  const Result<Setup> setup = set_up(config_file);
  if (!setup) return complain(setup.error());
  std::ifstream csv{csv_file, std::ios::binary};
  if (std::error_code ignored; !csv || std::filesystem::is_directory(csv_file, ignored))
    return complain({Fault::not_found, csv_file + ": cannot be opened; does it exist?"});
  const Result<desk::LedgerChange> change = desk::import_ledger(*setup->store, csv, dry_run);
  if (!change) return complain({change.error().fault, csv_file + ": " + change.error().what});
  fmt::print("{}: {} rows about {} services; {} added, {} removed{}\n", dry_run ? "would import" : "imported",
             change->rows, change->services, change->added, change->removed, dry_run ? " (nothing was changed)" : "");
  for (const std::string& line : change->examples) fmt::print("  {}\n", escape_terminal(line));
  if (change->added + change->removed > change->examples.size())
    fmt::print("  and {} more\n", change->added + change->removed - change->examples.size());
  return kOk;
}

int verify_history(const std::string& config_file) {
  const Result<Setup> setup = set_up(config_file);
  if (!setup) return complain(setup.error());
  const Result<desk::HistoryVerdict> verdict = desk::verify_history(*setup->store);
  if (!verdict) return complain(verdict.error());
  if (verdict->broken) {
    fmt::print("broken: {}\n", escape_terminal(*verdict->broken));
    return kFailed;
  }
  fmt::print("whole: {} entries in {} streams\n", verdict->entries, verdict->streams);
  return kOk;
}

int check_config(const std::string& config_file) {
  const std::string path = config_path(config_file);
  const Result<Config> config = read_config(path);
  if (!config) return complain(config.error());
  const Result<Policy> policy = policy_of(*config);
  if (!policy) return complain(policy.error());
  const Result<web::Playbooks> playbooks = web::Playbooks::of_folder(config->playbooks_folder);
  if (!playbooks) return complain(playbooks.error());
  if (const Result<void> parts = check_parts(*config); !parts)
    return complain({parts.error().fault, path + ": " + parts.error().what});
  fmt::print(
      "{}: good{}\n", path,
      config->policy_file.empty() ? " (no policy file: the built-in policy)" : ", and so is " + config->policy_file);
  return kOk;
}

int backup(const std::string& config_file, const std::string& dir) {
  const Result<Config> config = read_config(config_path(config_file));
  if (!config) return complain(config.error());
  const Result<void> done = store::backup(config->store_url, dir);
  if (!done) return complain(done.error());
  fmt::print("a consistent copy of {} stands in {}\n", config->store_url, dir);
  return kOk;
}

int migrate(const std::string& config_file) {
  // Opening brings the schema up to date; said on its own so that an upgrade can be done before the start.
  const Result<Setup> setup = set_up(config_file);
  if (!setup) return complain(setup.error());
  fmt::print("{}: up to date\n", setup->config.store_url);
  return kOk;
}

}  // namespace abate::apps
