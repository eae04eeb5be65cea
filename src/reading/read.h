// SPDX-License-Identifier: Apache-2.0
// reading/read.h — hostile bytes → Reading.
//
//   Reading reading = read_report(bytes, "message/rfc822", "");
//
// The most sure format of reading/formats reads; when it fails, the next one does; `mail` and `text` take everything.
// Whatever the bytes are, a Reading comes back, and each string in it is valid UTF-8 (Evidence::bytes are bytes).
// Limits: kIncidentsPerReportMax, kWarningsPerReportMax, kEvidenceBytesMax, kEvidenceTotalBytesMax; what was cut off is
// said in a warning. Thread-safe. In production it runs in a sandboxed worker (worker/workers.h).
#pragma once

#include <string_view>

#include "model/report.h"

namespace abate::reading {

constexpr std::size_t kEvidenceTotalBytesMax = std::size_t{16} << 20;  // of one report, besides what has a range

// `reporter_domain`: the authenticated API identity that brought it, or "".
Reading read_report(std::string_view bytes, std::string_view content_type, std::string_view reporter_domain);

// The same with Evidence::sha256 left empty, for a caller that hashes by itself (hash_evidence).
Reading read_unhashed(std::string_view bytes, std::string_view content_type, std::string_view reporter_domain);
void hash_evidence(Reading& reading);

}  // namespace abate::reading
