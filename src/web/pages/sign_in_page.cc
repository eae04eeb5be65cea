// SPDX-License-Identifier: Apache-2.0
#include "web/pages/sign_in_page.h"

#include <algorithm>

namespace abate::web {

std::string render(const Frame& frame, const SignInView& view) {
  Sheet sheet;
  Part main = framed(sheet, frame, "login.html");
  main.set("EMAIL", view.email).set("NEXT", view.next);
  if (!frame.banner.text.empty()) main.show("HAS_BANNER");
  return sheet.render("layout.html");
}

std::string safe_next(std::string_view next) {
  const bool ours = next.starts_with('/') && !next.starts_with("//") && next.find('\\') == next.npos &&
                    std::ranges::all_of(next, [](char c) { return c > ' ' && c < '\x7f'; });
  return ours && !next.starts_with("/log") ? std::string{next} : "/";
}

}  // namespace abate::web
