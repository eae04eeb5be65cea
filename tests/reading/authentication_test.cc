// SPDX-License-Identifier: Apache-2.0
#include "reading/mime/authentication.h"

#include <algorithm>

#include <gtest/gtest.h>

#include "base/text.h"
#include "reading/read.h"
#include "reading/signed_mail.h"

namespace abate::reading {
namespace {

constexpr std::string_view kMail =
    "From: Feedback Loop <fbl@mail.example.org>\r\nTo: abuse@hoster.example\r\nSubject: complaint\r\n"
    "Date: Mon, 23 Nov 2026 09:00:00 +0000\r\n\r\nSpam came from 192.0.2.1.\r\nPlease look.\r\n";

const testing::Signer& signer() {
  static const testing::Signer the_signer;
  return the_signer;
}

std::string signed_mail(const std::string& domain, std::string mail = std::string{kMail}) {
  return signer().sign(mail, domain, "sel", -1);
}

Witnesses zone(const std::string& domain, std::vector<DnsText> more = {}) {
  Witnesses out{.records = std::move(more), .trusted = {}};
  out.records.push_back({"sel._domainkey." + domain, signer().record()});
  return out;
}

std::string replaced(std::string text, std::string_view what, std::string_view by) {
  const std::size_t at = text.find(what);
  EXPECT_NE(at, text.npos) << what;
  return text.replace(at, what.size(), by);
}

TEST(Authentication, a_signature_of_the_authors_domain_proves_it_and_keeps_the_key) {
  const Proof proof = prove(signed_mail("mail.example.org"), zone("mail.example.org"));
  EXPECT_EQ(proof.authenticated, "dkim:mail.example.org");
  EXPECT_EQ(proof.keys, (std::vector<DnsText>{{"sel._domainkey.mail.example.org", signer().record()}}));
  EXPECT_TRUE(proof.warnings.empty());
}

TEST(Authentication, one_organisation_is_aligned_unless_its_policy_is_strict) {
  const std::string mail = signed_mail("example.org");
  EXPECT_EQ(prove(mail, zone("example.org")).authenticated, "dkim:example.org");
  const Proof strict = prove(mail, zone("example.org", {{"_dmarc.example.org", "v=DMARC1; p=reject; adkim=s"}}));
  EXPECT_EQ(strict.authenticated, "none");
  ASSERT_EQ(strict.warnings.size(), 1U);
  EXPECT_EQ(strict.warnings[0], "The DKIM signature of example.org verifies, but From is of mail.example.org");
}

TEST(Authentication, a_valid_signature_of_somebody_else_proves_nothing) {
  EXPECT_EQ(prove(signed_mail("evil.test"), zone("evil.test")).authenticated, "none");
  // Two registrants beneath one public suffix are not one organisation.
  EXPECT_FALSE(same_organisation("evil.co.uk", "bank.co.uk"));
  EXPECT_TRUE(same_organisation("a.bank.co.uk", "b.bank.co.uk"));
}

TEST(Authentication, what_was_changed_on_the_way_proves_nothing_and_is_said) {
  const std::string mail = signed_mail("mail.example.org");
  const Proof body = prove(replaced(mail, "192.0.2.1", "192.0.2.9"), zone("mail.example.org"));
  EXPECT_EQ(body.authenticated, "none");
  ASSERT_EQ(body.warnings.size(), 1U);
  EXPECT_EQ(body.warnings[0], "The DKIM signature of mail.example.org does not verify (the body was changed)");
  EXPECT_EQ(prove(replaced(mail, "complaint", "compliment"), zone("mail.example.org")).authenticated, "none");
  const testing::Signer other;
  Witnesses wrong{.records = {{"sel._domainkey.mail.example.org", other.record()}}, .trusted = {}};
  EXPECT_EQ(prove(mail, wrong).authenticated, "none") << "another key";
  EXPECT_EQ(prove(mail, {}).authenticated, "none") << "no key at all";
}

TEST(Authentication, the_line_ends_of_a_maildir_do_not_break_it) {
  std::string mail = signed_mail("mail.example.org");
  std::erase(mail, '\r');
  EXPECT_EQ(prove(mail, zone("mail.example.org")).authenticated, "dkim:mail.example.org");
  EXPECT_EQ(prove("From x@y Mon Nov 23 09:00:00 2026\n" + mail, zone("mail.example.org")).authenticated,
            "dkim:mail.example.org");
}

TEST(Authentication, a_signature_that_leaves_a_tail_open_proves_nothing) {
  const std::string mail = signer().sign(std::string{kMail}, "mail.example.org", "sel", 10);
  ASSERT_NE(mail.find("l=10"), mail.npos);
  const Proof proof = prove(mail, zone("mail.example.org"));
  EXPECT_EQ(proof.authenticated, "none");
  ASSERT_FALSE(proof.warnings.empty());
  EXPECT_NE(proof.warnings[0].find("l="), std::string::npos) << proof.warnings[0];
}

TEST(Authentication, several_authors_are_nobody) {
  const std::string two = replaced(std::string{kMail}, "<fbl@mail.example.org>", "<fbl@mail.example.org>, a@evil.test");
  EXPECT_EQ(prove(signed_mail("mail.example.org", two), zone("mail.example.org")).authenticated, "none");
  const std::string again = "From: ceo@evil.test\r\n" + signed_mail("mail.example.org");
  EXPECT_EQ(prove(again, zone("mail.example.org")).authenticated, "none");
}

TEST(Authentication, a_short_key_proves_nothing) {
  const testing::Signer weak{768};
  const Witnesses known{.records = {{"sel._domainkey.mail.example.org", weak.record()}}, .trusted = {}};
  EXPECT_EQ(prove(weak.sign(std::string{kMail}, "mail.example.org", "sel"), known).authenticated, "none");
}

TEST(Authentication, names_are_asked_for_once_and_only_such_as_dns_could_hold) {
  EXPECT_EQ(
      names_wanted(signed_mail("mail.example.org")),
      (std::vector<std::string>{"sel._domainkey.mail.example.org", "_dmarc.mail.example.org", "_dmarc.example.org"}));
  EXPECT_TRUE(names_wanted(kMail).empty());
  const std::string bad =
      "DKIM-Signature: v=1; d=../../etc; s=passwd\r\nDKIM-Signature: d=; s=\r\n" + std::string{kMail};
  EXPECT_TRUE(names_wanted(bad).empty());
  std::string many;
  for (int i = 0; i < 50; ++i) many += fmt::format("DKIM-Signature: v=1; d=d{}.example; s=s\r\n", i);
  EXPECT_LE(names_wanted(many + std::string{kMail}).size(), kNamesWantedMax);
  EXPECT_EQ(read_report(signed_mail("mail.example.org"), "message/rfc822", "").names_wanted.size(), 3U);
  EXPECT_TRUE(read_report(signed_mail("mail.example.org"), "message/rfc822", "api.example").names_wanted.empty());
}

// ---- what the provider's own mail server found ----

std::string with_results(std::string_view results) {
  return fmt::format(
      "Authentication-Results: {}\r\nReceived: from mx by mx.hoster.example; Mon, 23 Nov 2026 09:00:00 +0000\r\n{}",
      results, kMail);
}
Witnesses trusting(std::string server) { return {.records = {}, .trusted = {std::move(server)}}; }

TEST(AuthenticationResults, count_where_the_server_is_ours_and_the_domain_is_aligned) {
  const Witnesses ours = trusting("mx.hoster.example");
  EXPECT_EQ(prove(with_results("mx.hoster.example; dkim=pass header.d=example.org header.s=a"), ours).authenticated,
            "dkim:example.org");
  EXPECT_EQ(prove(with_results("mx.hoster.example 1;\r\n dmarc=pass (p=none) header.from=mail.example.org"), ours)
                .authenticated,
            "dmarc:mail.example.org");
  EXPECT_EQ(prove(with_results("mx.hoster.example; spf=pass smtp.mailfrom=bounce@example.org"), ours).authenticated,
            "spf:example.org");
}

TEST(AuthenticationResults, are_not_believed_otherwise) {
  const Witnesses ours = trusting("mx.hoster.example");
  for (const char* results :
       {"mx.evil.test; dkim=pass header.d=example.org", "mx.hoster.example; dkim=fail header.d=example.org",
        "mx.hoster.example; dkim=pass header.d=evil.test", "mx.hoster.example; none",
        "mx.hoster.example; spf=fail (dkim=pass header.d=example.org) smtp.mailfrom=x.test",
        "mx.hoster.example (; dkim=pass header.d=example.org)"})
    EXPECT_EQ(prove(with_results(results), ours).authenticated, "none") << results;
  EXPECT_EQ(prove(with_results("mx.hoster.example; dkim=pass header.d=example.org"), {}).authenticated, "none");
  const std::string below = "Received: from a by mx.hoster.example; x\r\nReceived: from b by a; x\r\n" +
                            with_results("mx.hoster.example; dkim=pass header.d=example.org");
  EXPECT_EQ(prove(below, ours).authenticated, "none") << "written before our own server had it";
}

TEST(Authentication, no_cut_of_a_mail_does_harm) {
  const std::string mail = signed_mail("mail.example.org");
  const Witnesses known = zone("mail.example.org");
  const Witnesses ours = trusting("mx.hoster.example");
  for (std::size_t size = 0; size < mail.size(); size += 7) {
    EXPECT_EQ(prove(mail.substr(0, size), known).authenticated, "none") << size;
    names_wanted(mail.substr(size));
    prove(mail.substr(size), ours);
  }
}

}  // namespace
}  // namespace abate::reading
