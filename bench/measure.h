// SPDX-License-Identifier: Apache-2.0
// bench/measure.h — time of the processor, best of a few turns, and the line that each benchmark ends with.
#pragma once

#include <algorithm>
#include <cstdio>
#include <limits>

#include <sys/resource.h>

namespace abate::bench {

// Seconds of the processor that RUSAGE_SELF or RUSAGE_CHILDREN used, in programs and kernel.
inline double used(int who) {
  rusage usage{};
  getrusage(who, &usage);
  const auto seconds = [](const timeval& t) {
    return static_cast<double>(t.tv_sec) + static_cast<double>(t.tv_usec) / 1e6;
  };
  return seconds(usage.ru_utime) + seconds(usage.ru_stime);
}

template <class Work>
double best_of(int turns, Work work) {
  double best = std::numeric_limits<double>::max();
  for (int i = 0; i < turns; ++i) best = std::min(best, work());
  return best;
}

inline int tell(const char* name, const char* unit, double ours_each_s, double peer_each_s, const char* peer,
                double goal, bool right) {
  std::printf("ours %.0f, %s %.0f %s per second of the processor\n", ours_each_s, peer, peer_each_s, unit);
  std::printf("%s figure=%.0f unit=%s/s ratio=%.1f against=%s goal=%g checked=%s\n", name, ours_each_s, unit,
              peer_each_s > 0 ? ours_each_s / peer_each_s : 0.0, peer, goal, right ? "yes" : "no");
  return right ? 0 : 1;
}

}  // namespace abate::bench
