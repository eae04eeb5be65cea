// SPDX-License-Identifier: Apache-2.0
#include "remedy/php_ini.h"

#include <map>
#include <optional>

#include "base/text.h"
#include "remedy/edit.h"
#include "sweep/host/config/config_text.h"

namespace abate::remedy {
namespace {

std::optional<sweep::Setting> counting(const sweep::Host& host, const PhpPlace& place, std::string_view key) {
  std::optional<sweep::Setting> last;
  std::vector<std::string> files{place.ini};
  for (const std::string& path : sweep::glob(*host.tree, sweep::join_path(place.folder, "*.ini")))
    files.push_back(path);
  for (const std::string& path : files) {
    const std::vector<sweep::Setting> settings = sweep::ini_settings(*host.tree, path, ";");
    for (const sweep::Setting& one : settings)
      if (one.key == key && !one.section.starts_with("path=") && !one.section.starts_with("host=")) last = one;
  }
  return last;
}

}  // namespace

std::vector<PhpPlace> php_places(const sweep::Host& host) {
  std::vector<PhpPlace> places;
  for (const std::string& ini : sweep::glob(*host.tree, "/etc/php/*/*/php.ini")) {
    const std::string folder{sweep::folder_of(ini)};
    const std::string kind{sweep::file_name(folder)};
    const std::string version{sweep::file_name(sweep::folder_of(folder))};
    if (kind == "fpm")
      places.push_back({ini,
                        folder + "/conf.d",
                        fmt::format("php{}-fpm.service", version),
                        {fmt::format("php-fpm{}", version), "-t"}});
    if (kind == "apache2") places.push_back({ini, folder + "/conf.d", "apache2.service", {"apache2ctl", "configtest"}});
    if (kind == "cgi") places.push_back({ini, folder + "/conf.d", "", {}});
  }
  if (sweep::exists(*host.tree, "/etc/php.ini") &&
      (sweep::exists(*host.tree, "/usr/sbin/php-fpm") || sweep::exists(*host.tree, "/etc/httpd")))
    places.push_back({"/etc/php.ini", "/etc/php.d", "php-fpm.service",
                      sweep::exists(*host.tree, "/usr/sbin/php-fpm") ? std::vector<std::string>{"php-fpm", "-t"}
                                                                     : std::vector<std::string>{}});
  return places;
}

std::string php_value(const sweep::Host& host, const PhpPlace& place, std::string_view key) {
  const std::optional<sweep::Setting> one = counting(host, place, key);
  if (!one) return "";
  std::string value = one->value;
  if (value.size() >= 2 && value.front() == '"' && value.back() == '"') value = value.substr(1, value.size() - 2);
  return value;
}

Result<Work> set_php(const sweep::Host& host, const PhpPlace& place,
                     const std::vector<std::pair<std::string, std::string>>& settings) {
  std::map<std::string, std::string> texts;
  const auto text_of = [&](const std::string& path) -> Result<std::string*> {
    const auto known = texts.find(path);
    if (known != texts.end()) return &known->second;
    std::string text;
    if (sweep::exists(*host.tree, path)) {
      TRY_ASSIGN(text, sweep::read_whole(*host.tree, path, kEditedBytesMax));
    }
    return &texts.emplace(path, std::move(text)).first->second;
  };
  for (const auto& [key, value] : settings) {
    const std::string line = fmt::format("{} = {}", key, value);
    if (const std::optional<sweep::Setting> one = counting(host, place, key)) {
      TRY_ASSIGN(const std::string path, sweep::resolve(*host.tree, one->at.path));
      TRY_ASSIGN(std::string* const text, text_of(path));
      *text = map_lines(*text, [&](std::string_view old, std::uint32_t number) {
        return number == one->at.line ? line : std::string{old};
      });
      continue;
    }
    std::string path = sweep::join_path(place.folder, "99-abate.ini");
    if (!sweep::exists(*host.tree, place.folder)) {
      TRY_ASSIGN(path, sweep::resolve(*host.tree, place.ini));
    }
    TRY_ASSIGN(std::string* const text, text_of(path));
    if (!text->empty() && !text->ends_with('\n')) *text += '\n';
    *text += line + "\n";
  }
  Work work;
  std::string says;
  for (const auto& [key, value] : settings) says += fmt::format("{}{} = {}", says.empty() ? "" : "; ", key, value);
  for (auto& [path, text] : texts)
    work.changes.push_back(write_change(path, std::move(text), fmt::format("{}: {}", path, says)));
  work.check = place.check;
  work.afterwards = reload(host, place.unit);
  work.undo_afterwards = work.afterwards;
  return work;
}

}  // namespace abate::remedy
