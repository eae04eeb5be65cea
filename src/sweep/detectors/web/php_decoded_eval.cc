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
    if (flow.what != PhpFlow::What::decoded_run) continue;
    Finding& finding =
        out.add(file_subject(file.path, flow.line),
                fmt::format("PHP unpacks hidden code ({1}) and runs it with {0}", flow.sink, flow.detail));
    finding.evidence.push_back(excerpt_of_line(file.path, file.bytes, flow.line));
    finding.role = "shell";
    if (calls_of(php.tokens, "mail") > 0) finding.role = "mailer";
    return;
  }
}

constexpr Example kExamples[] = {{"the loader that most kits drop", R"TREE(--- /var/www/html/x.php
<?php eval(base64_decode('aGk='));
)TREE",
                                  1},
                                 {"through a variable and a picture's head", R"TREE(--- /var/www/html/a.php
GIF89a<?php $a = gzinflate(base64_decode("eJw=")); @eval($a);
)TREE",
                                  1},
                                 {"decoding without running is fine", R"TREE(--- /var/www/html/m.php
<?php $b = base64_decode($s);
)TREE",
                                  0},
                                 {"a scanner's signatures are strings", R"TREE(--- /var/www/html/s.php
<?php return array('eval(base64_decode(', "eval(gzinflate(");
)TREE",
                                  0},
                                 {"a document that quotes one", R"TREE(--- /var/www/html/README.md
<?php eval(base64_decode('aGk=')); ?>
)TREE",
                                  0}};

}  // namespace

extern const Detector php_decoded_eval_detector;
constinit const Detector php_decoded_eval_detector{
    .id = "php_decoded_eval",
    .area = Area::web,
    .severity = Severity::malicious,
    .title = "PHP runs a decoded blob",
    .explain =
        R"TEXT(Intruders hide a shell as base64, gzip or hex and run it with eval(), assert(), create_function() or preg_replace with /e.
The words inside quotes are data: a scanner's list of signatures is not called a shell; only code that really unpacks and runs is.
False alarms: old licence checkers and encoders of commercial plugins. Ask the vendor for the file's checksum, or compare it with a fresh copy.
What to do: keep a sealed copy, remove the file, and find out how it came in: its time and owner tell which log to read.)TEXT",
    .file = look,
    .examples = kExamples};

}  // namespace abate::sweep
