// SPDX-License-Identifier: Apache-2.0
// base/canonical_json.h — JSON in the one form of RFC 8785: keys sorted, nothing between the tokens, the shortest
// escapes. Equal values give equal bytes, so a hash over them means something. Pure; thread-safe.
#pragma once

#include <string>

#include <boost/json/fwd.hpp>

namespace abate {

// Whole numbers must lie below 2^53; a fraction is our own mistake (CHECK): RFC 8785 writes it in ways that differ from
// one language to another, and nothing that is hashed needs one. Strings are made valid UTF-8.
std::string canonical_json(const boost::json::value& value);

}  // namespace abate
