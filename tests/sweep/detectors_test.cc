// SPDX-License-Identifier: Apache-2.0
// Every detector against its own examples: what it must catch, what it must spare, and both cut off at every byte.
#include <charconv>
#include <optional>
#include <set>

#include <gtest/gtest.h>

#include "base/digest.h"
#include "base/text.h"
#include "sweep/host/inventory/inventory.h"
#include "sweep/host/kernel_sockets.h"
#include "sweep/host/look.h"
#include "sweep/kit/detector.h"
#include "sweep/kit/memory_tree.h"

namespace abate::sweep {
namespace {

const Instant kNow = parse_rfc3339("2026-06-01T00:00:00Z").value();
constexpr std::size_t kCutsMax = 40;  // of each file: first and last bytes, and some between

// An example may bring its report: the file /ticket holds the reported URL and perhaps a time.
Case ticket_of(const MemoryTree& tree) {
  const std::string text{trim(read_or_nothing(tree, "/ticket"))};
  if (text.empty()) return {};
  Incident incident;
  incident.category = Category::malware;
  incident.url = text.substr(0, text.find(' '));
  if (const Result<Instant> at = parse_rfc3339(text.substr(text.find(' ') + 1))) incident.started_at = *at;
  return case_of("T-2026-000001", {incident});
}

// And what the kernel says by netlink: the file /netlink, "tcp listen 0.0.0.0 22 INODE" a line.
Result<std::vector<Socket>> netlink_of(const MemoryTree& tree) {
  std::vector<Socket> sockets;
  for (const std::string_view line : lines_of(tree, "/netlink")) {
    const std::vector<std::string_view> words = split(line, ' ');
    if (words.size() != 5) continue;
    Socket socket{.protocol = std::string{words[0]}, .state = std::string{words[1]}};
    socket.local = parse_ip(words[2]).value_or(IpAddress{});
    std::from_chars(words[3].data(), words[3].data() + words[3].size(), socket.local_port);
    std::from_chars(words[4].data(), words[4].data() + words[4].size(), socket.inode);
    sockets.push_back(std::move(socket));
  }
  return sockets;
}

LookResult look_at(const MemoryTree& tree, const Detector& detector) {
  Notes notes;
  std::optional<Running> running;
  if (tree.stat("/proc/1")) running = see_running(tree, notes);
  if (running && exists(tree, "/netlink")) {
    const auto hidden = only_in_one([&] { return netlink_of(tree); }, [&] { return proc_sockets(tree, 1); });
    for (const Socket& socket : hidden.value_or(std::vector<Socket>{})) running->sockets.push_back(socket);
  }
  const auto opened = open_host(tree, std::move(running), kNow, ticket_of(tree), notes);
  const Detector* const one[] = {&detector};
  return look(opened->host, one, {}, notes);
}

TEST(Look, the_program_that_looks_is_not_what_it_looks_for) {
  const MemoryTree tree{
      "--- /var/www/html/x.php\n<?php @eval($_POST['k']);\n--- /etc/passwd\nroot:x:0:0::/root:/bin/sh\n"};
  Notes notes;
  const auto opened = open_host(tree, {}, kNow, {}, notes);
  const auto found = [&](const LookOptions& options) {
    return look(opened->host, detectors(), options, notes).findings.size();
  };
  constexpr std::string_view kProgram = "<?php @eval($_POST['k']);\n";
  Md5 hash;
  hash.add(kProgram);
  const std::size_t all = found({});
  EXPECT_GT(all, 0U);
  EXPECT_LT(found({.own = {.device = 0, .inode = 0, .size = kProgram.size(), .md5 = hash.hex()}}), all);
}

class DetectorTest : public testing::TestWithParam<const Detector*> {};
INSTANTIATE_TEST_SUITE_P(All, DetectorTest, testing::ValuesIn(detectors().begin(), detectors().end()),
                         [](const auto& one) { return std::string{one.param->id}; });

TEST_P(DetectorTest, finds_what_it_must_and_spares_the_rest) {
  const Detector& detector = *GetParam();
  for (const Example& example : detector.examples) {
    const LookResult result = look_at(MemoryTree{example.tree}, detector);
    std::string said;
    for (const Finding& finding : result.findings)
      said += fmt::format("\n  {} {}: {}", severity_name(finding.severity), finding.subject.path + finding.subject.name,
                          finding.why);
    EXPECT_EQ(result.findings.size(), example.findings) << example.title << said;
    for (const Finding& finding : result.findings) {
      EXPECT_EQ(finding.detector, detector.id);
      EXPECT_LE(finding.severity, detector.severity) << "a detector says no worse than it announces";
      EXPECT_FALSE(finding.why.empty());
    }
  }
}

TEST_P(DetectorTest, survives_its_examples_cut_off) {
  const Detector& detector = *GetParam();
  for (const Example& example : detector.examples) {
    const MemoryTree whole{example.tree};
    for (const auto& [path, size] : whole.files())
      for (std::size_t cut = 0; cut < std::min(size, kCutsMax); ++cut) {
        MemoryTree tree = whole;
        tree.cut(path, size * cut / std::min(size, kCutsMax));
        static_cast<void>(look_at(tree, detector));
      }
  }
}

TEST(Detectors, each_has_an_id_a_manual_one_way_of_looking_and_both_kinds_of_example) {
  std::set<std::string_view> ids;
  for (const Detector* detector : detectors()) {
    SCOPED_TRACE(detector->id);
    EXPECT_TRUE(ids.insert(detector->id).second);
    EXPECT_FALSE(detector->title.empty());
    EXPECT_GE(detector->explain.size(), 60U);
    EXPECT_EQ((detector->file != nullptr) + (detector->watch != nullptr) + (detector->host != nullptr), 1);
    const auto catches = [](const Example& example) { return example.findings > 0; };
    EXPECT_TRUE(std::ranges::any_of(detector->examples, catches));
    EXPECT_FALSE(std::ranges::all_of(detector->examples, catches));
  }
}

}  // namespace
}  // namespace abate::sweep
