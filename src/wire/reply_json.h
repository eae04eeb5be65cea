// SPDX-License-Identifier: Apache-2.0
// wire/reply_json.h — the forms "abate.reply/1" and "abate.verification/1" (docs/schemas).
//
// SECURITY: findings and proofs quote names of a broken-into server: made safe as in sweep_json. Pure.
#pragma once

#include <string>
#include <utility>
#include <vector>

#include <boost/json/array.hpp>
#include <boost/json/object.hpp>

#include "model/finding.h"
#include "model/reply.h"

namespace abate::wire {

// With the findings that its statements name, picked from `findings` and from `earlier` (in their form).
boost::json::object reply_json(const Reply& reply, const std::vector<Finding>& findings,
                               const boost::json::array& earlier = {});
boost::json::object verification_json(const std::string& ticket, const std::string& root, Instant at, bool gone,
                                      const std::vector<Proof>& proofs, const std::vector<Finding>& left,
                                      const std::vector<std::pair<std::string, std::string>>& not_examined);

}  // namespace abate::wire
