// SPDX-License-Identifier: Apache-2.0
// desk/ports/enforcer.h — carries out a measure at the provider's panel. Implemented by the room `enforce`.
#pragma once

#include <string>
#include <string_view>

#include "base/result.h"
#include "model/measure.h"

namespace abate::desk {

struct Order {
  std::string key;  // stable over retries; lifting has its own
  MeasureKind measure = MeasureKind::suspend;
  bool on = true;
  std::string service_id;
  std::string ticket_id;
  std::string body;         // the JSON of the contract: {"key","measure","on","service_id","ticket_id","reason","at"}
  std::string ticket_json;  // the ticket as the API shows it, for enforcers that want it
};

class Enforcer {
 public:
  virtual ~Enforcer() = default;
  [[nodiscard]] virtual std::string_view name() const = 0;
  // Returns once it is confirmed. Every error is tried again, with the same key, until the courier gives up.
  virtual Result<void> carry_out(const Order& order) = 0;
};

}  // namespace abate::desk
