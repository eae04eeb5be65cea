// SPDX-License-Identifier: Apache-2.0
// reply/words_of.h — what an answer says, without the moments at which it was looked up: by this it is known when it is
// sent again, by a run that came to the same end.
//
// The four parts; each proof but for its time and the hash over it; which findings, and of what. The text is the parts
// in one piece and not looked at. Canonical JSON (RFC 8785): equal where, and only where, that is equal. Pure.
#pragma once

#include <string>

#include <boost/json/object.hpp>

namespace abate::reply {

// `form`: "abate.reply/1".
std::string words_of(const boost::json::object& form);

}  // namespace abate::reply
