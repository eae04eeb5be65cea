// SPDX-License-Identifier: Apache-2.0
// base/check.h — CHECK is for our own mistakes, never for what the world sends. It stays on in release and ends the
// process: a desk that goes on with a broken rule would act on a customer by mistake.
#pragma once

#include <source_location>

namespace abate {
[[noreturn]] void check_failed(const char* condition, std::source_location where);
}  // namespace abate

#define CHECK(condition) \
  ((condition) ? static_cast<void>(0) : ::abate::check_failed(#condition, std::source_location::current()))
