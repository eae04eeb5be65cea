// SPDX-License-Identifier: Apache-2.0
// /login, /logout, and / which leads everybody to their own first page.
#include <fmt/format.h>

#include "base/log.h"
#include "base/text.h"
#include "web/pages/sign_in_page.h"
#include "web/pages/site.h"
#include "web/sign_in.h"

namespace abate::web {
namespace {

std::string first_page(const Principal& who) { return who.is_customer() ? "/tickets" : "/review"; }

Response sign_in_page(const Site& site, const Request& request, int status, const Banner& banner,
                      const SignInView& view) {
  Frame frame = frame_of(site, request, "Sign in", "");
  frame.who.reset();
  frame.csrf.clear();
  if (!banner.text.empty()) frame.banner = banner;
  return html(status, render(frame, view));
}

Response show(const Site& site, const Request& request) {
  const std::string next = safe_next(request.argument("next"));
  if (request.who && request.session) return see_other(next == "/" ? first_page(*request.who) : next);
  Banner banner;
  if (next != "/") banner = {"calm", "Please sign in; then we take you to the page you asked for."};
  return sign_in_page(site, request, 200, banner, SignInView{"", next});
}

Response take(const Site& site, const Request& request) {
  if (!sent_by_our_page(request)) return error_page(site, request, 403, "The form was sent by another site.");
  const Result<Form> sent = Form::parse(request);
  if (!sent) return error_page(site, request, 400, sent.error().what);
  const std::string email{trim(sent->value("email"))};
  const std::string next = safe_next(sent->value("next"));
  const auto signed_in = site.sign_in.sign_in(email, sent->value("password"), request.peer);
  if (!signed_in) {
    const SignInRefusal& refusal = signed_in.error();
    Response out = sign_in_page(site, request, refusal.status, {"bad", refusal.what}, SignInView{email, next});
    if (refusal.retry_after_s > 0) out.headers.emplace_back("Retry-After", fmt::format("{}", refusal.retry_after_s));
    return out;
  }
  Response out = see_other(next);
  out.headers.emplace_back("Set-Cookie", session_cookie(*signed_in, request.secure));
  return out;
}

Response leave(const Site& site, const Request& request, const Form&) {
  const Result<void> ended = site.sign_in.sign_out(request);
  if (!ended) return error_page(site, request, ended.error());
  Response out = see_other("/login?done=out");
  out.headers.emplace_back("Set-Cookie", ended_cookie(request.secure));
  return out;
}

}  // namespace

void add_sign_in_pages(Routes& routes, const SitePtr& site) {
  routes.add("GET", "/", page(site, Door::anybody, [](const Site&, const Request& request) {
               return see_other(first_page(*request.who));
             }));
  routes.add("GET", "/login", [site](const Request& request) { return show(*site, request); });
  routes.add("POST", "/login", [site](const Request& request) { return take(*site, request); });
  routes.add("POST", "/logout", form(site, Door::anybody, leave));
  // Whoever types the address gets a page with the button, for a link must not sign anybody out.
  routes.add("GET", "/logout", page(site, Door::anybody, [](const Site& here, const Request& request) {
               return error_page(here, request, 405, "To sign out, use the button at the top of the page.");
             }));
}

}  // namespace abate::web
