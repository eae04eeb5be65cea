// SPDX-License-Identifier: Apache-2.0
#include <string>

#include "base/text.h"
#include "sweep/host/code/php.h"
#include "sweep/host/code/places.h"
#include "sweep/kit/detector.h"

namespace abate::sweep {
namespace {

// "104,116,116,112" is "http": what the numbers hide is an address.
bool hides_an_address(std::string_view bytes, std::size_t& at) {
  constexpr std::string_view kMarks[] = {
      "104,116,116,112", "104, 116, 116, 112", "\\x68\\x74\\x74\\x70",        "aHR0cDov",
      "aHR0cHM6",        "%68%74%74%70",       "\\u0068\\u0074\\u0074\\u0070"};
  for (const std::string_view mark : kMarks)
    if (at = bytes.find(mark); at != std::string_view::npos) return true;
  return false;
}

void look(const FileView& file, Findings& out) {
  if (file.site == nullptr || speaks_of_malware(file.path)) return;
  const std::string suffix = to_lower(suffix_of(file.path));
  const bool page = suffix == ".html" || suffix == ".htm" || runs_as_php(file.path) || suffix == ".tpl" ||
                    suffix == ".twig" || suffix == ".inc";
  if (!page && suffix != ".js") return;
  // In PHP only what is outside of its code is the page; in a script all is.
  std::string text;
  if (runs_as_php(file.path)) {
    for (const PhpToken& token : php_file(file.path, file.bytes).tokens)
      if (token.kind == PhpToken::Kind::html ||
          (token.kind == PhpToken::Kind::text && token.text.find("<script") != std::string_view::npos))
        text.append(token.text).push_back('\n');
  } else {
    text = file.bytes;
  }
  const bool writes = text.find("String.fromCharCode") != std::string::npos ||
                      text.find("unescape(") != std::string::npos || text.find("atob(") != std::string::npos ||
                      text.find("document.write") != std::string::npos;
  const bool loads = text.find("createElement('script')") != std::string::npos ||
                     text.find("createElement(\"script\")") != std::string::npos ||
                     text.find("eval(") != std::string::npos || text.find("document.write") != std::string::npos ||
                     text.find("location") != std::string::npos;
  std::size_t at = 0;
  if (!writes || !loads || !hides_an_address(text, at)) return;
  if (page && text.find("<script") == std::string::npos) return;
  if (!page && text.size() > 200'000) return;
  Finding& finding = out.add(file_subject(file.path), "A script hides the address that it loads from");
  finding.severity = page || text.substr(0, 4000).find("String.fromCharCode") != std::string::npos
                         ? Severity::malicious
                         : Severity::suspicious;
  finding.evidence.push_back(excerpt_at(file.path, text, at));
  finding.role = "injected";
}

constexpr Example kExamples[] = {{"an address in numbers", R"TREE(--- /var/www/html/header.php uid=33
<html><?php head(); ?><script>eval(String.fromCharCode(100,46,104,116,116,112,58));document.write("x")</script>
)TREE",
                                  1},
                                 {"a plain script", R"TREE(--- /var/www/html/index.html
<script src="https://example.org/a.js"></script><script>document.write("hi")</script>
)TREE",
                                  0},
                                 {"a packed library", R"TREE(--- /var/www/html/j.pack.js
eval(function(p,a,c,k,e,d){return p}("0.1(2)",3,3,"console|log|table".split("|"),0,{}))
)TREE",
                                  0}};

}  // namespace

extern const Detector injected_script_detector;
constinit const Detector injected_script_detector{
    .id = "injected_script",
    .area = Area::web,
    .severity = Severity::malicious,
    .title = "A page carries a script that hides where it loads from",
    .explain =
        R"TEXT(Script that writes itself from character numbers, unescape() or atob() and is put in front of or behind a page is how visitors are sent to malware or stolen from.
It is called malicious when the hidden text is an address.
Packed libraries are ordinary: files that are scripts only are looked at less strictly than pages and PHP.
What to do: compare the page with a fresh copy; look for the same text in other files and in the database.)TEXT",
    .file = look,
    .examples = kExamples};

}  // namespace abate::sweep
