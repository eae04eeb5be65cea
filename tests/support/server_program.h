// SPDX-License-Identifier: Apache-2.0
// tests/support/server_program.h — a real server program, started by a test on loopback and ended with it.
//
//   const std::string folder = unpacked({"tinyproxy-bin"});   // Debian's own, unpacked beneath the build folder
//   ServerProgram proxy{{folder + "/usr/bin/tinyproxy", "-d", "-c", config}};
//   ASSERT_TRUE(proxy.listens(port)) << proxy.said();
#pragma once

#include <cstdint>
#include <functional>
#include <string>
#include <thread>
#include <vector>

#include <sys/types.h>

namespace abate::test {

// Of packages that would start a daemon, were they installed. Fetched once a build folder; throws where they cannot be.
std::string unpacked(const std::vector<std::string>& packages);

// A port of 127.0.0.1 that nobody had a moment ago, for TCP and for UDP.
std::uint16_t free_port();

class ServerProgram {
 public:
  // Libraries are also looked for beneath `library_root`. What it prints goes to a file in the temporary folder.
  explicit ServerProgram(const std::vector<std::string>& argv, const std::string& library_root = "");
  ~ServerProgram();
  ServerProgram(const ServerProgram&) = delete;
  ServerProgram& operator=(const ServerProgram&) = delete;

  [[nodiscard]] bool listens(std::uint16_t port) const;  // within 30 s, by TCP; false: it ended, or never did
  [[nodiscard]] bool comes_about(const std::function<bool()>& what) const;  // likewise
  [[nodiscard]] std::string said() const;

 private:
  [[nodiscard]] bool runs() const;
  pid_t program_ = -1;
  std::string log_;
};

// Whatever a test wants said to whoever connects: a liar. One connection at a time.
class Liar {
 public:
  // `speak` gets the connected socket and returns when it has had enough, or when sending fails.
  explicit Liar(std::function<void(int)> speak);
  ~Liar();
  Liar(const Liar&) = delete;
  Liar& operator=(const Liar&) = delete;
  [[nodiscard]] std::uint16_t port() const { return port_; }

 private:
  int listener_ = -1;
  std::uint16_t port_ = 0;
  std::function<void(int)> speak_;
  std::thread thread_;
};
// Without end, as fast as it is taken; and a byte at a time, as slowly as keeps a patient reader waiting.
void say_without_end(int socket, const std::string& begin, char then);
void say_slowly(int socket, const std::string& what);

}  // namespace abate::test
