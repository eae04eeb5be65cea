// SPDX-License-Identifier: Apache-2.0

#include "base/text.h"
#include "sweep/host/code/php.h"
#include "sweep/host/code/places.h"
#include "sweep/kit/detector.h"

namespace abate::sweep {
namespace {

void look(const FileView& file, Findings& out) {
  const PhpFile& php = php_file(file.path, file.bytes);
  if (!php.is_php || speaks_of_malware(file.path)) return;
  if (php.checks_who_asks) return;
  for (const PhpFlow& flow : php.flows) {
    if (flow.what != PhpFlow::What::request_include) continue;
    if (file.bytes.size() > 100'000) continue;
    Finding& finding =
        out.add(file_subject(file.path, flow.line),
                fmt::format("PHP includes what the visitor names ({1}) with {0}", flow.sink, flow.detail));
    finding.evidence.push_back(excerpt_of_line(file.path, file.bytes, flow.line));
    finding.role = "endpoint";
    return;
  }
}

constexpr Example kExamples[] = {{"the classic hole", R"TREE(--- /var/www/html/i.php
<?php include($_GET["page"] . ".php");
)TREE",
                                  1},
                                 {"a fixed include is fine", R"TREE(--- /var/www/html/i.php
<?php include(__DIR__ . "/head.php");
)TREE",
                                  0}};

}  // namespace

extern const Detector php_request_include_detector;
constinit const Detector php_request_include_detector{
    .id = "php_request_include",
    .area = Area::web,
    .severity = Severity::suspicious,
    .title = "PHP includes a file that the visitor names",
    .explain =
        R"TEXT(include or require with a name from the request lets a visitor read files of the server and often run own code. It is a hole, used or not.
What to do: update the application, or replace the name by a choice among fixed ones.)TEXT",
    .file = look,
    .examples = kExamples};

}  // namespace abate::sweep
