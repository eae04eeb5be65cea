// SPDX-License-Identifier: Apache-2.0
#include "reading/rows/table.h"

#include <archive.h>
#include <archive_entry.h>
#include <gtest/gtest.h>

#include "reading/archive.h"
#include "reading/read.h"
#include "reading/rows/cells.h"

namespace abate::reading {
namespace {

Reading read_csv(std::string_view text) { return read_report(text, "text/csv", ""); }

std::vector<std::string> addresses(const Reading& reading) {
  std::vector<std::string> out;
  for (const Incident& incident : reading.incidents)
    out.push_back(incident.source_ip ? incident.source_ip->to_string() : "none");
  return out;
}

std::vector<std::string> cells(std::string_view row, char separator = ',') {
  Cells splitter;
  const auto& found = splitter.split(row, separator);
  return {found.begin(), found.end()};
}

using Strings = std::vector<std::string>;

TEST(Cells, follow_rfc_4180_and_what_really_comes) {
  EXPECT_EQ(cells("a,b,,d"), (Strings{"a", "b", "", "d"}));
  EXPECT_EQ(cells(R"("a, b","c ""d""", e )"), (Strings{"a, b", "c \"d\"", "e"}));
  EXPECT_EQ(cells(R"("a" , "b")"), (Strings{"a", "b"}));
  EXPECT_EQ(cells(R"(a",b)"), (Strings{"a\"", "b"}));
  EXPECT_EQ(cells(R"("a" x","b")"), (Strings{"a\" x", "b"})) << "a quote within that was not doubled";
  EXPECT_EQ(cells(R"("never closed,b)"), (Strings{"\"never closed", "b"}));
  EXPECT_EQ(cells(""), (Strings{""}));
  EXPECT_EQ(cells("a,"), (Strings{"a", ""}));
  EXPECT_EQ(cells("a\tb c", '\t'), (Strings{"a", "b c"}));
  EXPECT_LE(cells(std::string(100'000, ',')).size(), kCellsMax);
}

TEST(Table, takes_the_source_and_never_the_sinkhole) {
  const Reading reading = read_csv(
      "timestamp,protocol,src_ip,src_port,dst_ip,dst_port,infection,family,tag,http_url,http_host,http_agent\n"
      "2026-03-01 00:00:00,tcp,192.0.2.7,4711,198.51.100.5,80,family,,,/gate,c2.example,UA\n");
  ASSERT_EQ(reading.incidents.size(), 1U);
  const Incident& one = reading.incidents[0];
  EXPECT_EQ(one.source_ip->to_string(), "192.0.2.7");
  EXPECT_EQ(one.destination_ip->to_string(), "198.51.100.5");
  EXPECT_EQ(one.source_port, 4711);
  EXPECT_EQ(one.type, "infrastructure/botnet");
  EXPECT_EQ(format_rfc3339(*one.started_at), "2026-03-01T00:00:00Z") << "Shadowserver's times are UTC";
  EXPECT_EQ(one.read_from, "line 2");
}

TEST(Table, blames_the_destination_only_where_nobody_else_is_named) {
  const Reading reading = read_csv(
      "first_seen_utc,dst_ip,dst_port,c2_status,last_online,malware\n2026-03-01 "
      "10:00:00,192.0.2.7,447,online,2026-03-02,F\n");
  ASSERT_EQ(reading.incidents.size(), 1U);
  EXPECT_EQ(reading.incidents[0].source_ip->to_string(), "192.0.2.7");
  EXPECT_EQ(reading.incidents[0].category, Category::malware);
}

TEST(Table, a_number_of_a_network_is_no_port_and_dummies_are_nobody) {
  const Reading reading =
      read_csv("ip,asn,timestamp\n192.0.2.7,64496,2026-03-01T10:00:00Z\n0.0.0.0,64496,2026-03-01T10:00:00Z\n,,\n");
  EXPECT_EQ(addresses(reading), Strings{"192.0.2.7"});
  EXPECT_FALSE(reading.incidents[0].source_port);
}

TEST(Table, times_without_a_zone_stay_uncertain_where_nobody_says_utc) {
  const Reading unknown = read_csv("ip,port,date\n192.0.2.7,22,2026-03-01 10:00:00\n");
  ASSERT_EQ(unknown.incidents.size(), 1U);
  EXPECT_FALSE(unknown.incidents[0].started_at);
  EXPECT_TRUE(unknown.incidents[0].started_unzoned);
  const Reading said = read_csv("# all times are UTC\nip,port,date\n192.0.2.7,22,2026-03-01 10:00:00\n");
  ASSERT_EQ(said.incidents.size(), 1U);
  EXPECT_TRUE(said.incidents[0].started_at);
  const Reading named = read_csv("ip,port,Date (UTC)\n192.0.2.7,22,2026-03-01 10:00:00\n");
  ASSERT_EQ(named.incidents.size(), 1U);
  EXPECT_TRUE(named.incidents[0].started_at);
}

TEST(Table, forms_of_addresses_are_understood) {
  const Reading reading = read_csv(
      "ip;kind\n192.0.2.7:8080;proxy\n192[.]0[.]2[.]8;proxy\n[2001:db8::1]:1080;proxy\n192.0.2.0/"
      "28;proxy\n::ffff:192.0.2.9;proxy\n");
  EXPECT_EQ(addresses(reading), (Strings{"192.0.2.7", "192.0.2.8", "2001:db8::1", "192.0.2.0", "192.0.2.9"}));
  EXPECT_EQ(reading.incidents[0].source_port, 8080);
  EXPECT_EQ(reading.incidents[0].category, Category::proxy);
}

TEST(Table, bad_rows_are_named_and_spoil_nothing) {
  std::string text = "ip,kind\n";
  for (int i = 0; i < 20; ++i) text += "nonsense,row\n";
  text += "192.0.2.7,spam\n";
  const Reading reading = read_csv(text);
  EXPECT_EQ(addresses(reading), Strings{"192.0.2.7"});
  EXPECT_EQ(reading.incidents[0].read_from, "line 22");
  ASSERT_EQ(reading.warnings.size(), kBadRowsNamedMax + 1);
  EXPECT_EQ(reading.warnings.back(), "20 lines in all name nothing that could be blamed");
}

TEST(Table, prose_is_no_table) {
  for (const char* text : {"Hello, we saw an attack, please stop it, thanks.\nRegards, a, b, c\n", "", "one line",
                           "a;b;c\n1;2;3\n4;5;6\n", "Dear team,\n\nyour customer, Mr X, sends spam.\n"})
    EXPECT_FALSE(find_table(text, "")) << text;
}

TEST(Table, an_incident_points_at_its_row) {
  const std::string text = "ip,kind\r\n192.0.2.7,spam\r\n";
  const Reading reading = read_csv(text);
  ASSERT_EQ(reading.incidents.size(), 1U);
  const Evidence& row = reading.incidents[0].evidence[0];
  ASSERT_TRUE(row.range);
  EXPECT_EQ(text.substr(row.range->offset, row.range->length), "192.0.2.7,spam");
}

TEST(Kinds, words_of_many_taxonomies_mean_one_thing) {
  for (const char* word : {"Open Resolver", "dns-open-resolver", "openresolvers", "DNS_OPEN_RESOLVER"})
    EXPECT_EQ(kind_of_word(word)->type, "vulnerability/open_service") << word;
  EXPECT_EQ(kind_in("2015-01-01-scan_ntp-sample-asn.csv")->type, "vulnerability/open_service");
  EXPECT_EQ(kind_in("Gozi C&C")->type, "infrastructure/botnet");
  EXPECT_EQ(kind_of_word("socks5")->category(), Category::proxy);
  EXPECT_FALSE(kind_of_word("hello"));
  EXPECT_FALSE(kind_in(""));
}

// `size` equal letters as one file, packed; made here so that no bomb lies in the tree.
std::string packed_letters(std::size_t size, bool zip) {
  std::string out(1 << 20, '\0');
  std::size_t used = 0;
  archive* writer = archive_write_new();
  zip ? archive_write_set_format_zip(writer) : archive_write_set_format_raw(writer);
  if (!zip) archive_write_add_filter_gzip(writer);
  archive_write_open_memory(writer, out.data(), out.size(), &used);
  archive_entry* entry = archive_entry_new();
  archive_entry_set_pathname(entry, "../../letters.csv");
  archive_entry_set_filetype(entry, AE_IFREG);
  archive_write_header(writer, entry);
  const std::string piece(1 << 20, 'a');
  for (std::size_t done = 0; done < size; done += piece.size()) archive_write_data(writer, piece.data(), piece.size());
  archive_entry_free(entry);
  archive_write_close(writer);
  archive_write_free(writer);
  return out.substr(0, used);
}

TEST(Archive, a_bomb_ends_at_its_limit_and_says_so) {
  for (const bool zip : {false, true}) {
    const std::string bomb = packed_letters(std::size_t{96} << 20, zip);
    ASSERT_LT(bomb.size(), 200'000U);
    ASSERT_TRUE(looks_like_archive(bomb));
    Warnings warnings;
    const auto files = open_archive(bomb, warnings);
    ASSERT_EQ(files.size(), 1U);
    EXPECT_LE(files[0].bytes.size(), kArchiveBytesMax);
    const auto said = std::move(warnings).take();
    ASSERT_EQ(said.size(), 1U);
    EXPECT_NE(said[0].find("unpacks to more than"), std::string::npos) << said[0];
  }
}

TEST(Archive, what_is_cut_off_is_an_error_and_no_harm) {
  const std::string whole = packed_letters(1 << 20, true);
  for (std::size_t size = 4; size < whole.size(); size += 5) {
    Warnings warnings;
    open_archive(std::string_view{whole}.substr(0, size), warnings);
  }
  EXPECT_FALSE(looks_like_archive("ip,kind\n"));
}

}  // namespace
}  // namespace abate::reading
