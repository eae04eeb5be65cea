// SPDX-License-Identifier: Apache-2.0
// apps/abate/send_text.h — a text into the ticket, by the talker.
#pragma once

#include <string>

#include "apps/abate/talker.h"

namespace abate::apps {

// What the desk says of the ticket then, in a sentence.
Result<std::string> send_text(const Talker& talker, const std::string& text, talk::Say say);

}  // namespace abate::apps
