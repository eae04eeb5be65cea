// SPDX-License-Identifier: Apache-2.0
#include <algorithm>

#include "base/text.h"
#include "sweep/host/code/php.h"
#include "sweep/host/code/places.h"
#include "sweep/kit/detector.h"

namespace abate::sweep {
namespace {

void look(const FileView& file, Findings& out) {
  constexpr std::string_view kSuffixes[] = {".jpg", ".jpeg", ".png", ".gif", ".ico", ".webp", ".bmp", ".css"};
  if (file.site == nullptr || std::ranges::find(kSuffixes, to_lower(suffix_of(file.path))) == std::end(kSuffixes))
    return;
  const std::size_t open = file.bytes.find("<?php");
  if (open == std::string_view::npos) return;
  const std::vector<PhpFlow> flows = php_flows(php_tokens(file.bytes.substr(open)));
  if (flows.empty()) return;
  Finding& finding = out.add(file_subject(file.path, line_at(file.bytes, open)),
                             fmt::format("A file named as a picture holds PHP that uses {}", flows.front().sink));
  finding.evidence.push_back(excerpt_at(file.path, file.bytes, open));
  finding.role = "shell";
}

constexpr Example kExamples[] = {{"an icon with a shell", R"TREE(--- /var/www/html/favicon.ico
xx<?php @eval($_POST["x"]);
)TREE",
                                  1},
                                 {"a photograph", R"TREE(--- /var/www/html/a.jpg
JFIF random <? bytes
)TREE",
                                  0}};

}  // namespace

extern const Detector php_in_picture_detector;
constinit const Detector php_in_picture_detector{
    .id = "php_in_picture",
    .area = Area::web,
    .severity = Severity::suspicious,
    .title = "A picture or text file holds PHP code",
    .explain =
        R"TEXT(The bytes of a picture hold a PHP program. By itself a picture does not run; an .htaccess, an include elsewhere or a mistake in the web server's set-up makes it run.
Photographs hold arbitrary bytes: only a whole PHP opening with code that does something counts.
What to do: look for what includes it; remove it.)TEXT",
    .file = look,
    .examples = kExamples};

}  // namespace abate::sweep
