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
  if (php.checks_who_asks || file.bytes.size() > 20'000) return;
  for (const PhpFlow& flow : php.flows) {
    if (flow.what != PhpFlow::What::upload_kept) continue;
    const std::string_view code = file.bytes;
    // A fixed name or a checked suffix makes it harmless enough.
    if (code.find("pathinfo") != std::string_view::npos || code.find("getimagesize") != std::string_view::npos ||
        code.find("wp_check_filetype") != std::string_view::npos)
      continue;
    Finding& finding = out.add(file_subject(file.path, flow.line),
                               fmt::format("PHP keeps uploads of anybody ({0})", flow.sink, flow.detail));
    finding.evidence.push_back(excerpt_of_line(file.path, file.bytes, flow.line));
    finding.role = "endpoint";
    return;
  }
}

constexpr Example kExamples[] = {{"an importer of a plugin", R"TREE(--- /var/www/html/wp-content/plugins/b/import.php
<?php foreach ($_FILES as $f) { move_uploaded_file($f["tmp_name"], "../uploads/" . $f["name"]); }
)TREE",
                                  1},
                                 {"with a token it is fine", R"TREE(--- /var/www/html/u.php
<?php check_admin_referer("up"); move_uploaded_file($_FILES["f"]["tmp_name"], "x/" . $_FILES["f"]["name"]);
)TREE",
                                  0}};

}  // namespace

extern const Detector php_open_upload_detector;
constinit const Detector php_open_upload_detector{
    .id = "php_open_upload",
    .area = Area::web,
    .severity = Severity::suspicious,
    .title = "PHP keeps uploaded files and asks nobody who they are",
    .explain =
        R"TEXT(The file takes uploads from anybody and keeps them under the name that the visitor gives: that is how most web shells come in.
It is the way in, not the harm: pause or update what it belongs to.
False alarms: a form that renames files and checks their kind well; put its folder where PHP does not run.)TEXT",
    .file = look,
    .examples = kExamples};

}  // namespace abate::sweep
