// SPDX-License-Identifier: Apache-2.0
// post/lmtp_session.h — one LMTP connection: its socket, its strand, the order of its answers. Inside of LmtpServer.
#pragma once

#include <atomic>
#include <condition_variable>
#include <deque>
#include <memory>
#include <mutex>
#include <string>
#include <unordered_set>
#include <vector>

#include <boost/asio/awaitable.hpp>
#include <boost/asio/generic/stream_protocol.hpp>
#include <boost/asio/steady_timer.hpp>
#include <boost/asio/strand.hpp>

#include "post/budget.h"
#include "post/lmtp_server.h"
#include "post/lmtp_talk.h"

namespace abate::post {

class LmtpSession;

// What all connections of a server share. It lives as long as the last of them.
struct LmtpShared {
  LmtpShared(LmtpOptions given, Accept to);
  const LmtpOptions options;
  const Accept accept;
  Budget budget;

  std::mutex mutex;
  std::condition_variable changed;
  std::unordered_set<std::shared_ptr<LmtpSession>> sessions;  // guarded by mutex
  bool accepting = false;                                     // guarded by mutex
  bool stopping = false;                                      // guarded by mutex
};

class LmtpSession final : public std::enable_shared_from_this<LmtpSession>, private LmtpTalk::Ears {
 public:
  using Strand = boost::asio::strand<boost::asio::any_io_executor>;
  using Socket = boost::asio::generic::stream_protocol::socket;

  // `socket` has `strand` as its executor.
  LmtpSession(std::shared_ptr<LmtpShared> shared, Strand strand, Socket socket);
  void start();  // keeps itself alive until the connection is over
  void stop();   // from any thread

 private:
  // What one message is answered (waits for its Done), or what was said after it.
  struct Answer {
    std::string text;
    bool ready = false;
  };

  void say(std::string_view reply) override;
  void take(LmtpMail mail) override;
  [[nodiscard]] bool has_room() const override;

  boost::asio::awaitable<void> run();
  boost::asio::awaitable<void> drain();
  boost::asio::awaitable<void> changed();
  void answered(std::uint64_t number, std::size_t held_bytes, const std::string& text);
  void hang_up(std::string_view reply);
  void flush();
  void wrote(const boost::system::error_code& error);
  void watch_idle();
  void idle_over();
  void part();  // the connection is over
  void touch() { active_at_ = std::chrono::steady_clock::now(); }

  const std::shared_ptr<LmtpShared> shared_;
  const Strand strand_;
  Socket socket_;
  LmtpTalk talk_;

  std::vector<char> buffer_;
  std::size_t begin_ = 0;
  std::size_t end_ = 0;

  std::deque<Answer> answers_;      // in order; the first is not ready, or there is none
  std::uint64_t first_number_ = 0;  // of answers_.front()
  std::size_t unanswered_ = 0;
  std::string unsent_;
  std::string sending_;
  bool writing_ = false;
  bool broken_ = false;   // nothing can be written any more
  bool closing_ = false;  // no more commands
  std::chrono::milliseconds idle_wait_;
  std::chrono::steady_clock::time_point active_at_;
  boost::asio::steady_timer idle_;
  boost::asio::steady_timer change_;  // cancelled when something changed that run() may wait for
};

}  // namespace abate::post
