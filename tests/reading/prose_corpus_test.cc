// SPDX-License-Identifier: Apache-2.0
// Invented reports by people and programs (prose_corpus), feeds and forms (feed_corpus), with what a person reads in
// them (truth.txt of each folder).
#include <fstream>
#include <set>
#include <sstream>

#include <gtest/gtest.h>

#include "base/text.h"
#include "reading/read.h"

namespace abate::reading {
namespace {

struct Truth {
  std::string name, outcome, addresses, category, started_at, url;
};

const std::string kProse = ABATE_SOURCE_DIR "/tests/reading/prose_corpus/";
const std::string kFeeds = ABATE_SOURCE_DIR "/tests/reading/feed_corpus/";

std::string bytes_of(const std::string& path) {
  std::ifstream file(path, std::ios::binary);
  std::ostringstream bytes;
  bytes << file.rdbuf();
  return bytes.str();
}

std::vector<Truth> truths(const std::string& folder) {
  std::vector<Truth> all;
  std::istringstream lines(bytes_of(folder + "truth.txt"));
  for (std::string line; std::getline(lines, line);) {
    if (line.starts_with('#') || line.empty()) continue;
    std::vector<std::string> cells;
    for (const std::string_view cell : split(line, '|')) cells.emplace_back(trim(cell));
    cells.resize(6);
    all.push_back({cells[0], cells[1], cells[2], cells[3], cells[4], cells[5]});
  }
  return all;
}

void expect_read(const std::string& path, const Truth& truth) {
  SCOPED_TRACE(truth.name);
  const std::string bytes = bytes_of(path);
  ASSERT_FALSE(bytes.empty()) << path;
  const Reading reading = read_unhashed(bytes, path.ends_with(".eml") ? "message/rfc822" : "", "");
  ASSERT_EQ(outcome_name(reading.outcome), truth.outcome);
  if (reading.outcome != Outcome::read) return;
  std::set<std::string> wanted;
  if (!truth.addresses.empty())
    for (const std::string_view address : split(truth.addresses, ',')) wanted.emplace(trim(address));
  std::set<std::string> addresses;
  std::set<std::string> categories;
  std::set<std::string> times;
  std::set<std::string> urls;
  for (const Incident& incident : reading.incidents) {
    if (incident.source_ip) addresses.insert(incident.source_ip->to_string());
    if (incident.started_at) times.insert(format_rfc3339(*incident.started_at).substr(0, 19) + "Z");
    if (incident.url) urls.insert(*incident.url);
    categories.emplace(category_name(incident.category));
    EXPECT_FALSE(incident.reasons.empty());
    EXPECT_FALSE(incident.read_from.empty());
    if (!truth.name.starts_with("xarf")) {  // what XARF has no evidence for, it says all the same
      EXPECT_FALSE(incident.evidence.empty());
    }
  }
  EXPECT_EQ(addresses, wanted);
  EXPECT_EQ(categories, std::set<std::string>{truth.category});
  if (truth.started_at.empty()) {
    EXPECT_TRUE(times.empty());
  } else {
    EXPECT_TRUE(times.contains(truth.started_at)) << (times.empty() ? "no time" : *times.begin());
  }
  if (truth.url.empty()) return;
  EXPECT_TRUE(urls.contains(truth.url)) << (urls.empty() ? "no URL" : *urls.begin());
}

TEST(Prose, is_read_as_a_person_reads_it) {
  const auto all = truths(kProse);
  EXPECT_GE(all.size(), 180U);
  for (const Truth& truth : all) expect_read(kProse + truth.name + ".eml", truth);
}

TEST(Feeds, are_read_as_their_makers_mean_them) {
  const auto all = truths(kFeeds);
  EXPECT_GE(all.size(), 50U);
  for (const Truth& truth : all) expect_read(kFeeds + truth.name, truth);
}

TEST(Prose, folds_the_lines_of_one_culprit_into_one_incident) {
  std::string report = "Subject: SSH brute force\n\nAll times UTC\n";
  for (int i = 0; i < 1'464; ++i)
    report += fmt::format("2026-10-10 00:{:02}:{:02} sshd[1]: Failed password for root from 192.0.2.7 port 22\n",
                          i / 60, i % 60);
  const Reading reading = read_unhashed(report, "message/rfc822", "");
  ASSERT_EQ(reading.incidents.size(), 1U);
  EXPECT_EQ(reading.incidents.front().count, 1'464U);
  EXPECT_EQ(reading.incidents.front().read_from, "part 1, lines 2-41") << "the first forty of them";
  EXPECT_EQ(format_rfc3339(*reading.incidents.front().started_at), "2026-10-10T00:00:00Z");
  EXPECT_EQ(format_rfc3339(*reading.incidents.front().ended_at), "2026-10-10T00:24:23Z");
}

}  // namespace
}  // namespace abate::reading
