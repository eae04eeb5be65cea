// SPDX-License-Identifier: Apache-2.0
// remedy/wp_config.h — constants of WordPress' wp-config.php, read and set as text: one define a line, as its
// installer writes it. Nothing is run. Pure.
#pragma once

#include <string>
#include <string_view>

#include "remedy/change.h"
#include "sweep/kit/host.h"

namespace abate::remedy {

// In the docroot, or one level above as WordPress allows. "" where there is none.
std::string wp_config_of(const sweep::Host& host, const sweep::Site& site);
// "true", "false", "minor", …: lower case, quotes taken off; "" where it is not defined.
std::string wp_constant(const sweep::Host& host, const std::string& config, std::string_view name);
// define('NAME', value); in place of the former one, else as the second line. stale: its first line is not <?php alone.
Result<Change> set_wp_constant(const sweep::Host& host, const std::string& config, std::string_view name,
                               std::string_view value);

}  // namespace abate::remedy
