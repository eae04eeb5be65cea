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
  for (const PhpFlow& flow : php.flows) {
    if (flow.what != PhpFlow::What::built_call) continue;
    Finding& finding =
        out.add(file_subject(file.path, flow.line),
                fmt::format("PHP calls {0}, a name put together from pieces ({1})", flow.sink, flow.detail));
    finding.evidence.push_back(excerpt_of_line(file.path, file.bytes, flow.line));
    finding.role = "shell";
    return;
  }
}

constexpr Example kExamples[] = {{"a reversed name", R"TREE(--- /var/www/html/x.php
<?php $f = strrev("metsys"); $f($_GET["c"]);
)TREE",
                                  1},
                                 {"a plain callback is fine", R"TREE(--- /var/www/html/y.php
<?php $f = "trim"; $f($_GET["c"]);
)TREE",
                                  0}};

}  // namespace

extern const Detector php_built_call_detector;
constinit const Detector php_built_call_detector{
    .id = "php_built_call",
    .area = Area::web,
    .severity = Severity::suspicious,
    .title = "PHP calls a function by a name put together from pieces",
    .explain =
        R"TEXT(Names such as 'sys'.'tem' or strrev('metsys') are written so that nobody finds them by searching. Ordinary code has no reason to.
Alone it is a reason to look; with other signs on the same file it is a shell.
False alarms: some templating code builds method names; it seldom unpacks data at the same time.)TEXT",
    .file = look,
    .examples = kExamples};

}  // namespace abate::sweep
