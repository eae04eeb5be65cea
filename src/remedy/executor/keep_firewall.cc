// SPDX-License-Identifier: Apache-2.0
#include "remedy/executor/keep_firewall.h"

#include <cerrno>
#include <cstring>
#include <filesystem>

#include <fcntl.h>
#include <unistd.h>

#include "base/descriptor.h"
#include "base/text.h"
#include "remedy/executor/program.h"
#include "remedy/firewall.h"

namespace abate::remedy {

bool is_kept() { return ::access(kFirewallKept, F_OK) == 0; }

void forget_firewall() { static_cast<void>(::unlink(kFirewallKept)); }

Result<void> keep_firewall() {
  const ProgramEnd on_trial = run_program({"nft", "list", "set", "inet", "abate", "trial"});
  if (!on_trial.good() || on_trial.output.find("expires") == std::string::npos)
    return failure(Fault::stale,
                   "no firewall is on trial here: it was confirmed already, or its time ran out and everything is open "
                   "again. Say abate harden --apply --only firewall_on");
  const ProgramEnd loaded = run_program({"nft", "-f", kFirewallFile});
  if (!loaded.good()) return failure(Fault::unavailable, "nft: {}", shorten(escape_terminal(loaded.output), 300));
  std::error_code none;
  std::filesystem::create_directories(std::filesystem::path{kFirewallKept}.parent_path(), none);
  const Descriptor kept{::open(kFirewallKept, O_WRONLY | O_CREAT | O_NOFOLLOW | O_CLOEXEC, 0600)};
  if (!kept || ::fsync(kept.get()) != 0)
    return failure(Fault::unavailable, "{}: cannot be written: {}; the firewall is on until the server restarts",
                   kFirewallKept, ::strerrordesc_np(errno));
  return {};
}

}  // namespace abate::remedy
