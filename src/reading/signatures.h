// SPDX-License-Identifier: Apache-2.0
// reading/signatures.h — signatures by PGP and S/MIME that a mail bears: recorded, never verified and never trusted by
// their text. What they claim proves nothing: Reporter::authenticated stays as it is.
//
// SECURITY: packets are hostile; only the first of a signature is looked at, at most kArmourBytesMax of it. Pure.
#pragma once

#include <string>
#include <string_view>
#include <vector>

#include "reading/input.h"

namespace abate::reading {

constexpr std::size_t kArmourBytesMax = 64 * 1024;
constexpr std::size_t kSignaturesNotedMax = 5;

// A sentence for each, as a warning: "The mail bears a PGP signature that claims to be by the key 0123456789ABCDEF; it
// was not verified".
std::vector<std::string> signature_notes(const Input& input);

// The key that the packet of a PGP signature (RFC 4880 section 5.2, RFC 9580) names as its issuer, in capital
// hexadecimal digits; "" where none is named. `armour`: from "-----BEGIN PGP SIGNATURE-----" on.
std::string issuer_of(std::string_view armour);

}  // namespace abate::reading
