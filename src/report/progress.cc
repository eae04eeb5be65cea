// SPDX-License-Identifier: Apache-2.0
#include "report/progress.h"

#include <algorithm>

#include "report/words.h"

namespace abate::report {
namespace {

using std::chrono::seconds;

constexpr seconds kSoonest{3};                  // no estimate before: the first files say little
constexpr std::string_view kBack = "\r\x1b[K";  // to the line's start, and clear it

}  // namespace

std::string ProgressLine::share(std::uint64_t files_done, Clock::time_point now) const {
  const std::string count = counted(files_done, "file");
  if (expected_ == 0 || files_done == 0) return files_done == 0 ? std::string{} : count;
  // The file system counts what we skip and what was made since: never "100 %" before the end.
  const double part = std::min(0.99, static_cast<double>(files_done) / static_cast<double>(expected_));
  std::string out = fmt::format("{:2.0f}%  {}", part * 100, count);
  const double elapsed = std::chrono::duration<double>(now - begun_).count();
  if (now - begun_ >= kSoonest && part > 0.02 && part < 0.99)
    out += fmt::format(", about {} more", seconds_words(std::max(1.0, elapsed / part - elapsed)));
  return out;
}

std::string ProgressLine::show(std::string_view what, std::uint64_t files_done, Clock::time_point now) {
  if (begun_ == Clock::time_point{}) begun_ = now;
  if (now < next_) return {};
  next_ = now + std::chrono::milliseconds{1000 / kUpdatesPerSecond};
  shown_ = true;
  const std::size_t columns = std::clamp(look_.columns, 20U, kColumnsMax) - 1;  // the last cell would wrap on some
  std::string line = share(files_done, now);
  if (!line.empty()) line += "  ";
  const std::size_t used = display_width(line);
  if (used < columns) line += one_line(what, columns - used, look_.utf8);
  return std::string{kBack} + line;
}

std::string ProgressLine::erase() {
  if (!shown_) return {};
  shown_ = false;
  return std::string{kBack};
}

}  // namespace abate::report
