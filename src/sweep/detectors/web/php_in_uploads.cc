// SPDX-License-Identifier: Apache-2.0
#include <string>

#include "base/text.h"
#include "sweep/host/code/php.h"
#include "sweep/host/code/places.h"
#include "sweep/kit/detector.h"

namespace abate::sweep {
namespace {

bool is_silence(std::string_view bytes) {
  return bytes.size() < 400 && php_flows(php_tokens(bytes)).empty() && bytes.find("function") == std::string_view::npos;
}

void look(const FileView& file, Findings& out) {
  if (file.site == nullptr || !runs_as_php(file.path) || !holds_php(file.bytes) || is_core_place(file.path)) return;
  const std::string inside = file_name(file.site->docroot).empty()
                                 ? std::string{file.path}
                                 : std::string{file.path.substr(file.site->docroot.size())};
  const bool uploads = inside.find("/uploads/") != std::string::npos || inside.starts_with("/images/") ||
                       inside.starts_with("/media/") || inside.starts_with("/files/") ||
                       inside.find("/pub/media/") != std::string::npos ||
                       inside.find("/sites/default/files/") != std::string::npos;
  const bool double_suffix = has_double_suffix(file.path);
  const bool picture =
      file.bytes.starts_with("GIF8") || file.bytes.starts_with("\x89PNG") || file.bytes.starts_with("\xff\xd8\xff");
  if (!uploads && !double_suffix && !picture) return;
  if (!double_suffix && !picture && (is_silence(file.bytes) || inside.find("/cache/") != std::string::npos)) return;
  Finding& finding = out.add(file_subject(file.path), double_suffix ? "PHP that is named like a picture or document"
                                                      : picture     ? "PHP that begins like a picture"
                                                                    : "PHP in a folder for uploads");
  if (!double_suffix && !picture) finding.severity = Severity::suspicious;
  finding.evidence.push_back(excerpt_at(file.path, file.bytes, std::min(file.bytes.find("<?"), file.bytes.size())));
  finding.role = "shell";
}

constexpr Example kExamples[] = {
    {"a picture that runs", R"TREE(--- /var/www/html/wp-content/uploads/2026/01/a.jpg.php uid=33
GIF89a<?php echo 1; function x() {}
)TREE",
     1},
    {"a script among uploads", R"TREE(--- /var/www/html/wp-content/uploads/a.php uid=33
<?php function x() { return 1; } echo x(); // a long script
)TREE",
     1},
    {"the guard of a folder", R"TREE(--- /var/www/html/wp-content/uploads/index.php
<?php
// Silence is golden.
)TREE",
     0},
    {"a theme's file", R"TREE(--- /var/www/html/wp-content/themes/t/a.php
<?php function x() { return 1; }
)TREE",
     0}};

}  // namespace

extern const Detector php_in_uploads_detector;
constinit const Detector php_in_uploads_detector{
    .id = "php_in_uploads",
    .area = Area::web,
    .severity = Severity::malicious,
    .title = "PHP lies where only visitors' files belong",
    .explain =
        R"TEXT(A folder for pictures and uploads holds a file that runs. Intruders put their shells there because the application itself can write there.
It is called malicious when its name lies as well (photo.jpg.php), or when the file begins like a picture.
The usual empty index.php that keeps a folder's listing shut is fine, and so are caches that some applications write with a guard in their first line.
What to do: look into it; switch PHP off in upload folders.)TEXT",
    .file = look,
    .examples = kExamples};

}  // namespace abate::sweep
