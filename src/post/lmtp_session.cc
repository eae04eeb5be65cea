// SPDX-License-Identifier: Apache-2.0
// SECURITY: reads hostile bytes; opens no files, starts nothing. What it says back holds nothing that the client sent.
#include "post/lmtp_session.h"

#include <boost/asio/as_tuple.hpp>
#include <boost/asio/co_spawn.hpp>
#include <boost/asio/detached.hpp>
#include <boost/asio/post.hpp>
#include <boost/asio/use_awaitable.hpp>
#include <boost/asio/write.hpp>
#include <unistd.h>

#include "base/log.h"

namespace abate::post {
namespace asio = boost::asio;
namespace {

constexpr auto kAwait = asio::as_tuple(asio::use_awaitable);
constexpr std::chrono::milliseconds kLastWait{5000};  // for a client that does not read, once we want to stop

std::string host_name(const std::string& given) {
  if (!given.empty()) return given;
  std::array<char, 256> name{};
  if (::gethostname(name.data(), name.size() - 1) != 0 || name[0] == '\0') return "localhost";
  return name.data();
}

std::string answer_of(const Result<desk::Kept>& kept) {
  if (kept) return fmt::format("250 2.0.0 {} kept\r\n", kept->report_id);
  if (kept.error().fault == Fault::too_big) return "552 5.3.4 too large to be kept\r\n";
  return "451 4.3.0 cannot be kept now, try again\r\n";
}

// RFC 2033, 4.2: one reply a recipient.
std::string answers_of(const Result<desk::Kept>& kept, std::size_t recipients) {
  const std::string one = answer_of(kept);
  std::string all;
  for (std::size_t i = 0; i < recipients; ++i) all += one;
  return all;
}

LmtpOptions completed(LmtpOptions options) {
  options.host = host_name(options.host);
  options.messages_memory_max = std::max(options.messages_memory_max, 2 * options.message_max);
  return options;
}

}  // namespace

LmtpShared::LmtpShared(LmtpOptions given, Accept to)
    : options{completed(std::move(given))}, accept{std::move(to)}, budget{options.messages_memory_max} {}

LmtpSession::LmtpSession(std::shared_ptr<LmtpShared> shared, Strand strand, Socket socket)
    : shared_{std::move(shared)},
      strand_{std::move(strand)},
      socket_{std::move(socket)},
      talk_{shared_->options.host, shared_->options.message_max, shared_->budget, *this},
      buffer_(kReadBytes),
      idle_wait_{shared_->options.idle_wait},
      active_at_{std::chrono::steady_clock::now()},
      idle_{strand_},
      change_{strand_, std::chrono::steady_clock::time_point::max()} {}

void LmtpSession::start() {
  asio::co_spawn(
      strand_, [self = shared_from_this()]() -> asio::awaitable<void> { return self->run(); },
      [self = shared_from_this()](const std::exception_ptr& error) {
        if (error) log_error("lmtp_connection_failed");
        self->part();
      });
}

void LmtpSession::stop() {
  asio::post(strand_, [self = shared_from_this()] {
    self->hang_up("421 4.3.2 shutting down, come back soon\r\n");
    self->idle_wait_ = std::min(self->idle_wait_, kLastWait);
    self->watch_idle();
  });
}

void LmtpSession::hang_up(std::string_view reply) {
  if (std::exchange(closing_, true)) return;
  if (!talk_.over()) say(reply);
  flush();
  boost::system::error_code ignored;
  socket_.shutdown(Socket::shutdown_receive, ignored);  // wakes a read that waits, and leaves a write alone
  change_.cancel();
}

asio::awaitable<void> LmtpSession::run() {
  watch_idle();
  talk_.greet();
  while (!closing_ && !broken_) {
    begin_ += talk_.feed({buffer_.data() + begin_, end_ - begin_});
    flush();
    if (talk_.over() || broken_) break;
    if (!has_room()) {
      co_await changed();
      continue;
    }
    if (begin_ < end_) continue;
    begin_ = end_ = 0;
    const auto [error, count] = co_await socket_.async_read_some(asio::buffer(buffer_), kAwait);
    if (error) break;
    touch();
    end_ = count;
  }
  co_await drain();
}

// Law 1 from the client's side: what was taken in is waited for and answered, whatever ended the conversation.
asio::awaitable<void> LmtpSession::drain() {
  flush();
  while (!answers_.empty() || (writing_ && !broken_)) co_await changed();
  boost::system::error_code error;
  socket_.shutdown(Socket::shutdown_send, error);
  // Bytes that were not read would make close() a reset, and a reset takes back answers that are still on their way.
  socket_.non_blocking(true, error);
  while (!error) socket_.read_some(asio::buffer(buffer_), error);
}

asio::awaitable<void> LmtpSession::changed() { co_await change_.async_wait(kAwait); }

void LmtpSession::part() {
  boost::system::error_code ignored;
  socket_.close(ignored);
  idle_.cancel();
  const std::lock_guard lock{shared_->mutex};
  shared_->sessions.erase(shared_from_this());
  shared_->changed.notify_all();
}

void LmtpSession::say(std::string_view reply) {
  if (answers_.empty()) {
    unsent_ += reply;
    return;
  }
  if (!answers_.back().ready) answers_.push_back({.text = {}, .ready = true});
  answers_.back().text += reply;
}

bool LmtpSession::has_room() const {
  return unanswered_ < kUnansweredMax && unsent_.size() < kUnsentBytesMax && answers_.size() < 2 * kUnansweredMax;
}

void LmtpSession::take(LmtpMail mail) {
  const std::uint64_t number = first_number_ + answers_.size();
  answers_.emplace_back();
  ++unanswered_;
  desk::NewArrival arrival;
  arrival.channel = Channel::lmtp;
  arrival.bytes = std::move(mail.bytes);
  arrival.envelope_from = std::move(mail.from);
  arrival.envelope_to = std::move(mail.to);
  shared_->accept(std::move(arrival), [self = shared_from_this(), number, held = mail.held_bytes,
                                       copies = mail.recipients](const Result<desk::Kept>& kept) {
    asio::post(self->strand_,
               [self, number, held, text = answers_of(kept, copies)] { self->answered(number, held, text); });
  });
}

void LmtpSession::answered(std::uint64_t number, std::size_t held_bytes, const std::string& text) {
  shared_->budget.give(held_bytes);
  --unanswered_;
  touch();
  Answer& answer = answers_[number - first_number_];
  answer.text = text;
  answer.ready = true;
  flush();
  change_.cancel();
}

void LmtpSession::flush() {
  while (!answers_.empty() && answers_.front().ready) {
    unsent_ += answers_.front().text;
    answers_.pop_front();
    ++first_number_;
  }
  if (broken_) unsent_.clear();
  if (writing_ || unsent_.empty()) return;
  writing_ = true;
  sending_.swap(unsent_);
  unsent_.clear();
  asio::async_write(
      socket_, asio::buffer(sending_),
      [self = shared_from_this()](const boost::system::error_code& error, std::size_t) { self->wrote(error); });
}

void LmtpSession::wrote(const boost::system::error_code& error) {
  writing_ = false;
  if (error) {
    broken_ = true;
    boost::system::error_code ignored;
    socket_.shutdown(Socket::shutdown_receive, ignored);
  }
  touch();
  flush();
  change_.cancel();
}

// One timer that looks when the wait could be over at the earliest, instead of one that is set again by each read.
void LmtpSession::watch_idle() {
  idle_.expires_at(active_at_ + idle_wait_);
  idle_.async_wait([self = shared_from_this()](const boost::system::error_code& error) {
    if (!error) self->idle_over();
  });
}

void LmtpSession::idle_over() {
  if (unanswered_ > 0 && !writing_) touch();  // the client waits for us, not we for it
  if (std::chrono::steady_clock::now() < active_at_ + idle_wait_) return watch_idle();
  if (writing_) {
    broken_ = true;
    boost::system::error_code ignored;
    socket_.close(ignored);
  } else {
    hang_up("421 4.4.2 nothing came for too long, closing\r\n");
  }
  touch();
  change_.cancel();
  watch_idle();
}

}  // namespace abate::post
