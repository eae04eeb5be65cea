// SPDX-License-Identifier: Apache-2.0
// web/pages/assets.h — stylesheets and pictures, embedded in the program. Their links carry a piece of their hash, so a
// browser may keep them for ever and still sees a new one at once. Thread-safe.
#pragma once

#include <string>
#include <string_view>
#include <vector>

#include "web/http.h"

namespace abate::web {

std::string asset_url(std::string_view name);  // "/assets/abate.css?v=0123456789ab"
Response asset(const Request& request);        // GET /assets/{name}; 404 where there is none
std::vector<std::string_view> asset_names();
std::string_view asset_bytes(std::string_view name);

}  // namespace abate::web
