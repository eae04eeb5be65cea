// SPDX-License-Identifier: Apache-2.0
#include "support/smtp_sink.h"

#include <algorithm>
#include <array>
#include <cctype>
#include <chrono>
#include <csignal>
#include <memory>
#include <optional>
#include <stdexcept>

#include <arpa/inet.h>
#include <netinet/in.h>
#include <openssl/ssl.h>
#include <sys/socket.h>
#include <unistd.h>

namespace abate::test {
namespace {

struct EndSsl {
  void operator()(SSL_CTX* context) const { SSL_CTX_free(context); }
  void operator()(SSL* ssl) const { SSL_free(ssl); }
};

std::string between_brackets(const std::string& line) {
  const auto open = line.find('<');
  const auto close = line.find('>');
  return open == std::string::npos || close == std::string::npos ? "" : line.substr(open + 1, close - open - 1);
}

}  // namespace

class SmtpSink::Line {
 public:
  Line(SmtpSink& sink, int fd, int number) : sink_{sink}, fd_{fd}, number_{number} {}

  void run() {
    if (!step("CONNECT", "220 sink.test ESMTP")) return;
    for (auto line = read_line(); line; line = read_line())
      if (!handle(*line)) return;
  }

 private:
  bool handle(const std::string& line) {
    std::string verb = line.substr(0, line.find(' '));
    std::ranges::transform(verb, verb.begin(), [](unsigned char c) { return static_cast<char>(std::toupper(c)); });
    if (verb == "EHLO" || verb == "HELO") {
      const bool offer = !sink_.certificate_file_.empty() && !ssl_;
      return step("EHLO", std::string("250-sink.test\r\n250-8BITMIME\r\n250-SMTPUTF8\r\n250-AUTH PLAIN\r\n") +
                              (offer ? "250-STARTTLS\r\n" : "") + "250 SIZE 100000000");
    }
    if (verb == "STARTTLS") return step("STARTTLS", "220 go on") && start_tls();
    if (verb == "AUTH") {
      auth_ = line.substr(5);
      if (auth_.find(' ') == std::string::npos) {  // the mechanism alone: the rest comes when asked for
        if (!say("334 ")) return false;
        const auto more = read_line();
        if (!more) return false;
        auth_ += " " + *more;
      }
      return step("AUTH", "235 2.7.0 welcome");
    }
    if (verb == "MAIL") {
      mail_ = {};
      mail_.sender = between_brackets(line);
      mail_.mail_line = line;
      return step("MAIL", "250 2.1.0 ok");
    }
    if (verb == "RCPT") {
      mail_.recipients.push_back(between_brackets(line));
      return step("RCPT", "250 2.1.5 ok");
    }
    if (verb == "DATA") return data();
    if (verb == "QUIT") return say("221 2.0.0 bye"), false;
    return say("250 2.0.0 ok");
  }

  bool data() {
    if (!step("DATA", "354 go on")) return false;
    if (last_[0] != '3') return true;
    std::string message;
    for (;;) {
      const auto end = buffer_.find("\r\n.\r\n");
      if (buffer_.starts_with(".\r\n")) {
        buffer_.erase(0, 3);
        break;
      }
      if (end != std::string::npos) {
        message = buffer_.substr(0, end + 2);
        buffer_.erase(0, end + 5);
        break;
      }
      if (!fill()) return false;
    }
    mail_.message = unstuffed(message);
    mail_.auth = auth_;
    mail_.tls = ssl_ != nullptr;
    mail_.connection = number_;
    const std::string answer = sink_.answer_at("END");
    if (answer.empty()) {
      const std::lock_guard lock{sink_.mutex_};
      sink_.mails_.push_back(mail_);
      sink_.came_.notify_all();
    }
    return step("END", "250 2.0.0 taken");
  }

  static std::string unstuffed(const std::string& message) {
    std::string out;
    for (std::size_t i = 0; i < message.size(); ++i) {
      const bool line_start = i == 0 || (i >= 2 && message[i - 1] == '\n' && message[i - 2] == '\r');
      if (!(line_start && message[i] == '.')) out += message[i];
    }
    return out;
  }

  // Says what the test wants here, else `usual`. False: the connection is over.
  bool step(const std::string& name, const std::string& usual) {
    const std::string answer = sink_.answer_at(name);
    if (answer == kClose) return false;
    if (answer == kHang) {
      while (fill()) buffer_.clear();  // until the other side gives up, or the sink ends
      return false;
    }
    last_ = answer.empty() ? usual : answer;
    return say(last_);
  }

