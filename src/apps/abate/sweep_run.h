// SPDX-License-Identifier: Apache-2.0
// apps/abate/sweep_run.h — one sweep from the command line: opens the root, reads the ticket, looks, keeps what was
// found.
#pragma once

#include <memory>
#include <optional>

#include "apps/abate/commands.h"
#include "apps/abate/own_caller.h"
#include "apps/abate/talker.h"
#include "base/result.h"
#include "remedy/verify.h"
#include "sweep/host/disk_tree.h"
#include "sweep/host/look.h"
#include "sweep/kit/content_rules.h"
#include "wire/case_json.h"
#include "wire/sweep_json.h"

namespace abate::apps {

struct SweepRun {
  std::optional<Talker> talker;     // with a link, or where something is sent
  std::optional<OwnCaller> caller;  // where services are spoken to; holds a copy of the talker's way, so it ends first
  std::unique_ptr<sweep::DiskTree> tree;
  std::unique_ptr<sweep::OpenedHost> opened;
  std::unique_ptr<sweep::ContentRules> rules;  // with --rules
  wire::DeskLink desk;
  remedy::AlsoSeen also;  // where it is asked whether the harm is gone (`speaks`)
  sweep::Notes notes;
  sweep::LookResult result;
  Instant started_at;
  Instant finished_at;
  double wall_seconds = 0;
};

Result<std::unique_ptr<SweepRun>> run_sweep(const SweepAsk& ask);

// The first Ctrl-C sets is_interrupted(), the second ends the program; so does a request to end.
void catch_interrupts();
// Was Ctrl-C pressed, or the program asked to end?
bool is_interrupted();

Instant wall_clock();
wire::SweepForm form_of(const SweepRun& run);
// Was so much looked at that finding nothing means something?
bool saw_enough(const SweepRun& run);
// 0, 1 or 3 by what was found and what could be seen.
int status_of(const SweepRun& run);
// To the file, or standard output for "-"; whole or not at all.
Result<void> write_out(const std::string& file, std::string_view text);

}  // namespace abate::apps
