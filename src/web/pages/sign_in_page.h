// SPDX-License-Identifier: Apache-2.0
// web/pages/sign_in_page.h — the door.
#pragma once

#include <string>

#include "web/pages/frame.h"

namespace abate::web {

struct SignInView {
  std::string email;  // as typed; a password is never shown again
  std::string next;   // the page that was asked for: a path of ours
};
std::string render(const Frame& frame, const SignInView& view);

// "/tickets/T-1?x" stays; anything that could lead to another site is "/".
std::string safe_next(std::string_view next);

}  // namespace abate::web
