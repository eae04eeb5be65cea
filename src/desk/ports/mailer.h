// SPDX-License-Identifier: Apache-2.0
// desk/ports/mailer.h — hands one message to the provider's mail server. Implemented by the room `post`.
#pragma once

#include <string>

#include "base/result.h"

namespace abate::desk {

class Mailer {
 public:
  virtual ~Mailer() = default;
  // Returns once the server has taken it. unavailable: try again later (4xx, no connection). refused: it will never be
  // taken (5xx); the text is what the server said. Thread-safe.
  virtual Result<void> send(const std::string& sender, const std::string& recipient, const std::string& message) = 0;
};

}  // namespace abate::desk
