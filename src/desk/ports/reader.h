// SPDX-License-Identifier: Apache-2.0
// desk/ports/reader.h — turns hostile bytes into a Reading. Implemented by the room `worker` in sandboxed children.
#pragma once

#include <span>
#include <string_view>
#include <vector>

#include "base/result.h"
#include "model/report.h"

namespace abate::desk {

struct ToRead {
  std::string_view bytes;  // borrowed for the call
  std::string_view content_type;
  std::string_view reporter_domain;  // an authenticated API identity, or empty
  // Set: only who wrote it is proved; the Reading then holds `reporter` and warnings. Borrowed for the call.
  const Witnesses* witnesses = nullptr;
};

class Reader {
 public:
  virtual ~Reader() = default;
  // One Reading for each, in order. Never fails: what crashed, hung or ate too much memory comes back `unreadable`
  // with the cause as a warning, that one alone. May be called from several threads, each served by its own child.
  virtual std::vector<Reading> read(std::span<const ToRead> reports) = 0;
  // Could a child be started when one was last needed? For /readyz.
  [[nodiscard]] virtual Result<void> check() const { return {}; }
};

}  // namespace abate::desk
