// SPDX-License-Identifier: Apache-2.0
// What is too much ends at a limit, and a warning names the limit. Bombs of XML and YAML: forms_test.cc; of archives:
// table_test.cc; nesting and charsets: message_test.cc; JSON: json_test.cc.
#include <cstdlib>

#include <gtest/gtest.h>
#include <sys/resource.h>

#include "base/text.h"
#include "reading/prose/prose.h"
#include "reading/read.h"

namespace abate::reading {
namespace {

bool speaks_of(const Reading& reading, std::string_view words) {
  return std::ranges::any_of(reading.warnings,
                             [&](const std::string& sentence) { return contains_ignoring_case(sentence, words); });
}

std::string mail_of(std::size_t bytes) {
  std::string mail =
      "From: ann@victim.example\nSubject: SSH brute force from 192.0.2.7\nMIME-Version: 1.0\nContent-Type: "
      "multipart/mixed; boundary=b\n\n--b\nContent-Type: text/plain\n\nYour server 192.0.2.7 attacks us.\n--b\n"
      "Content-Type: text/plain; name=log.txt\n\n";
  const std::string line = "2026-10-10T10:00:00Z sshd[1]: Failed password for root from 192.0.2.7 port 22 ssh2\n";
  mail.reserve(mail.size() + bytes + 200);
  while (mail.size() < bytes) mail += line;
  mail += "--b--\n";
  return mail;
}

std::size_t peak_bytes() {
  rusage usage{};
  getrusage(RUSAGE_SELF, &usage);
  return static_cast<std::size_t>(usage.ru_maxrss) * 1'024;
}

// 500 MB in the long tier; the parser sees all of it, the reading its limits.
TEST(Limits, a_huge_mail_is_cut_and_said) {
  const bool whole = std::getenv("ABATE_LONG") != nullptr;
  const std::string mail = mail_of(whole ? std::size_t{500} << 20 : kPartBytesMax + 4'000'000);
  const std::size_t before = peak_bytes();
  const Reading reading = read_unhashed(mail, "message/rfc822", "");
  EXPECT_LT(peak_bytes() - before, 4 * kPartBytesMax) << "beside the mail itself";
  ASSERT_EQ(reading.incidents.size(), 1U);
  EXPECT_LE(reading.incidents[0].evidence[0].bytes.size(), kEvidenceBytesMax);
  EXPECT_TRUE(speaks_of(reading, fmt::format("larger than {} bytes", kPartBytesMax)));
  EXPECT_TRUE(speaks_of(reading, fmt::format("first {} bytes of the text", prose::kProseBytesMax)));
}

TEST(Limits, a_notice_with_more_pages_than_are_taken_ends) {
  std::string mail = "From: a@brand.example\nSubject: Phishing\n\nPhishing pages on your servers:\n";
  for (std::size_t i = 0; i < prose::kUrlsMax + 500; ++i) mail += fmt::format("hxxp://p{}.bad[.]example/x\n", i);
  const Reading reading = read_unhashed(mail, "message/rfc822", "");
  EXPECT_EQ(reading.incidents.size(), prose::kUrlsMax);
}

}  // namespace
}  // namespace abate::reading
