// SPDX-License-Identifier: Apache-2.0
// reply/redact.h — takes out of what leaves the server what is nobody else's business: secrets, and data of third
// parties. What goes to the desk went through here; what stays in a file of the customer's (`--json`) did not.
//
//   Redactor redactor{own_domains(host), known_secrets(*host.tree, secret_sources(host, findings))};
//   redactor.text("pass=hunter2 for eve@example.org")   // "pass=[secret] for [someone]@example.org"
//
// Taken out: values of what is called a password, secret, token, key, cookie or the like; passwords in URLs; hashes of
// passwords (crypt, PHPass, Dovecot schemes, Argon2); private keys; tokens known by their form (JWT, AWS, GitHub,
// GitLab, Slack, Stripe, our own), and what looks like one in a URL's query; numbers of payment cards; who is before
// the
// @ of a mail address, but at the server's own domains, and the password that stands behind it; and wherever they stand
// the secrets that are known (reply/known_secrets.h), also the beginning of one where the text was cut. Kept: paths,
// account names of this server, network addresses: without them nobody could follow. It errs on the side of taking too
// much. Of secrets that are not known it knows forms, not meanings: one in plain prose stays, so what is sent is shown
// first. Not thread-safe: it counts.
#pragma once

#include <cstdint>
#include <set>
#include <string>
#include <string_view>
#include <vector>

#include <boost/json/object.hpp>

#include "sweep/kit/host.h"

namespace abate::reply {

// The server's own: its name, its sites, what the ticket names. "example.org" stands for all beneath it.
std::set<std::string, std::less<>> own_domains(const sweep::Host& host);

class Redactor {
 public:
  explicit Redactor(std::set<std::string, std::less<>> own_domains, std::vector<std::string> known = {});

  std::string text(std::string_view text);
  // "abate.reply/1" as it is sent: each text redacted, of each finding at most kEvidenceLinesSent lines of evidence and
  // no leads, each proof's hash made anew over what it says now.
  boost::json::object form(const boost::json::object& form);
  [[nodiscard]] std::uint32_t taken() const { return taken_; }  // pieces taken out so far

 private:
  std::string take(std::string_view what);
  std::string without_known(std::string_view text);

  std::set<std::string, std::less<>> own_;
  std::vector<std::string> known_;  // the longest first
  std::uint32_t taken_ = 0;
};

struct NamedValue {  // of what is called a password, a key or the like, in any configuration or program
  std::string_view value;
  bool is_quoted = false;
};
std::vector<NamedValue> named_secrets(std::string_view text);

constexpr std::size_t kEvidenceLinesSent = 3;
constexpr std::size_t kEvidenceBytesSent = 300;  // of a line

}  // namespace abate::reply
