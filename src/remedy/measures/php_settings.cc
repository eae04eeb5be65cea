// SPDX-License-Identifier: Apache-2.0
#include <algorithm>

#include "base/text.h"
#include "remedy/measure.h"
#include "remedy/php_ini.h"
#include "sweep/host/config/config_text.h"

namespace abate::remedy {

extern const Measure php_settings_measure;

namespace {

struct Wanted {
  std::string_view key;
  bool on_by_default;  // PHP's own value where nothing is said
};
constexpr Wanted kOff[] = {{"allow_url_include", false}, {"expose_php", true}, {"display_errors", false}};

std::vector<std::pair<std::string, std::string>> needed(const sweep::Host& host, const PhpPlace& place) {
  std::vector<std::pair<std::string, std::string>> settings;
  for (const Wanted& one : kOff) {
    const std::string value = php_value(host, place, one.key);
    if (value.empty() ? one.on_by_default : (sweep::is_yes(value) || equals_ignoring_case(value, "stdout")))
      settings.emplace_back(one.key, "Off");
  }
  return settings;
}

void look(const Ground& ground, Advised& out) {
  const std::vector<PhpPlace> places = php_places(ground.host);
  std::size_t weak = 0;
  for (const PhpPlace& place : places) {
    const auto settings = needed(ground.host, place);
    if (settings.empty()) continue;
    ++weak;
    std::vector<std::string> keys;
    for (const auto& [key, value] : settings) keys.push_back(key);
    Subject subject = file_subject(place.ini);
    subject.kind = SubjectKind::config;
    Action& action =
        out.advise(subject, fmt::format("PHP tells strangers more than they need, or runs code of theirs: {} on",
                                        join(keys, ", ") + (keys.size() == 1 ? " is" : " are")));
    action.effect = "Errors go to the log only, PHP's version is not told, nothing is included from other servers";
    action.risk = "A script that includes code from another server stops";
  }
  if (weak == 0 && !places.empty())
    out.already("PHP keeps errors and version to itself, and includes nothing from elsewhere");
}

Result<Work> work(const Action& action, const sweep::Host& host) {
  for (const PhpPlace& place : php_places(host))
    if (place.ini == action.subject.path) return set_php(host, place, needed(host, place));
  return failure(Fault::not_found, "{}: no PHP of a web server reads it", shown_name(action.subject.path));
}

constexpr MeasureExample kExamples[] = {{"for development", R"x(--- /etc/php/8.2/fpm/conf.d/20-x.ini
allow_url_include=1
--- /etc/php/8.2/fpm/php.ini
[PHP]
; comment
expose_php = On
display_errors = Off
)x",
                                         Standing::advised},
                                        {"closed", R"x(--- /etc/php/8.2/apache2/php.ini
[PHP]
expose_php = Off
)x",
                                         Standing::already},
                                        {"the command line only", R"x(--- /etc/php/8.2/cli/php.ini
[PHP]
expose_php = On
--- /etc/php/8.2/fpm/php.ini
expose_php = Off
)x",
                                         Standing::already}};

}  // namespace

constinit const Measure php_settings_measure{
    .name = "php_settings",
    .requirement = "R30",
    .title = "PHP tells and includes less",
    .explain =
        R"TEXT(Switches off in the web server's PHP what helps strangers only: allow_url_include (code from other servers), expose_php (the version), display_errors (paths and passwords in error pages; they go to the log). The line that counts is changed, in whichever of PHP's files it stands; php-fpm -t or apache2ctl configtest looks at it first.
What can go wrong: an old script that includes code from another server stops, and it should. Undo: abate undo.)TEXT",
    .look = look,
    .work = work,
    .examples = kExamples};

}  // namespace abate::remedy
