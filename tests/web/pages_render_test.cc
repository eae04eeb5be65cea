// SPDX-License-Identifier: Apache-2.0
// Rendering is pure: a view goes in, HTML comes out. What is tried here is what strangers may have written.
#include <cstdlib>
#include <filesystem>
#include <fstream>
#include <regex>

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "web/pages/assets.h"
#include "web/pages/inert.h"
#include "web/pages/reply_panel.h"
#include "web/pages_samples.h"

namespace abate::web {
namespace {

using namespace std::chrono_literals;
using testing::HasSubstr;
using testing::Not;
namespace s = samples;

std::map<std::string, std::string> every_page() {
  using enum TicketState;
  std::map<std::string, std::string> pages;
  const Frame team = s::frame(s::lead(), "Ticket", "tickets");
  const Frame client = s::frame(s::customer(), "Ticket", "tickets");
  Frame out = s::frame(s::customer(), "Sign in", "");
  out.who.reset();
  pages["login"] = render(out, SignInView{"post@bakery.example", "/"});
  out.banner = {"bad", "E-mail address or password is wrong."};
  pages["login_wrong"] = render(out, SignInView{"post@bakery.example", "/"});
  for (const int status : {403, 404, 409, 412, 429, 500})
    pages["error_" + std::to_string(status)] = render(client, ErrorView{status, "", "/"});
  pages["review"] = render(s::frame(s::lead(), "Review", "review"), s::queue_view());
  pages["review_empty"] = render(s::frame(s::lead(), "Review", "review"), QueueView{});
  pages["tickets"] = render(team, s::list_view());
  pages["my_tickets"] = render_own(client, s::list_view());
  pages["reports"] = render(s::frame(s::lead(), "Reports", "reports"), s::report_list_view());
  pages["report"] = render(s::frame(s::lead(), "Report", "reports"), s::report_view());
  for (const TicketState state : {in_review, open, claimed, closed, dismissed})
    pages["case_" + std::string{ticket_state_name(state)}] = render(team, s::case_view(state));
  for (const TicketState state : {open, claimed, closed})
    pages["client_" + std::string{ticket_state_name(state)}] = render(client, s::client_view(state));
  return pages;
}

TEST(Measures, say_when_the_clock_goes_on_by_itself) {
  CaseView view = s::case_view(TicketState::open);
  view.ticket.respond_by = view.ticket.fix_by = s::now() - 1h;
  view.ticket.overdue_for = s::now() - 1h;
  view.ticket.ladder_next_at = s::now() + 23h;
  const auto page = [&] { return render(s::frame(s::lead(), "Ticket", "tickets"), view); };
  EXPECT_THAT(page(), HasSubstr("The clock proposes the next step, "));
  view.terms.enforce = EnforceMode::automatic;
  EXPECT_THAT(page(), HasSubstr("The clock takes the next step, "));
  view.terms.ladder.clear();
  EXPECT_THAT(page(), Not(HasSubstr("The clock takes")));
}

TEST(ReplyPanel, shows_the_four_parts_and_what_is_proved_by_a_sign_and_a_word) {
  const std::string page = every_page()["case_claimed"];
  for (const auto* part :
       {"What caused it", "What was done", "How it was confirmed", "What keeps it from happening again",
        "</span> 3 proved", "</span> 2 claimed", "Nothing is said about it.", "Still open"})
    EXPECT_THAT(page, HasSubstr(part));
  EXPECT_THAT(page, HasSubstr("It counts as claimed: p4b2c0ffee012: it was made at 198.51.100.99"));
  EXPECT_THAT(page, HasSubstr("made elsewhere"));
  EXPECT_THAT(page, HasSubstr("Accept the fix"));
  EXPECT_THAT(every_page()["client_claimed"], HasSubstr("Your answer, as the team sees it"));
}

TEST(ReplyPanel, a_claim_by_the_form_of_the_page_is_claimed_in_every_part) {
  const std::string page = every_page()["case_closed"];
  EXPECT_THAT(page, HasSubstr("</span> 0 proved"));
  EXPECT_THAT(page, HasSubstr("</span> 4 claimed"));
  EXPECT_THAT(page, HasSubstr("An old version of the form plugin."));
  EXPECT_THAT(every_page()["case_open"], Not(HasSubstr("id=\"answer\""))) << "nothing was answered in parts";
}

TEST(ReplyPanel, a_newer_incident_takes_the_ground_from_a_proof) {
  CaseView view = s::case_view(TicketState::claimed);
  view.ticket.last_incident_at = s::now() - 10min;
  const std::string page = render(s::frame(s::lead(), "Ticket", "tickets"), view);
  EXPECT_THAT(page, HasSubstr("a newer incident was reported since"));
  EXPECT_THAT(page, HasSubstr("</span> 1 proved")) << "only what a finding carries";
  EXPECT_THAT(page, HasSubstr("A newer incident was reported since: what was proved before it shows nothing of it."));
}

TEST(ReplyPanel, a_document_that_says_nonsense_is_shown_as_text_or_not_at_all) {
  for (
      const std::string body :
      {R"({})", R"({"document":7})",
       R"({"document":{"schema":"abate.reply/1","cause":[{"says":"<script>alert(1)</script>","standing":"proved","proof":["\"><b>"]}]},"checks":{"cause":"x","proofs":[1]}})"}) {
    CaseView view = s::case_view(TicketState::open);
    view.entries.push_back(s::entry(10, EntryKind::proof, "customer:c-7", body, 1min));
    const std::string page = render(s::frame(s::lead(), "Ticket", "tickets"), view);
    EXPECT_THAT(page, Not(HasSubstr("<script")));
    EXPECT_THAT(page, Not(HasSubstr("<b>")));
  }
}

