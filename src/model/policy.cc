// SPDX-License-Identifier: Apache-2.0
#include "model/policy.h"

#include <algorithm>

#include "base/text.h"

namespace abate {

bool is_ignored(const Terms& terms, const std::string& reporter_address, const std::optional<IpAddress>& source) {
  if (source && std::ranges::any_of(terms.ignore_addresses, [&](const IpRange& r) { return r.contains(*source); }))
    return true;
  const std::string address = to_lower(reporter_address);
  const std::string domain = address.substr(address.rfind('@') + 1);
  return !address.empty() && std::ranges::any_of(terms.ignore_reporters, [&](const std::string& each) {
    return each == address || each == domain || domain.ends_with("." + each);
  });
}

bool has_good_record(const Terms& terms, std::uint64_t opened, std::uint64_t dismissed, std::uint64_t harmful) {
  return opened >= terms.record_right && harmful <= terms.record_harmful &&
         dismissed * 100 <= (opened + dismissed) * terms.record_wrong_percent;
}

bool is_noise(const Terms& terms, std::uint64_t incidents, std::uint64_t reporters) {
  return incidents < terms.noise_incidents || reporters < terms.noise_reporters;
}

}  // namespace abate
