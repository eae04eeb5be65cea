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
    if (flow.what != PhpFlow::What::request_run && flow.what != PhpFlow::What::request_call) continue;
    // A plugin's hook that lets a logged-in user choose among its own functions is sloppy, not a shell.
    if (flow.what == PhpFlow::What::request_call && (file.bytes.size() > 60'000 || php.checks_who_asks)) continue;
    Finding& finding = out.add(file_subject(file.path, flow.line),
                               fmt::format("PHP hands what the visitor sends ({1}) to {0}", flow.sink, flow.detail));
    finding.evidence.push_back(excerpt_of_line(file.path, file.bytes, flow.line));
    finding.role = "shell";
    return;
  }
}

constexpr Example kExamples[] = {{"a shell of one line", R"TREE(--- /var/www/html/c.php
<?php system($_GET["c"]);
)TREE",
                                  1},
                                 {"the visitor names the function", R"TREE(--- /var/www/html/d.php
<?php @$_POST["f"]($_POST["a"]);
)TREE",
                                  1},
                                 {"cleaned arguments are fine", R"TREE(--- /var/www/html/e.php
<?php system("convert " . escapeshellarg($_POST["n"]));
)TREE",
                                  0},
                                 {"a database call is no shell", R"TREE(--- /var/www/html/q.php
<?php $db->exec($_POST["q"]);
)TREE",
                                  0}};

}  // namespace

extern const Detector php_request_run_detector;
constinit const Detector php_request_run_detector{
    .id = "php_request_run",
    .area = Area::web,
    .severity = Severity::malicious,
    .title = "PHP runs what the visitor sends",
    .explain =
        R"TEXT(The file runs code or commands that come with the request: whoever knows its address is on the server as the web user. That is what a web shell is.
A form that runs a fixed program with cleaned arguments (escapeshellarg, intval) is left alone.
False alarms: an administrator's own console. It is as dangerous in a stranger's hands; put it behind a password or off the web.
What to do: keep a sealed copy, remove it, read the access log for who called it.)TEXT",
    .file = look,
    .examples = kExamples};

}  // namespace abate::sweep
