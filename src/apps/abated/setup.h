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

enum class StoreFolder : unsigned char {
  make,           // of a new SQLite file: one step less before the first start
  must_be_there,  // where a folder that is away must not lead to a second, empty store that nobody looks into
};

Result<Setup> set_up(const std::string& config_file, StoreFolder folder = StoreFolder::make);
desk::Provider provider_of(const Config& config);
// "abated: WHAT" on standard error; returns the exit status that fits.
int complain(const Error& error);
// The name of this `abated` among several on one database: the same after a restart, another for each on one host.
std::string node_of(const Config& config);

}  // namespace abate::apps
