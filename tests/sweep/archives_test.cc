// SPDX-License-Identifier: Apache-2.0
// Archives and packed files: what lies in them is found, and what they are made to do to the reader is not done.
#include <cstdlib>
#include <set>

#include <gtest/gtest.h>

#include "base/digest.h"
#include "base/text.h"
#include "sweep/host/archives/layers.h"
#include "sweep/host/archives/members.h"
#include "sweep/host/archives/memory_limit.h"
#include "sweep/host/look.h"
#include "sweep/kit/memory_tree.h"
#include "sweep/packed.h"

namespace abate::sweep {
namespace {

const Instant kNow = parse_rfc3339("2026-06-01T00:00:00Z").value();
constexpr std::string_view kShell = "<?php @eval($_POST['k']);\n";

class Members final : public MemberVisitor {
 public:
  void see(const Member& member) override {
    names.insert(std::string{member.name});
    bytes += member.bytes.size();
  }
  [[nodiscard]] bool ended() const override { return false; }
  std::set<std::string> names;
  std::size_t bytes = 0;
};

struct Seen {
  Members members;
  Unpacked done;
};

Seen members_of(const std::string& archive, std::string_view name = "a") {
  Seen seen;
  BytesInMemory file{archive};
  seen.done = unpack(file, name, seen.members);
  return seen;
}

struct Looked {
  std::vector<Finding> findings;
  std::vector<NotExamined> left_out;
};

Looked look_at(const std::string& tree_text) {
  const MemoryTree tree{tree_text};
  Notes notes;
  const auto opened = open_host(tree, {}, kNow, {}, notes);
  Looked looked;
  looked.findings = look(opened->host, detectors(), {}, notes).findings;
  looked.left_out = notes.all();
  return looked;
}

Looked look_at_file(const std::string& path, const std::string& bytes) {
  return look_at("--- " + path + " cut\n" + bytes + "\n");
}

std::string reasons(const Looked& looked) {
  std::string text;
  for (const NotExamined& one : looked.left_out) text += one.what + ": " + one.why + "\n";
  return text;
}

const Finding* of_detector(const Looked& looked, std::string_view detector) {
  for (const Finding& finding : looked.findings)
    if (finding.detector == detector) return &finding;
  return nullptr;
}

struct Form {
  const char* format;
  const char* filter;
};
class EachForm : public testing::TestWithParam<Form> {};
INSTANTIATE_TEST_SUITE_P(Forms, EachForm,
                         testing::Values(Form{"zip", ""}, Form{"gnutar", ""}, Form{"gnutar", "gzip"},
                                         Form{"pax", "bzip2"}, Form{"ustar", "xz"}, Form{"v7tar", "zstd"},
                                         Form{"7zip", ""}, Form{"cpio", "gzip"}, Form{"newc", ""}),
                         [](const auto& one) { return fmt::format("{}{}", one.param.format, one.param.filter); });

TEST_P(EachForm, a_shell_in_a_dropped_archive_is_found_and_the_archive_is_what_is_named) {
  const std::string archive =
      packed(GetParam().format, GetParam().filter, {{"readme.txt", "hello"}, {"in/x.php", std::string{kShell}}});
  const Looked looked = look_at_file("/tmp/a.bin", archive);
  const Finding* finding = of_detector(looked, "content_rules");
  ASSERT_NE(finding, nullptr) << reasons(looked);
  EXPECT_EQ(finding->subject.path, "/tmp/a.bin");
  EXPECT_EQ(finding->severity, Severity::malicious);
  EXPECT_TRUE(finding->why.starts_with("In this archive lies in/x.php: ")) << finding->why;
  EXPECT_TRUE(finding->evidence.front().starts_with("/tmp/a.bin/in/x.php:1:")) << finding->evidence.front();
}

TEST_P(EachForm, an_archive_cut_off_anywhere_gives_what_came_before) {
  const std::string archive = packed(GetParam().format, GetParam().filter,
                                     {{"first.php", std::string{kShell}}, {"second.txt", std::string(3000, 'x')}});
  for (std::size_t cut = 0; cut < archive.size(); cut += 1 + archive.size() / 200)
    EXPECT_LE(members_of(archive.substr(0, cut)).done.members, 2U);
}

TEST(Archives, a_rar_is_read_too) {
  const Looked looked = look_at_file("/tmp/a.rar", stored_rar({{"kit/x.php", std::string{kShell}}}));
  const Finding* finding = of_detector(looked, "php_request_run");
  ASSERT_NE(finding, nullptr) << reasons(looked);
  EXPECT_EQ(finding->subject.path, "/tmp/a.rar");
}

TEST(Archives, one_packed_file_is_one_member_named_without_its_suffix) {
  const Looked looked = look_at_file("/tmp/x.php.gz", packed_stream("gzip", std::string{kShell}));
  ASSERT_NE(of_detector(looked, "php_request_run"), nullptr);
  EXPECT_TRUE(of_detector(looked, "php_request_run")->why.starts_with("In this archive lies x.php: "));
}

TEST(Archives, archives_within_archives_are_followed_to_the_named_depth_and_no_further) {
  std::string archive = packed("zip", "", {{"x.php", std::string{kShell}}});
  for (int depth = 1; depth < kArchiveDepthMax; ++depth) {
    archive =
        depth % 2 == 0 ? packed("zip", "", {{"in.tgz", archive}}) : packed("gnutar", "gzip", {{"in.zip", archive}});
    EXPECT_TRUE(std::ranges::any_of(members_of(archive).members.names, [](const std::string& name) {
      return name.ends_with("/x.php");
    })) << depth;
  }
  const Seen seen = members_of(packed("zip", "", {{"one_more.zip", archive}}));
  EXPECT_FALSE(
      std::ranges::any_of(seen.members.names, [](const std::string& name) { return name.ends_with("x.php"); }));
  ASSERT_EQ(seen.done.left_out.size(), 1U);
  EXPECT_EQ(seen.done.left_out.front(), "archives lie in it deeper than 3 levels");
}

TEST(Archives, a_member_too_large_to_be_kept_is_still_looked_into_as_a_stream) {
  std::string noise(kMemberBytesMax + 100'000, '\0');
  std::uint32_t state = 1;
  for (char& c : noise) c = static_cast<char>((state = state * 1664525 + 1013904223) >> 24);
  const std::string inner = packed("gnutar", "gzip", {{"noise", noise}, {"x.php", std::string{kShell}}});
  EXPECT_TRUE(members_of(packed("gnutar", "", {{"home.tar.gz", inner}})).members.names.contains("home.tar.gz/x.php"));
}

TEST(Archives, a_bomb_ends_as_not_examined_with_its_limit_named) {
  const std::string zeros(std::size_t{80} << 20, '\0');
  for (const std::string& bomb :
       {packed("zip", "", {{"a", zeros}, {"b.php", std::string{kShell}}}), packed_stream("gzip", zeros),
        packed("gnutar", "bzip2", {{"a", zeros}, {"b.php", std::string{kShell}}})}) {
    ASSERT_LT(bomb.size() * kArchiveRatioMax, kArchiveRatioFreeBytes);
    const Seen seen = members_of(bomb);
    // A zip on a disk names each member's place: what is beyond kMemberBytesMax of one need not be unpacked.
    if (seen.done.left_out.empty()) {
      EXPECT_LE(seen.done.bytes, 2 * kMemberBytesMax);
      continue;
    }
    EXPECT_LE(seen.done.bytes, kArchiveRatioFreeBytes + (std::size_t{1} << 20));
    EXPECT_TRUE(seen.done.left_out.front().find("more than 200 times its size") != std::string::npos);
  }
}

TEST(Archives, a_bomb_of_many_members_ends_too) {
  PackedFiles files;
  const std::string zeros(std::size_t{3} << 20, '\0');
  for (int i = 0; i < 40; ++i) files.emplace_back(fmt::format("{}", i), zeros);
  const Looked looked = look_at_file("/tmp/a.zip", packed("zip", "", files));
  EXPECT_NE(reasons(looked).find("/tmp/a.zip: it unpacks to more than 200 times its size, like a bomb"),
            std::string::npos);
}

TEST(Archives, a_library_that_believes_a_claimed_size_is_refused_the_memory) {
#if !defined(__SANITIZE_ADDRESS__) && !defined(__SANITIZE_THREAD__)
  constexpr std::size_t kClaimed = std::size_t{200} << 20;
  void* refused = nullptr;
  void* granted = nullptr;
  {
    const MemoryLimit limit{kArchiveMemoryBytesMax};
    const MemoryLimit inner{std::size_t{1} << 40};  // changes nothing
    refused = std::calloc(1, kClaimed);
    granted = std::malloc(std::size_t{1} << 20);
  }
  EXPECT_EQ(refused, nullptr);
  EXPECT_NE(granted, nullptr);
  std::free(granted);
  std::free(refused);
  void* after = std::calloc(1, kClaimed);
  EXPECT_NE(after, nullptr);
  std::free(after);
#endif
}

TEST(Archives, a_backup_of_a_site_that_holds_a_shell_is_for_a_person_to_judge) {
  const std::string shell{kShell};
  const std::string site = packed(
      "zip", "", {{"wp-includes/version.php", "<?php $wp_version = '6.1';"}, {"wp-content/uploads/x.php", shell}});
  for (const char* path : {"/var/www/html/wp-content/updraft/backup_2026-05-01.zip", "/var/www/html/site.zip"}) {
    const Finding* finding = nullptr;
    const Looked looked = look_at_file(path, site);
    finding = of_detector(looked, "content_rules");
    ASSERT_NE(finding, nullptr) << path;
    EXPECT_EQ(finding->severity, Severity::suspicious) << path;
    EXPECT_TRUE(finding->why.starts_with("In this backup lies wp-content/uploads/x.php")) << finding->why;
  }
}

TEST(Archives, one_bad_file_among_many_good_ones_makes_no_archive_malicious) {
  PackedFiles files{{"x.php", std::string{kShell}}};
  for (int i = 0; i < 80; ++i) files.emplace_back(fmt::format("good{}.php", i), "<?php echo 1;");
  const Looked looked = look_at_file("/tmp/plugin.zip", packed("zip", "", files));
  ASSERT_NE(of_detector(looked, "content_rules"), nullptr);
  EXPECT_EQ(of_detector(looked, "content_rules")->severity, Severity::suspicious);
}

TEST(Archives, a_home_is_where_people_keep_samples_and_there_nothing_is_malicious_by_itself) {
  const Looked looked = look_at_file("/home/joe/samples.zip", packed("zip", "", {{"x.php", std::string{kShell}}}));
  ASSERT_NE(of_detector(looked, "content_rules"), nullptr);
  EXPECT_EQ(of_detector(looked, "content_rules")->severity, Severity::suspicious);
}

TEST(Archives, what_a_package_brought_is_spared_as_archive_and_as_member) {
  const std::string archive = packed("zip", "", {{"x.php", std::string{kShell}}});
  const auto md5 = [](std::string_view bytes) {
    Md5 hash;
    hash.add(bytes);
    return hash.hex();
  };
  const auto tree = [&](const std::string& sum) {
    return "--- /var/lib/dpkg/status\nPackage: p\nStatus: install ok installed\nVersion: 1\n\n"
           "--- /var/lib/dpkg/info/p.md5sums\n" +
           sum + "  opt/p/a.zip\n--- /opt/p/a.zip cut\n" + archive + "\n";
  };
  EXPECT_EQ(of_detector(look_at(tree(md5(archive))), "content_rules"), nullptr);
  EXPECT_EQ(of_detector(look_at(tree(md5(kShell))), "content_rules"), nullptr);
  EXPECT_NE(of_detector(look_at(tree(md5("another"))), "content_rules"), nullptr);
}

TEST(Archives, names_that_climb_stay_names) {
  const Looked looked =
      look_at_file("/tmp/a.zip", packed("zip", "", {{"../../var/www/html/x.php", std::string{kShell}}}));
  ASSERT_NE(of_detector(looked, "php_request_run"), nullptr);
  EXPECT_TRUE(of_detector(looked, "php_request_run")->evidence.front().starts_with("/tmp/a.zip/var/www/html/x.php"));
}

TEST(Archives, two_members_of_one_name_and_length_are_both_read) {
  std::string good{"<?php echo 'just a page';"};
  good.resize(kShell.size(), ' ');
  const Looked looked =
      look_at_file("/tmp/a.tar", packed("gnutar", "", {{"x.php", good}, {"x.php", std::string{kShell}}}));
  EXPECT_NE(of_detector(looked, "php_request_run"), nullptr);
}

}  // namespace
}  // namespace abate::sweep
