// SPDX-License-Identifier: Apache-2.0
#include "desk/bell.h"

namespace abate::desk {

void Bell::ring(Topic topic) {
  {
    const std::lock_guard lock{mutex_};
    ++counts_[static_cast<std::size_t>(topic)];
  }
  rung_.notify_all();
}

void Bell::wait(Topic topic, std::uint64_t& seen, std::chrono::milliseconds longest) {
  std::unique_lock lock{mutex_};
  const std::uint64_t& count = counts_[static_cast<std::size_t>(topic)];
  rung_.wait_for(lock, longest, [&] { return closed_ || count != seen; });
  seen = count;
}

void Bell::close() {
  {
    const std::lock_guard lock{mutex_};
    closed_ = true;
  }
  rung_.notify_all();
}

bool Bell::closed() const {
  const std::lock_guard lock{mutex_};
  return closed_;
}

}  // namespace abate::desk
