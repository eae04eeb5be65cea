// SPDX-License-Identifier: Apache-2.0
#include "sweep/kit/event.h"

#include <array>

#include <fmt/format.h>

#include "model/words.h"
#include "model/finding.h"

namespace abate::sweep {
namespace {
constexpr std::array kServices{
    Word{LoginService::ssh, "ssh"},     Word{LoginService::sftp, "sftp"},
    Word{LoginService::ftp, "ftp"},     Word{LoginService::imap, "imap"},
    Word{LoginService::pop3, "pop3"},   Word{LoginService::smtp, "smtp"},
    Word{LoginService::panel, "panel"}, Word{LoginService::console, "console"},
    Word{LoginService::su, "su"},       Word{LoginService::web_application, "web application"},
    Word{LoginService::other, "other"}};
}  // namespace

std::string_view login_service_name(LoginService service) { return word_of(kServices, service); }

std::string origin_text(const Origin& origin) { return fmt::format("{}:{}", origin.path, origin.line); }

std::string evidence_of(const Event& event) {
  return fmt::format("{}: {}", origin_text(event.origin), event.message.substr(0, Finding::kEvidenceBytesMax));
}

}  // namespace abate::sweep
