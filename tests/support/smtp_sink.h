// SPDX-License-Identifier: Apache-2.0
// tests/support/smtp_sink.h — an SMTP server on loopback that keeps the mails it is given and misbehaves when told to.
//
//   SmtpSink sink;
//   sink.at("RCPT", "550 5.1.1 nobody here");   // from now on; sink.at("RCPT", "") is friendly again
//   sink.at("MAIL", SmtpSink::kHang);           // says nothing any more; kClose hangs up
//   ... make_mailer({.url = sink.url()}) ...
//   sink.wait_for(1);
//
// Steps: CONNECT, EHLO, STARTTLS, AUTH, MAIL, RCPT, DATA, END (after the message's last dot). With a certificate it
// offers STARTTLS. Thread-safe; a thread a connection; all end with the sink.
#pragma once

#include <condition_variable>
#include <cstdint>
#include <map>
#include <mutex>
#include <set>
#include <string>
#include <thread>
#include <vector>

namespace abate::test {

struct SunkMail {
  std::string sender;
  std::vector<std::string> recipients;
  std::string mail_line;  // with its parameters
  std::string auth;       // what followed AUTH
  std::string message;    // dots unstuffed
  bool tls = false;
  int connection = 0;  // the number of its connection, from 1
};

class SmtpSink {
 public:
  static constexpr const char* kHang = "(hang)";
  static constexpr const char* kClose = "(close)";

  explicit SmtpSink(std::string certificate_file = "", std::string key_file = "");
  ~SmtpSink();
  SmtpSink(const SmtpSink&) = delete;
  SmtpSink& operator=(const SmtpSink&) = delete;

  [[nodiscard]] std::uint16_t port() const { return port_; }
  [[nodiscard]] std::string url() const { return "smtp://127.0.0.1:" + std::to_string(port_); }
  void at(const std::string& step, const std::string& answer);
  void hang_up();                          // on all connections there are
  bool wait_for(std::size_t mails) const;  // false: they did not come within 20 s
  [[nodiscard]] std::vector<SunkMail> mails() const;

 private:
  class Line;
  friend class Line;
  void accept_all();
  std::string answer_at(const std::string& step) const;

  const std::string certificate_file_;
  const std::string key_file_;
  int listener_ = -1;
  std::uint16_t port_ = 0;
  mutable std::mutex mutex_;
  mutable std::condition_variable came_;
  std::map<std::string, std::string> answers_;
  std::vector<SunkMail> mails_;
  std::set<int> open_;
  bool ending_ = false;
  std::vector<std::thread> lines_;
  std::thread accepter_;
};

}  // namespace abate::test
