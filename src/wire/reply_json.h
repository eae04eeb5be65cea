// SPDX-License-Identifier: Apache-2.0
// wire/reply_json.h — the forms "abate.reply/1" and "abate.verification/1" (docs/schemas).
//
// SECURITY: findings and proofs quote names of a broken-into server: made safe as in sweep_json. Pure.
#pragma once

#include <optional>
#include <string>
#include <utility>
#include <vector>

#include <boost/json/array.hpp>
#include <boost/json/object.hpp>

#include "base/result.h"
#include "model/finding.h"
#include "model/reply.h"

namespace abate::wire {

// With the findings that its statements name, picked from `findings` and from `earlier` (in their form).
boost::json::object reply_json(const Reply& reply, const std::vector<Finding>& findings,
                               const boost::json::array& earlier = {});
boost::json::object verification_json(const std::string& ticket, const std::string& root, Instant at, bool gone,
                                      const std::vector<Proof>& proofs, const std::vector<Finding>& left,
                                      const std::vector<std::pair<std::string, std::string>>& not_examined);

// Either form as somebody posted it.
struct ReplyForm {
  Reply reply;                        // of a verification: its ticket and proofs
  std::vector<std::string> findings;  // ids
  bool is_verification = false;
  std::optional<bool> gone;  // what the sweep says of the harm, where it verified
};
constexpr std::size_t kStatementsOfPartMax = 500;
constexpr std::size_t kProofsOfReplyMax = 2000;
constexpr std::size_t kFindingsOfReplyMax = 2000;
constexpr std::size_t kIdBytesMax = 64;
constexpr std::size_t kSentenceBytesMax = 4096;
// malformed, naming the field: another type, too long, too many; an id that is given twice; a number that is not whole;
// a field name that is not ASCII (anywhere: the document goes into a hash as it is). Unknown fields are left alone.
Result<ReplyForm> read_reply(const boost::json::object& form);

}  // namespace abate::wire
