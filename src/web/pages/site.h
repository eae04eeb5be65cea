// SPDX-License-Identifier: Apache-2.0
// web/pages/site.h — what every handler of a page does first and last: who is it, may they, is the form theirs, and how
// a refusal looks. Internal to web/pages.
#pragma once

#include <functional>
#include <memory>
#include <string>

#include "desk/desk.h"
#include "web/http.h"
#include "web/pages/form.h"
#include "web/pages/frame.h"
#include "web/pages/pages.h"

namespace abate::web {

struct Site {
  desk::Desk& desk;
  SignIn& sign_in;
  PagesOptions options;
};
using SitePtr = std::shared_ptr<const Site>;

Frame frame_of(const Site& site, const Request& request, std::string title, std::string_view active);
// A page for an error: its status follows from the fault.
Response error_page(const Site& site, const Request& request, const Error& error);
Response error_page(const Site& site, const Request& request, int status, std::string what = {});

enum class Door : std::uint8_t {
  team,     // customers get 403
  anybody,  // who is signed in
};
// Somebody who is not signed in is led to /login and back.
Handler page(SitePtr site, Door door, std::function<Response(const Site&, const Request&)> show);
// A form: signed in, parsed, and its csrf is that of the session.
Handler form(SitePtr site, Door door, std::function<Response(const Site&, const Request&, const Form&)> take);

// "/tickets/T-1?done=opened": what was done is said once at the top of the next page.
Banner done_banner(std::string_view done);
// What went wrong, for the person who sent the form.
Banner problem_banner(const Error& error);

// Each registers its own pages.
void add_sign_in_pages(Routes& routes, const SitePtr& site);
void add_queue_pages(Routes& routes, const SitePtr& site);
void add_ticket_pages(Routes& routes, const SitePtr& site);
void add_report_pages(Routes& routes, const SitePtr& site);
void add_demo_mail_pages(Routes& routes, const SitePtr& site);

}  // namespace abate::web
