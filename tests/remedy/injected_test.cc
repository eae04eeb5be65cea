// SPDX-License-Identifier: Apache-2.0
#include "remedy/injected.h"

#include <gtest/gtest.h>

#include "sweep/kit/memory_tree.h"

namespace abate::remedy {
namespace {

std::string cleaned(const std::string& path, const std::string& text, std::uint32_t line) {
  const sweep::MemoryTree tree{"--- " + path + "\n" + text};
  sweep::Host host;
  host.tree = &tree;
  const Result<Change> change = without_injected(host, file_subject(path, line));
  return change ? change->bytes : std::string{fault_name(change.error().fault)};
}

TEST(Injected, a_rewrite_rule_goes_with_its_conditions_and_no_other) {
  EXPECT_EQ(cleaned("/w/.htaccess",
                    "RewriteCond %{HTTPS} off\nRewriteRule (.*) https://%{HTTP_HOST}/ [L]\n# theirs\nRewriteCond "
                    "%{HTTP_REFERER} google\n\nRewriteRule ^(.*)$ http://x.test/ [L]\nOptions -Indexes\n",
                    6),
            "RewriteCond %{HTTPS} off\nRewriteRule (.*) https://%{HTTP_HOST}/ [L]\n# theirs\n#abate: RewriteCond "
            "%{HTTP_REFERER} google\n\n#abate: RewriteRule ^(.*)$ http://x.test/ [L]\nOptions -Indexes\n");
}

TEST(Injected, an_ini_file_gets_its_own_kind_of_comment) {
  EXPECT_EQ(cleaned("/w/.user.ini", "memory_limit = 256M\nauto_prepend_file = /tmp/.x\n", 2),
            "memory_limit = 256M\n;abate: auto_prepend_file = /tmp/.x\n");
}

TEST(Injected, a_statement_of_php_becomes_a_comment) {
  EXPECT_EQ(cleaned("/w/wp-config.php", "<?php\n@eval(base64_decode('aGk='));\ndefine('DB_NAME', 'x');\n", 2),
            "<?php\n//abate: @eval(base64_decode('aGk='));\ndefine('DB_NAME', 'x');\n");
}

TEST(Injected, a_block_in_front_goes_and_sends_nothing_to_the_visitor) {
  EXPECT_EQ(cleaned("/w/index.php", "<?php eval($a); ?><?php\nrequire 'x';\n", 1), "<?php\nrequire 'x';\n");
  EXPECT_EQ(cleaned("/w/index.php", "<?php eval($a); ?>\n<?php\nrequire 'x';\n", 1),
            "<?php //abate ?>\n<?php\nrequire 'x';\n");
}

TEST(Injected, what_is_not_plainly_one_thing_is_left_to_a_person) {
  for (const char* line : {"eval($x", "$a = 'x", "define('A', 'b'); eval($x);", "eval('?>' . $x);",
                           "} else { eval($x); }", "if (a($x)) { eval($x);", "eval($x); // and more", "eval(<<<E",
                           "<?php eval($x); ?> <html>", "<?php eval('x ?><?php"})
    EXPECT_EQ(cleaned("/w/index.php", std::string{"<?php\n"} + line + "\nmore();\n", 2), "not_found") << line;
  EXPECT_EQ(cleaned("/w/index.php", "<?php\n", 9), "stale");
}

TEST(Injected, only_files_that_an_application_needs_at_their_own_place_are_its_own) {
  const sweep::MemoryTree tree{""};
  sweep::Host host;
  host.tree = &tree;
  sweep::Site site;
  site.docroot = "/w";
  site.application = "wordpress";
  host.sites = {site};
  EXPECT_TRUE(is_of_application(host, "/w/wp-config.php"));
  EXPECT_TRUE(is_of_application(host, "/w/wp-content/themes/a/functions.php"));
  EXPECT_FALSE(is_of_application(host, "/w/wp-content/uploads/index.php"));
  EXPECT_FALSE(is_of_application(host, "/other/wp-config.php"));
}

}  // namespace
}  // namespace abate::remedy
