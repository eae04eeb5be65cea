// SPDX-License-Identifier: Apache-2.0

#include "base/text.h"
#include "sweep/host/code/php.h"
#include "sweep/host/code/places.h"
#include "sweep/kit/detector.h"

namespace abate::sweep {
namespace {

void look(const FileView& file, Findings& out) {
  const PhpFile& php = php_file(file.path, file.bytes);
  if (file.site == nullptr || !php.is_php) return;
  const std::vector<PhpToken>& tokens = php.tokens;
  bool bot = false, agent = false, fetches = false, links = false;
  std::uint32_t line = 0;
  for (std::size_t i = 0; i < tokens.size(); ++i) {
    const PhpToken& token = tokens[i];
    if (token.kind == PhpToken::Kind::text) {
      if (contains_ignoring_case(token.text, "googlebot") || contains_ignoring_case(token.text, "bingbot") ||
          (contains_ignoring_case(token.text, "google") && contains_ignoring_case(token.text, "yahoo")))
        bot = true, line = token.line;
      agent |= token.text == "HTTP_USER_AGENT" || token.text == "HTTP_REFERER";
      fetches |= starts_with_ignoring_case(token.text, "http://") && i >= 2 &&
                 (equals_ignoring_case(tokens[i - 2].text, "file_get_contents") ||
                  equals_ignoring_case(tokens[i - 2].text, "curl_init"));
    }
    if (token.kind == PhpToken::Kind::name && i + 2 < tokens.size() &&
        (equals_ignoring_case(token.text, "curl_init") || equals_ignoring_case(token.text, "file_get_contents")) &&
        tokens[i + 1].text == "(")
      fetches |=
          tokens[i + 2].kind == PhpToken::Kind::variable || starts_with_ignoring_case(tokens[i + 2].text, "http");
    links |= token.kind == PhpToken::Kind::html && token.text.find("display:none") != std::string_view::npos &&
             token.text.find("<a href") != std::string_view::npos;
  }
  if (!bot || !agent || (!fetches && !links) || file.bytes.size() > 60'000) return;
  Finding& finding = out.add(file_subject(file.path, line), "Search engines are shown another page than people");
  finding.severity = calls_of(tokens, "add_action") == 0 ? Severity::malicious : Severity::suspicious;
  finding.evidence.push_back(excerpt_of_line(file.path, file.bytes, line));
  finding.role = "seo_spam";
}

constexpr Example kExamples[] = {{"links for a bot", R"TREE(--- /var/www/html/wp-blog-header.php uid=33
<?php if (preg_match("/googlebot|bingbot/i", $_SERVER["HTTP_USER_AGENT"])) { echo file_get_contents("http://links.example.test/l.php"); exit; }
)TREE",
                                  1},
                                 {"counting bots", R"TREE(--- /var/www/html/stat.php
<?php if (stripos($_SERVER["HTTP_USER_AGENT"], "googlebot") !== false) $bots++;
)TREE",
                                  0}};

}  // namespace

extern const Detector seo_spam_detector;
constinit const Detector seo_spam_detector{
    .id = "seo_spam",
    .area = Area::web,
    .severity = Severity::malicious,
    .title = "A page shows search engines what it hides from people",
    .explain =
        R"TEXT(PHP that asks whether the visitor is Googlebot or Bingbot and then fetches other text or links from elsewhere feeds a spammer's shop on your name. Category: other.
It is called malicious when the fetched text is printed or run.
Statistics and cache plugins know bots too, but fetch nothing for them.
What to do: remove it, look into the database for links, ask the search engine for a new look.)TEXT",
    .file = look,
    .examples = kExamples};

}  // namespace abate::sweep
