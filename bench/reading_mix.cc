// SPDX-License-Identifier: Apache-2.0
#include "reading_mix.h"

#include "arf_mails.h"

namespace abate::bench {
namespace {

constexpr std::size_t kMailsOfAFeed = 500;

class Dice {
 public:
  unsigned below(unsigned most) { return static_cast<unsigned>(engine_() % most); }
  std::string ip() { return fmt::format("{}.{}.{}.{}", 11 + below(80), below(256), below(256), 1 + below(254)); }

 private:
  std::mt19937 engine_{11};
};

std::string head(Dice& dice, std::string_view subject) {
  return fmt::format(
      "Received: from mx.example.org (mx.example.org [198.51.100.9]) by in.hoster.example with ESMTPS;\r\n\tMon, 2 Mar "
      "2026 10:{:02}:{:02} +0000\r\nFrom: Reports <reports@example.org>\r\nTo: abuse@hoster.example\r\nDate: Mon, 2 "
      "Mar "
      "2026 10:00:00 +0000\r\nMessage-ID: <{}@example.org>\r\nSubject: {}\r\nMIME-Version: 1.0\r\n",
      dice.below(60), dice.below(60), dice.below(1U << 30), subject);
}

std::string xarf(Dice& dice) {
  const std::string json = fmt::format(
      R"({{"xarf_version":"4.0.0","report_id":"550e8400-e29b-41d4-a716-44665544{:04x}","timestamp":"2026-03-02T09:{:02}:{:02}Z",)"
      R"("reporter":{{"org":"Example","contact":"abuse@example.org","domain":"example.org"}},)"
      R"("sender":{{"org":"Example","contact":"abuse@example.org","domain":"example.org"}},)"
      R"("source_identifier":"{}","source_port":{},"category":"connection","type":"login_attack",)"
      R"("first_seen":"2026-03-02T09:00:00Z","protocol":"tcp","destination_ip":"198.51.100.7","destination_port":22,)"
      R"("evidence_source":"honeypot","description":"attempts: {}"}})",
      dice.below(65536), dice.below(60), dice.below(60), dice.ip(), 1024 + dice.below(60000), dice.below(5000));
  return head(dice, "XARF report") +
         "Content-Type: multipart/mixed; boundary=x1\r\n\r\n--x1\r\nContent-Type: "
         "text/plain\r\n\r\nFeedback-Type: xarf\r\nUser-Agent: X/1\r\nVersion: 1\r\n--x1\r\nContent-Type: "
         "application/json; name=\"xarf.json\"\r\n\r\n" +
         json + "\r\n--x1--\r\n";
}

std::string words(Dice& dice) {
  const std::string source = dice.ip();
  std::string mail = head(dice, "Abuse from " + source) + "Content-Type: text/plain; charset=utf-8\r\n\r\nDear abuse " +
                     "team,\r\n\r\nyour server " + source + " attacks ours. Please stop it; times are UTC.\r\n\r\n";
  for (unsigned i = 4 + dice.below(40); i > 0; --i)
    mail += fmt::format("Mar  2 09:{:02}:{:02} web1 sshd[{}]: Failed password for root from {} port {} ssh2\r\n",
                        59 - i, dice.below(60), 1000 + dice.below(30000), source, 1024 + dice.below(60000));
  return mail + "\r\nRegards,\r\nthe victims\r\n";
}

std::string feed(Dice& dice) {
  std::string out = "\"timestamp\",\"ip\",\"port\",\"protocol\",\"hostname\",\"tag\",\"asn\",\"geo\",\"infection\"\n";
  for (std::size_t i = 0; i < kRowsOfAFeed; ++i)
    out += fmt::format(
        "\"2026-03-{:02} {:02}:{:02}:{:02}\",\"{}\",\"{}\",\"tcp\",\"host{}.example.org\",\"tag{}\",64500,ZZ,"
        "family{}\n",
        1 + dice.below(2), dice.below(24), dice.below(60), dice.below(60), dice.ip(), 1 + dice.below(65535), i, i % 7,
        dice.below(3));
  return out;
}

}  // namespace

std::vector<MixedReport> mixed_reports(std::size_t mails) {
  Dice dice;
  ArfMails feedback(42);
  std::vector<MixedReport> all;
  for (std::size_t i = 0; i < mails; ++i) {
    if (i % kMailsOfAFeed == 0) all.push_back({feed(dice), false, kRowsOfAFeed});
    const unsigned kind = dice.below(100);
    all.push_back({kind < 70 ? feedback.next().bytes : kind < 80 ? xarf(dice) : words(dice)});
  }
  return all;
}

}  // namespace abate::bench
