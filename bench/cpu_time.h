// SPDX-License-Identifier: Apache-2.0
// bench/cpu_time.h — how much processor time some work takes on this thread. Other programs make a wall clock lie; they
// hardly touch this one, except that they share caches.
#pragma once

#include <ctime>

namespace abate::bench {

template <class Work>
double cpu_seconds(Work work) {
  const auto now = [] {
    timespec time{};
    clock_gettime(CLOCK_THREAD_CPUTIME_ID, &time);
    return static_cast<double>(time.tv_sec) + static_cast<double>(time.tv_nsec) / 1e9;
  };
  const double begin = now();
  work();
  return now() - begin;
}

}  // namespace abate::bench
