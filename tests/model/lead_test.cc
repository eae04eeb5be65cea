// SPDX-License-Identifier: Apache-2.0
#include "model/lead.h"

#include <gtest/gtest.h>

namespace abate {
namespace {

Incident incident_with(std::string evidence) {
  Incident incident;
  incident.category = Category::spam;
  incident.source_ip = parse_ip("203.0.113.10").value();
  incident.started_at = parse_rfc3339("2026-10-30T08:00:00Z").value();
  incident.evidence.push_back({"text/plain", "", std::move(evidence), "", std::nullopt});
  return incident;
}

std::vector<std::string> texts(const std::vector<Lead>& leads) {
  std::vector<std::string> all;
  for (const Lead& lead : leads) all.push_back(lead.text());
  return all;
}

TEST(Lead, headers_of_a_reported_mail_become_leads) {
  const std::vector<std::string> leads = texts(leads_of(
      {incident_with("> Received: from mx (unknown [203.0.113.10]) by mx.example.net with ESMTP; now\r\n"
                     "> Received: by mail.example.org (Postfix, from userid 33)\r\n>\tid 4XyZ12abC; Mon, 1 Jan 2026\r\n"
                     "> X-PHP-Originating-Script: 33:mail.php(12) : eval()'d code\r\n> Message-Id: "
                     "<a.b@example.org>\r\n> Subject: Invoice\r\n\r\nbody id 123456789\r\n")}));
  for (const std::string_view wanted :
       {"address:203.0.113.10", "queue_id:4XyZ12abC", "user:uid 33", "message_id:a.b@example.org", "subject:Invoice",
        "script:33:mail.php(12) : eval()'d code"})
    EXPECT_NE(std::ranges::find(leads, wanted), leads.end()) << wanted;
  EXPECT_EQ(std::ranges::find(leads, "queue_id:123456789"), leads.end());
}

TEST(Lead, a_url_gives_its_domain_and_path) {
  Incident incident;
  incident.url = "http://User@Shop.Example.org:8080/a/b.php?x=1";
  const std::vector<std::string> leads = texts(leads_of({incident}));
  EXPECT_NE(std::ranges::find(leads, "domain:shop.example.org"), leads.end());
  EXPECT_NE(std::ranges::find(leads, "path:/a/b.php"), leads.end());
}

TEST(Case, log_lines_that_are_days_older_than_the_stamp_are_the_time_of_the_harm) {
  const Case old = case_of("", {incident_with("2026-10-12T03:41:10Z sshd: a\n2026-10-12T03:41:13Z sshd: b")});
  EXPECT_EQ(format_rfc3339(old.span->begin), "2026-10-12T03:41:10Z");
  EXPECT_EQ(format_rfc3339(old.span->end), "2026-10-12T03:41:13Z");
  const Case fresh = case_of("", {incident_with("2026-10-30T07:59:00Z sshd: a\n2026-10-12T03:41:13Z first")});
  EXPECT_EQ(format_rfc3339(fresh.span->begin), "2026-10-30T08:00:00Z");
}

}  // namespace
}  // namespace abate
