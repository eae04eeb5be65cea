// SPDX-License-Identifier: Apache-2.0
#include "apps/abate/send_text.h"

#include <boost/json/parse.hpp>

#include "base/json_fields.h"

namespace abate::apps {
namespace {

// What the desk says of the ticket now, in a sentence.
std::string told(const std::string& answer) {
  boost::system::error_code wrong;
  const boost::json::value value = boost::json::parse(answer, wrong, {}, {.max_depth = 32});
  const boost::json::object none;
  const boost::json::object& ticket = !wrong && value.is_object() ? value.get_object() : none;
  const std::string state = text_of(ticket, "state");
  return state == "claimed" ? "The team tries it out now; they answer in the ticket."
                            : "It is in the ticket; the team answers there.";
}

}  // namespace

Result<std::string> send_text(const Talker& talker, const std::string& text, talk::Say say) {
  TRY_ASSIGN(const std::string answer, talker.post_text(say, text));
  return told(answer);
}

}  // namespace abate::apps
