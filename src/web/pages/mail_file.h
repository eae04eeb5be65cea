// SPDX-License-Identifier: Apache-2.0
// web/pages/mail_file.h — reads the mails that our own courier wrote, for the demo's mail page. It knows as much of
// MIME as desk/notice_mail.cc writes (one multipart, base64, quoted-printable, encoded words) and shows the rest as it
// stands; what strangers send is read by the room `reading`, never here. Pure; thread-safe.
#pragma once

#include <string>
#include <string_view>
#include <utility>
#include <vector>

namespace abate::web {

struct MailFile {
  std::vector<std::pair<std::string, std::string>> headers;  // unfolded, encoded words decoded
  std::string plain;
  std::string html;
  [[nodiscard]] std::string header(std::string_view name) const;  // in any case; "" when absent
};
MailFile read_mail_file(std::string_view bytes);

}  // namespace abate::web
