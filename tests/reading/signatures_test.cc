// SPDX-License-Identifier: Apache-2.0
#include "reading/signatures.h"

#include <algorithm>

#include <gtest/gtest.h>

#include "base/hash.h"
#include "reading/read.h"

namespace abate::reading {
namespace {

// A signature packet of version 4 whose second area names the issuer.
std::string armour() {
  const std::string issuer{"\x09\x10\x01\x23\x45\x67\x89\xab\xcd\xef", 10};
  const std::string body = std::string("\x04\x01\x01\x08\x00\x00\x00\x0a", 8) + issuer + "\xaa\xbb";
  const std::string packet = std::string("\xc2") + static_cast<char>(body.size()) + body;
  return "-----BEGIN PGP SIGNATURE-----\nVersion: x\n\n" + base64_encode(packet) +
         "\n=abcd\n-----END PGP SIGNATURE-----\n";
}

bool notes(const Reading& reading, std::string_view words) {
  return std::ranges::any_of(reading.warnings,
                             [&](const std::string& each) { return each.find(words) != std::string::npos; });
}

TEST(Signatures, name_the_key_that_they_claim) {
  EXPECT_EQ(issuer_of(armour()), "0123456789ABCDEF");
  EXPECT_EQ(issuer_of("-----BEGIN PGP SIGNATURE-----\n\nAAAA\n"), "");
  for (std::size_t size = 0; size < armour().size(); ++size) (void)issuer_of(armour().substr(0, size));
}

TEST(Signatures, are_recorded_and_prove_nothing) {
  const std::string head =
      "From: a@watch.example\nSubject: SSH brute force\nMIME-Version: 1.0\nContent-Type: multipart/signed; "
      "protocol=\"application/pgp-signature\"; boundary=b\n\n--b\nContent-Type: text/plain\n\nSSH brute force from "
      "192.0.2.7 on 2026-03-01 12:00:00 UTC\n--b\nContent-Type: application/";
  const Reading pgp = read_unhashed(head + "pgp-signature\n\n" + armour() + "--b--\n", "message/rfc822", "");
  EXPECT_EQ(pgp.incidents.size(), 1U);
  EXPECT_TRUE(notes(pgp, "PGP signature that claims to be by the key 0123456789ABCDEF; it was not verified"));
  EXPECT_EQ(pgp.reporter.authenticated, "none");
  const Reading smime = read_unhashed(head + "pkcs7-signature\n\nAAAA\n--b--\n", "message/rfc822", "");
  EXPECT_TRUE(notes(smime, "S/MIME signature; it was not verified"));
  EXPECT_EQ(smime.reporter.authenticated, "none");
}

TEST(Signatures, are_seen_around_a_text) {
  const Reading reading = read_unhashed(
      "From: a@watch.example\nSubject: x\n\n-----BEGIN PGP SIGNED MESSAGE-----\nHash: SHA256\n\nSSH brute force from "
      "192.0.2.7\n" +
          armour(),
      "message/rfc822", "");
  EXPECT_TRUE(notes(reading, "0123456789ABCDEF"));
  EXPECT_FALSE(
      notes(read_unhashed("From: a@watch.example\n\nSSH attack from 192.0.2.7\n", "message/rfc822", ""), "signature"));
}

}  // namespace
}  // namespace abate::reading
