// SPDX-License-Identifier: Apache-2.0
// reading/prose/roles.h — who is who: the culprit, the victim, the reporter, a relay, a hop.
//
// An address is judged where it stands, by what stands before it ("from", "SRC=", "your server", "to", "lip=", "via"),
// by the shape of its line (access log, "A > B", traceroute, whois, a list) and by what stands behind it ("is
// attacking",
// "(our mail server)"). What is said in a label or a log line weighs more than wording; the best of its mentions
// counts. Words are English, German, French, Spanish, Italian, Portuguese, Dutch, Polish, Czech, Russian. Pure;
// thread-safe.
#pragma once

#include <string>
#include <string_view>
#include <vector>

#include "reading/prose/tokens.h"

namespace abate::reading::prose {

enum class Role : unsigned char { unknown, culprit, victim, neutral };
enum class Ground : unsigned char { nothing, mention, wording, log_line, label };  // weaker before stronger

struct Mention {
  std::size_t token = 0;  // index into the tokens
  Role role = Role::unknown;
  Ground ground = Ground::nothing;
  int weight = 0;  // 0..10
  std::size_t line_begin = 0;
  std::size_t line_end = 0;
  std::string reason;  // "the text says \"from\" before it"
};

constexpr int kWeightMention = 1;
constexpr int kWeightNamed = 4;  // "IP address 192.0.2.1"
constexpr int kWeightWord = 7;   // "from 192.0.2.1"
constexpr int kWeightLabel = 9;  // "Source IP: 192.0.2.1"

// Reasons that more than one file goes by.
inline constexpr std::string_view kListed = "it stands in a list";
inline constexpr std::string_view kColumn = "its column ";
inline constexpr std::string_view kClientReason = "a web server's log names it as the client";

// One mention for each token that is an address.
std::vector<Mention> judge(std::string_view text, const std::vector<Token>& tokens);

}  // namespace abate::reading::prose
