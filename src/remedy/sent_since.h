// SPDX-License-Identifier: Apache-2.0
// remedy/sent_since.h — who handed in what was delivered to others since abate changed something, as the mail logs of
// Postfix, Exim and Sendmail tell it: "status=sent since T".
//
//   SentSince sent{host, last_change};
//   LookOptions options{.watching = {&sent}};   // it sees what the sweep reads of the logs anyway
//   sent.told();
//
// A mail is whose who handed it in: an account (by uid or name), or a mailbox with its password; a filter that hands it
// in once more does not change that, by its Message-ID. Delivered to others is what was "sent" by any other way than
// into a mailbox of this server. A call of mail() that PHP's mail.log names counts for its script. Bounded: of the
// newest kMailsMax to 2 kMailsMax mails it is known whose they are, kSendersMax senders are counted. One thread.
#pragma once

#include <cstdint>
#include <map>
#include <set>
#include <string>
#include <string_view>
#include <vector>

#include "sweep/kit/detector.h"

namespace abate::remedy {

struct SentTold {
  Instant since;
  struct Sender {
    std::string name;          // "the account www-data", "the mailbox a@example.org", "the script /srv/x.php"
    std::uint64_t count = 0;   // deliveries to others since then, calls of a script
    std::string first;         // the first line of them, as evidence
    bool is_reported = false;  // it handed in a mail that the ticket names
  };
  std::map<std::string, Sender, std::less<>>
      senders;  // by sender_of_account(), sender_of_mailbox(), sender_of_script()
  struct Log {
    std::string path;
    std::uint64_t from = 0;  // the first line that may tell of what was since then
  };
  std::vector<Log> logs;  // that tell of mail, in the order of their names
  bool is_whole = true;   // nobody was left uncounted for want of room
};

std::string sender_of_account(std::string_view name);
std::string sender_of_mailbox(std::string_view name);
std::string sender_of_script(std::string_view path);

class SentSince final : public sweep::LogWatcher {
 public:
  SentSince(const sweep::Host& host, Instant since);
  void see(const sweep::Event& event) override;
  void finish(sweep::Findings&) override {}
  [[nodiscard]] SentTold told() const;

  static constexpr std::size_t kMailsMax = 50'000;
  static constexpr std::size_t kSendersMax = 2'000;

 private:
  // Whose a mail is, by queue id or Message-ID: the newest are remembered, the older half goes when it is full.
  class Whose {
   public:
    void put(std::string_view id, const std::string& sender);
    [[nodiscard]] const std::string* find(std::string_view id) const;

   private:
    std::map<std::string, std::string, std::less<>> newer_, older_;
  };
  void note_log(const sweep::Event& event);
  void accept(const sweep::Mail& mail, const std::string& sender, std::string_view name);
  void follow(const sweep::Mail& mail);
  void deliver(const sweep::Event& event, const sweep::Mail& mail);
  SentTold::Sender* sender(const std::string& key, std::string_view name);
  void count(const sweep::Event& event, SentTold::Sender* sender) const;

  const sweep::Host& host_;
  Instant since_;
  std::set<std::string, std::less<>> reported_;  // queue ids and Message-IDs of the ticket
  Whose by_queue_, by_message_;
  std::map<std::string, SentTold::Sender, std::less<>> senders_;
  struct Lines {
    std::uint64_t last_before = 0, first_since = 0;
  };
  std::map<std::string, Lines, std::less<>> logs_;
  bool is_whole_ = true;
};

}  // namespace abate::remedy
