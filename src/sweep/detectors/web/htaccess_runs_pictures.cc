// SPDX-License-Identifier: Apache-2.0
#include <algorithm>
#include <string>

#include "base/text.h"
#include "sweep/host/code/php.h"
#include "sweep/host/code/places.h"
#include "sweep/kit/detector.h"

namespace abate::sweep {
namespace {

void look(const FileView& file, Findings& out) {
  if (file_name(file.path) != ".htaccess" && file_name(file.path) != ".user.ini") return;
  std::uint32_t number = 0;
  for (std::string_view line : split(file.bytes, '\n')) {
    ++number;
    line = trim(line);
    if (!starts_with_ignoring_case(line, "AddHandler") && !starts_with_ignoring_case(line, "AddType") &&
        !starts_with_ignoring_case(line, "SetHandler"))
      continue;
    if (!contains_ignoring_case(line, "php")) continue;
    constexpr std::string_view kPictures[] = {".jpg", ".jpeg", ".png", ".gif", ".ico", ".txt", ".css", ".svg"};
    const std::string lower = to_lower(line);
    const bool picture = std::ranges::any_of(
        kPictures, [&](std::string_view suffix) { return lower.find(suffix) != std::string::npos; });
    const bool all_in_uploads = lower.starts_with("sethandler") && is_upload_place(file.path);
    if (!picture && !all_in_uploads) continue;
    Finding& finding = out.add(file_subject(file.path, number), "Files that look harmless are made to run as PHP");
    finding.evidence.push_back(excerpt_of_line(file.path, file.bytes, number));
    finding.role = "persistence";
    return;
  }
}

constexpr Example kExamples[] = {{"pictures run", R"TREE(--- /var/www/html/images/.htaccess uid=33
AddType application/x-httpd-php .jpg .png
)TREE",
                                  1},
                                 {"a PHP version is chosen", R"TREE(--- /var/www/html/.htaccess
AddHandler application/x-httpd-ea-php81 .php .php8 .phtml
)TREE",
                                  0}};

}  // namespace

extern const Detector htaccess_runs_pictures_detector;
constinit const Detector htaccess_runs_pictures_detector{
    .id = "htaccess_runs_pictures",
    .area = Area::web,
    .severity = Severity::malicious,
    .title = ".htaccess makes pictures run as PHP",
    .explain =
        R"TEXT(AddHandler, AddType or SetHandler for .jpg, .png, .txt and the like turns harmless-looking files into programs. No application does that.
What to do: seal and remove the .htaccess and the files it makes run.)TEXT",
    .file = look,
    .examples = kExamples};

}  // namespace abate::sweep
