// SPDX-License-Identifier: Apache-2.0
// desk/authenticate.h — who really wrote the reports of a batch (B4): asks DNS for what reading wanted to know, and the
// reader for the proof. Internal to the room.
#pragma once

#include <vector>

#include "desk/desk.h"
#include "desk/ports/reader.h"
#include "desk/ports/reports.h"
#include "desk/ports/resolver.h"

namespace abate::desk {

// Fills Reporter::authenticated, its keys and the warnings of readings whose reporter is not known by a token.
// `resolver`: null where DNS is not to be asked; then only what the provider's own mail server found counts.
// Where nothing can be proved it stays "none": that delays nobody's report, it only lets a person look first.
void authenticate(Desk& desk, Resolver* resolver, Reader& reader, const std::vector<Unread>& reports,
                  std::vector<Reading>& readings);

}  // namespace abate::desk
