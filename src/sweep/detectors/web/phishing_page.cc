// SPDX-License-Identifier: Apache-2.0
#include <algorithm>
#include <string>

#include "base/text.h"
#include "sweep/host/code/php.h"
#include "sweep/host/code/places.h"
#include "sweep/kit/detector.h"

namespace abate::sweep {
namespace {

constexpr std::string_view kBrands[] = {"paypal",
                                        "microsoft",
                                        "office 365",
                                        "office365",
                                        "outlook",
                                        "onedrive",
                                        "sharepoint",
                                        "apple id",
                                        "icloud",
                                        "netflix",
                                        "amazon",
                                        "dhl",
                                        "fedex",
                                        "usps",
                                        "ups ",
                                        "facebook",
                                        "instagram",
                                        "whatsapp",
                                        "bank of",
                                        "sparkasse",
                                        "volksbank",
                                        "chase",
                                        "wells fargo",
                                        "hsbc",
                                        "barclays",
                                        "santander",
                                        "la banque postale",
                                        "credit agricole",
                                        "ing-diba",
                                        "postbank",
                                        "coinbase",
                                        "binance",
                                        "metamask",
                                        "adobe",
                                        "docusign",
                                        "linkedin",
                                        "webmail",
                                        "roundcube",
                                        "ameli",
                                        "impots",
                                        "example bank",
                                        "examplebank",
                                        "postpay",
                                        "verify your account",
                                        "account verification",
                                        "sign in to your account",
                                        "confirm your identity"};

bool is_kit_file(std::string_view name) {
  constexpr std::string_view kNames[] = {"antibots.php", "antibot.php", "anti.php",   "blocker.php", "block.php",
                                         "bots.php",     "results.txt", "result.txt", "rezult.txt",  "log.txt",
                                         "logs.txt",     "victims.txt", "next.php",   "finish.php",  "post.php",
                                         "process.php",  "action.php",  "verify.php", "otp.php",     "card.php",
                                         "telegram.php", "email.php",   "config.php"};
  const std::string lower = to_lower(name);
  return std::ranges::find(kNames, lower) != std::end(kNames) || lower.starts_with("antibots");
}

void look(const FileView& file, Findings& out) {
  if (file.site == nullptr) return;
  const std::string suffix = to_lower(suffix_of(file.path));
  if (suffix != ".html" && suffix != ".htm" && !runs_as_php(file.path)) return;
  const std::size_t field = to_lower(file.bytes.substr(0, 400'000)).find("type=\"password\"");
  const std::size_t other = field == std::string_view::npos ? file.bytes.find("type='password'") : field;
  const std::size_t at = other == std::string_view::npos ? file.bytes.find("type=password") : other;
  if (at == std::string_view::npos || is_core_place(file.path)) return;
  const std::string lower = to_lower(file.bytes.substr(0, 400'000));
  const std::size_t form = lower.rfind("<form", at);
  if (form == std::string::npos) return;
  const bool brand =
      std::ranges::any_of(kBrands, [&](std::string_view name) { return lower.find(name) != std::string::npos; });
  if (!brand) return;
  std::size_t kit = 0;
  std::string beside;
  if (const std::vector<Name> names = file.facts.names_beside(); names.size() < 200)
    for (const Name& name : names)
      if (is_kit_file(name.name) && join_path(folder_of(file.path), name.name) != file.path) {
        ++kit;
        beside += (beside.empty() ? "" : ", ") + name.name;
      }
  // A whole application has its login among hundreds of files; a kit is a small folder.
  if (kit == 0) return;
  Finding& finding =
      out.add(file_subject(file.path, line_at(file.bytes, at)),
              fmt::format("A page asks for a password in another company's name; beside it: {}", beside));
  finding.severity = kit >= 2 ? Severity::malicious : Severity::suspicious;
  finding.evidence.push_back(excerpt_at(file.path, file.bytes, form));
  finding.role = "kit";
}

constexpr Example kExamples[] = {{"a kit", R"TREE(--- /var/www/html/x/index.html uid=33
<title>PayPal: log in</title><form action="next.php" method="post"><input name="u"><input type="password" name="p"></form>
--- /var/www/html/x/next.php
<?php
--- /var/www/html/x/antibots1.php
<?php
)TREE",
                                  1},
                                 {"a login of the site's own", R"TREE(--- /var/www/html/login.html
<title>Members</title><form action="check.php"><input type="password"></form>
)TREE",
                                  0}};

}  // namespace

extern const Detector phishing_page_detector;
constinit const Detector phishing_page_detector{
    .id = "phishing_page",
    .area = Area::web,
    .severity = Severity::malicious,
    .title = "A page asks for a password in another company's name",
    .explain =
        R"TEXT(A page with a password field that sends what is typed to a small PHP file beside it, in a site that has a login of its own elsewhere, is how a phishing page looks.
Alone it is a reason to look: it is called malicious when the same folder holds what makes a kit: a file that sends secrets away, a list of banned visitors, an archive of the folder, or the ticket names it.
Ordinary logins of known applications are left alone.
What to do: do not open the victims' data; seal the folder, remove it, answer with 410.)TEXT",
    .file = look,
    .examples = kExamples};

}  // namespace abate::sweep
