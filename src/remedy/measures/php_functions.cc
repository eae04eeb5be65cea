// SPDX-License-Identifier: Apache-2.0
#include <algorithm>

#include "base/text.h"
#include "remedy/measure.h"
#include "remedy/php_ini.h"
#include "sweep/host/config/config_text.h"

namespace abate::remedy {

extern const Measure php_functions_measure;

namespace {

constexpr std::string_view kPrograms[] = {"exec",      "passthru", "shell_exec", "system",
                                          "proc_open", "popen",    "pcntl_exec"};

// Today's list with what is missing; "" where nothing is.
std::string longer_list(const sweep::Host& host, const PhpPlace& place) {
  std::vector<std::string> words = sweep::parts_of(php_value(host, place, "disable_functions"), ", ");
  const std::size_t before = words.size();
  for (const std::string_view one : kPrograms)
    if (std::ranges::find(words, one) == words.end()) words.emplace_back(one);
  return words.size() == before ? "" : join(words, ",");
}

void look(const Ground& ground, Advised& out) {
  const std::vector<PhpPlace> places = php_places(ground.host);
  std::size_t open = 0;
  for (const PhpPlace& place : places) {
    if (longer_list(ground.host, place).empty()) continue;
    ++open;
    // Many good applications start programs (ImageMagick, git, backups): a hint, and only the owner knows.
    out.said(fmt::format("PHP may start programs ({}); a shell that somebody uploads uses just that", place.ini),
             fmt::format("Where no site of yours needs it: in {} set disable_functions = {}", place.ini,
                         longer_list(ground.host, place)));
  }
  if (open == 0 && !places.empty()) out.already("PHP starts no programs");
}

constexpr MeasureExample kExamples[] = {{"as it comes", R"x(--- /etc/php/8.2/fpm/php.ini
disable_functions =
)x",
                                         Standing::said},
                                        {"closed", R"x(--- /etc/php/8.2/fpm/php.ini
disable_functions = exec, passthru,shell_exec,system,proc_open,popen,pcntl_exec
)x",
                                         Standing::already}};

}  // namespace

constinit const Measure php_functions_measure{
    .name = "php_functions",
    .requirement = "R30",
    .title = "PHP starts no programs",
    .explain =
        R"TEXT(Says which of PHP's functions start programs (exec, system, proc_open, …) and the line that would switch them off for the web (disable_functions). Abate does not do it by itself: many good applications start programs to shrink pictures or to make backups, and only you know whether one of yours does.)TEXT",
    .look = look,
    .examples = kExamples};

}  // namespace abate::remedy
