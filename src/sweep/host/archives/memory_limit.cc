// SPDX-License-Identifier: Apache-2.0
#include "sweep/host/archives/memory_limit.h"

#include <algorithm>
#include <array>
#include <charconv>
#include <cstdint>
#include <string_view>

#include <fcntl.h>
#include <unistd.h>

namespace abate::sweep {
namespace {

#if defined(__SANITIZE_ADDRESS__) || defined(__SANITIZE_THREAD__)
constexpr bool kSanitized = true;  // a sanitizer ends the program where memory is refused
#else
constexpr bool kSanitized = false;
#endif

thread_local bool held = false;

// proc(5), statm: the sixth field is data and stack, in pages. 0: not known.
std::uint64_t data_bytes() {
  static const int statm = ::open("/proc/self/statm", O_RDONLY | O_CLOEXEC);
  std::array<char, 256> text{};
  const ssize_t length = statm < 0 ? -1 : ::pread(statm, text.data(), text.size(), 0);
  if (length <= 0) return 0;
  std::string_view rest{text.data(), static_cast<std::size_t>(length)};
  for (int field = 0; field < 5; ++field) rest.remove_prefix(std::min(rest.find(' ') + 1, rest.size()));
  std::uint64_t pages = 0;
  std::from_chars(rest.data(), rest.data() + rest.size(), pages);
  return pages * static_cast<std::uint64_t>(::sysconf(_SC_PAGESIZE));
}

}  // namespace

MemoryLimit::MemoryLimit(std::size_t growth_bytes_max) {
  if (kSanitized || held || ::getrlimit(RLIMIT_DATA, &before_) != 0) return;
  const std::uint64_t now = data_bytes();
  if (now == 0 || (before_.rlim_cur != RLIM_INFINITY && before_.rlim_cur <= now + growth_bytes_max)) return;
  const rlimit lower{now + growth_bytes_max, before_.rlim_max};
  held_ = held = ::setrlimit(RLIMIT_DATA, &lower) == 0;
}

MemoryLimit::~MemoryLimit() {
  if (!held_) return;
  static_cast<void>(::setrlimit(RLIMIT_DATA, &before_));
  held = false;
}

}  // namespace abate::sweep
