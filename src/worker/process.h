// SPDX-License-Identifier: Apache-2.0
// worker/process.h — one child process and the socket to it. Owned by one thread at a time. The descriptor is
// close-on-exec and never blocks; a child that goes away never raises SIGPIPE.
#pragma once

#include <chrono>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include <sys/types.h>

#include "base/result.h"

namespace abate::worker {

class Inbox {  // what came and was not used yet
 public:
  [[nodiscard]] std::string_view rest() const { return std::string_view(bytes_).substr(begin_); }
  void drop(std::size_t size) { begin_ += size; }
  void clear() { *this = {}; }
  // Room for `size_max` more; `fill` writes there and says how much. Views of rest() end here.
  template <class Fill>
  void append(std::size_t size_max, Fill fill) {
    bytes_.erase(0, begin_);
    begin_ = 0;
    const std::size_t before = bytes_.size();
    bytes_.resize_and_overwrite(before + size_max,
                                [&](char* data, std::size_t) { return before + fill(data + before, size_max); });
  }

 private:
  std::string bytes_;
  std::size_t begin_ = 0;
};

class Process {
 public:
  // Starts `command` (argv; the first is the program's path) with the socket as descriptors 0 and 1 and an environment
  // of its own: nothing of ours that a secret may stand in.
  static Result<Process> start(const std::vector<std::string>& command);
  ~Process();  // kills it
  Process(Process&& other) noexcept;
  Process& operator=(Process&& other) noexcept;

  // Ready to send and/or to receive, or neither when the time is over.
  struct Ready {
    bool to_send = false;
    bool to_receive = false;
  };
  Ready wait(bool wants_to_send, std::chrono::milliseconds time_max) const;
  // How much was taken; 0 when nothing can be taken now; nothing when the child is gone.
  std::optional<std::size_t> send(const std::vector<std::string_view>& pieces) const;
  // Appends what is there; false when the child has closed its end.
  bool receive(Inbox& inbox) const;

  void kill();
  // How it ended: "crashed (signal 11)". Waits for its end, so kill() first where it may still live.
  struct End {
    int signal = 0;
    int status = 0;
  };
  End end();
  [[nodiscard]] pid_t pid() const { return pid_; }

 private:
  Process(pid_t pid, int socket) : pid_{pid}, socket_{socket} {}
  pid_t pid_ = -1;
  int socket_ = -1;
};

}  // namespace abate::worker
