// SPDX-License-Identifier: Apache-2.0
// The guide with a person of paper and hands that only write down what they are asked.
#include "guide/guide.h"

#include <deque>

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "base/text.h"

namespace abate::guide {
namespace {

using testing::Contains;
using testing::ElementsAre;
using testing::HasSubstr;
using testing::IsEmpty;
using testing::Not;

constexpr Instant kNow{Duration{1'790'000'000'000'000}};

class Paper : public Person {
 public:
  explicit Paper(std::vector<std::string> answers) : answers_{answers.begin(), answers.end()} {}
  void say(std::string_view text) override { said.append(text); }
  std::optional<std::string> ask(std::string_view prompt) override {
    said.append(prompt);
    ++asked;
    if (answers_.empty()) return std::nullopt;
    std::string answer = answers_.front();
    answers_.pop_front();
    said += answer + "\n";
    return answer;
  }
  std::optional<std::string> paste() override { return ask(""); }
  [[nodiscard]] report::TerminalLook look() const override { return look_; }
  [[nodiscard]] std::size_t left() const { return answers_.size(); }

  std::string said;
  int asked = 0;
  report::TerminalLook look_{.columns = 80};

 private:
  std::deque<std::string> answers_;
};

Action action(std::string id, std::string kind, std::string path, bool is_default = true) {
  Action one;
  one.id = std::move(id);
  one.kind = std::move(kind);
  one.subject = file_subject(path);
  one.why = "it does harm";
  one.effect = "it is gone";
  one.is_default = is_default;
  one.changes = {path + " is removed"};
  return one;
}

Looked found() {
  Looked looked;
  Diagnosis diagnosis;
  diagnosis.verdict = SweepVerdict::cause_found;
  diagnosis.confidence = 0.95;
  diagnosis.cause = {
      {.step = Step::entry, .finding = "f1", .at = kNow, .says = "a stranger sent a file", .reasons = {}},
      {.step = Step::harm, .finding = "f2", .at = kNow, .says = "mail was sent", .reasons = {}}};
  looked.outcome.diagnosis = diagnosis;
  Plan plan;
  plan.actions = {action("a1", "quarantine_file", "/var/www/x.php"), action("a2", "lock_account", "/home/kim")};
  plan.actions[1].risk = "Its owner cannot log in either";
  Action by_hand = action("a3", "update_application", "/var/www", false);
  by_hand.changes.clear();
  by_hand.by_hand = "Update it in its administration pages.";
  plan.actions.push_back(by_hand);
  looked.outcome.plan = plan;
  looked.outcome.finished_at = kNow;
  looked.outcome.seen_enough = true;
  looked.questions = {{reply::Part::cause, "Who has the password of kim?"}};
  looked.stuck = "I looked and do not know how to go on.\n";
  return looked;
}

Looked gone() {
  Looked looked = found();
  looked.gone = true;
  looked.outcome.plan = Plan{};
  looked.reply.cause = {{"A stranger sent a file", Standing::proved, {"f1"}}};
  looked.reply.done = {{"Removed /var/www/x.php", Standing::proved, {"a1"}}};
  looked.reply.text = reply::reply_text(looked.reply);
  return looked;
}

Strength weak() {
  Strength strength;
  strength.already = 3;
  Action keys = action("m1", "ssh_keys_only", "/etc/ssh/sshd_config");
  keys.title = "SSH by key only";
  Action services = action("m2", "unneeded_services", "", false);
  services.changes.clear();
  services.why = "rpcbind listens";
  services.by_hand = "Ask who uses NFS, then switch rpcbind off.";
  strength.open = {keys, services};
  return strength;
}

struct World {                                 // what the hands did; outlives a guide that was stopped
  std::vector<Looked> looks{found(), gone()};  // the last one again and again
  bool can_send = true;
  std::vector<std::string> applied;
  Result<Strength> strength = weak();
  std::vector<std::string> strengthened;
  std::vector<std::string> sent;
  std::vector<std::string> saved;
  std::string edits;  // what the editor makes of the text; "" leaves it
  std::optional<Progress> kept;
  std::optional<TicketTold> ticket;
  std::optional<Looked> look;
  std::size_t looked = 0;
  int weighed = 0;
};

class Fake : public Hands {
 public:
  explicit Fake(World& world) : world_{world} {}
  Result<TicketTold> take_ticket(const std::string& named) override {
    if (named == "nowhere") return failure(Fault::not_found, "nowhere: cannot be opened");
    TicketTold told;
    told.id = "T-2026-000001";
    told.category = Category::spam;
    told.addresses = {"203.0.113.12"};
    told.respond_by = told.fix_by = kNow + std::chrono::hours{5};
    told.has_desk = world_.can_send;
    world_.ticket = told;
    return told;
  }
  Result<TicketTold> take_pasted(const std::string&) override { return take_ticket("pasted"); }
  Result<TicketTold> kept_ticket() override {
    if (!world_.ticket) return failure(Fault::not_found, "none");
    return *world_.ticket;
  }
  Result<Looked> look() override {
    world_.look = world_.looks[std::min(world_.looked++, world_.looks.size() - 1)];
    return *world_.look;
  }
  Result<Looked> kept_look() override {
    if (!world_.look) return failure(Fault::not_found, "none");
    return *world_.look;
  }
  Result<std::string> apply(const std::vector<std::string>& ids,
                            const std::function<void(const Action&, const Did&)>& told) override {
    world_.applied = ids;
    for (const std::string& id : ids) told(action(id, "quarantine_file", "/x"), {true, "done", ""});
    return "run-1";
  }
  Result<Strength> weigh(std::optional<Instant>) override {
    ++world_.weighed;
    if (world_.strength && !world_.strengthened.empty()) world_.strength->open.erase(world_.strength->open.begin());
    return world_.strength;
  }
  Result<Strength> kept_strength() override {
    return world_.weighed > 0 ? world_.strength : failure(Fault::not_found, "none");
  }
  Result<std::string> strengthen(const std::vector<std::string>& ids,
                                 const std::function<void(const Action&, const Did&)>& told) override {
    world_.strengthened = ids;
    for (const std::string& id : ids) told(action(id, "ssh_keys_only", "/x"), {true, "done", ""});
    return "run-2";
  }
  std::string manual(const std::string& kind) override { return "The manual of " + kind + ".\n"; }
  Result<std::string> edit(const std::string& text) override { return world_.edits.empty() ? text : world_.edits; }
  Result<std::string> send_question(const std::string& text) override {
    world_.sent.push_back("question: " + text);
    return "The team answers there.";
  }
  Result<std::string> send_answer(bool is_claim, const Reply& reply) override {
    world_.sent.push_back((is_claim ? "claim: " : "reply: ") + reply.text);
    return "The team answers there.";
  }
  Result<std::string> show_answer(bool, const Reply& reply) override { return reply.text; }
  Result<std::string> save(const std::string& name, const std::string& text) override {
    world_.saved.push_back(text);
    return "/state/" + name;
  }
  Result<void> keep(const Progress& progress) override {
    // As it comes back from the disk.
    Result<Progress> read = read_progress(progress_text(progress));
    EXPECT_TRUE(read);
    world_.kept = *read;
    return {};
  }
  Instant now() override { return kNow; }

 private:
  World& world_;
};

struct Told {
  Ended ended;
  std::string said;
  std::size_t answers_left;
};

Told lead(World& world, std::vector<std::string> answers, report::TerminalLook look = {.columns = 80}) {
  Paper person{std::move(answers)};
  person.look_ = look;
  Fake hands{world};
  Guide guide{person, hands, world.kept.value_or(Progress{})};
  const Ended ended = guide.run();
  return {ended, person.said, person.left()};
}

// A ticket, a look, a story, three decisions, the changes, a measure, four topics, a question, the answer.
const std::vector<std::string> kWholeWay{"https://desk.example/tickets/T-1#x",
                                         "",
                                         "",
                                         "y",
                                         "y",
                                         "n",
                                         "y",
                                         "y",
                                         "y",
                                         "y",
                                         "n",
                                         "n",
                                         "y",
                                         "Only me.",
                                         "p",
                                         "y"};

TEST(Guide, leads_from_the_link_to_the_answer) {
  World world;
  const Told told = lead(world, kWholeWay);
  EXPECT_EQ(told.ended, Ended::good) << told.said;
  EXPECT_EQ(told.answers_left, 0U) << told.said;
  EXPECT_THAT(world.applied, ElementsAre("a1", "a2"));
  EXPECT_THAT(world.strengthened, ElementsAre("m1"));
  EXPECT_THAT(told.said, HasSubstr("SSH by key only: /etc/ssh/sshd_config"));
  ASSERT_EQ(world.sent.size(), 1U);
  EXPECT_THAT(world.sent[0], testing::StartsWith("claim: "));
  EXPECT_THAT(world.sent[0], HasSubstr("Removed /var/www/x.php [proved]"));
  EXPECT_THAT(world.sent[0], HasSubstr("Who has the password of kim? Only me. [claimed]"));
  EXPECT_THAT(world.sent[0], HasSubstr("restoring was tried. [claimed]"));
  EXPECT_THAT(world.sent[0], Not(HasSubstr("firewall"))) << "what was left open is not claimed";
}

TEST(Guide, stopped_before_any_answer_it_goes_on_there_and_comes_to_the_same_end) {
  World whole;
  lead(whole, kWholeWay);
  for (std::size_t at = 0; at < kWholeWay.size(); ++at) {
    World world;
    const auto middle = kWholeWay.begin() + static_cast<std::ptrdiff_t>(at);
    const Told first = lead(world, {kWholeWay.begin(), middle});
    EXPECT_EQ(first.ended, Ended::left);
    EXPECT_THAT(first.said, HasSubstr("Nothing is lost")) << at;
    // "Send it now?" is asked again from the answer on that it belongs to.
    const bool sending = at + 1 == kWholeWay.size();
    const Told second = lead(world, {middle - (sending ? 1 : 0), kWholeWay.end()});
    EXPECT_EQ(second.ended, Ended::good) << at << second.said;
    EXPECT_EQ(second.answers_left, 0U) << at << second.said;
    EXPECT_EQ(world.sent, whole.sent) << at;
    if (at > 2) {
      EXPECT_THAT(second.said, HasSubstr("You were at step")) << at;
    }
  }
}

TEST(Guide, enter_alone_changes_nothing_and_sends_nothing) {
  World world;
  world.kept = Progress{};
  world.kept->ticket = "report.eml";
  const Told told = lead(world, std::vector<std::string>(60, ""));
  EXPECT_EQ(told.ended, Ended::left);
  EXPECT_THAT(world.applied, IsEmpty());
  EXPECT_THAT(world.sent, IsEmpty());
}

TEST(Guide, the_plan_is_explained_decided_taken_back_and_decided_anew) {
  World world;
  world.kept = Progress{};
  world.kept->ticket = "report.eml";
  const Told told = lead(world, {"", "", "e", "y", "b", "n", "y", "n", "y"});
  EXPECT_THAT(told.said, HasSubstr("The manual of quarantine_file."));
  EXPECT_THAT(world.applied, ElementsAre("a2"));
}

TEST(Guide, all_recommended_leaves_out_what_is_for_a_person_and_skipping_leaves_out_all) {
  World world;
  world.kept = Progress{};
  world.kept->ticket = "report.eml";
  lead(world, {"", "", "a", "y"});
  EXPECT_THAT(world.applied, ElementsAre("a1", "a2"));
  World other;
  other.kept = Progress{};
  other.kept->ticket = "report.eml";
  const Told told = lead(other, {"", "", "k", "y"});
  EXPECT_THAT(other.applied, IsEmpty());
  EXPECT_THAT(told.said, HasSubstr("You chose no changes."));
}

TEST(Guide, what_was_done_by_hand_is_claimed) {
  World world;
  world.looks = {found()};  // still there afterwards
  world.kept = Progress{};
  world.kept->ticket = "report.eml";
  const Told told = lead(world, {"", "", "y", "n", "y", "y", "g", "n", "", "", "", "", "", "f"});
  EXPECT_EQ(told.ended, Ended::left) << "it is not gone";
  ASSERT_EQ(world.saved.size(), 1U) << told.said;
  EXPECT_THAT(world.saved[0], HasSubstr("By hand: Update the web application: /var/www [claimed]"));
}

TEST(Guide, what_is_left_leads_back_to_the_plan) {
  World world;
  world.looks = {found(), found(), gone()};
  world.kept = Progress{};
  world.kept->ticket = "report.eml";
  const Told told = lead(world, {"", "", "y", "n", "n", "y", "p", "n", "y", "n", "y"});
  EXPECT_THAT(world.applied, ElementsAre("a2"));
  EXPECT_THAT(told.said, HasSubstr("Not all of it is gone yet."));
  EXPECT_THAT(told.said, HasSubstr("It is gone: every check holds"));
}

TEST(Guide, stuck_at_any_question_asks_the_desk_and_only_after_a_yes) {
  for (std::size_t at = 1; at < kWholeWay.size(); ++at) {
    for (const char* answer : {"y", "n"}) {
      World world;
      std::vector<std::string> answers{kWholeWay.begin(), kWholeWay.begin() + static_cast<std::ptrdiff_t>(at)};
      answers.insert(answers.end(), {"s", answer});
      const Told told = lead(world, answers);
      EXPECT_EQ(world.sent.size(), *answer == 'y' ? 1U : 0U) << at << told.said;
      if (*answer == 'y') {
        EXPECT_THAT(world.sent[0], testing::StartsWith("question: ")) << "no claim that it is fixed";
      }
    }
  }
}

TEST(Guide, without_a_desk_the_answer_is_saved_and_so_is_the_question) {
  World world;
  world.can_send = false;
  const Told told = lead(world, {"report.eml", "s"});
  ASSERT_EQ(world.saved.size(), 1U);
  EXPECT_THAT(told.said, HasSubstr("/state/stuck.txt"));
  World other;
  other.can_send = false;
  std::vector<std::string> answers{kWholeWay.begin(), kWholeWay.end() - 2};
  answers.emplace_back("p");  // no such key here
  answers.emplace_back("f");
  EXPECT_EQ(lead(other, answers).ended, Ended::good);
  EXPECT_THAT(other.sent, IsEmpty());
  EXPECT_EQ(other.saved.size(), 1U);
}

TEST(Guide, an_edited_sentence_becomes_claimed) {
  World world;
  world.edits = "What was done\n- Removed it all, promised [proved]\n";
  std::vector<std::string> answers{kWholeWay.begin(), kWholeWay.end() - 2};
  answers.insert(answers.end(), {"e", "p", "y"});
  lead(world, answers);
  ASSERT_EQ(world.sent.size(), 1U);
  EXPECT_THAT(world.sent[0], HasSubstr("Removed it all, promised [claimed]"));
  EXPECT_THAT(world.sent[0], Not(HasSubstr("[proved]")));
}

TEST(Guide, nothing_found_is_led_through_passwords_updates_and_an_audit) {
  World world;
  Looked nothing = gone();
  nothing.outcome.diagnosis->verdict = SweepVerdict::nothing_found;
  nothing.outcome.diagnosis->cause.clear();
  nothing.outcome.seen_enough = false;
  nothing.reply = Reply{};
  nothing.questions.clear();
  world.looks = {nothing};
  world.kept = Progress{};
  world.kept->ticket = "report.eml";
  const Told told = lead(world, {"", "", "y", "e", "y", "y", "k", "n", "n", "f"});
  EXPECT_EQ(told.ended, Ended::unsure) << told.said;
  EXPECT_THAT(told.said, Not(HasSubstr("getent passwd")));
  ASSERT_EQ(world.saved.size(), 1U) << told.said;
  EXPECT_THAT(world.saved[0], HasSubstr("were gone through by hand. [claimed]"));
}

TEST(Guide, what_was_made_stronger_is_looked_at_again_and_only_the_rest_is_asked) {
  World world;
  const Told told = lead(world, kWholeWay);
  EXPECT_EQ(world.looked, 3U) << "so that the answer can prove it";
  EXPECT_THAT(told.said, HasSubstr("3 points are as they should be already"));
  EXPECT_THAT(told.said, HasSubstr("On this server: rpcbind listens"));
  EXPECT_THAT(told.said, Not(HasSubstr("A firewall")));

  World none;
  none.strength = failure(Fault::unavailable, "the look ended before it was done");
  const Told asked = lead(none, {"report.eml", "", "", "k", "y", "n", "n", "n"});
  EXPECT_THAT(asked.said, HasSubstr("the look ended before it was done"));
  EXPECT_THAT(asked.said, HasSubstr("A firewall")) << "what could not be looked at is asked";
}

TEST(Guide, a_server_that_is_to_be_set_up_anew_is_not_made_stronger) {
  World world;
  for (Looked& looked : world.looks) looked.outcome.diagnosis->verdict = SweepVerdict::rebuild;
  const Told told = lead(world, {"report.eml", "", "", "a", "y", "n"});
  EXPECT_EQ(world.weighed, 0);
  EXPECT_THAT(told.said, HasSubstr("abate harden there"));
}

TEST(Guide, nothing_found_but_open_doors_leads_through_care_to_the_plan) {
  World world;
  world.looks[0].outcome.diagnosis->verdict = SweepVerdict::nothing_found;
  world.kept = Progress{};
  world.kept->ticket = "report.eml";
  lead(world, {"", "", "y", "y", "y", "y", "n", "n", "y"});
  EXPECT_THAT(world.applied, ElementsAre("a1"));
}

TEST(Guide, another_servers_harm_goes_straight_to_the_answer_and_claims_no_fix) {
  World world;
  Looked elsewhere = gone();
  elsewhere.outcome.diagnosis->verdict = SweepVerdict::not_this_server;
  elsewhere.outcome.diagnosis->grounds = {"203.0.113.12 is no address of this server"};
  elsewhere.questions.clear();
  world.looks = {elsewhere};
  const Told told = lead(world, {"https://desk.example/tickets/T-1#x", "", "", "p", "y"});
  EXPECT_EQ(told.ended, Ended::good) << told.said;
  EXPECT_THAT(told.said, HasSubstr("203.0.113.12 is no address of this server"));
  ASSERT_EQ(world.sent.size(), 1U);
  EXPECT_THAT(world.sent[0], testing::StartsWith("reply: "));
}

TEST(Guide, a_server_that_cannot_be_trusted_is_told_to_be_set_up_anew) {
  World world;
  world.looks[0].outcome.diagnosis->verdict = SweepVerdict::rebuild;
  EXPECT_THAT(lead(world, {"report.eml", ""}).said, HasSubstr("set up a fresh server"));
}

TEST(Guide, a_ticket_that_cannot_be_read_is_said_and_asked_for_again) {
  World world;
  const Told told = lead(world, {"nowhere", "?", "n", ""});
  EXPECT_THAT(told.said, HasSubstr("nowhere: cannot be opened"));
  EXPECT_EQ(world.looked, 1U);
}

TEST(Guide, no_line_is_wider_than_the_terminal_and_no_byte_of_a_name_steers_it) {
  World world;
  for (Looked& looked : world.looks) {
    looked.outcome.diagnosis->cause[0].says = "a file \x1b[2J\u202e named " + std::string(300, 'x');
    if (looked.outcome.plan->actions.empty()) continue;
    looked.outcome.plan->actions[0].subject.path = "/var/www/\x1b]0;gone\x07\n.php";
    looked.outcome.plan->actions[0].why = "\x1b[31m why";
  }
  for (const unsigned columns : {40U, 60U, 80U, 120U}) {
    World fresh = world;
    const Told told = lead(fresh, kWholeWay, {.columns = columns});
    for (const std::string_view line : split(told.said, '\n')) {
      const std::size_t prompt = line.rfind(" > ");
      EXPECT_LE(report::display_width(line.substr(0, prompt)), columns) << line;
    }
    EXPECT_EQ(told.said.find('\x1b'), std::string::npos);
    EXPECT_EQ(told.said.find("\u202e"), std::string::npos);
  }
}

TEST(Steps, each_place_is_reached_and_leads_on_and_the_last_one_ends) {
  for (int n = 0; n <= static_cast<int>(Place::done); ++n) {
    const auto place = static_cast<Place>(n);
    EXPECT_EQ(parse_place(place_name(place)), place);
    int ways = 0;
    for (int event = 0; event <= static_cast<int>(Event::left); ++event)
      if (next_place(place, static_cast<Event>(event))) ++ways;
    EXPECT_EQ(ways == 0, place == Place::done) << place_name(place);
    EXPECT_GE(stage_of(place).number, 1);
    EXPECT_LE(stage_of(place).number, kStages);
  }
  EXPECT_FALSE(parse_place("kitchen"));
}

TEST(Progress, what_cannot_be_read_begins_anew) {
  for (const std::string_view odd : {"", "{", "[]", "{}", R"({"schema":"abate.guide/1","place":"kitchen"})"})
    EXPECT_FALSE(read_progress(odd)) << odd;
  Progress progress;
  progress.place = Place::plan;
  progress.ticket = "https://desk.example/tickets/T-1#token";
  progress.actions = {{"a1", Choice::yes}, {"a2", Choice::no}};
  progress.words = {{"Who?", "me \xff"}};
  progress.at = kNow;
  const Result<Progress> read = read_progress(progress_text(progress));
  ASSERT_TRUE(read);
  EXPECT_EQ(read->place, Place::plan);
  EXPECT_EQ(read->actions, progress.actions);
  EXPECT_EQ(read->at, kNow);
  EXPECT_TRUE(is_valid_utf8(read->words.at("Who?")));
}

}  // namespace
}  // namespace abate::guide
