// SPDX-License-Identifier: Apache-2.0
#include "desk/authenticate.h"

#include "desk/desk_fixture.h"

namespace abate::desk {
namespace {

class Authenticated : public DeskTest {
 protected:
  // A mail that wants `names`, brought and read; what is known of its reporter then.
  Reporter arrives(std::vector<std::string> names, const std::string& api = "none") {
    reader_.next = {};
    reader_.next.format = "mail";
    reader_.next.mail.emplace();
    reader_.next.names_wanted = std::move(names);
    reader_.next.reporter.authenticated = api;
    NewArrival arrival;
    arrival.bytes = "signed mail " + std::to_string(++mails_);
    const Result<Kept> kept = intake_->accept_and_wait(std::move(arrival));
    EXPECT_TRUE(kept && ReadLine::read_some(*desk_, reader_, &resolver_, "test"));
    const Result<Report> report = see_report(*desk_, lead_, kept->report_id);
    EXPECT_TRUE(report);
    return report ? report->reading.reporter : Reporter{};
  }

 private:
  int mails_ = 0;
};

TEST_F(Authenticated, a_proof_and_its_key_are_kept_with_the_report) {
  const DnsText key{"sel._domainkey.example.org", "v=DKIM1; p=AAAA"};
  resolver_.zone = {key, {"other._domainkey.example.com", "not asked for by this report"}};
  reader_.proof.reporter.authenticated = "dkim:example.org";
  reader_.proof.reporter.keys = {key};
  const Reporter reporter = arrives({key.name, "_dmarc.example.org"});
  EXPECT_EQ(reporter.authenticated, "dkim:example.org");
  EXPECT_EQ(reporter.keys, std::vector<DnsText>{key});
  EXPECT_EQ(resolver_.asked, (std::vector<std::string>{"_dmarc.example.org", key.name}));
  ASSERT_EQ(reader_.witnesses.size(), 1U);
  EXPECT_EQ(reader_.witnesses[0].records, std::vector<DnsText>{key}) << "only what it wanted";
}

TEST_F(Authenticated, nothing_is_asked_where_a_token_said_who_it_is_or_nothing_is_signed) {
  EXPECT_EQ(arrives({"sel._domainkey.example.org"}, "api:example.org").authenticated, "api:example.org");
  EXPECT_EQ(arrives({}).authenticated, "none");
  EXPECT_TRUE(resolver_.asked.empty());
  EXPECT_TRUE(reader_.witnesses.empty());
}

TEST_F(Authenticated, our_own_mail_servers_findings_are_judged_without_dns) {
  Provider provider = *desk_->provider.load();
  provider.trusted_authserv = {"mx.example.net"};
  desk_->provider.store(std::make_shared<const Provider>(provider));
  reader_.proof.reporter.authenticated = "dmarc:example.org";
  EXPECT_EQ(arrives({}).authenticated, "dmarc:example.org");
  EXPECT_TRUE(resolver_.asked.empty());
  ASSERT_EQ(reader_.witnesses.size(), 1U);
  EXPECT_EQ(reader_.witnesses[0].trusted, provider.trusted_authserv);
}

}  // namespace
}  // namespace abate::desk
