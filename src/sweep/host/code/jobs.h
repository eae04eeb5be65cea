// SPDX-License-Identifier: Apache-2.0
// sweep/host/code/jobs.h — what the detectors of cron and at jobs share.
#pragma once

#include <string>
#include <string_view>

#include "sweep/host/code/command_signs.h"
#include "sweep/kit/detector.h"

namespace abate::sweep {

// Of cron or at, and brought by no package.
bool is_unpackaged_job(const Autostart& start);

// With its line, its account and what it starts.
Finding& add_job(const Host& host, const Autostart& job, std::string why, Findings& out);

// "A job of ACCOUNT `does`", of each such job that is meant.
using JobTest = bool (*)(const Autostart& job, const CommandSigns& signs);
void find_jobs(const Host& host, std::string_view does, JobTest is_meant, Findings& out);

}  // namespace abate::sweep
