// SPDX-License-Identifier: Apache-2.0
#include "store/transaction.h"

namespace abate::store {

Result<void> StoreTransaction::release_leases(const std::string& owner_prefix) {
  // Names are ASCII: all that begin with the prefix lie between it and the prefix followed by DEL.
  const std::string end = owner_prefix + '\x7f';
  for (const Statement& what : {statement("release_reports"), statement("release_outbox"), statement("release_tickets"),
                                statement("release_probes")})
    TRY(connection_.run(what, {text(owner_prefix), text(end)}));
  return {};
}

}  // namespace abate::store
