// SPDX-License-Identifier: Apache-2.0
// post/lmtp_server.h — takes mail in by LMTP (RFC 2033), on loopback or a unix socket, from the provider's own MTA.
//
//   TRY_ASSIGN(auto server, LmtpServer::start(io, {.listen = "127.0.0.1:2424"}, accept));
//   ...
//   server->stop();   // finishes what was accepted
//
// 250 is said only after Accept's Done said `kept` (law 1). Done with an error: 451 (unavailable: disk full, store
// away) or 552 (too_big). Answers keep the order of the commands, so a client that does not wait for them has many
// messages in one commit. What the conversation understands: post/lmtp_talk.h. Limits: kConnectionsMax, then 421;
// idle_wait, then 421; messages_memory_max for all messages in memory, then 452; kUnansweredMax messages of a
// connection that wait for their answer, kUnsentBytesMax of answers that the client does not read: then its bytes wait
// in the kernel. Any number of threads may run the io_context; each connection has a strand. The io_context must
// outlive the server, and Accept's Dones. Thread-safe.
#pragma once

#include <chrono>
#include <cstddef>
#include <memory>
#include <string>

#include <boost/asio/io_context.hpp>

#include "base/result.h"
#include "post/accept.h"

namespace abate::post {

constexpr std::size_t kConnectionsMax = 500;
constexpr std::chrono::seconds kIdleSeconds{300};
constexpr std::size_t kUnansweredMax = 256;
constexpr std::size_t kUnsentBytesMax = 64 * 1024;
constexpr std::size_t kReadBytes = 64 * 1024;

struct LmtpOptions {
  std::string listen = "127.0.0.1:2424";  // or "unix:/path"
  std::string host = {};                  // in the greeting; empty: the machine's name
  std::size_t message_max = std::size_t{50} << 20;
  std::size_t messages_memory_max = std::size_t{256} << 20;  // at least twice message_max is used
  std::size_t connections_max = kConnectionsMax;
  std::chrono::milliseconds idle_wait = kIdleSeconds;
};

class LmtpServer {
 public:
  // malformed: `listen` cannot be read. conflict, unavailable: it cannot be listened on; the text says why.
  static Result<std::unique_ptr<LmtpServer>> start(boost::asio::io_context& io, LmtpOptions options, Accept accept);
  ~LmtpServer();  // as stop()
  LmtpServer(const LmtpServer&) = delete;
  LmtpServer& operator=(const LmtpServer&) = delete;

  // Where it listens: "127.0.0.1:40123" or "unix:/path".
  [[nodiscard]] std::string address() const;
  // Takes no more connections or commands, waits for the Done of each message whose DATA ended, answers, closes.
  // Not from a thread that runs the io_context: such a thread is needed for it.
  void stop();

 private:
  struct Inside;
  explicit LmtpServer(std::unique_ptr<Inside> inside);
  std::unique_ptr<Inside> inside_;
};

}  // namespace abate::post
