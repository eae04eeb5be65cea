// SPDX-License-Identifier: Apache-2.0
// apps/abate/read_case.h — what `--ticket` names, read: the desk's link, a saved ticket, or the abuse report itself in
// whatever form the customer got it.
#pragma once

#include <string>

#include "apps/abate/talker.h"
#include "base/result.h"
#include "wire/case_json.h"

namespace abate::apps {

constexpr std::size_t kTicketFileBytesMax = std::size_t{32} << 20;

// not_found, too_big, malformed: says what a person can do.
// `talker` fetches a link, and learns the desk of a saved ticket; null: no ticket is fetched or answered.
Result<wire::TicketCase> read_case(const std::string& ticket, const Talker* talker);

}  // namespace abate::apps
