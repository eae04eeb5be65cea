// SPDX-License-Identifier: Apache-2.0
#include "post/lmtp_talk.h"

#include "base/check.h"
#include "base/text.h"

namespace abate::post {
namespace {

constexpr std::size_t kFirstBytes = 4096;          // what a message is given before its size is known
constexpr std::size_t kReserveBytesMax = 1 << 20;  // as far as a SIZE is believed

}  // namespace

struct LmtpTalk::Verb {
  std::string_view name;
  void (LmtpTalk::*run)(std::string_view rest);
};

constexpr LmtpTalk::Verb LmtpTalk::kVerbs[] = {
    {"MAIL", &LmtpTalk::mail}, {"RCPT", &LmtpTalk::rcpt}, {"DATA", &LmtpTalk::data},     {"BDAT", &LmtpTalk::bdat},
    {"LHLO", &LmtpTalk::lhlo}, {"RSET", &LmtpTalk::rset}, {"NOOP", &LmtpTalk::noop},     {"QUIT", &LmtpTalk::quit},
    {"VRFY", &LmtpTalk::vrfy}, {"HELP", &LmtpTalk::help}, {"EHLO", &LmtpTalk::not_smtp}, {"HELO", &LmtpTalk::not_smtp},
};

LmtpTalk::LmtpTalk(std::string host, std::size_t message_max, Budget& budget, Ears& ears)
    : host_{std::move(host)}, message_max_{message_max}, budget_{budget}, ears_{ears} {}

LmtpTalk::~LmtpTalk() { budget_.give(mail_.held_bytes); }

void LmtpTalk::greet() { ears_.say(fmt::format("220 {} LMTP Abate takes abuse reports\r\n", host_)); }

std::size_t LmtpTalk::feed(std::string_view in) {
  std::size_t at = 0;
  while (at < in.size() && !over_ && ears_.has_room()) {
    const std::string_view rest = in.substr(at);
    switch (phase_) {
      case Phase::command: at += feed_command(rest); break;
      case Phase::data: at += feed_data(rest); break;
      case Phase::chunk: at += feed_chunk(rest); break;
    }
  }
  return at;
}

std::size_t LmtpTalk::feed_command(std::string_view in) {
  const std::size_t newline = in.find('\n');
  const std::string_view part = in.substr(0, newline);
  if (line_.size() + part.size() > kLineBytesMax) {
    line_too_long_ = true;
    line_.clear();
  }
  if (newline == std::string_view::npos) {
    if (!line_too_long_) line_ += part;
    return in.size();
  }
  if (line_too_long_) {
    line_too_long_ = false;
    wrong("500 5.5.6 the line is too long\r\n");
  } else if (line_.empty()) {
    handle(part);
  } else {
    const std::string line = std::exchange(line_, {}) + std::string(part);
    handle(line);
  }
  return newline + 1;
}

void LmtpTalk::handle(std::string_view line) {
  const CommandLine command = split_command(line);
  for (const Verb& verb : kVerbs)
    if (equals_ignoring_case(verb.name, command.verb)) return (this->*verb.run)(command.rest);
  wrong("500 5.5.1 no such command\r\n");
}

void LmtpTalk::wrong(std::string_view reply) {
  ears_.say(reply);
  if (++errors_ < kErrorsMax) return;
  ears_.say("421 4.7.0 too many errors, closing\r\n");
  over_ = true;
}

void LmtpTalk::lhlo(std::string_view rest) {
  if (rest.empty()) return wrong("501 5.5.4 LHLO wants the name of the client\r\n");
  reset();
  greeted_ = true;
  ears_.say(
      fmt::format("250-{}\r\n250-PIPELINING\r\n250-8BITMIME\r\n250-BINARYMIME\r\n250-SMTPUTF8\r\n250-CHUNKING\r\n"
                  "250-SIZE {}\r\n250 ENHANCEDSTATUSCODES\r\n",
                  host_, message_max_));
}

void LmtpTalk::not_smtp(std::string_view) { wrong("500 5.5.1 this is LMTP: say LHLO (RFC 2033)\r\n"); }

void LmtpTalk::mail(std::string_view rest) {
  if (!greeted_) return wrong("503 5.5.1 LHLO comes first\r\n");
  if (mail_given_) return wrong("503 5.5.1 MAIL was given already\r\n");
  const Result<Path> path = parse_path(rest, "FROM:");
  if (!path) return wrong(fmt::format("501 5.5.4 {}\r\n", path.error().what));
  if (!mail_parameters(*path)) return reset();
  if (budget_.left() < std::max(size_said_, kFirstBytes)) {
    ears_.say("452 4.3.1 too many messages are in memory now, try again\r\n");
    return reset();
  }
  mail_given_ = true;
  mail_.from = path->address;
  ears_.say("250 2.1.0 sender taken\r\n");
}

bool LmtpTalk::mail_parameters(const Path& path) {
  for (const auto& [name, value] : path.parameters) {
    if (equals_ignoring_case(name, "SIZE")) {
      const auto size = parse_count(value);
      if (!size) return wrong("501 5.5.4 SIZE wants a number\r\n"), false;
      if (*size > message_max_) {
        ears_.say(fmt::format("552 5.3.4 larger than {} bytes\r\n", message_max_));
        return false;
      }
      size_said_ = *size;
    } else if (equals_ignoring_case(name, "BODY")) {
      binary_ = equals_ignoring_case(value, "BINARYMIME");
      if (!binary_ && !equals_ignoring_case(value, "8BITMIME") && !equals_ignoring_case(value, "7BIT"))
        return wrong("501 5.5.4 BODY is 7BIT, 8BITMIME or BINARYMIME\r\n"), false;
    } else if (!equals_ignoring_case(name, "SMTPUTF8") || !value.empty()) {
      return wrong("555 5.5.4 a parameter that is not known here\r\n"), false;
    }
  }
  return true;
}

void LmtpTalk::rcpt(std::string_view rest) {
  if (!mail_given_ || chunked_) return wrong("503 5.5.1 RCPT comes after MAIL\r\n");
  const Result<Path> path = parse_path(rest, "TO:");
  if (!path) return wrong(fmt::format("501 5.5.4 {}\r\n", path.error().what));
  if (path->address.empty()) return wrong("501 5.1.3 a recipient has a name\r\n");
  if (!path->parameters.empty()) return wrong("555 5.5.4 a parameter that is not known here\r\n");
  if (mail_.recipients == kRecipientsMax) return ears_.say("452 4.5.3 too many recipients\r\n");
  ++mail_.recipients;
  if (mail_.to.size() + path->address.size() + 2 <= kEnvelopeToBytesMax) {
    if (!mail_.to.empty()) mail_.to += ", ";
    mail_.to += path->address;
  }
  ears_.say("250 2.1.5 recipient taken\r\n");
}

void LmtpTalk::data(std::string_view rest) {
  if (!rest.empty()) return wrong("501 5.5.4 DATA stands alone\r\n");
  if (mail_.recipients == 0) return wrong("503 5.5.1 no valid recipients\r\n");
  if (chunked_ || binary_) return wrong("503 5.5.1 go on with BDAT\r\n");
  phase_ = Phase::data;
  dots_ = DotDecoder();
  ears_.say("354 end with CRLF.CRLF\r\n");
}

void LmtpTalk::bdat(std::string_view rest) {
  const std::size_t blank = std::min(rest.find(' '), rest.size());
  const auto count = parse_count(rest.substr(0, blank));
  const std::string_view word = trim(rest.substr(blank));
  if (!count || (!word.empty() && !equals_ignoring_case(word, "LAST"))) {
    // How many bytes follow is not known, so what would be the next command is not known either.
    ears_.say("501 5.5.4 want BDAT size [LAST]\r\n421 4.5.0 lost, closing\r\n");
    over_ = true;
    return;
  }
  phase_ = Phase::chunk;
  chunk_left_ = *count;
  drop_chunk_ = mail_.recipients == 0;
  chunked_ = chunked_ || !drop_chunk_;
  last_chunk_ = !word.empty();
  if (chunk_left_ == 0) feed_chunk({});
}

void LmtpTalk::rset(std::string_view) {
  reset();
  ears_.say("250 2.0.0 forgotten\r\n");
}

void LmtpTalk::noop(std::string_view) { ears_.say("250 2.0.0 still here\r\n"); }
void LmtpTalk::vrfy(std::string_view) { ears_.say("252 2.5.0 each recipient is taken\r\n"); }
void LmtpTalk::help(std::string_view) { ears_.say("214 2.0.0 LHLO MAIL RCPT DATA BDAT RSET NOOP VRFY QUIT\r\n"); }

void LmtpTalk::quit(std::string_view) {
  ears_.say("221 2.0.0 bye\r\n");
  over_ = true;
}

std::size_t LmtpTalk::feed_data(std::string_view in) {
  const std::size_t taken = dots_.feed(in, [this](std::string_view part) { append(part); });
  if (dots_.ended()) finish();
  return taken;
}

std::size_t LmtpTalk::feed_chunk(std::string_view in) {
  const std::size_t taken = static_cast<std::size_t>(std::min<std::uint64_t>(in.size(), chunk_left_));
  if (!drop_chunk_) append(in.substr(0, taken));
  chunk_left_ -= taken;
  if (chunk_left_ > 0) return taken;
  phase_ = Phase::command;
  if (drop_chunk_) {
    wrong("503 5.5.1 no valid recipients\r\n");
  } else if (last_chunk_) {
    finish();
  } else {
    ears_.say("250 2.0.0 chunk read\r\n");
  }
  return taken;
}

void LmtpTalk::append(std::string_view part) {
  if (fate_ != Fate::good) return;
  std::string& bytes = mail_.bytes;
  const std::size_t need = bytes.size() + part.size();
  if (need > message_max_) return spoil(Fate::too_big);
  if (need > mail_.held_bytes) {
    const std::size_t said = std::min(size_said_, kReserveBytesMax);
    const std::size_t doubled = std::min(2 * mail_.held_bytes, message_max_);
    const std::size_t want = std::max({need, said, doubled, std::min(kFirstBytes, message_max_)});
    if (!budget_.take(want - mail_.held_bytes)) return spoil(Fate::no_memory);
    mail_.held_bytes = want;
    bytes.reserve(want);
  }
  bytes += part;
}

void LmtpTalk::spoil(Fate fate) {
  fate_ = fate;
  mail_.bytes = std::string();
  budget_.give(std::exchange(mail_.held_bytes, 0));
}

void LmtpTalk::finish() {
  phase_ = Phase::command;
  CHECK(mail_.recipients > 0);
  if (fate_ == Fate::good) {
    ears_.take(std::exchange(mail_, {}));
    return reset();
  }
  const std::string reply = fate_ == Fate::too_big
                                ? fmt::format("552 5.3.4 larger than {} bytes\r\n", message_max_)
                                : std::string("452 4.3.1 too many messages are in memory now, try again\r\n");
  for (std::size_t i = 0; i < mail_.recipients; ++i) ears_.say(reply);
  reset();
}

void LmtpTalk::reset() {
  budget_.give(mail_.held_bytes);
  mail_ = {};
  mail_given_ = chunked_ = last_chunk_ = binary_ = drop_chunk_ = false;
  size_said_ = 0;
  fate_ = Fate::good;
}

}  // namespace abate::post
