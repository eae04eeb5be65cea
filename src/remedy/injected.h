// SPDX-License-Identifier: Apache-2.0
// remedy/injected.h — what a stranger added to a file that must stay: a line of a site's configuration, or of a file
// that its application cannot do without. Taking the whole file away would break the site.
//
// The line becomes a comment, or its block goes; all else stays, byte for byte, and lines keep their numbers. A line is
// touched only where it is plainly one whole thing: a directive, or PHP whose quotes and brackets are closed on it.
// Anything else is not_found, and for a person. Pure.
#pragma once

#include <string>
#include <string_view>

#include "base/result.h"
#include "model/finding.h"
#include "remedy/change.h"
#include "sweep/kit/host.h"

namespace abate::remedy {

bool is_web_configuration(std::string_view path);  // .htaccess, .user.ini, php.ini
// "wp-config.php", a theme's functions.php, …: of the site's application, at its own place.
bool is_of_application(const sweep::Host& host, std::string_view path);
// not_found; stale where the file has no such line any more.
Result<Change> without_injected(const sweep::Host& host, const Subject& subject);

}  // namespace abate::remedy
