// SPDX-License-Identifier: Apache-2.0
// sweep/kit/target.h — from the target of a request line to a file of a site. Pure.
#pragma once

#include <string>
#include <string_view>

#include "sweep/kit/host.h"

namespace abate::sweep {

// "/a/b.php?x=1" to a path beneath the docroot, percent signs decoded, never climbing out.
std::string target_path(std::string_view target);

// The site whose access log this is (rotated and packed ones too), or that the line itself names. Null: nobody knows.
const Site* site_of_log(const Host& host, std::string_view log_path, std::string_view site_name);

// Docroot and target together; "" where the site is not known.
std::string file_of_request(const Host& host, std::string_view log_path, std::string_view site_name,
                            std::string_view target);

}  // namespace abate::sweep
