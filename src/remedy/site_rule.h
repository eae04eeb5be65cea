// SPDX-License-Identifier: Apache-2.0
// remedy/site_rule.h — a rule for a site, by its web server's own grammar.
//
//   TRY_ASSIGN(Work work, gone_rule(host, site, "/wp-content/x.php"));   // that address answers 410
//   TRY_ASSIGN(Work work, pause_rule(host, site));                       // every address answers 503
//
// Apache and LiteSpeed: the first line of the docroot's .htaccess, which they read where AllowOverride lets them.
// nginx: right behind the brace that opens the site's server block, on the same line, so that all lines keep their
// numbers and all else its bytes; checked with nginx -t. Other servers are left to a person, with the words. Pure.
#pragma once

#include <optional>
#include <string>
#include <string_view>

#include "base/result.h"
#include "remedy/change.h"
#include "sweep/kit/host.h"

namespace abate::remedy {

// `at` as the server finds it beneath the docroot, from "/" on. malformed for a name that no rule can hold.
Result<Work> gone_rule(const sweep::Host& host, const sweep::Site& site, const std::string& at);
Result<Work> pause_rule(const sweep::Host& host, const sweep::Site& site);

// The place behind the brace of the one `server {` that begins on `line` of an nginx configuration; nothing where none
// does, or more than one.
std::optional<std::size_t> behind_server_brace(std::string_view text, std::uint32_t line);

}  // namespace abate::remedy
