// SPDX-License-Identifier: Apache-2.0
// The pages over a real desk: who sees what, what a form does, and what happens to a form that comes too late.
#include "web/pages_desk.h"

#include <fstream>

#include <gmock/gmock.h>
#include <gtest/gtest.h>

namespace abate::web {
namespace {

using testing::HasSubstr;
using testing::Not;

std::string location_of(const Response& response) {
  for (const auto& [name, value] : response.headers)
    if (name == "Location") return value;
  return {};
}

class DeskPages : public testing::Test {
 protected:
  PagesDesk at;
  std::string nia = at.sign_in("nia@example.net", Role::analyst);
  std::string omar = at.sign_in("omar@example.net", Role::lead);
  std::string baker = at.sign_in("post@bakery.example", Role::customer, "c-7");
  std::string other = at.sign_in("else@other.example", Role::customer, "c-8");
};

TEST_F(DeskPages, role_and_page_decide_what_is_shown) {
  const Ticket open = at.put_ticket(TicketState::open);
  const Ticket in_review = at.put_ticket(TicketState::in_review);
  const std::string report = at.put_report(true);
  std::ofstream{at.mails() / "m1.eml"} << "Subject: x\r\n\r\nhello\r\n";
  struct Row {
    std::string path;
    int nobody, customer, stranger, analyst, lead;
  };
  for (const Row& row :
       {Row{"/login", 200, 303, 303, 303, 303}, Row{"/", 303, 303, 303, 303, 303},
        Row{"/review", 303, 403, 403, 200, 200}, Row{"/tickets", 303, 200, 200, 200, 200},
        Row{"/tickets/" + open.id, 303, 200, 404, 200, 200}, Row{"/tickets/" + in_review.id, 303, 404, 404, 200, 200},
        Row{"/tickets/T-2026-999999", 303, 404, 404, 404, 404}, Row{"/tickets/<script>", 303, 404, 404, 404, 404},
        Row{"/reports", 303, 403, 403, 200, 200}, Row{"/reports/" + report, 303, 403, 403, 200, 200},
        Row{"/reports/" + report + "/raw", 303, 403, 403, 200, 200}, Row{"/demo/mail", 303, 403, 403, 200, 200},
        Row{"/demo/mail/m1.eml", 303, 403, 403, 200, 200}, Row{"/demo/mail/..", 303, 403, 403, 404, 404},
        Row{"/assets/abate.css", 200, 200, 200, 200, 200}, Row{"/assets/none.css", 404, 404, 404, 404, 404}}) {
    EXPECT_EQ(at.get("", row.path).status, row.nobody) << row.path;
    EXPECT_EQ(at.get(baker, row.path).status, row.customer) << row.path;
    EXPECT_EQ(at.get(other, row.path).status, row.stranger) << row.path;
    EXPECT_EQ(at.get(nia, row.path).status, row.analyst) << row.path;
    EXPECT_EQ(at.get(omar, row.path).status, row.lead) << row.path;
  }
}

TEST_F(DeskPages, everybody_is_led_to_their_own_first_page_and_back_after_signing_in) {
  EXPECT_EQ(location_of(at.get(baker, "/")), "/tickets");
  EXPECT_EQ(location_of(at.get(nia, "/")), "/review");
  EXPECT_EQ(location_of(at.get("", "/tickets/T-2026-000001?incidents=7")),
            "/login?next=%2Ftickets%2FT-2026-000001%3Fincidents%3D7");
  EXPECT_EQ(safe_next("//evil.example/"), "/");
  EXPECT_EQ(safe_next("https://evil.example/"), "/");
  EXPECT_EQ(safe_next("/\\evil.example"), "/");
  EXPECT_EQ(safe_next("/tickets/T-1?a=b"), "/tickets/T-1?a=b");
  EXPECT_EQ(safe_next("/logout"), "/");
}

TEST_F(DeskPages, a_customer_is_never_shown_who_reported) {
  const Ticket ticket = at.put_ticket(TicketState::open);
  EXPECT_THAT(at.get(nia, "/tickets/" + ticket.id).body, HasSubstr("fbl@example.org"));
  const std::string own = at.get(baker, "/tickets/" + ticket.id).body;
  EXPECT_THAT(own, Not(HasSubstr("fbl@example.org")));
  EXPECT_THAT(own, Not(HasSubstr("/reports/")));
  EXPECT_THAT(own, Not(HasSubstr("nia@example.net")));
  EXPECT_THAT(own, Not(HasSubstr(ticket.reply_token)));
}

TEST_F(DeskPages, a_page_offers_only_what_state_and_role_allow) {
  const auto offers = [&](const std::string& as, const Ticket& ticket) {
    std::vector<std::string> found;
    const std::string body = at.get(as, "/tickets/" + ticket.id).body;
    for (const char* act : {"open", "dismiss", "accept", "refuse", "close", "reopen", "reply", "claim", "note",
                            "extend", "merge", "measures"})
      if (body.find("action=\"/tickets/" + ticket.id + "/" + act + "\"") != std::string::npos) found.emplace_back(act);
    return found;
  };
  using testing::ElementsAre;
  using enum TicketState;
  EXPECT_THAT(offers(nia, at.put_ticket(in_review)), ElementsAre("open", "dismiss", "note", "merge"));
  EXPECT_THAT(offers(omar, at.put_ticket(in_review)), ElementsAre("open", "dismiss", "note", "merge", "measures"));
  EXPECT_THAT(offers(nia, at.put_ticket(open)), ElementsAre("close", "reply", "note", "extend", "merge"));
  EXPECT_THAT(offers(nia, at.put_ticket(claimed)), ElementsAre("accept", "refuse", "reply", "note", "extend", "merge"));
  EXPECT_THAT(offers(nia, at.put_ticket(closed)), ElementsAre("reopen", "reply", "note"));
  EXPECT_THAT(offers(baker, at.put_ticket(open)), ElementsAre("reply", "claim"));
  EXPECT_THAT(offers(baker, at.put_ticket(claimed)), ElementsAre("reply"));
}

TEST_F(DeskPages, a_ticket_is_opened_answered_claimed_and_accepted_by_forms_alone) {
  const Ticket ticket = at.put_ticket(TicketState::in_review);
  const std::string path = "/tickets/" + ticket.id;
  const auto send = [&](const std::string& as, const std::string& act, const std::string& fields) {
    return at.post(as, path + "/" + act, "version=" + version_in(at.get(as, path)) + "&" + fields);
  };
  EXPECT_EQ(location_of(send(nia, "open", "")), path + "?done=open");
  EXPECT_EQ(at.ticket(ticket.id).state, TicketState::open);
  const Instant fix_by = *at.ticket(ticket.id).fix_by;
  EXPECT_EQ(location_of(send(baker, "reply", "text=What+does+it+mean%3F")), path + "?done=reply");
  EXPECT_EQ(at.ticket(ticket.id).fix_by, fix_by) << "a reply stops no fix clock";
  EXPECT_EQ(location_of(send(nia, "extend", "fix_by=2026-03-05T12:30&reason=Holiday")), path + "?done=extend");
  EXPECT_EQ(format_rfc3339(*at.ticket(ticket.id).fix_by), "2026-03-05T12:30:00Z");
  EXPECT_EQ(location_of(send(baker, "claim", "cause=old&done=new&confirmed=quiet&prevention=updates")),
            path + "?done=claim");
  EXPECT_EQ(at.ticket(ticket.id).state, TicketState::claimed);
  const std::string claimed = at.get(nia, path).body;
  EXPECT_THAT(claimed, HasSubstr("What caused it\nold\n\nWhat you did\nnew"));
  EXPECT_EQ(location_of(send(nia, "accept", "reason=Looks+good")), path + "?done=accept");
  EXPECT_EQ(at.ticket(ticket.id).state, TicketState::closed);
  EXPECT_THAT(at.get(baker, path).body, HasSubstr("This case is closed. Thank you"));
}

TEST_F(DeskPages, a_form_that_comes_too_late_changes_nothing_and_keeps_what_was_typed) {
  const Ticket ticket = at.put_ticket(TicketState::open);
  const std::string path = "/tickets/" + ticket.id;
  const std::string seen = version_in(at.get(nia, path));
  ASSERT_EQ(at.post(omar, path + "/note", "text=first&version=" + seen).status, 303);
  const Response late = at.post(nia, path + "/reply", "text=%3Cb%3EMy+long+answer&version=" + seen);
  EXPECT_EQ(late.status, 412);
  EXPECT_THAT(late.body, HasSubstr("This ticket changed while you had it open"));
  EXPECT_THAT(late.body, HasSubstr("&lt;b&gt;My long answer</textarea>"));
  EXPECT_THAT(late.body, Not(HasSubstr("<b>My")));
  EXPECT_NE(version_in(late), seen) << "the page holds the version of now: sending it again works";
  EXPECT_EQ(at.post(nia, path + "/reply", "text=again&version=" + version_in(late)).status, 303);
  const Response none = at.post(nia, path + "/reply", "text=kept");
  EXPECT_EQ(none.status, 412);
  EXPECT_THAT(none.body, HasSubstr("kept</textarea>"));
}

TEST_F(DeskPages, a_claim_with_a_part_missing_says_which_and_keeps_the_others) {
  const Ticket ticket = at.put_ticket(TicketState::open);
  const std::string path = "/tickets/" + ticket.id;
  const Response page =
      at.post(baker, path + "/claim", "version=1&cause=an+old+plugin&done=+&confirmed=x&prevention=y");
  EXPECT_EQ(page.status, 422);
  EXPECT_THAT(page.body, HasSubstr("Please fill in “What you did” too"));
  EXPECT_THAT(page.body, HasSubstr("an old plugin</textarea>"));
  EXPECT_THAT(page.body, HasSubstr("<a href=\"#claim\">To the form</a>"));
  EXPECT_EQ(at.ticket(ticket.id).state, TicketState::open);
}

TEST_F(DeskPages, what_is_missing_is_said_in_the_words_of_the_form) {
  const Ticket open = at.put_ticket(TicketState::open);
  const Ticket in_review = at.put_ticket(TicketState::in_review);
  const std::string path = "/tickets/" + open.id;
  const Response empty = at.post(nia, path + "/reply", "version=1&text=+");
  EXPECT_EQ(empty.status, 422);
  EXPECT_THAT(empty.body, HasSubstr("Please write something first."));
  EXPECT_THAT(at.post(nia, "/tickets/" + in_review.id + "/dismiss", "version=1&reason=+").body,
              HasSubstr("Please give a reason."));
  EXPECT_THAT(at.post(omar, path + "/extend", "version=1&reason=x&fix_by=2001-01-01T00:00").body,
              HasSubstr("The new deadline lies in the past."));
}

TEST_F(DeskPages, an_address_that_is_no_page_is_a_page_for_people_and_a_problem_for_programs) {
  const Response page = at.get(nia, "/no-such-page", {{"accept", "text/html,*/*;q=0.8"}});
  EXPECT_EQ(page.status, 404);
  EXPECT_THAT(page.body, HasSubstr("There is nothing here"));
  EXPECT_EQ(at.get("", "/no-such-page", {{"accept", "text/html"}}).status, 404);
  for (const Response& problem :
       {at.get(nia, "/no-such-page"), at.get(nia, "/api/v1/none", {{"accept", "text/html"}})}) {
    EXPECT_EQ(problem.status, 404);
    EXPECT_EQ(problem.content_type, "application/problem+json");
  }
}

TEST_F(DeskPages, a_report_without_a_subject_has_a_link_that_can_be_read) {
  const std::string report = at.put_report(true);
  EXPECT_THAT(at.get(nia, "/reports").body, HasSubstr("/reports/" + report + "\">Report from fbl@example.org</a>"));
}

TEST_F(DeskPages, a_move_that_the_state_forbids_is_409_and_what_the_role_forbids_403) {
  const Ticket ticket = at.put_ticket(TicketState::open);
  const std::string path = "/tickets/" + ticket.id;
  EXPECT_EQ(at.post(nia, path + "/open", "version=1").status, 409);
  EXPECT_EQ(at.post(baker, path + "/close", "version=1&reason=x").status, 403);
  EXPECT_EQ(at.post(other, path + "/reply", "version=1&text=x").status, 404);
  EXPECT_EQ(at.post(nia, path + "/measures", "version=1&measure=suspend&on=1&reason=x").status, 403);
  EXPECT_EQ(at.post(omar, path + "/measures", "version=1&measure=suspend&on=1&reason=x").status, 409);
  EXPECT_EQ(
      at.post(omar, path + "/measures", "version=1&measure=terminate&on=1&deliberate=1&reason=x&confirm=no").status,
      422);
  EXPECT_THAT(
      at.post(omar, path + "/measures", "version=1&measure=terminate&on=1&deliberate=1&reason=x&confirm=no").body,
      HasSubstr("value=\"terminate\" selected"))
      << "what was chosen is kept";
  EXPECT_EQ(at.ticket(ticket.id).version, ticket.version);
}

TEST_F(DeskPages, a_form_without_its_csrf_token_is_403) {
  const Ticket ticket = at.put_ticket(TicketState::in_review);
  for (const std::string& csrf : {std::string{"csrf="}, std::string{"csrf=wrong"}, "csrf=csrf-of-" + omar}) {
    EXPECT_EQ(at.post(nia, "/tickets/" + ticket.id + "/open", "version=1&" + csrf).status, 403);
    EXPECT_EQ(at.post(nia, "/review", "action=open&ticket=" + ticket.id + ":1&" + csrf).status, 403);
    EXPECT_EQ(at.post(nia, "/logout", csrf).status, 403);
  }
  EXPECT_EQ(at.ticket(ticket.id).state, TicketState::in_review);
  EXPECT_EQ(location_of(at.post("", "/tickets/" + ticket.id + "/open", "version=1")), "/login");
}

TEST_F(DeskPages, many_are_opened_or_dismissed_at_once_and_one_that_moved_on_is_named) {
  const Ticket a = at.put_ticket(TicketState::in_review);
  const Ticket b = at.put_ticket(TicketState::in_review);
  const Ticket c = at.put_ticket(TicketState::in_review);
  EXPECT_THAT(at.get(nia, "/review").body, HasSubstr("value=\"" + a.id + ":1\""));
  const std::string picked = "&ticket=" + a.id + "%3A1&ticket=" + b.id + "%3A1";
  EXPECT_EQ(at.post(nia, "/review", "action=dismiss&reason=" + picked).status, 422);
  EXPECT_EQ(at.post(nia, "/review", "action=open").status, 422);
  EXPECT_EQ(location_of(at.post(nia, "/review", "action=open" + picked)), "/review?done=bulk_open");
  EXPECT_EQ(at.ticket(b.id).state, TicketState::open);
  const Response half =
      at.post(nia, "/review", "action=dismiss&reason=a+test+of+ours&ticket=" + c.id + "%3A1&ticket=" + b.id + "%3A1");
  EXPECT_EQ(half.status, 412);
  EXPECT_THAT(half.body, HasSubstr("1 done, 1 not. " + b.id));
  EXPECT_THAT(half.body, Not(HasSubstr("name=\"ticket\" value=\"" + c.id)));
  EXPECT_EQ(at.ticket(c.id).state, TicketState::dismissed);
}

TEST_F(DeskPages, a_report_that_needs_a_person_is_dismissed_with_a_reason) {
  const std::string report = at.put_report(true);
  EXPECT_THAT(at.get(nia, "/review").body, HasSubstr(report));
  EXPECT_EQ(at.post(nia, "/reports/" + report + "/dismiss", "reason=+").status, 422);
  EXPECT_EQ(at.post(nia, "/reports/" + report + "/dismiss", "reason=Advertising").status, 303);
  EXPECT_THAT(at.get(nia, "/review").body, Not(HasSubstr(report)));
  EXPECT_THAT(at.get(nia, "/reports/" + report).body, HasSubstr("Advertising"));
  const Response raw = at.get(nia, "/reports/" + report + "/raw");
  EXPECT_EQ(raw.content_type, "application/octet-stream") << "never shown by the browser";
  EXPECT_THAT(raw.body, HasSubstr("http://x.example/<script>"));
  EXPECT_THAT(at.get(nia, "/reports/" + report).body, Not(HasSubstr("<script>")));
}

TEST_F(DeskPages, each_page_forbids_inline_code_framing_and_keeping) {
  for (const std::string& path : {std::string{"/login"}, std::string{"/review"}, std::string{"/tickets"}}) {
    const Response page = at.get(path == "/login" ? "" : nia, path);
    std::map<std::string, std::string> headers{page.headers.begin(), page.headers.end()};
    EXPECT_THAT(headers["Content-Security-Policy"], HasSubstr("default-src 'none'"));
    EXPECT_THAT(headers["Content-Security-Policy"], Not(HasSubstr("unsafe")));
    EXPECT_EQ(headers["Cache-Control"], "no-store");
    EXPECT_EQ(headers["X-Content-Type-Options"], "nosniff");
  }
}

TEST_F(DeskPages, a_demo_mail_is_text_and_its_html_part_is_caged) {
  std::ofstream{at.mails() / "m1.eml"}
      << "From: a@example.net\r\nSubject: =?utf-8?B?R3LDvMOfZQ==?=\r\n =?utf-8?B?ICE=?=\r\n"
         "Content-Type: multipart/alternative; boundary=\"b\"\r\n\r\n--b\r\nContent-Type: text/plain\r\n\r\nplain "
         "<script>\r\n"
         "--b\r\nContent-Type: text/html\r\nContent-Transfer-Encoding: base64\r\n\r\nPHA+aGk8L3A+\r\n--b--\r\n";
  EXPECT_THAT(at.get(nia, "/demo/mail").body, HasSubstr("Grüße !"));
  const std::string page = at.get(nia, "/demo/mail/m1.eml").body;
  EXPECT_THAT(page, HasSubstr("plain &lt;script&gt;"));
  EXPECT_THAT(page, HasSubstr("<iframe class=\"card mail-frame\" sandbox=\"\""));
  const Response html = at.get(nia, "/demo/mail/m1.eml/html");
  EXPECT_EQ(html.body, "<p>hi</p>");
  EXPECT_THAT(html.headers.front().second, HasSubstr("sandbox;"));
}

TEST_F(DeskPages, a_wrong_password_shows_the_form_again_without_telling_who_has_an_account) {
  const Response wrong = at.post("", "/login", "email=nia%40example.net&password=wrong-password&next=%2Ftickets");
  const Response nobody = at.post("", "/login", "email=nobody%40example.net&password=wrong-password");
  EXPECT_EQ(wrong.status, 401);
  EXPECT_EQ(nobody.status, 401);
  EXPECT_THAT(wrong.body, HasSubstr("value=\"nia@example.net\""));
  EXPECT_THAT(wrong.body, HasSubstr("name=\"next\" value=\"/tickets\""));
  EXPECT_THAT(wrong.body, Not(HasSubstr("wrong-password")));
  EXPECT_EQ(at.post("", "/login", "email=nia%40example.net&password=x", {{"sec-fetch-site", "cross-site"}}).status,
            403);
}

}  // namespace
}  // namespace abate::web
