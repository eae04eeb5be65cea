// SPDX-License-Identifier: Apache-2.0
#include "report/html.h"

#include <algorithm>
#include <cstdlib>
#include <fstream>
#include <regex>
#include <set>

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "base/hash.h"
#include "base/text.h"
#include "report/html_page.h"
#include "report/samples.h"
#include "report/terminal.h"
#include "report/timeline_svg.h"

namespace abate::report {
namespace {

std::size_t count(std::string_view text, std::string_view part) {
  std::size_t n = 0;
  for (std::size_t at = text.find(part); at != text.npos; at = text.find(part, at + part.size())) ++n;
  return n;
}

TEST(Html, it_needs_nothing_from_elsewhere_and_runs_nothing) {
  for (const Outcome& outcome : {samples::compromised_server(), samples::hostile_server()}) {
    const std::string page = html_page(outcome);
    const std::string markup = std::regex_replace(page, std::regex("<style>[^<]*</style>"), "");
    for (const char* never : {"<script", "<link", "<img", "<iframe", "<form", "<a href=\"http",
                              " src=", " style=", "javascript:", "url(", "@import"})
      EXPECT_EQ(to_lower(markup).find(never), page.npos) << never;
    EXPECT_EQ(page.find("url("), page.npos);
    EXPECT_FALSE(std::regex_search(markup, std::regex("<[^>]* on[a-z]+=")));
  }
}

TEST(Html, its_policy_allows_only_the_style_that_stands_in_it) {
  const std::string page = html_page(samples::clean_server());
  std::smatch style, policy;
  ASSERT_TRUE(std::regex_search(page, style, std::regex("<style>([^<]*)</style>")));
  ASSERT_TRUE(
      std::regex_search(page, policy, std::regex("default-src &#39;none&#39;; style-src &#39;sha256-([^&]*)&#39;")));
  EXPECT_EQ(policy[1], base64_encode(*from_hex(sha256_hex(style[1].str()))));
}

TEST(Html, no_name_of_the_server_leaves_its_element_or_turns_the_text_round) {
  const std::string page = html_page(samples::hostile_server());
  EXPECT_EQ(count(page, "<script"), 0U);
  EXPECT_EQ(count(page, "</title>"), 1U + count(page, "<title>") - 1U);
  EXPECT_EQ(count(page, "</style>"), 1U);
  EXPECT_EQ(count(page, "-->"), 0U);
  EXPECT_TRUE(is_valid_utf8(page));
  EXPECT_EQ(count(page, "\xe2\x80\xae"), 0U);
  for (const char c : page) ASSERT_TRUE(c == '\n' || (static_cast<unsigned char>(c) >= 0x20 && c != 0x7f));
  EXPECT_GT(count(page, "&lt;script&gt;alert(1)&lt;/script&gt;&quot;&#39;&amp;`"), 20U);
}

TEST(Html, every_element_is_closed_in_order) {
  for (const Outcome& outcome : {samples::clean_server(), samples::compromised_server(), samples::without_diagnosis(),
                                 samples::hostile_server(), Outcome{}}) {
    const std::string page = html_page(outcome);
    std::vector<std::string> open;
    const std::regex tag("<(/?)([a-z][a-z0-9]*)[^>]*>");
    for (std::sregex_iterator at(page.begin(), page.end(), tag), end; at != end; ++at) {
      const std::string name = (*at)[2];
      if (name == "meta") continue;
      if ((*at)[1].length() == 0) {
        open.push_back(name);
      } else {
        ASSERT_FALSE(open.empty());
        ASSERT_EQ(open.back(), name);
        open.pop_back();
      }
    }
    EXPECT_TRUE(open.empty());
  }
}

TEST(Html, ids_are_unique_and_every_link_leads_to_one) {
  const std::string page = html_page(samples::compromised_server());
  std::set<std::string> ids;
  const std::regex id(" id=\"([^\"]*)\""), link("href=\"#([^\"]*)\"");
  for (std::sregex_iterator at(page.begin(), page.end(), id), end; at != end; ++at)
    EXPECT_TRUE(ids.insert((*at)[1]).second) << (*at)[1];
  std::size_t links = 0;
  for (std::sregex_iterator at(page.begin(), page.end(), link), end; at != end; ++at, ++links)
    EXPECT_TRUE(ids.contains((*at)[1])) << (*at)[1];
  EXPECT_GE(links, 10U);
}

TEST(Html, severity_is_a_word_and_never_colour_alone) {
  const std::string page = html_page(samples::without_diagnosis());
  EXPECT_THAT(page, testing::HasSubstr("<span class=\"pill malicious\">malicious</span>"));
  EXPECT_THAT(page, testing::HasSubstr("<span class=\"pill weak\">open door</span>"));
}

TEST(Html, a_diagnosis_and_a_plan_stand_in_it_whole) {
  const std::string page = html_page(samples::compromised_server());
  for (const char* part : {"What happened", "Way in", "Staying", "almost certain (93%)", "It might also have been",
                           "What would be changed", "Move the file into quarantine", "Put back byte for byte", "(R20)"})
    EXPECT_THAT(page, testing::HasSubstr(part));
}

TEST(HtmlPage, a_link_out_or_a_handler_is_our_own_mistake) {
  EXPECT_DEATH(HtmlPage{}.open("a", {{"href", "https://example.org"}}), "");
  EXPECT_DEATH(HtmlPage{}.open("p", {{"onclick", "x"}}), "");
  EXPECT_DEATH(static_cast<void>(HtmlPage{}.open("p").take()), "");
}

TEST(Timeline, lanes_are_the_steps_then_the_intruder_then_the_rest) {
  std::vector<std::string> titles;
  for (const Lane& lane : lanes_of(samples::compromised_server())) titles.push_back(lane.title);
  EXPECT_THAT(titles, testing::ElementsAre("Way in", "Foothold", "Staying", "Harm", "Intruder’s acts", "Other events"));
}

TEST(Timeline, marks_lie_within_the_picture_whatever_the_times_are) {
  Outcome outcome = samples::without_diagnosis();
  outcome.findings[0].at = kDistantPast;
  outcome.findings[1].at = kDistantFuture;
  const std::string page = html_page(outcome);
  const std::regex place(" x=\"(-?[0-9.]+)\"");
  for (std::sregex_iterator at(page.begin(), page.end(), place), end; at != end; ++at) {
    EXPECT_GE(std::stod((*at)[1]), 0) << (*at)[0];
    EXPECT_LE(std::stod((*at)[1]), 960) << (*at)[0];
  }
}

TEST(Timeline, one_moment_and_none_are_well) {
  Outcome outcome = samples::clean_server();
  EXPECT_EQ(count(html_page(outcome), "<svg"), 0U);
  outcome.findings[0].at = outcome.finished_at;
  EXPECT_EQ(count(html_page(outcome), "<svg"), 2U);
}

TEST(Timeline, pauses_are_named_shortly) {
  using namespace std::chrono;
  EXPECT_EQ(pause_words(seconds{40}), "40 s");
  EXPECT_EQ(pause_words(minutes{17}), "17 min");
  EXPECT_EQ(pause_words(hours{5}), "5 h");
  EXPECT_EQ(pause_words(days{4}), "4 days");
  EXPECT_EQ(pause_words(days{400}), "13 months");
}

// For the pictures and the journey in a browser: ABATE_SAMPLES=FOLDER.
TEST(Samples, are_written_where_they_are_asked_for) {
  const char* folder = std::getenv("ABATE_SAMPLES");
  const auto put = [&](const char* name, const std::string& text) {
    EXPECT_GT(text.size(), 100U);
    if (folder != nullptr) std::ofstream{std::string{folder} + "/" + name} << text;
  };
  put("clean.html", html_page(samples::clean_server()));
  put("sweep.html", html_page(samples::without_diagnosis()));
  put("case.html", html_page(samples::compromised_server()));
  put("hostile.html", html_page(samples::hostile_server()));
  const TerminalLook look{.columns = 100, .color = true};
  put("clean.txt", terminal_text(samples::clean_server(), look));
  put("sweep.txt", terminal_text(samples::without_diagnosis(), look));
  put("case.txt", terminal_text(samples::compromised_server(), look));
}

}  // namespace
}  // namespace abate::report
