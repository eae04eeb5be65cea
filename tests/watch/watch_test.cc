// SPDX-License-Identifier: Apache-2.0
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "sweep/kit/memory_tree.h"
#include "watch/look_for_news.h"

namespace abate::watch {
namespace {

using testing::Contains;
using testing::HasSubstr;
using testing::IsEmpty;

Instant at(std::string_view text) { return *parse_rfc3339(text); }

constexpr std::string_view kServer = R"(--- /etc/passwd
root:x:0:0::/root:/bin/bash
anna:x:1000:1000::/home/anna:/bin/bash
--- /etc/apache2/sites-enabled/a.conf
<VirtualHost *:80>
ServerName www.example.org
DocumentRoot /var/www/a
</VirtualHost>
--- /var/www/a/index.php mtime=2026-03-01T00:00:00Z
<?php echo 'hello';
)";

class WatchTest : public testing::Test {
 protected:
  News look(const std::string& more, std::string_view now) {
    const sweep::MemoryTree tree{std::string{kServer} + more};
    sweep::Notes notes;
    const auto opened = sweep::open_host(tree, {}, at(now), {}, notes);
    opened->host.now = at(now);
    memory_ = read_memory(memory_text(memory_));  // as it would be read from the disk
    return look_for_news(opened->host, memory_, notes, [] { return false; });
  }
  static std::vector<std::string> names(const News& news) {
    std::vector<std::string> all;
    for (const Finding& one : news.findings) all.push_back(one.detector);
    return all;
  }
  Memory memory_;
};

TEST_F(WatchTest, the_first_look_learns_and_is_silent) {
  const News news = look("", "2026-03-02T00:00:00Z");
  EXPECT_TRUE(news.is_first);
  EXPECT_THAT(names(news), IsEmpty());
  EXPECT_EQ(letter_of(news, "a.example.org", at("2026-03-02T00:00:00Z")), "");
  EXPECT_THAT(names(look("", "2026-03-02T00:15:00Z")), IsEmpty()) << "nothing changed";
}

TEST_F(WatchTest, a_new_account_and_a_new_key_are_told_once) {
  look("", "2026-03-02T00:00:00Z");
  const std::string more =
      "--- /etc/cron.d/x\n* * * * * root /usr/local/bin/x\n--- /root/.ssh/authorized_keys\nssh-ed25519 "
      "AAAAC3NzaC1lZDI1NTE5AAAAIAABAgMEBQYHCAkKCwwNDg8QERITFBUWFxgZGhscHR4f eve\n";
  const News news = look(more, "2026-03-02T00:15:00Z");
  EXPECT_THAT(names(news), Contains("new_key"));
  EXPECT_THAT(names(news), Contains("new_autostart"));
  const std::string letter = letter_of(news, "a.example.org", at("2026-03-02T00:15:00Z"));
  EXPECT_THAT(letter, HasSubstr("a new SSH key lets somebody in as root"));
  EXPECT_THAT(letter, testing::Not(HasSubstr("AAAAC3Nza"))) << "never the contents of files";
  EXPECT_THAT(names(look(more, "2026-03-02T00:30:00Z")), IsEmpty());
}

TEST_F(WatchTest, a_changed_script_is_looked_at_and_an_old_one_is_not) {
  look("", "2026-03-02T00:00:00Z");
  const News news = look("--- /var/www/a/x.php mtime=2026-03-02T00:10:00Z\n<?php eval(base64_decode($_POST['x']));\n",
                         "2026-03-02T00:15:00Z");
  EXPECT_THAT(names(news), Contains("scripts_changed"));
  EXPECT_THAT(names(news), Contains("php_decoded_eval"));
  EXPECT_EQ(news.findings.front().severity, Severity::malicious) << "the worst comes first";
  EXPECT_THAT(letter_of(news, "a", at("2026-03-02T00:15:00Z")), testing::Not(HasSubstr("base64_decode(")));
}

TEST_F(WatchTest, a_login_from_a_network_that_was_never_seen_is_told_once) {
  const std::string home =
      "--- /var/log/auth.log mtime=2026-03-02T00:12:00Z\n2026-03-01T08:00:00Z web sshd[9]: Accepted publickey for anna "
      "from "
      "192.0.2.7 port 4711 ssh2: ED25519 SHA256:x\n";
  look(home, "2026-03-02T00:00:00Z");
  const std::string away =
      home +
      "2026-03-02T00:10:00Z web sshd[9]: Accepted password for anna from 198.51.100.9 port 4711 "
      "ssh2\n2026-03-02T00:11:00Z web sshd[9]: Accepted password for anna from 192.0.2.9 port 4711 "
      "ssh2\n";
  const News news = look(away, "2026-03-02T00:15:00Z");
  std::vector<std::string> from;
  for (const Finding& one : news.findings)
    if (one.detector == "login_from_new_network" && one.subject.path.empty()) from.push_back(one.subject.address);
  EXPECT_THAT(from, testing::ElementsAre("198.51.100.9")) << letter_of(news, "a", at("2026-03-02T00:15:00Z"));
  EXPECT_THAT(names(look(away, "2026-03-02T00:30:00Z")), IsEmpty());
}

TEST_F(WatchTest, mail_in_bulk_is_told_against_what_is_usual) {
  std::string log = "--- /var/log/mail.log mtime=2026-03-03T00:00:00Z\n";
  for (int n = 0; n < 10; ++n) look(log, fmt::format("2026-03-02T{:02}:00:00Z", n));
  for (int n = 0; n < 300; ++n)
    log += fmt::format(
        "2026-03-02T09:{:02}:{:02}Z web postfix/smtp[9]: 4AB12C{:03}: to=<a@example.org>, "
        "relay=mx.example.org[192.0.2.1]:25, "
        "delay=1, delays=0/0/0/1, dsn=2.0.0, status=sent (250 ok)\n",
        n / 60 + 10, n % 60, n);
  EXPECT_THAT(names(look(log, "2026-03-02T10:00:00Z")), Contains("mail_in_bulk"));
}

TEST(WatchMemory, what_was_cut_or_is_nonsense_counts_as_a_first_look) {
  Memory memory;
  memory.last = at("2026-03-02T00:00:00Z");
  memory.things["account \xff\x01"] = "uid 0";
  memory.networks["anna"] = {"192.0.2.0"};
  memory.told = {"f1"};
  const std::string text = memory_text(memory);
  const Memory read = read_memory(text);
  EXPECT_EQ(read.things, memory.things);
  EXPECT_EQ(read.networks, memory.networks);
  EXPECT_EQ(read.last, memory.last);
  for (std::size_t length = 0; length < text.size(); ++length)
    EXPECT_FALSE(read_memory(std::string_view{text}.substr(0, length)).last);
}

}  // namespace
}  // namespace abate::watch
