// SPDX-License-Identifier: Apache-2.0
#include "web/pages/frame.h"

#include "web/pages/assets.h"
#include "web/pages/parts.h"

namespace abate::web {
namespace {

constexpr std::string_view kPolicy =
    "default-src 'none'; style-src 'self'; img-src 'self'; form-action 'self'; frame-src 'self'; "
    "frame-ancestors 'none'; base-uri 'none'";

struct Words {
  int status;
  std::string_view title;
  std::string_view help;
};
constexpr Words kErrors[] = {
    {400, "That request could not be understood", "Go back and try it again from the page."},
    {403, "This is not yours to do",
     "Your sign-in does not allow it, or the page was open for too long. Load the page again, and ask a colleague who "
     "may if it still refuses."},
    {404, "There is nothing here", "The address may be mistyped, or what was here belongs to somebody else."},
    {405, "That address is no page", "Go back to the start and find your way from there."},
    {409, "That is not possible any more", "The ticket has moved on since you looked. Look at it again, then decide."},
    {412, "Somebody was faster", "The ticket has changed since you looked. Look at it again, then decide."},
    {413, "That is too long", "Please shorten it, and keep what matters most."},
    {422, "Something is missing", "Please look at what you entered."},
    {429, "Too many tries", "For safety, please wait a few minutes before you try again. Nothing else is blocked."},
    {500, "That went wrong on our side", "It is noted. Please try again; nothing you did is lost."},
    {503, "We can't reach our records right now", "Please try again in a minute; nothing you did is lost."},
};

const Words& words_of(int status) {
  for (const Words& row : kErrors)
    if (row.status == status) return row;
  return words_of(500);
}

void fill_navigation(Part& top, const Frame& frame) {
  if (!frame.who) return;
  Part nav = top.add("SIGNED_IN");
  nav.set("WHO", frame.who->name);
  nav.set("ROLE", frame.who->is_customer() ? "Client Area" : std::string{role_name(frame.who->role)});
  const auto link = [&](std::string_view key, std::string_view url, std::string_view label) {
    Part item = nav.add("NAV");
    item.set("NAV_URL", url).set("NAV_LABEL", label);
    if (frame.active == key) item.show("NAV_HERE");
  };
  if (!frame.who->is_customer()) link("review", "/review", "Review");
  link("tickets", "/tickets", frame.who->is_customer() ? "My tickets" : "Tickets");
  if (!frame.who->is_customer()) link("reports", "/reports", "Reports");
  if (frame.demo_mail && !frame.who->is_customer()) link("mail", "/demo/mail", "Demo mail");
}

}  // namespace

Part framed(Sheet& sheet, const Frame& frame, std::string_view template_name) {
  Part& top = sheet.top();
  sheet.set_everywhere("CSRF", frame.csrf);
  sheet.set_everywhere("PROVIDER", frame.provider);
  sheet.set_everywhere("LOGO", asset_url("mark.svg"));
  top.set("TITLE", frame.title);
  top.set("BOOTSTRAP", asset_url("bootstrap.min.css")).set("STYLE", asset_url("abate.css"));
  if (!frame.csrf.empty()) top.show("HAS_CSRF");
  set_time(top, "NOW", frame.now);
  fill_navigation(top, frame);
  if (!frame.banner.text.empty()) {
    Part banner = top.add("BANNER");
    banner.set("BANNER_TONE", frame.banner.tone).set("BANNER_TEXT", frame.banner.text);
    banner.set_if("BANNER_LINK", frame.banner.link);
  }
  return top.include("MAIN", template_name);
}

Response html(int status, std::string body) {
  return {.status = status,
          .headers = {{"Content-Security-Policy", std::string{kPolicy}},
                      {"Cache-Control", "no-store"},
                      {"X-Content-Type-Options", "nosniff"},
                      {"X-Frame-Options", "DENY"},
                      {"Referrer-Policy", "same-origin"}},
          .content_type = "text/html; charset=utf-8",
          .body = std::move(body),
          .stream = nullptr};
}

Response see_other(std::string location) {
  Response out = html(303, {});
  out.headers.emplace_back("Location", std::move(location));
  return out;
}

std::string render(const Frame& frame, const ErrorView& view) {
  const Words& words = words_of(view.status);
  Frame named = frame;
  named.title = words.title;
  Sheet sheet;
  Part main = framed(sheet, named, "error.html");
  main.set_number("STATUS", static_cast<std::uint64_t>(view.status));
  main.set("HEADING", words.title).set("HELP", words.help).set_if("WHAT", view.what);
  main.set("BACK_URL", view.back_url);
  return sheet.render("layout.html");
}

}  // namespace abate::web
