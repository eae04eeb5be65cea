// SPDX-License-Identifier: Apache-2.0
// tests/reading/signed_mail.h — signs mails as a reporter's mail server does: RSA made for this run, libopendkim.
#pragma once

#include <string>

namespace abate::testing {

class Signer {
 public:
  explicit Signer(unsigned bits = 2048);
  // The mail with a DKIM-Signature field on top; `mail` has CRLF line ends.
  [[nodiscard]] std::string sign(const std::string& mail, const std::string& domain, const std::string& selector,
                                 long signed_bytes = -1) const;
  [[nodiscard]] const std::string& record() const { return record_; }  // what DNS holds for it

 private:
  std::string key_;  // PEM
  std::string record_;
};

}  // namespace abate::testing
