// SPDX-License-Identifier: Apache-2.0
#include "sweep/kit/detector.h"

namespace abate::sweep {
namespace {
void look(const FileView& file, Findings& out) {
  if (file.bytes.find("eval(base64_decode(") != std::string_view::npos)
    out.add(file_subject(file.path, 1), "PHP runs a decoded blob");
}
constexpr Example kExamples[] = {
    {"the loader that most kits drop", "--- /var/www/html/x.php\n<?php eval(base64_decode('aGk='));\n", 1},
    {"decoding without running is fine", "--- /var/www/html/m.php\n<?php $b = base64_decode($s);\n", 0},
};
}  // namespace
extern const Detector php_decoded_eval_detector;
constinit const Detector php_decoded_eval_detector{
    .id = "php_decoded_eval",
    .area = Area::web,
    .severity = Severity::malicious,
    .title = "PHP runs a decoded blob",
    .explain = R"(Intruders hide a shell as base64 and run it with eval(). False alarms: old licence checkers.)",
    .file = look,
    .examples = kExamples,
};
}  // namespace abate::sweep
