// SPDX-License-Identifier: Apache-2.0

#include "base/text.h"
#include "sweep/host/code/php.h"
#include "sweep/host/code/places.h"
#include "sweep/kit/detector.h"

namespace abate::sweep {
namespace {

void look(const FileView& file, Findings& out) {
  const PhpFile& php = php_file(file.path, file.bytes);
  if (!php.is_php || speaks_of_malware(file.path) || is_core_place(file.path) || php.checks_who_asks ||
      file.bytes.size() > 30'000)
    return;
  for (const PhpFlow& flow : php.flows) {
    if (flow.what != PhpFlow::What::mail_to_request) continue;
    Finding& finding =
        out.add(file_subject(file.path, flow.line),
                fmt::format("The recipient of {0}() comes with the request ({1})", flow.sink, flow.detail));
    finding.evidence.push_back(excerpt_of_line(file.path, file.bytes, flow.line));
    finding.role = "mailer";
    return;
  }
}

constexpr Example kExamples[] = {{"a mailer", R"TREE(--- /var/www/html/m.php
<?php foreach (explode("\n", $_POST["list"]) as $t) mail($_POST["to"], $_POST["s"], $_POST["b"]);
)TREE",
                                  1},
                                 {"each of a list that came with the request", R"TREE(--- /var/www/html/m.php
<?php $to = explode("\n", base64_decode($_POST["l"])); foreach ($to as $n => $one) { mail(trim($one), "s", "b"); }
)TREE",
                                  1},
                                 {"each of a list of its own", R"TREE(--- /var/www/html/n.php
<?php foreach ($members as $one) { mail($one, "news", $_POST["text"]); }
)TREE",
                                  0},
                                 {"a contact form with a fixed recipient", R"TREE(--- /var/www/html/c.php
<?php mail("info@example.org", "contact", $_POST["text"]);
)TREE",
                                  0}};

}  // namespace

extern const Detector php_request_mail_detector;
constinit const Detector php_request_mail_detector{
    .id = "php_request_mail",
    .area = Area::web,
    .severity = Severity::suspicious,
    .title = "PHP mails to whoever the visitor names",
    .explain =
        R"TEXT(The recipient of mail() comes with the request: anybody can send mail through this server with it. Mailers that spammers drop look like this, and so do careless contact forms.
It is called malicious where it lies among uploads or sends in a loop to a list.
What to do: set the recipient in the code; when nobody knows the file, seal and remove it.)TEXT",
    .file = look,
    .examples = kExamples};

}  // namespace abate::sweep
