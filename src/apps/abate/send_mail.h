// SPDX-License-Identifier: Apache-2.0
// apps/abate/send_mail.h — a letter to the owner by the server's own sendmail.
//
// SECURITY: no shell; the address is one plain word, and stands behind "--"; subject and text are our own words, and no
// line of theirs can become a header.
#pragma once

#include <string>

#include "base/result.h"

namespace abate::apps {

// malformed: no address. unavailable: no sendmail, or it refused.
Result<void> send_mail(const std::string& to, const std::string& subject, const std::string& text);

}  // namespace abate::apps
