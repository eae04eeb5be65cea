// SPDX-License-Identifier: Apache-2.0
// base/whole_io.h — reads and writes that go on after a part or a signal. Thread-safe.
#pragma once

#include <cstddef>
#include <span>
#include <string_view>

#include <sys/types.h>

namespace abate {

// All of it, or false with errno.
bool write_all(int file, std::string_view bytes);
// As many bytes as there are, up to into.size(); less only at the end; -1 with errno.
ssize_t read_full(int file, std::span<char> into);

}  // namespace abate