  bool say(const std::string& text) {
    const std::string line = text + "\r\n";
    if (ssl_) return SSL_write(ssl_.get(), line.data(), static_cast<int>(line.size())) > 0;
    return ::send(fd_, line.data(), line.size(), MSG_NOSIGNAL) == static_cast<ssize_t>(line.size());
  }

  bool fill() {
    std::array<char, 16384> some{};
    const auto count = ssl_ ? static_cast<ssize_t>(SSL_read(ssl_.get(), some.data(), static_cast<int>(some.size())))
                            : ::recv(fd_, some.data(), some.size(), 0);
    if (count <= 0) return false;
    buffer_.append(some.data(), static_cast<std::size_t>(count));
    return true;
  }

  std::optional<std::string> read_line() {
    for (;;) {
      const auto end = buffer_.find("\r\n");
      if (end != std::string::npos) {
        std::string line = buffer_.substr(0, end);
        buffer_.erase(0, end + 2);
        return line;
      }
      if (!fill()) return std::nullopt;
    }
  }

  bool start_tls() {
    context_.reset(SSL_CTX_new(TLS_server_method()));
    if (SSL_CTX_use_certificate_file(context_.get(), sink_.certificate_file_.c_str(), SSL_FILETYPE_PEM) != 1 ||
        SSL_CTX_use_PrivateKey_file(context_.get(), sink_.key_file_.c_str(), SSL_FILETYPE_PEM) != 1)
      return false;
    ssl_.reset(SSL_new(context_.get()));
    SSL_set_fd(ssl_.get(), fd_);
    buffer_.clear();  // what was said in clear before TLS does not count
    return SSL_accept(ssl_.get()) == 1;
  }

  SmtpSink& sink_;
  const int fd_;
  const int number_;
  std::unique_ptr<SSL_CTX, EndSsl> context_;
  std::unique_ptr<SSL, EndSsl> ssl_;
  std::string buffer_;
  std::string last_;
  std::string auth_;
  SunkMail mail_;
};

SmtpSink::SmtpSink(std::string certificate_file, std::string key_file)
    : certificate_file_{std::move(certificate_file)}, key_file_{std::move(key_file)} {
  std::signal(SIGPIPE, SIG_IGN);  // OpenSSL writes without MSG_NOSIGNAL
  listener_ = ::socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0);
  sockaddr_in at{};
  at.sin_family = AF_INET;
  at.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
  socklen_t size = sizeof at;
  if (::bind(listener_, reinterpret_cast<const sockaddr*>(&at), size) != 0 || ::listen(listener_, 64) != 0 ||
      ::getsockname(listener_, reinterpret_cast<sockaddr*>(&at), &size) != 0)
    throw std::runtime_error("the SMTP sink cannot listen");
  port_ = ntohs(at.sin_port);
  accepter_ = std::thread([this] { accept_all(); });
}

SmtpSink::~SmtpSink() {
  {
    const std::lock_guard lock{mutex_};
    ending_ = true;
  }
  ::shutdown(listener_, SHUT_RDWR);
  accepter_.join();
  hang_up();
  for (std::thread& line : lines_) line.join();
  ::close(listener_);
}

void SmtpSink::accept_all() {
  for (int number = 1;; ++number) {
    const int fd = ::accept4(listener_, nullptr, nullptr, SOCK_CLOEXEC);
    const std::lock_guard lock{mutex_};
    if (ending_ || fd < 0) {
      if (fd >= 0) ::close(fd);
      return;
    }
    open_.insert(fd);
    lines_.emplace_back([this, fd, number] {
      Line(*this, fd, number).run();
      const std::lock_guard again{mutex_};
      open_.erase(fd);
      ::close(fd);
    });
  }
}

std::string SmtpSink::answer_at(const std::string& step) const {
  const std::lock_guard lock{mutex_};
  const auto found = answers_.find(step);
  return found == answers_.end() ? "" : found->second;
}

void SmtpSink::at(const std::string& step, const std::string& answer) {
  const std::lock_guard lock{mutex_};
  answers_[step] = answer;
}

void SmtpSink::hang_up() {
  const std::lock_guard lock{mutex_};
  for (const int fd : open_) ::shutdown(fd, SHUT_RDWR);
}

bool SmtpSink::wait_for(std::size_t mails) const {
  std::unique_lock lock{mutex_};
  return came_.wait_for(lock, std::chrono::seconds{20}, [&] { return mails_.size() >= mails; });
}

std::vector<SunkMail> SmtpSink::mails() const {
  const std::lock_guard lock{mutex_};
  return mails_;
}

}  // namespace abate::test