TEST(ReplyPanel, a_customer_who_is_stuck_waits_until_the_team_answers) {
  std::vector<Entry> entries{s::entry(1, EntryKind::reply, "customer:c-7", R"({"text":"help","stuck":true})", 2h)};
  EXPECT_TRUE(waits_for_next_step(entries));
  entries.push_back(s::entry(2, EntryKind::note, "user:nia@example.net", R"({"text":"hm"})", 1h));
  EXPECT_TRUE(waits_for_next_step(entries));
  entries.push_back(s::entry(3, EntryKind::reply, "user:nia@example.net", R"({"text":"look here"})", 1h));
  EXPECT_FALSE(waits_for_next_step(entries));
}

// Which of the page's tags are not what our templates write: the browser's view of what could run.
std::vector<std::string> tags_of(const std::string& html) {
  std::vector<std::string> tags;
  const std::regex tag{"<([a-zA-Z]+)"};
  for (std::sregex_iterator at{html.begin(), html.end(), tag}, end; at != end; ++at) tags.push_back((*at)[1]);
  return tags;
}

// Tags without what stands in their quotes: where an attribute could have been smuggled in.
std::string outside_quotes(const std::string& html) {
  std::string out;
  bool tag = false;
  bool quoted = false;
  for (const char c : html) {
    if (c == '"' && tag) quoted = !quoted;
    if (!quoted && c == '<') tag = true;
    if (!quoted && c == '>') tag = false;
    if (!quoted) out += c;
  }
  return out;
}

TEST(Pages, every_page_renders_whole) {
  for (const auto& [name, html] : every_page()) {
    EXPECT_THAT(html, HasSubstr("</html>")) << name;
    EXPECT_THAT(html, Not(HasSubstr("{{"))) << name;
    EXPECT_THAT(html, HasSubstr("<main id=\"main\"")) << name;
    EXPECT_THAT(html, HasSubstr("<h1")) << name;
  }
  if (const char* const folder = std::getenv("ABATE_PREVIEW"); folder != nullptr) {  // for pictures
    std::filesystem::create_directories(std::filesystem::path{folder} / "assets");
    for (const auto& [name, html] : every_page())
      std::ofstream{std::filesystem::path{folder} / (name + ".html")} << html;
    for (const std::string_view name : asset_names())
      std::ofstream{std::filesystem::path{folder} / "assets" / name} << asset_bytes(name);
  }
}

TEST(Pages, nothing_in_a_page_asks_for_inline_style_or_script) {
  for (const auto& [name, html] : every_page()) {
    EXPECT_THAT(html, Not(HasSubstr("style="))) << name;
    EXPECT_THAT(html, Not(HasSubstr("<script"))) << name;
    EXPECT_THAT(html, Not(HasSubstr("<style"))) << name;
    EXPECT_FALSE(std::regex_search(html, std::regex{"\\son[a-z]+="})) << name;
    EXPECT_THAT(html, Not(HasSubstr("javascript:"))) << name;
  }
}

TEST(Pages, each_form_that_changes_something_carries_the_csrf_token) {
  for (const auto& [name, html] : every_page()) {
    if (name.starts_with("login")) continue;  // before there is a session
    const std::regex form{"<form[^>]*method=\"post\"[^>]*>([^]*?)</form>"};
    for (std::sregex_iterator at{html.begin(), html.end(), form}, end; at != end; ++at)
      EXPECT_THAT((*at)[1].str(), HasSubstr("name=\"csrf\" value=\"csrf-of-the-session\"")) << name;
  }
}

