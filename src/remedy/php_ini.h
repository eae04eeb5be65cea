// SPDX-License-Identifier: Apache-2.0
// remedy/php_ini.h — settings of PHP as a web server's PHP reads them: php.ini, then the folder of further files by
// name; the last value wins. The command line's own PHP is left out. Pure.
#pragma once

#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "base/result.h"
#include "remedy/change.h"
#include "sweep/kit/host.h"

namespace abate::remedy {

struct PhpPlace {      // one installed PHP of the web
  std::string ini;     // "/etc/php/8.2/fpm/php.ini"
  std::string folder;  // "/etc/php/8.2/fpm/conf.d"
  std::string unit;    // that reads it: "php8.2-fpm.service"
  std::vector<std::string> check;
};
std::vector<PhpPlace> php_places(const sweep::Host& host);
// As written, without quotes; "" where nothing is said.
std::string php_value(const sweep::Host& host, const PhpPlace& place, std::string_view key);
// The lines that count get these values; what stands nowhere goes into a file of our own that is read last.
Result<Work> set_php(const sweep::Host& host, const PhpPlace& place,
                     const std::vector<std::pair<std::string, std::string>>& settings);

}  // namespace abate::remedy
