// SPDX-License-Identifier: Apache-2.0
#include "worker/codec.h"

#include <random>

#include <gtest/gtest.h>

#include "reading/read.h"

namespace abate::worker {
namespace {

class Dice {
 public:
  explicit Dice(unsigned seed) : engine_{seed} {}
  std::size_t below(std::size_t bound) { return engine_() % bound; }
  bool coin() { return below(2) == 0; }
  std::string text() {
    static const std::string pieces[] = {"a", "é", "漢", " ", "\n", "x@example.org", "http://x.example/", "\x01"};
    std::string made;
    for (std::size_t i = below(12); i > 0; --i) made += pieces[below(8)];
    return made;
  }
  std::vector<std::string> texts() {
    std::vector<std::string> made(below(4));
    for (std::string& each : made) each = text();
    return made;
  }
  template <class Make>
  auto maybe(Make make) -> std::optional<decltype(make())> {
    if (coin()) return std::nullopt;
    return make();
  }
  IpAddress ip() {
    return coin() ? IpAddress::v4(static_cast<std::uint32_t>(engine_()))
                  : *parse_ip("2001:db8::" + std::to_string(below(9999)));
  }
  Instant time() { return from_micros(static_cast<std::int64_t>(engine_() % 4'000'000'000'000'000ULL)); }
  std::uint16_t port() { return static_cast<std::uint16_t>(below(65536)); }

 private:
  std::mt19937_64 engine_;
};

Incident random_incident(Dice& dice, const std::string& report) {
  Incident incident;
  incident.category = kCategories[dice.below(kCategories.size())];
  incident.type = dice.text();
  incident.source_ip = dice.maybe([&] { return dice.ip(); });
  incident.source_port = dice.maybe([&] { return dice.port(); });
  incident.destination_ip = dice.maybe([&] { return dice.ip(); });
  incident.destination_port = dice.maybe([&] { return dice.port(); });
  incident.protocol = dice.maybe([&] { return dice.text(); });
  incident.url = dice.maybe([&] { return dice.text(); });
  incident.domain = dice.maybe([&] { return dice.text(); });
  incident.started_at = dice.maybe([&] { return dice.time(); });
  incident.ended_at = dice.maybe([&] { return dice.time(); });
  incident.started_unzoned = dice.maybe([&] { return dice.time(); });
  incident.confidence = static_cast<double>(dice.below(1001)) / 1000;
  incident.count = static_cast<std::uint32_t>(dice.below(5000));
  for (std::size_t i = dice.below(3); i > 0; --i) {
    Evidence evidence{"text/plain", dice.text(), std::string("\0\xff", 2) + dice.text(), "", std::nullopt};
    if (dice.coin()) {
      const std::size_t offset = dice.below(report.size());
      evidence.range = ByteRange{offset, dice.below(report.size() - offset)};
      evidence.bytes = report.substr(offset, evidence.range->length);
    }
    incident.evidence.push_back(evidence);
  }
  incident.reasons = dice.texts();
  incident.read_from = dice.text();
  incident.read_range = dice.maybe([&] {
    const std::size_t offset = dice.below(report.size());
    return ByteRange{offset, dice.below(report.size() - offset)};
  });
  incident.read_text = dice.text();
  return incident;
}

Reading random_reading(Dice& dice, const std::string& report) {
  Reading reading;
  reading.format = dice.text();
  for (std::size_t i = dice.below(4); i > 0; --i) reading.incidents.push_back(random_incident(dice, report));
  reading.outcome = !reading.incidents.empty() ? Outcome::read
                    : dice.coin()              ? Outcome::unreadable
                                               : Outcome::not_a_report;
  reading.reporter = {dice.text(), dice.maybe([&] { return dice.text(); }), dice.text(), dice.coin()};
  reading.warnings = dice.texts();
  reading.mail = dice.maybe([&] {
    return MailFacts{dice.text(),
                     dice.text(),
                     dice.texts(),
                     dice.text(),
                     dice.text(),
                     dice.texts(),
                     dice.text(),
                     dice.coin(),
                     dice.maybe([&] { return Bounce{dice.text(), dice.text(), dice.text(), dice.text()}; })};
  });
  reading::hash_evidence(reading);
  return reading;
}

const std::string kReport(5'000, 'r');

TEST(Codec, gives_back_what_it_was_given) {
  Dice dice(7);
  for (int round = 0; round < 500; ++round) {
    const Reading reading = random_reading(dice, kReport);
    const auto encoded = encode_reading(reading);
    ASSERT_TRUE(encoded.has_value());
    const auto decoded = decode_reading(*encoded, kReport);
    ASSERT_TRUE(decoded.has_value()) << decoded.error().what;
    ASSERT_EQ(*decoded, reading) << round;
  }
}

TEST(Codec, refuses_an_answer_that_is_cut_off_or_too_long) {
  Dice dice(11);
  for (int round = 0; round < 20; ++round) {
    const std::string encoded = *encode_reading(random_reading(dice, kReport));
    for (std::size_t size = 0; size < encoded.size(); ++size)
      ASSERT_FALSE(decode_reading(std::string_view(encoded).substr(0, size), kReport).has_value()) << size;
    ASSERT_FALSE(decode_reading(encoded + "x", kReport).has_value());
  }
}

TEST(Codec, holds_what_the_model_allows_when_bytes_are_changed) {
  Dice dice(13);
  for (int round = 0; round < 20'000; ++round) {
    static const std::string original = *encode_reading(random_reading(dice, kReport));
    std::string changed = original;
    for (std::size_t i = 1 + dice.below(4); i > 0; --i)
      changed[dice.below(changed.size())] = static_cast<char>(dice.below(256));
    const auto decoded = decode_reading(changed, kReport);
    if (!decoded) continue;
    for (const Incident& incident : decoded->incidents) {
      ASSERT_GE(incident.confidence, 0);
      ASSERT_LE(incident.confidence, 1);
      ASSERT_LT(static_cast<std::size_t>(incident.category), kCategories.size());
      for (const Evidence& evidence : incident.evidence)
        if (evidence.range) {
          ASSERT_EQ(kReport.substr(evidence.range->offset, evidence.range->length), evidence.bytes);
        }
    }
  }
}

TEST(Codec, refuses_what_contradicts_itself) {
  Reading reading;
  reading.outcome = Outcome::read;
  EXPECT_FALSE(decode_reading(*encode_reading(reading), "").has_value());
  reading.outcome = Outcome::unreadable;
  EXPECT_TRUE(decode_reading(*encode_reading(reading), "").has_value());
  reading.warnings.push_back("\xff");
  EXPECT_FALSE(decode_reading(*encode_reading(reading), "").has_value());
}

TEST(Codec, refuses_a_range_outside_the_report) {
  Reading reading;
  reading.outcome = Outcome::read;
  reading.incidents.emplace_back();
  reading.incidents[0].evidence.push_back({"text/plain", "", "", "", ByteRange{3, 2}});
  EXPECT_TRUE(decode_reading(*encode_reading(reading), "12345").has_value());
  reading.incidents[0].evidence[0].range = ByteRange{4, 2};
  EXPECT_FALSE(decode_reading(*encode_reading(reading), "12345").has_value());
  reading.incidents[0].evidence[0].range = ByteRange{static_cast<std::size_t>(-1), 2};
  EXPECT_FALSE(decode_reading(*encode_reading(reading), "12345").has_value());
}

TEST(Codec, head_gives_back_what_it_was_given_and_refuses_nonsense) {
  const auto head = decode_head(encode_head({.content_type_bytes = 14, .domain_bytes = 3, .report_bytes = 52'428'800}));
  ASSERT_TRUE(head.has_value());
  EXPECT_EQ(head->report_bytes, 52'428'800U);
  EXPECT_FALSE(decode_head("12345678901234567890").has_value());
  EXPECT_FALSE(
      decode_head(encode_head({.content_type_bytes = 2'000, .domain_bytes = 0, .report_bytes = 0})).has_value());
}

}  // namespace
}  // namespace abate::worker
