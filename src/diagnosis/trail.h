// SPDX-License-Identifier: Apache-2.0
// diagnosis/trail.h — the log lines that diagnosis asks for, kept.
//
// The sweep reads a server's logs once and keeps no lines. Diagnosis then asks for what happened around a time, what an
// address did, what became of a mail; whoever reads the logs again hands over each event that the question wants.
// Bounded: kSeenMax lines, those nearest to what was asked for first. Pure.
#pragma once

#include <cstdint>
#include <optional>
#include <set>
#include <string>
#include <vector>

#include "base/ip.h"
#include "base/time.h"
#include "sweep/kit/event.h"
#include "sweep/kit/host.h"

namespace abate::diagnosis {

struct Question {
  std::vector<TimeSpan> spans;     // everything that could be an entry, then
  std::set<IpAddress> clients;     // everything that they did
  std::set<std::string> ids;       // queue ids and Message-IDs
  std::set<std::string> files;     // requests for, and transfers of, these
  std::set<std::string> accounts;  // their log-ins

  static constexpr std::size_t kEachMax = 200;  // of spans, clients, ids, files
};

struct Seen {
  enum class What : std::uint8_t {
    request,
    login,
    mail,
    transfer,
    command,
    job,
    account,
    package,
    other
  } what = What::other;
  std::optional<Instant> at;
  std::string source;  // "/var/log/x.log:12"
  std::string program;
  std::string message;  // shortened
  std::optional<IpAddress> client;
  std::string user;    // who logged in, as whom a mail was sent
  std::string method;  // of a request, of a log-in
  std::string target;  // of a request, as sent
  std::string file;    // of a request or transfer: the file on this server
  std::string id;      // queue id
  std::string detail;  // Message-ID, command, sender
  std::uint16_t status = 0;
  std::optional<std::uint32_t> uid;
  bool accepted = false;  // a log-in, an upload
  sweep::LoginService service = sweep::LoginService::other;
};

class Trail {
 public:
  static constexpr std::size_t kSeenMax = 6000;

  explicit Trail(const sweep::Host& host) : host_{host} {}
  void ask(Question question);
  // Keeps the event where the question wants it.
  void see(const sweep::Event& event);
  // Ordered by time, each line once.
  void settle();

  [[nodiscard]] const std::vector<Seen>& seen() const { return seen_; }
  [[nodiscard]] const Question& question() const { return question_; }
  [[nodiscard]] bool is_cut() const { return cut_; }

 private:
  [[nodiscard]] bool wants(const Seen& seen) const;

  const sweep::Host& host_;
  Question question_;
  std::vector<Seen> seen_;
  bool cut_ = false;
};

}  // namespace abate::diagnosis
