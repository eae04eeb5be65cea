// SPDX-License-Identifier: Apache-2.0
// web/pages/pages.h — registers every page that people see: sign-in, the desk's console, the Client Area (R5..R12,
// R37).
//
//   Routes routes;
//   add_pages(routes, desk, sign_in, {});
//
// /login /logout / · team: /review /tickets /tickets/ID /reports /reports/ID · customer: /tickets /tickets/ID ·
// /assets/NAME · with demo_mail_folder: /demo/mail, /demo/mail/NAME. A form is answered by 303 when it was carried out;
// else the page is shown again with 403, 409, 412 or 422, a sentence, and what the person typed. Every form carries
// `csrf`, those that change a ticket its `version`. Thread-safe as far as the desk is; desk and sign_in outlive routes.
#pragma once

#include <filesystem>
#include <functional>
#include <memory>
#include <string>

#include "desk/desk.h"
#include "web/http.h"
#include "web/pages/playbooks.h"

namespace abate::web {

class SignIn;

struct PagesOptions {
  std::filesystem::path demo_mail_folder;  // empty: no demo pages
  // Asked for each page, so that others can be put in their place; empty: those that are built in. Thread-safe.
  std::function<std::shared_ptr<const Playbooks>()> playbooks{};
};

void add_pages(Routes& routes, desk::Desk& desk, SignIn& sign_in, PagesOptions options);

}  // namespace abate::web