TEST(Pages, the_csrf_token_is_in_the_head_only_when_there_is_one) {
  Frame frame = s::frame(s::lead(), "x", "");
  EXPECT_THAT(render(frame, ErrorView{}), HasSubstr("<meta name=\"csrf-token\" content=\"csrf-of-the-session\">"));
  frame.csrf.clear();
  EXPECT_THAT(render(frame, ErrorView{}), Not(HasSubstr("csrf-token")));
}

TEST(Pages, each_label_names_a_field_and_no_id_stands_twice) {
  for (const auto& [name, html] : every_page()) {
    std::set<std::string> ids;
    const std::regex id{"\\sid=\"([^\"]*)\""};
    for (std::sregex_iterator at{html.begin(), html.end(), id}, end; at != end; ++at)
      EXPECT_TRUE(ids.insert((*at)[1]).second) << name << " " << (*at)[1];
    for (const char* refers : {"for", "aria-labelledby", "aria-describedby", "form", "list"}) {
      const std::regex reference{"\\s" + std::string{refers} + "=\"([^\"]*)\""};
      for (std::sregex_iterator at{html.begin(), html.end(), reference}, end; at != end; ++at)
        EXPECT_TRUE(ids.contains((*at)[1])) << name << " " << refers << " " << (*at)[1];
    }
  }
}

TEST(Templates, each_begins_with_the_pragma_and_marks_nothing_as_safe) {
  ASSERT_GT(template_names().size(), 10U);
  for (const std::string_view name : template_names()) {
    EXPECT_TRUE(template_text(name).starts_with("{{%AUTOESCAPE context=\"HTML\"}}")) << name;
    EXPECT_EQ(template_text(name).find(":none"), std::string_view::npos) << name;
    for (std::size_t at = 0; (at = template_text(name).find("<pre", at)) != std::string_view::npos; ++at)
      EXPECT_NE(template_text(name).find(":pre_escape", at), std::string_view::npos) << name;
  }
}

constexpr std::string_view kHostile =
    "\"'><script>alert(1)</script><img src=x onerror=alert(2)>{{CSRF}}&lt;b&gt;\xE2\x80\xAEtxt.exe";

// Puts the hostile string wherever the world's strings go.
void poison(desk::KeptIncident& kept) {
  const std::string bad{kHostile};
  kept.incident.type = bad;
  kept.incident.url = "javascript:" + bad;
  kept.incident.domain = bad;
  kept.incident.protocol = bad;
  kept.incident.read_from = bad;
  kept.incident.reasons = {bad};
  kept.incident.evidence = {{bad, bad, bad, bad, std::nullopt}, {"text/html", "", bad, "", std::nullopt}};
  kept.attribution.assignment->service.name = bad;
  kept.attribution.assignment->customer.name = bad;
}
void poison(Ticket& ticket) {
  const std::string bad{kHostile};
  ticket.service = {bad, bad};
  ticket.customer = {bad, bad, bad};
  ticket.assigned_to = bad;
  ticket.required_actions = {bad};
  Measure measure;
  measure.number = 1;
  measure.reason = measure.by = bad;
  ticket.measures = {measure};
}

std::map<std::string, std::string> poisoned_pages() {
  const std::string bad{kHostile};
  std::map<std::string, std::string> pages;
  Frame frame = s::frame(s::lead(), bad, "tickets");
  frame.provider = bad;
  frame.who->name = bad;
  frame.banner = {"bad", bad};
  CaseView desk = s::case_view(TicketState::open);
  poison(desk.ticket);
  for (auto& kept : desk.incidents) poison(kept);
  desk.reporters["R-2"] = {"R-2", bad, bad, {1, 1, 1}};
  desk.entries.push_back(
      s::entry(12, EntryKind::reply, "customer:" + bad, R"({"text":"<script>alert(1)</script>\u202e\u0000"})", 1min));
  desk.undelivered_why = bad;
  desk.draft = {"extend", *Form::parse_body("fix_by=%22%3E%3Cscript%3E&reason=%3C%2Ftextarea%3E%3Cscript%3E")};
  pages["case"] = render(frame, desk);
  ClientView client = s::client_view(TicketState::open);
  poison(client.ticket);
  for (auto& kept : client.incidents) poison(kept);
  client.draft = {"claim", *Form::parse_body("cause=%3C%2Ftextarea%3E%3Cscript%3E")};
  pages["client"] = render(frame, client);
  QueueView queue = s::queue_view();
  for (QueueRow& row : queue.tickets) {
    poison(row.ticket);
    poison(row.incidents[0]);
    row.reporters[0].address = bad;
  }
  for (ReportRow& row : queue.reports)
    row.report.reading.mail->subject = row.report.reason = row.report.suggestion = bad;
  queue.reason = bad;
  pages["review"] = render(frame, queue);
  ReportView report = s::report_view();
  report.report.reading.mail->subject = report.report.reading.mail->text = bad;
  report.report.reading.format = report.report.reading.reporter.address = bad;
  report.report.content_type = report.report.envelope_to = report.report.token = bad;
  report.report.reading.warnings = {bad};
  report.raw_excerpt = bad;
  report.passages = {{bad, {{1, bad}}}};
  report.draft = {"file", *Form::parse_body("service=%22%3E%3Cscript%3E")};
  pages["report"] = render(frame, report);
  TicketListView list = s::list_view();
  for (Ticket& ticket : list.tickets) poison(ticket);
  list.text = list.state = list.next = bad;
  pages["tickets"] = render(frame, list);
  pages["my_tickets"] = render_own(frame, list);
  pages["login"] = render(frame, SignInView{bad, bad});
  pages["error"] = render(frame, ErrorView{409, bad, "/tickets"});
  return pages;
}

