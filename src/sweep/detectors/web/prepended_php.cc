// SPDX-License-Identifier: Apache-2.0
#include <string>

#include "base/text.h"
#include "sweep/host/code/php.h"
#include "sweep/host/code/places.h"
#include "sweep/kit/detector.h"

namespace abate::sweep {
namespace {

void look(const FileView& file, Findings& out) {
  const std::string_view name = file_name(file.path);
  if (name != ".user.ini" && name != ".htaccess" && name != "php.ini") return;
  std::uint32_t number = 0;
  for (std::string_view line : split(file.bytes, '\n')) {
    ++number;
    line = trim(line);
    std::size_t at = line.find("auto_prepend_file");
    if (at == std::string_view::npos) at = line.find("auto_append_file");
    if (at == std::string_view::npos || line.starts_with(';') || line.starts_with('#')) continue;
    std::string_view value = trim(line.substr(at + 16));
    while (!value.empty() && (value[0] == 'e' || value[0] == '=' || value[0] == ' ' || value[0] == '\t' ||
                              value[0] == '"' || value[0] == '\''))
      value.remove_prefix(1);
    value = value.substr(0, value.find_first_of("\"' \t"));
    if (value.empty() || value == "none") continue;
    const std::string path =
        value.starts_with('/') ? normal_path(value) : normal_path(join_path(folder_of(file.path), value));
    const bool odd = is_open_place(path) || file_name(path).starts_with('.') || !runs_as_php(path) ||
                     path.find("/uploads/") != std::string::npos;
    Finding& finding =
        out.add(file_subject(file.path, number), fmt::format("{} is run before or after every page", path));
    finding.severity = odd ? Severity::malicious : Severity::note;
    finding.evidence.push_back(excerpt_of_line(file.path, file.bytes, number));
    finding.paths.push_back(path);
    finding.role = "persistence";
    return;
  }
}
bool wants(std::string_view path, const Stat&, const Host& host) {
  return host.site_of(path) != nullptr &&
         (file_name(path) == ".user.ini" || file_name(path) == ".htaccess" || file_name(path) == "php.ini");
}

constexpr Example kExamples[] = {{"from /tmp", R"TREE(--- /var/www/html/.user.ini uid=33
auto_prepend_file = "/tmp/.x"
)TREE",
                                  1},
                                 {"a firewall plugin is noted only", R"TREE(--- /var/www/html/.user.ini uid=33
auto_prepend_file = '/var/www/html/waf.php'
)TREE",
                                  1},
                                 {"a comment", R"TREE(--- /var/www/html/.user.ini
; auto_prepend_file = x
memory_limit = 256M
)TREE",
                                  0}};

}  // namespace

extern const Detector prepended_php_detector;
constinit const Detector prepended_php_detector{
    .id = "prepended_php",
    .area = Area::web,
    .severity = Severity::malicious,
    .title = "A file is run before every page",
    .explain =
        R"TEXT(auto_prepend_file (or append) in .user.ini, .htaccess or php.ini runs a file with each request. Firewall plugins use it; so do intruders, because deleting their shell elsewhere does not help then.
It is called malicious when the file lies in a place that anybody can write to, is hidden, or is no .php.
What to do: look at the named file. When it belongs to a security plugin, all is well.)TEXT",
    .file = look,
    .wants = wants,
    .examples = kExamples};

}  // namespace abate::sweep
