// SPDX-License-Identifier: Apache-2.0
// tests/support/hook_sink.h — an HTTP receiver on loopback that keeps what is posted to it and answers as it is told.
//
//   HookSink sink;
//   sink.answer(500, "panel is down");         // from now on
//   sink.answer(302, "", "Location: http://127.0.0.1:1/\r\n");
//   sink.hang();                               // reads, and says nothing
//   ... sink.url() ... sink.wait_for(1); sink.calls()[0].header("X-Abate-Key")
//
// One request a connection. Thread-safe; all ends with the sink.
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

struct HookCall {
  std::string method;
  std::string path;
  std::map<std::string, std::string> headers;  // names in lower case
  std::string body;
  [[nodiscard]] std::string header(std::string name) const;
};

class HookSink {
 public:
  HookSink();
  ~HookSink();
  HookSink(const HookSink&) = delete;
  HookSink& operator=(const HookSink&) = delete;

  [[nodiscard]] std::string url() const { return "http://127.0.0.1:" + std::to_string(port_) + "/hook"; }
  void answer(int status, std::string body = "", std::string headers = "");
  void hang();
  bool wait_for(std::size_t calls) const;  // false: they did not come within 20 s
  [[nodiscard]] std::vector<HookCall> calls() const;

 private:
  void accept_all();
  void serve(int fd);

  int listener_ = -1;
  std::uint16_t port_ = 0;
  mutable std::mutex mutex_;
  mutable std::condition_variable came_;
  std::string answer_;  // empty: hang
  std::vector<HookCall> calls_;
  std::set<int> open_;
  bool ending_ = false;
  std::vector<std::thread> threads_;
  std::thread accepter_;
};

}  // namespace abate::test
