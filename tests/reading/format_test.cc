// SPDX-License-Identifier: Apache-2.0
#include "reading/format.h"

#include <set>

#include <gtest/gtest.h>

#include "base/text.h"
#include "reading/read.h"

namespace abate::reading {
namespace {

bool all_valid(const Reading& reading) {
  bool valid = is_valid_utf8(reading.reporter.address) && is_valid_utf8(reading.reporter.name.value_or(""));
  for (const std::string& sentence : reading.warnings) valid = valid && is_valid_utf8(sentence);
  for (const Incident& incident : reading.incidents) {
    valid = valid && is_valid_utf8(incident.type) && is_valid_utf8(incident.url.value_or("")) &&
            is_valid_utf8(incident.domain.value_or("")) && is_valid_utf8(incident.protocol.value_or("")) &&
            is_valid_utf8(incident.read_from) && is_valid_utf8(incident.read_text) &&
            incident.read_text.size() <= kReadTextBytesMax;
    for (const std::string& reason : incident.reasons) valid = valid && is_valid_utf8(reason);
    for (const Evidence& evidence : incident.evidence)
      valid = valid && is_valid_utf8(evidence.content_type) && is_valid_utf8(evidence.description);
  }
  if (reading.mail)
    valid = valid && is_valid_utf8(reading.mail->text) && is_valid_utf8(reading.mail->subject) &&
            is_valid_utf8(reading.mail->from_address) && is_valid_utf8(reading.mail->from_name);
  return valid;
}

bool ranges_hold(const Reading& reading, std::string_view bytes) {
  for (const Incident& incident : reading.incidents) {
    if (incident.read_range && incident.read_range->offset + incident.read_range->length > bytes.size()) return false;
    for (const Evidence& evidence : incident.evidence)
      if (evidence.range && (evidence.range->offset + evidence.range->length > bytes.size() ||
                             bytes.substr(evidence.range->offset, evidence.range->length) != evidence.bytes))
        return false;
  }
  return true;
}

TEST(Formats, have_a_name_of_their_own_and_a_manual) {
  std::set<std::string_view> names;
  for (const Format* format : formats()) {
    EXPECT_TRUE(names.insert(format->name).second) << format->name;
    EXPECT_FALSE(format->title.empty()) << format->name;
    EXPECT_GT(format->explain.size(), 60U) << format->name;
    EXPECT_GE(format->examples.size(), 2U) << format->name;
  }
  EXPECT_TRUE(names.contains("arf"));
  EXPECT_TRUE(names.contains("xarf4"));
}

TEST(Formats, hold_their_examples) {
  for (const Format* format : formats())
    for (const Example& example : format->examples) {
      SCOPED_TRACE(fmt::format("{}: {}", format->name, example.title));
      const Reading reading = read_report(example.bytes, example.content_type, "");
      EXPECT_EQ(reading.format, format->name);
      const Input input(example.bytes, example.content_type, "");
      for (const Format* each : formats()) EXPECT_LE(each->recognise(input), each->sure_max) << each->name;
      EXPECT_EQ(reading.outcome, example.outcome);
      ASSERT_EQ(reading.incidents.size(), example.incidents);
      EXPECT_TRUE(all_valid(reading));
      EXPECT_TRUE(ranges_hold(reading, example.bytes));
      if (reading.incidents.empty()) continue;
      const Incident& first = reading.incidents.front();
      EXPECT_EQ(first.type, example.type);
      EXPECT_EQ(first.source_ip ? first.source_ip->to_string() : "", example.source_ip);
    }
}

TEST(Formats, survive_their_examples_cut_off_at_every_byte) {
  for (const Format* format : formats())
    for (const Example& example : format->examples)
      for (std::size_t size = 0; size < example.bytes.size(); ++size) {
        const std::string cut(example.bytes.substr(0, size));  // its own end, so that a sanitizer sees reading past it
        const Reading reading = read_unhashed(cut, example.content_type, "");
        ASSERT_TRUE(all_valid(reading)) << format->name << " " << example.title << " " << size;
        ASSERT_TRUE(ranges_hold(reading, cut)) << format->name << " " << example.title << " " << size;
      }
}

}  // namespace
}  // namespace abate::reading
