// SPDX-License-Identifier: Apache-2.0
#include <algorithm>

#include "base/text.h"
#include "sweep/host/code/php.h"
#include "sweep/host/code/places.h"
#include "sweep/kit/detector.h"

namespace abate::sweep {
namespace {

void look(const FileView& file, Findings& out) {
  if (file_name(file.path) != ".htaccess") return;
  bool by_visitor = false;
  std::uint32_t number = 0;
  for (std::string_view line : split(file.bytes, '\n')) {
    ++number;
    line = trim(line);
    if (starts_with_ignoring_case(line, "RewriteCond")) {
      by_visitor |= contains_ignoring_case(line, "HTTP_REFERER") ||
                    (contains_ignoring_case(line, "HTTP_USER_AGENT") &&
                     (contains_ignoring_case(line, "google") || contains_ignoring_case(line, "bing") ||
                      contains_ignoring_case(line, "android") || contains_ignoring_case(line, "mobile")));
      // Against hotlinks: a referer that is NOT ours gets nothing; the rule has no target elsewhere.
      continue;
    }
    if (!starts_with_ignoring_case(line, "RewriteRule")) continue;
    const std::size_t target = line.find("http");
    const bool elsewhere = target != std::string_view::npos && line.find("%{HTTP_HOST}") == std::string_view::npos &&
                           line.find("%{SERVER_NAME}") == std::string_view::npos;
    const bool own = file.site != nullptr && std::ranges::any_of(file.site->names, [&](const std::string& name) {
                       return !name.empty() && contains_ignoring_case(line, name);
                     });
    if (by_visitor && elsewhere && !own) {
      Finding& finding = out.add(file_subject(file.path, number),
                                 "Visitors from search engines or with certain browsers are sent to another site");
      finding.evidence.push_back(excerpt_of_line(file.path, file.bytes, number));
      finding.role = "redirect";
      return;
    }
    by_visitor = false;
  }
}

constexpr Example kExamples[] = {{"only searchers are redirected", R"TREE(--- /var/www/html/.htaccess uid=33
RewriteEngine On
RewriteCond %{HTTP_REFERER} (google|bing) [NC]
RewriteRule ^(.*)$ http://pills.example.test/in.php [R=302,L]
)TREE",
                                  1},
                                 {"WordPress' own", R"TREE(--- /var/www/html/.htaccess
RewriteEngine On
RewriteCond %{REQUEST_FILENAME} !-f
RewriteRule . /index.php [L]
)TREE",
                                  0},
                                 {"to the encrypted page", R"TREE(--- /var/www/html/.htaccess
RewriteCond %{HTTPS} off
RewriteRule (.*) https://%{HTTP_HOST}%{REQUEST_URI} [L]
)TREE",
                                  0}};

}  // namespace

extern const Detector htaccess_cloaking_detector;
constinit const Detector htaccess_cloaking_detector{
    .id = "htaccess_cloaking",
    .area = Area::web,
    .severity = Severity::malicious,
    .title = ".htaccess sends some visitors elsewhere",
    .explain =
        R"TEXT(Rules that redirect only search engines, only visitors who come from one, or only phones to a strange site are a spammer's work: the owner sees the ordinary page.
It is called malicious when the target is on another domain and the rule asks for the visitor's browser or where they come from.
Redirects of the owner to their own new domain have no such condition and are left alone.
What to do: put the application's own .htaccess back; look for what wrote it, or it comes again.)TEXT",
    .file = look,
    .examples = kExamples};

}  // namespace abate::sweep
