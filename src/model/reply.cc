// SPDX-License-Identifier: Apache-2.0
#include "model/reply.h"

#include <boost/json.hpp>

#include "base/canonical_json.h"
#include "base/hash.h"

namespace abate {

std::string_view standing_name(Standing standing) { return standing == Standing::proved ? "proved" : "claimed"; }

std::string proof_hash(const Proof& proof) {
  return sha256_hex(canonical_json({{"about", proof.about},
                                    {"at", format_rfc3339_exact(proof.at)},
                                    {"good", proof.good},
                                    {"id", proof.id},
                                    {"seen", proof.seen},
                                    {"service", proof.service},
                                    {"tried", proof.tried}}));
}

std::string proof_id(std::string_view about, std::string_view tried) {
  return "p" + sha256_hex(canonical_json({about, tried})).substr(0, 12);
}

}  // namespace abate
