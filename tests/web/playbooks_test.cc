// SPDX-License-Identifier: Apache-2.0
// Next steps for a customer who is stuck: those built in, and the operator's own before them.
#include "web/pages/playbooks.h"

#include <fstream>

#include <gtest/gtest.h>

#include "support/temp_folder.h"
#include "web/pages_desk.h"

namespace abate::web {
namespace {

TEST(Playbooks, each_category_has_one_in_calm_words) {
  const Playbooks books = Playbooks::built_in();
  for (const Category category : kCategories) {
    const Playbook& book = books.of(category, {});
    EXPECT_FALSE(book.title.empty()) << category_name(category);
    EXPECT_TRUE(book.text.contains("\n1. ")) << category_name(category);
    EXPECT_TRUE(book.text.contains("write here")) << category_name(category) << ": what comes next is said";
  }
}

TEST(Playbooks, a_type_may_have_one_of_its_own) {
  const Playbooks books = Playbooks::built_in();
  EXPECT_TRUE(books.of(Category::other, {"connection/login_attack"}).title.contains("passwords"));
  EXPECT_EQ(books.of(Category::other, {"connection/port_scan"}).title, books.of(Category::other, {}).title);
  EXPECT_NE(books.of(Category::ddos, {"x/y", "vulnerability/open_service"}).title, books.of(Category::ddos, {}).title);
}

TEST(Playbooks, the_operators_own_go_before_those_built_in) {
  const test::TempFolder folder;
  std::ofstream{folder.path() / "spam.md"} << "# Ours\n\nCall us.\n";
  std::ofstream{folder.path() / "notes.txt"} << "no playbook";
  const auto books = Playbooks::of_folder(folder.path().string());
  ASSERT_TRUE(books) << books.error().what;
  EXPECT_EQ(books->of(Category::spam, {}).title, "Ours");
  EXPECT_EQ(books->of(Category::spam, {}).text, "Call us.");
  EXPECT_EQ(books->of(Category::ddos, {}).title, Playbooks::built_in().of(Category::ddos, {}).title);
}

TEST(Playbooks, a_wrong_one_is_named) {
  for (const auto& [name, text] : {std::pair{"spamm.md", "# T\nx"}, std::pair{"spam.md", "no title"},
                                   std::pair{"spam.md", "# T\n"}, std::pair{"spam.md", "# \xff\nx"}}) {
    const test::TempFolder folder;
    std::ofstream{folder.path() / name} << text;
    const auto books = Playbooks::of_folder(folder.path().string());
    ASSERT_FALSE(books) << name << text;
    EXPECT_TRUE(books.error().what.contains(name)) << books.error().what;
  }
  EXPECT_EQ(Playbooks::of_folder("/nowhere/at/all").error().fault, Fault::not_found);
}

TEST(Playbooks, next_steps_stand_in_the_reply_and_are_edited_before_they_are_sent) {
  PagesDesk at;
  const std::string nia = at.sign_in("nia@example.net", Role::lead);
  const Ticket ticket = at.put_ticket(TicketState::open);
  const std::string plain = at.get(nia, "/tickets/" + ticket.id).body;
  EXPECT_TRUE(plain.contains("Suggest next steps"));
  EXPECT_FALSE(plain.contains("Stop the flow first"));
  const std::string page = at.get(nia, "/tickets/" + ticket.id + "?suggest=1").body;
  EXPECT_TRUE(page.contains("Stop the flow first"));
  EXPECT_EQ(at.ticket(ticket.id).last_seq, ticket.last_seq) << "nothing was sent by looking";
}

TEST(Playbooks, a_customer_asks_for_the_next_step_and_the_team_sees_it) {
  PagesDesk at;
  const std::string nia = at.sign_in("nia@example.net", Role::lead);
  const std::string ada = at.sign_in("post@bakery.example", Role::customer, "c-7");
  const Ticket ticket = at.put_ticket(TicketState::open);
  const Response mine = at.get(ada, "/tickets/" + ticket.id);
  EXPECT_TRUE(mine.body.contains("I am stuck"));
  EXPECT_FALSE(mine.body.contains("Suggest next steps"));
  EXPECT_EQ(
      at.post(ada, "/tickets/" + ticket.id + "/reply", "text=Where+now%3F&stuck=1&version=" + version_in(mine)).status,
      303);
  EXPECT_TRUE(at.get(nia, "/tickets/" + ticket.id).body.contains("The customer is stuck"));
  EXPECT_TRUE(at.get(nia, "/review").body.contains("The customer is stuck and asks for the next step."));
  const Response page = at.get(nia, "/tickets/" + ticket.id);
  ASSERT_EQ(at.post(nia, "/tickets/" + ticket.id + "/reply", "text=Look+there&version=" + version_in(page)).status,
            303);
  EXPECT_FALSE(at.get(nia, "/review").body.contains("The customer is stuck"));
}

}  // namespace
}  // namespace abate::web
