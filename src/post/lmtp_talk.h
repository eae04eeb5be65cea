// SPDX-License-Identifier: Apache-2.0
// post/lmtp_talk.h — the conversation of one LMTP connection (RFC 2033), without its socket.
//
// SECURITY: reads hostile bytes. Opens nothing, keeps at most one line of kLineBytesMax and one message of
// message_max bytes; what messages hold in memory is taken from a Budget that all connections share.
//
// LHLO MAIL RCPT DATA BDAT RSET NOOP VRFY QUIT; PIPELINING, 8BITMIME, BINARYMIME, SMTPUTF8, SIZE, CHUNKING,
// ENHANCEDSTATUSCODES. Each recipient is accepted: what is abuse@ and what is a ticket's address is read later. A
// message that grows beyond message_max, or for which the budget is spent, is read to its end and then answered 552 or
// 452, once a recipient. A message for several recipients is one arrival; envelope_to names them, ", " between, as far
// as kEnvelopeToBytesMax goes. Commands may end with a bare LF; messages never do (post/dot_decoder.h).
// Not thread-safe: one connection, one strand.
#pragma once

#include <cstddef>
#include <cstdint>
#include <string>
#include <string_view>

#include "post/budget.h"
#include "post/dot_decoder.h"
#include "post/lmtp_command.h"

namespace abate::post {

constexpr std::size_t kLineBytesMax = 4096;  // RFC 5321 asks for 512; long SMTPUTF8 addresses and routes want more
constexpr std::size_t kRecipientsMax = 1000;
constexpr std::size_t kEnvelopeToBytesMax = 16 * 1024;
constexpr unsigned kErrorsMax = 20;  // commands that were wrong; after so many the line is cut

struct LmtpMail {
  std::string bytes;
  std::string from;
  std::string to;
  std::size_t recipients = 0;  // so many answers
  std::size_t held_bytes = 0;  // taken from the budget; whoever takes the mail gives them back
};

class LmtpTalk {
 public:
  class Ears {  // what the conversation leads to
   public:
    virtual ~Ears() = default;
    virtual void say(std::string_view reply) = 0;     // whole lines, CRLF included
    virtual void take(LmtpMail mail) = 0;             // a whole message: says its answers in its own time, in order
    [[nodiscard]] virtual bool has_room() const = 0;  // false: stop reading for now
  };

  LmtpTalk(std::string host, std::size_t message_max, Budget& budget, Ears& ears);
  ~LmtpTalk();
  LmtpTalk(const LmtpTalk&) = delete;
  LmtpTalk& operator=(const LmtpTalk&) = delete;

  void greet();
  // Returns how many bytes were taken: fewer than given when there was no room, or the conversation is over.
  std::size_t feed(std::string_view in);
  [[nodiscard]] bool over() const { return over_; }

 private:
  enum class Phase : unsigned char { command, data, chunk };
  enum class Fate : unsigned char { good, too_big, no_memory };
  struct Verb;
  static const Verb kVerbs[];

  std::size_t feed_command(std::string_view in);
  std::size_t feed_data(std::string_view in);
  std::size_t feed_chunk(std::string_view in);
  void handle(std::string_view line);
  void append(std::string_view part);
  void spoil(Fate fate);
  void finish();  // the message is whole
  void reset();
  void wrong(std::string_view reply);  // says it, and counts it as an error

  void lhlo(std::string_view rest);
  void not_smtp(std::string_view rest);
  void mail(std::string_view rest);
  void rcpt(std::string_view rest);
  void data(std::string_view rest);
  void bdat(std::string_view rest);
  void rset(std::string_view rest);
  void noop(std::string_view rest);
  void vrfy(std::string_view rest);
  void help(std::string_view rest);
  void quit(std::string_view rest);
  bool mail_parameters(const Path& path);

  const std::string host_;
  const std::size_t message_max_;
  Budget& budget_;
  Ears& ears_;

  Phase phase_ = Phase::command;
  std::string line_;  // the first part of a line that came in pieces
  bool line_too_long_ = false;
  bool greeted_ = false;  // LHLO was said
  bool over_ = false;
  unsigned errors_ = 0;

  // The transaction
  bool mail_given_ = false;
  bool chunked_ = false;  // BDAT was used
  bool last_chunk_ = false;
  bool binary_ = false;
  bool drop_chunk_ = false;  // a BDAT that was refused: its bytes follow all the same
  std::uint64_t chunk_left_ = 0;
  std::size_t size_said_ = 0;
  Fate fate_ = Fate::good;
  LmtpMail mail_;
  DotDecoder dots_;
};

}  // namespace abate::post
