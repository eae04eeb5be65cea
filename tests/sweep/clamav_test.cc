// SPDX-License-Identifier: Apache-2.0
// ClamAV's signatures: hashes from long and short lists, hex patterns with their offsets and targets.
#include "sweep/host/rules/clamav.h"

#include <filesystem>
#include <fstream>
#include <random>

#include <gtest/gtest.h>

#include "base/hash.h"
#include "sweep/host/rules/rule_set.h"

namespace abate::sweep {
namespace {

class ClamAv : public testing::Test {
 protected:
  ClamAv() { std::filesystem::create_directories(folder_); }
  ~ClamAv() override { std::filesystem::remove_all(folder_); }
  void write(const std::string& name, std::string_view text) const {
    std::ofstream{folder_ / name, std::ios::binary} << text;
  }
  static std::string hits(const ContentRules& rules, std::string_view bytes) {
    std::string names;
    for (const RuleHit& hit : rules.scan({.path = "/x", .bytes = bytes, .size = bytes.size(), .md5 = {}}))
      names += hit.rule + " ";
    return names;
  }
  std::filesystem::path folder_ =
      std::filesystem::temp_directory_path() / fmt::format("abate-clamav-{}", std::random_device{}());
  Notes notes_;
};

TEST_F(ClamAv, hashes_name_a_file_of_their_size) {
  write("a.hdb",
        "900150983cd24fb0d6963f7d28e17f72:3:Test.Abc\n900150983cd24fb0d6963f7d28e17f72:4:Test.Wrong\nrubbish\n");
  write("b.hsb", sha256_hex("other") + ":*:Test.Other\n");
  const auto rules = load_rules(folder_.string(), folder_.string(), notes_);
  ASSERT_TRUE(rules) << rules.error().what;
  EXPECT_EQ(hits(**rules, "abc"), "Test.Abc ");
  EXPECT_EQ(hits(**rules, "other"), "Test.Other ");
  EXPECT_EQ(hits(**rules, "abd"), "");
  ASSERT_EQ(notes_.all().size(), 1U);
  EXPECT_EQ(notes_.all().front().what, "1 signatures of ClamAV");
}

TEST_F(ClamAv, hex_patterns_keep_to_their_offset_and_target) {
  write("a.ndb",
        "Any:0:*:6e6565646c65\nAt:0:2:68656c6c6f\nShift:0:0,4:776f726c64\nEnd:0:EOF-3:656e64\nElf:6:*:626f74626f74\n"
        "Text:7:*:73686f757421\nWild:0:*:61623f3f{2-4}(6364|6566)*7a7a7a\nSection:1:S0+3:00112233\n");
  const auto rules = load_rules(folder_.string(), folder_.string(), notes_);
  ASSERT_TRUE(rules) << rules.error().what;
  EXPECT_EQ(hits(**rules, "a needle"), "Any ");
  EXPECT_EQ(hits(**rules, "..hello"), "At ");
  EXPECT_EQ(hits(**rules, "...hello"), "");
  EXPECT_EQ(hits(**rules, "1234world"), "Shift ");
  EXPECT_EQ(hits(**rules, "12345world"), "");
  EXPECT_EQ(hits(**rules, "the end"), "End ");
  EXPECT_EQ(hits(**rules, "the end."), "");
  EXPECT_EQ(hits(**rules,
                 "\x7f"
                 "ELF botbot"),
            "Elf ");
  EXPECT_EQ(hits(**rules, "botbot"), "");
  EXPECT_EQ(hits(**rules, "SHOUT!"), "Text ");
  EXPECT_EQ(notes_.all().size(), 1U);
}

TEST_F(ClamAv, a_long_list_is_sorted_in_a_file_and_each_hash_found) {
  HashList list{folder_.string()};
  std::mt19937_64 random{7};
  std::vector<HashRecord> records(3 * HashList::kRunRecords + 17);
  for (HashRecord& record : records) {
    for (std::uint8_t& byte : record.digest) byte = static_cast<std::uint8_t>(random());
    record.size = random() % 3 == 0 ? HashRecord::kAnySize : 5;
    record.where = random();
    ASSERT_TRUE(list.add(record));
  }
  ASSERT_TRUE(list.finish());
  for (std::size_t at = 0; at < records.size(); at += 97) EXPECT_EQ(list.find(records[at].digest, 5), records[at]);
  EXPECT_FALSE(list.find({}, 5));
  HashRecord turned = records[5];
  turned.digest[15] ^= 1;
  EXPECT_FALSE(list.find(turned.digest, 5));
  EXPECT_TRUE(std::filesystem::is_empty(folder_));
}

}  // namespace
}  // namespace abate::sweep
