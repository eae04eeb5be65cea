// SPDX-License-Identifier: Apache-2.0
// What the desk says of a reply: each check alone, and what then still counts as proved.
#include "model/proof_check.h"

#include <gtest/gtest.h>

namespace abate {
namespace {

using std::chrono::hours;
using std::chrono::minutes;

const Instant kNow = *parse_rfc3339("2026-03-02T12:00:00Z");

Ticket a_ticket() {
  Ticket ticket;
  ticket.id = "T-2026-000001";
  ticket.addresses = {*parse_ip("203.0.113.10"), *parse_ip("2001:db8::10")};
  ticket.last_incident_at = kNow - hours{5};
  return ticket;
}

Proof a_proof(const std::string& id = "p0123456789ab", const std::string& about = "a0123456789ab") {
  Proof proof;
  proof.id = id;
  proof.about = about;
  proof.tried = "compared /var/www/x.php with what the change left";
  proof.seen = "it is gone";
  proof.service = "203.0.113.10";
  proof.good = true;
  proof.at = kNow - hours{1};
  proof.hash = proof_hash(proof);
  return proof;
}

Reply a_reply() {
  Reply reply;
  reply.ticket = "T-2026-000001";
  reply.cause = {{"An old plugin let somebody upload a script", Standing::proved, {"f0123456789ab"}}};
  reply.done = {{"Removed /var/www/x.php", Standing::proved, {"a0123456789ab", "p0123456789ab"}}};
  reply.confirmed = {{"1 change was compared: it stands", Standing::proved, {"p0123456789ab"}}};
  reply.prevention = {{"Updates run by themselves now", Standing::claimed, {}}};
  reply.proofs = {a_proof()};
  return reply;
}

ReplyCheck check(const Reply& reply, const Ticket& ticket = a_ticket()) {
  return check_reply(reply, {"f0123456789ab"}, ticket, kNow);
}

void rehash(Proof& proof) { proof.hash = proof_hash(proof); }

TEST(ProofCheck, what_is_whole_here_and_in_time_is_proved) {
  const ReplyCheck checked = check(a_reply());
  EXPECT_EQ(checked.names_ticket, Checked::yes);
  ASSERT_EQ(checked.proofs.size(), 1U);
  EXPECT_EQ(checked.proofs[0].whole, Checked::yes);
  EXPECT_EQ(checked.proofs[0].here, Checked::yes);
  EXPECT_EQ(checked.proofs[0].in_time, Checked::yes);
  EXPECT_TRUE(checked.proofs[0].holds());
  EXPECT_EQ(checked.proved, 3U);
  EXPECT_EQ(checked.claimed, 1U);
  EXPECT_EQ(checked.questions, std::vector<std::string>{"What keeps it from happening again is only claimed."});
}

TEST(ProofCheck, what_was_changed_on_the_way_proves_nothing) {
  Reply reply = a_reply();
  reply.proofs[0].seen = "it is gone, honestly";
  const ReplyCheck checked = check(reply);
  EXPECT_EQ(checked.proofs[0].whole, Checked::no);
  EXPECT_EQ(checked.done[0].standing, Standing::claimed);
  EXPECT_NE(checked.done[0].why.find("hash"), std::string::npos);
  EXPECT_EQ(checked.cause[0].standing, Standing::proved) << "a finding stands for itself";
}

TEST(ProofCheck, a_proof_of_another_server_proves_nothing) {
  Reply reply = a_reply();
  reply.proofs[0].service = "203.0.113.99";
  rehash(reply.proofs[0]);
  EXPECT_EQ(check(reply).proofs[0].here, Checked::no);
  EXPECT_EQ(check(reply).confirmed[0].standing, Standing::claimed);
  reply.proofs[0].service = "2001:db8::10";
  rehash(reply.proofs[0]);
  EXPECT_EQ(check(reply).proofs[0].here, Checked::yes);
}

TEST(ProofCheck, a_machine_the_desk_cannot_know_is_said_to_be_unknown) {
  for (const char* service : {"0123456789abcdef0123456789abcdef", "127.0.0.1", "::1", "10.0.0.5", "172.31.0.9", "fd00::1", ""}) {
    Reply reply = a_reply();
    reply.proofs[0].service = service;
    rehash(reply.proofs[0]);
    EXPECT_EQ(check(reply).proofs[0].here, Checked::unknown) << service;
    EXPECT_TRUE(check(reply).proofs[0].holds()) << service;
  }
}

TEST(ProofCheck, its_time_lies_after_the_last_incident_and_not_in_the_future) {
  const auto at = [](Instant when) {
    Reply reply = a_reply();
    reply.proofs[0].at = when;
    rehash(reply.proofs[0]);
    return check(reply).proofs[0];
  };
  EXPECT_FALSE(at(kNow - hours{5}).holds());
  EXPECT_TRUE(at(kNow - hours{5} + minutes{1}).holds());
  EXPECT_TRUE(at(kNow + kProofClockSlack).holds());
  EXPECT_FALSE(at(kNow + kProofClockSlack + minutes{1}).holds());
  EXPECT_NE(at(kNow - hours{6}).why.find("before the last incident"), std::string::npos);
}

TEST(ProofCheck, a_reply_to_another_ticket_proves_nothing_here) {
  Reply reply = a_reply();
  reply.ticket = "T-2026-000002";
  const ReplyCheck checked = check(reply);
  EXPECT_EQ(checked.names_ticket, Checked::no);
  EXPECT_EQ(checked.done[0].standing, Standing::claimed);
  reply.ticket.clear();
  EXPECT_EQ(check(reply).names_ticket, Checked::unknown);
  EXPECT_EQ(check(reply).done[0].standing, Standing::proved);
}

TEST(ProofCheck, a_sentence_that_names_nothing_or_what_did_not_come_is_claimed) {
  Reply reply = a_reply();
  reply.cause[0].proof = {};
  reply.done[0].proof = {"a0123456789ab", "p999999999999"};
  const ReplyCheck checked = check(reply);
  EXPECT_EQ(checked.cause[0].standing, Standing::claimed);
  EXPECT_EQ(checked.done[0].standing, Standing::claimed);
  EXPECT_NE(checked.done[0].why.find("p999999999999 did not come"), std::string::npos) << checked.done[0].why;
}

TEST(ProofCheck, an_action_stands_and_falls_with_the_proof_about_it) {
  Reply reply = a_reply();
  reply.done[0].proof = {"a0123456789ab"};
  EXPECT_EQ(check(reply).done[0].standing, Standing::proved);
  reply.proofs[0].hash = "0";
  EXPECT_EQ(check(reply).done[0].standing, Standing::claimed);
  reply.proofs.clear();
  EXPECT_EQ(check(reply).done[0].standing, Standing::claimed);
}

TEST(ProofCheck, what_is_open_is_asked) {
  Reply reply;
  reply.ticket = "T-2026-000001";
  reply.cause = {{"It was old", Standing::claimed, {}}};
  reply.proofs = {a_proof()};
  reply.proofs[0].good = false;
  reply.proofs[0].seen = "still there";
  rehash(reply.proofs[0]);
  const std::vector<std::string> asked = check(reply).questions;
  ASSERT_EQ(asked.size(), 5U);
  EXPECT_EQ(asked[0], "The cause is only claimed: only the symptom may be gone.");
  EXPECT_EQ(asked[1], "Nothing is said about what was done.");
  EXPECT_EQ(asked[4], "p0123456789ab says itself that it is not gone: still there");
}

}  // namespace
}  // namespace abate
