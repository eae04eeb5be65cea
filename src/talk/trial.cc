// SPDX-License-Identifier: Apache-2.0
#include "talk/trial.h"

#include "base/hash.h"
#include "base/text.h"

namespace abate::talk {
namespace {

constexpr std::size_t kSeenBytesMax = 400;

}  // namespace

std::string_view outcome_name(Outcome outcome) {
  switch (outcome) {
    case Outcome::open: return "open";
    case Outcome::closed: return "closed";
    case Outcome::unclear: break;
  }
  return "unclear";
}

Trial trial(Outcome outcome, std::string tried, std::string_view seen, std::string_view came) {
  Trial one;
  one.outcome = outcome;
  one.tried = std::move(tried);
  one.seen = shorten(make_valid_utf8(escape_terminal(seen)), kSeenBytesMax);
  if (!came.empty()) one.sha256 = sha256_hex(came);
  return one;
}

Trial trial(std::string tried, const Error& error) {
  if (error.fault == Fault::refused) return trial(Outcome::closed, std::move(tried), kNobodyListens);
  return trial(error.fault == Fault::not_found ? Outcome::closed : Outcome::unclear, std::move(tried), error.what);
}

}  // namespace abate::talk
