// SPDX-License-Identifier: Apache-2.0
// apps/abated/setup.h — what every command does first: the configuration, the store, and how an error is told.
#pragma once

#include <memory>
#include <string>

#include "apps/abated/config.h"
#include "base/result.h"
#include "desk/desk.h"
#include "desk/ports/store.h"

namespace abate::apps {

struct Setup {
  Config config;
  std::unique_ptr<desk::Store> store;
};

Result<Setup> set_up(const std::string& config_file);
desk::Provider provider_of(const Config& config);
// "abated: WHAT" on standard error; returns the exit status that fits.
int complain(const Error& error);
// The name of this `abated` among several on one database: the same after a restart, another for each on one host.
std::string node_of(const Config& config);

}  // namespace abate::apps
