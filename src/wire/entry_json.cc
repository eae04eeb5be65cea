// SPDX-License-Identifier: Apache-2.0
#include "wire/entry_json.h"

#include <boost/json/parse.hpp>

#include "base/text.h"

namespace abate::wire {

namespace json = boost::json;

json::object entry_json(const Entry& entry, View view) {
  boost::system::error_code error;
  json::value body = json::parse(entry.body, error);  // it is ours and canonical; a broken one is shown as what it is
  if (error || !body.is_object()) body = json::object{{"unreadable", make_valid_utf8(entry.body)}};
  bool redacted = false;
  if (view == View::customer)
    for (const std::string_view name : {"reporter", "authenticated", "report"})
      redacted = body.as_object().erase(name) > 0 || redacted;
  json::object out{{"stream", entry.stream},
                   {"seq", entry.seq},
                   {"at", format_rfc3339_exact(entry.at)},
                   {"actor", make_valid_utf8(entry.actor)},
                   {"kind", entry_kind_name(entry.kind)},
                   {"body", std::move(body)},
                   {"prev", entry.prev},
                   {"hash", entry.hash}};
  if (redacted) out["redacted"] = true;
  return out;
}

}  // namespace abate::wire
