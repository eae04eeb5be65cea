// SPDX-License-Identifier: Apache-2.0
// Checksum lists of releases: which are read, which are believed, and what they say of files.
#include "sweep/host/web/releases.h"

#include <cstdlib>
#include <filesystem>
#include <fstream>

#include <gtest/gtest.h>

#include "base/digest.h"
#include "base/text.h"
#include "sweep/host/look.h"
#include "sweep/kit/memory_tree.h"

namespace abate::sweep {
namespace {

namespace fs = std::filesystem;

std::string md5(std::string_view text) {
  Md5 hash;
  hash.add(text);
  return hash.hex();
}

TEST(Releases, lists_are_read_in_both_forms_and_nothing_else_is) {
  const std::string line = md5("a") + "\twp-login.php\n";
  const Result<ReleaseList> table = parse_release_list("# wordpress\n" + line, "wordpress-6.5.2.tsv");
  ASSERT_TRUE(table) << table.error().what;
  EXPECT_EQ(table->name, "wordpress");
  EXPECT_EQ(table->version, "6.5.2");
  EXPECT_EQ(table->md5.at("wp-login.php"), md5("a"));
  const Result<ReleaseList> json =
      parse_release_list(R"({"checksums":{"../wp-login.php":")" + md5("a") + R"(","x":7}})", "wordpress-6.5.2.json");
  ASSERT_TRUE(json) << json.error().what;
  EXPECT_EQ(json->md5.size(), 1U);
  EXPECT_EQ(json->md5.at("wp-login.php"), md5("a")) << "a name never climbs";
  EXPECT_FALSE(parse_release_list(line, "wordpress.tsv"));
  EXPECT_FALSE(parse_release_list("{", "wordpress-1.json"));
  EXPECT_FALSE(parse_release_list("no checksum\n", "wordpress-1.tsv"));
}

// A site of twenty files, of which `changed` are not the release's; and a folder with its list.
class ReleaseTest : public testing::Test {
 protected:
  void SetUp() override {
    std::string name = (fs::temp_directory_path() / "abate-releases-XXXXXX").string();
    ASSERT_NE(::mkdtemp(name.data()), nullptr);
    folder_ = name;
    fs::create_directory(folder_ / "checksums");
    std::ofstream list{folder_ / "checksums/wordpress-9.9.1.tsv"};
    for (int i = 0; i < 20; ++i)
      list << md5(fmt::format("<?php // {}", i)) << "\twp-includes/" << fmt::format("f{:02}.php", i) << '\n';
  }
  void TearDown() override { fs::remove_all(folder_); }

  [[nodiscard]] std::string site(int changed) const {
    std::string tree = "--- /var/www/html/wp-includes/version.php cut\n<?php $wp_version = '9.9.1';\n";
    for (int i = 0; i < 20; ++i)
      tree += fmt::format("--- /var/www/html/wp-includes/f{:02}.php cut\n{}\n", i,
                          i < changed ? std::string{"<?php // another"} : fmt::format("<?php // {}", i));
    return tree;
  }
  [[nodiscard]] std::vector<std::string> found(const std::string& text, std::string_view detector) const {
    const MemoryTree tree{text};
    Notes notes;
    const auto opened = open_host(tree, {}, parse_rfc3339("2026-06-01T00:00:00Z").value(), {}, notes);
    opened->releases = load_releases(opened->host, folder_.string(), notes);
    opened->host.releases = opened->releases.get();
    std::vector<std::string> paths;
    for (const Finding& finding : look(opened->host, detectors(), {}, notes).findings)
      if (finding.detector == detector) paths.push_back(finding.subject.path);
    return paths;
  }
  fs::path folder_;
};

TEST_F(ReleaseTest, a_changed_file_is_found_and_the_release_itself_is_not) {
  EXPECT_EQ(found(site(0), "core_file_changed"), std::vector<std::string>{});
  EXPECT_EQ(found(site(1), "core_file_changed"), std::vector<std::string>{"/var/www/html/wp-includes/f00.php"});
}

TEST_F(ReleaseTest, a_list_is_not_believed_where_many_files_differ) {
  EXPECT_EQ(found(site(6), "core_file_changed"), std::vector<std::string>{});
}

TEST_F(ReleaseTest, a_script_that_the_release_does_not_have_is_a_stray_one_also_in_a_folder_beneath_the_docroot) {
  std::string tree =
      site(0) + "--- /var/www/html/wp-includes/zz.php\n<?php echo 1;\n--- /var/www/html/own.php\n<?php echo 1;\n";
  EXPECT_EQ(found(tree, "stray_file_in_core"), std::vector<std::string>{"/var/www/html/wp-includes/zz.php"});
  for (std::size_t at = 0; (at = tree.find("/html/", at)) != std::string::npos; at += 10)
    tree.replace(at, 6, "/html/blog/");
  tree += "--- /var/www/html/index.html\nhello\n";
  EXPECT_EQ(found(tree, "stray_file_in_core"), std::vector<std::string>{"/var/www/html/blog/wp-includes/zz.php"});
}

TEST_F(ReleaseTest, what_the_release_brought_is_never_malicious) {
  const std::string shell = "<?php eval($_POST['k']);";
  const std::string tree = site(0) + "--- /var/www/html/wp-includes/odd.php cut\n" + shell + "\n";
  EXPECT_EQ(found(tree, "php_request_run").size(), 1U);
  {
    std::ofstream list{folder_ / "checksums/wordpress-9.9.1.tsv", std::ios::app};
    list << md5(shell) << "\twp-includes/odd.php\n";
  }
  EXPECT_EQ(found(tree, "php_request_run").size(), 0U);
}

TEST(Releases, of_the_product_itself_are_well_formed) {
  std::size_t lists = 0;
  for (const auto& entry : fs::directory_iterator{ABATE_SOURCE_DIR "/rules/checksums"}) {
    std::ifstream in{entry.path(), std::ios::binary};
    const std::string text{std::istreambuf_iterator<char>{in}, {}};
    const Result<ReleaseList> list = parse_release_list(text, entry.path().filename().string());
    ASSERT_TRUE(list) << entry.path() << ": " << list.error().what;
    EXPECT_EQ(list->md5.size(), static_cast<std::size_t>(std::ranges::count(text, '\n')) - 1) << entry.path();
    ++lists;
  }
  EXPECT_GE(lists, 3U);
}

}  // namespace
}  // namespace abate::sweep
