// SPDX-License-Identifier: Apache-2.0
// wire/entry_json.h — one line of the history (CONTRACT.md; docs/schemas/entry.schema.json): everything that its hash
// is made of, so that whoever reads it can verify it (model/entry.h says how). Pure.
//
// A customer's view takes from the body who reported (law 6), and says so with "redacted": true; that entry's hash can
// then be checked by the team only. `prev` of the next one still names it, so nothing can be slipped in unseen.
#pragma once

#include <boost/json/object.hpp>

#include "model/entry.h"
#include "wire/ticket_json.h"

namespace abate::wire {

boost::json::object entry_json(const Entry& entry, View view);

}  // namespace abate::wire
