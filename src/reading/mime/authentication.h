// SPDX-License-Identifier: Apache-2.0
// reading/mime/authentication.h — who really wrote a mail: DKIM signatures (RFC 6376, libopendkim) that are aligned
// with From as DMARC wants (RFC 7489 section 3.1), and what the provider's own mail server found (RFC 8601).
//
//   names_wanted(mail)               // {"sel._domainkey.example.org", "_dmarc.example.org"}
//   prove(mail, {records, trusted})  // authenticated = "dkim:example.org"
//
// Two steps, because a reader has no network: the desk asks DNS between them. A signature counts when it verifies over
// the whole body (no l= that leaves a tail to anybody), its key has kKeyBitsMin bits and is no test key, and its domain
// is aligned with the only address of the only From field: the same organisational domain (libpsl's built-in list), or
// exactly the same where the _dmarc record says adkim=s. Authentication-Results counts only where its authserv-id is
// one that the provider trusts, and only above the first Received field but one: below stands what others may have
// written.
//
// SECURITY: bytes, records and results are hostile; libopendkim opens nothing here, its look-ups are answered from
// `records`. Pure but for the clock (a signature may have expired). Thread-safe.
#pragma once

#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "model/report.h"

namespace abate::reading {

constexpr std::size_t kSignaturesMax = 4;  // of one mail; further ones are not looked at
constexpr std::size_t kNamesWantedMax = 8;
constexpr unsigned kKeyBitsMin = 1'024;  // RFC 8301

struct Proof {
  std::string authenticated = "none";
  std::vector<DnsText> keys;          // the record that verified it
  std::vector<std::string> warnings;  // "The signature of example.org does not verify: ..."
};

std::vector<std::string> names_wanted(std::string_view mail);
Proof prove(std::string_view mail, const Witnesses& witnesses);

// Lets libopendkim and OpenSSL load what they need, before a worker shuts itself in; for this thread.
void warm_authentication();

// "a.b.example.co.uk" and "example.co.uk": one organisation. Exposed for its test.
bool same_organisation(std::string_view one, std::string_view other);

}  // namespace abate::reading
