// SPDX-License-Identifier: Apache-2.0
// tests/support/dns_server.h — serves a zone of TXT records by UDP on a free port of loopback until it is destroyed.
#pragma once

#include <atomic>
#include <map>
#include <string>
#include <thread>

namespace abate::testing {

class DnsServer {
 public:
  explicit DnsServer(std::map<std::string, std::string> zone);  // lower-case name -> text
  ~DnsServer();
  DnsServer(const DnsServer&) = delete;
  DnsServer& operator=(const DnsServer&) = delete;
  [[nodiscard]] std::string address() const;  // "127.0.0.1:PORT"
  [[nodiscard]] int asked() const { return asked_; }
  void mute(bool on) { mute_ = on; }  // it answers nothing

 private:
  void run();
  std::string answer(const std::string& question) const;

  const std::map<std::string, std::string> zone_;
  int socket_ = -1;
  int port_ = 0;
  std::atomic<int> asked_{0};
  std::atomic<bool> mute_{false};
  std::atomic<bool> over_{false};
  std::thread thread_;
};

}  // namespace abate::testing
