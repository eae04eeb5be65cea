// SPDX-License-Identifier: Apache-2.0
#include <string>

#include "base/text.h"
#include "sweep/host/code/php.h"
#include "sweep/host/code/places.h"
#include "sweep/kit/detector.h"

namespace abate::sweep {
namespace {

void look(const FileView& file, Findings& out) {
  if (file.site == nullptr || file.bytes.size() > 200'000 || speaks_of_malware(file.path)) return;
  const std::string name = to_lower(file_name(file.path));
  if (!name.starts_with("index.") && !name.starts_with("home.") && !name.starts_with("default.")) return;
  const std::string lower = to_lower(file.bytes);
  for (const std::string_view mark : {"<title>hacked by", "<h1>hacked by", "owned by </", "<title>defaced by",
                                      "hacked by <", "<title>pwned by", "<title>0wned by"})
    if (const std::size_t at = lower.find(mark); at != std::string::npos) {
      Finding& finding = out.add(file_subject(file.path, line_at(file.bytes, at)),
                                 "The start page was replaced by somebody who boasts of it");
      finding.evidence.push_back(excerpt_at(file.path, file.bytes, at));
      finding.role = "defacement";
      return;
    }
}

constexpr Example kExamples[] = {{"a boast", R"TREE(--- /var/www/html/index.html
<html><title>Hacked by Nobody</title></html>
)TREE",
                                  1},
                                 {"an article about it", R"TREE(--- /var/www/html/news/article.html
<title>How we were hacked by spammers</title>
)TREE",
                                  0}};

}  // namespace

extern const Detector defaced_page_detector;
constinit const Detector defaced_page_detector{
    .id = "defaced_page",
    .area = Area::web,
    .severity = Severity::malicious,
    .title = "A page boasts of a break-in",
    .explain =
        R"TEXT(The start page of a site says "hacked by", as those do who want to be seen. Whoever wrote it could write files here.
What to do: put the page back from a backup made before; find the way in by the time of the file.)TEXT",
    .file = look,
    .examples = kExamples};

}  // namespace abate::sweep
