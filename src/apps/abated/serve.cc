// SPDX-License-Identifier: Apache-2.0
// `abated serve`: the desk in the foreground. Reads as its table of contents: what is started, in order, and what
// stops.
#include <csignal>
#include <cstdio>

#include "apps/abated/commands.h"
#include "apps/abated/parts.h"
#include "base/log.h"

namespace abate::apps {
namespace {

sigset_t the_signals() {
  sigset_t set;
  sigemptyset(&set);
  for (const int signal : {SIGTERM, SIGINT, SIGHUP}) sigaddset(&set, signal);
  return set;
}

// SIGHUP: the new configuration and policy are read whole; where they are wrong the old ones stay (and it is said).
void read_again(const std::string& config_file, Parts& parts) {
  const Result<Config> config = read_config(config_path(config_file));
  const Result<void> taken = config ? parts.take(*config) : std::unexpected(config.error());
  if (!taken) {
    log_error("configuration_refused", {{"why", taken.error().what}, {"kept", "the former one"}});
    return;
  }
  log_info("configuration_read", {{"policy", config->policy_file}});
}

}  // namespace

int serve(const std::string& config_file) {
  // Before any thread is made, so that all of them leave the signals to us.
  const sigset_t signals = the_signals();
  pthread_sigmask(SIG_BLOCK, &signals, nullptr);
  std::signal(SIGPIPE, SIG_IGN);
  std::signal(SIGXFSZ, SIG_IGN);  // a limit on file sizes is an error of that write, like a full disk

  Result<Setup> setup = set_up(config_file);
  if (!setup) return complain(setup.error());
  log_setup(setup->config.log_form, LogLevel::info);
  Result<std::unique_ptr<Parts>> parts = start_parts(std::move(*setup));
  if (!parts) return complain(parts.error());
  log_info("ready", {{"node", (*parts)->desk().node}});

  for (;;) {
    int signal = 0;
    if (sigwait(&signals, &signal) != 0) continue;
    if (signal != SIGHUP) break;
    read_again(config_file, **parts);
  }
  log_info("stopping");
  parts->reset();
  return kOk;
}

}  // namespace abate::apps