TEST(Pages, a_hostile_string_is_text_wherever_it_stands) {
  for (const auto& [name, html] : poisoned_pages()) {
    EXPECT_THAT(html, HasSubstr("&lt;script&gt;alert(1)")) << name;
    for (const std::string& tag : tags_of(html)) {
      EXPECT_NE(tag, "script") << name;
      EXPECT_NE(tag, "b") << name;
    }
    EXPECT_FALSE(std::regex_search(outside_quotes(html), std::regex{"<[^>]*\\sonerror="})) << name;
    EXPECT_THAT(html, Not(HasSubstr("\xE2\x80\xAE"))) << name << ": U+202E would turn its neighbours around";
    EXPECT_THAT(html, Not(HasSubstr("href=\"javascript"))) << name;
  }
}

TEST(Pages, bytes_that_are_no_text_do_not_break_a_page) {
  CaseView view = s::case_view(TicketState::open);
  view.incidents[0].incident.evidence[0].bytes = std::string{"a\0b\x1b[31m\xff\xfe\r\nnext", 16};
  view.incidents[0].incident.type = std::string(5000, 'x');
  const std::string html = render(s::frame(s::lead(), "x", "tickets"), view);
  EXPECT_EQ(html.find('\0'), std::string::npos);
  EXPECT_EQ(html.find('\x1b'), std::string::npos);
  EXPECT_THAT(html, HasSubstr("a\xE2\x90\x80"
                              "b\xE2\x90\x9B[31m"));
  EXPECT_THAT(html, Not(HasSubstr(std::string(200, 'x'))));
}

TEST(Pages, five_hundred_incidents_and_entries_are_shown) {
  CaseView view = s::case_view(TicketState::open);
  view.incidents.clear();
  view.entries.clear();
  for (int i = 0; i < 500; ++i) {
    view.incidents.push_back(s::incident(i));
    view.entries.push_back(s::entry(static_cast<std::uint64_t>(i) + 1, EntryKind::viewed, "customer:c-7", "{}", 1h));
  }
  const std::string html = render(s::frame(s::lead(), "x", "tickets"), view);
  EXPECT_THAT(html, HasSubstr("R-01hq8zk3vd4n7wq2r5t9.499"));
  EXPECT_THAT(html, HasSubstr("id=\"entry-500\""));
}

TEST(Inert, shows_what_would_hide) {
  EXPECT_EQ(inert("a\r\nb\rc\td"), "a\nb\nc\td");
  EXPECT_EQ(inert(std::string_view{"\0\x07\x7f", 3}), "\xE2\x90\x80\xE2\x90\x87\xE2\x90\xA1");
  EXPECT_EQ(inert("\xE2\x80\xAE"
                  "a\xE2\x80\x8B\xEF\xBB\xBF"),
            "[U+202E]a[U+200B][U+FEFF]");
  EXPECT_EQ(inert("\xC2\x9B"), "[U+009B]");
  EXPECT_EQ(inert("gr\xC3\xBC\xC3\x9F \xF0\x9F\x9A\xB2"), "gr\xC3\xBC\xC3\x9F \xF0\x9F\x9A\xB2");
  EXPECT_LT(inert(std::string(1 << 20, 'a')).size(), kShownBytesMax + 100);
  EXPECT_THAT(inert(std::string(1 << 20, 'a')), HasSubstr("[cut here: 1048576 bytes in all]"));
}

TEST(Inert, evidence_holds_no_live_link) {
  EXPECT_EQ(inert_evidence("see HTTPS://a.example/x.php?y=1 and ftp://b.example, ok"),
            "see hxxpS://a[.]example/x.php?y=1 and fxp://b[.]example, ok");
  EXPECT_EQ(inert_evidence("http://"), "hxxp://");
}

}  // namespace
}  // namespace abate::web
