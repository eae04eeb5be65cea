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
    if (flow.what != PhpFlow::What::request_write) continue;
    if (file.bytes.size() > 20'000) continue;
    Finding& finding = out.add(file_subject(file.path, flow.line),
                               fmt::format("PHP writes what the visitor sends ({1}) with {0}", flow.sink, flow.detail));
    finding.evidence.push_back(excerpt_of_line(file.path, file.bytes, flow.line));
    finding.role = "dropper";
    return;
  }
}

constexpr Example kExamples[] = {{"a dropper", R"TREE(--- /var/www/html/w.php
<?php file_put_contents($_POST["n"], $_POST["d"]);
)TREE",
                                  1},
                                 {"an editor that asks who it is", R"TREE(--- /var/www/html/w.php
<?php if (!current_user_can("edit")) die; file_put_contents($f, $_POST["d"]);
)TREE",
                                  0}};

}  // namespace

extern const Detector php_request_write_detector;
constinit const Detector php_request_write_detector{
    .id = "php_request_write",
    .area = Area::web,
    .severity = Severity::suspicious,
    .title = "PHP writes a file from what the visitor sends",
    .explain =
        R"TEXT(The file lets a visitor write onto the server: a dropper, or the hole that an intruder used. Nobody is asked who they are.
Plugins do write what an administrator sends; where the file checks rights or tokens it is left alone.
What to do: if it belongs to an application, update or pause the application; if nobody knows it, seal and remove it.)TEXT",
    .file = look,
    .examples = kExamples};

}  // namespace abate::sweep
