// SPDX-License-Identifier: Apache-2.0
// sweep/host/logs/container_line.h — a line of a container's log, as its engine wraps it.
//
//   {"log":"192.0.2.1 - - [01/Jan/2026:00:00:00 +0000] \"GET / …\n","stream":"stdout","time":"2026-01-01T00:00:00.1Z"}
//   2026-01-01T00:00:00.123456789+01:00 stdout F 192.0.2.1 - - …
//
// Docker's json-file and Podman's k8s-file. Pure.
#pragma once

#include <optional>
#include <string>
#include <string_view>

#include "base/time.h"

namespace abate::sweep {

struct ContainerLine {
  std::string text;  // what the program in the container wrote, without its line end
  std::optional<Instant> at;
};
// False for a line that is neither.
bool read_container_line(std::string_view line, ContainerLine& out);

}  // namespace abate::sweep
