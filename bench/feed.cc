// SPDX-License-Identifier: Apache-2.0
// Reads a feed of 10,000 rows as such feeds are (CSV, ten columns, one incident a row), on one core, against cutting
// the same rows into their cells and doing nothing with them. Both go over the feed in turns; the best turn of each
// counts.
//   feed [--quick]
#include <cstdio>
#include <limits>
#include <random>

#include "cpu_time.h"
#include "reading/read.h"
#include "reading/rows/cells.h"
#include "reading/warm.h"

namespace {

using abate::bench::cpu_seconds;

constexpr int kRows = 10'000;
constexpr int kTurns = 9;

std::string feed() {
  std::mt19937 random{3};
  const auto below = [&](unsigned most) { return random() % most; };
  std::string out =
      "\"timestamp\",\"ip\",\"port\",\"protocol\",\"hostname\",\"tag\",\"asn\",\"geo\",\"infection\",\"url\"\n";
  for (unsigned i = 0; i < kRows; ++i) {
    const std::string ip = fmt::format("{}.{}.{}.{}", 1 + below(223), below(256), below(256), below(256));
    out += fmt::format(
        "\"2026-05-{:02} {:02}:{:02}:{:02} "
        "UTC\",\"{}\",\"{}\",\"{}\",\"host{}.example.org\",\"ssl-poodle;tag{}\",{},ZZ,"
        "family{},\"http://{}/p/{}\"\n",
        1 + below(28), below(24), below(60), below(60), ip, 1 + below(65'535), below(2) == 0 ? "tcp" : "udp", i, i % 7,
        1 + below(65'000), below(3), ip, i);
  }
  return out;
}

std::size_t cut(std::string_view text) {
  abate::reading::Cells cells;
  std::size_t count = 0;
  while (!text.empty()) {
    const std::size_t end = text.find('\n');
    count += cells.split(text.substr(0, end), ',').size();
    text.remove_prefix(end == text.npos ? text.size() : end + 1);
  }
  return count;
}

bool read_right(const abate::Reading& reading) {
  if (reading.incidents.size() != kRows) return false;
  for (const abate::Incident& incident : reading.incidents)
    if (!incident.source_ip || !incident.started_at || !incident.source_port || !incident.url ||
        incident.type != "infrastructure/botnet" ||
        incident.url->find(incident.source_ip->to_string()) == std::string::npos)
      return false;
  return true;
}

}  // namespace

int main(int argc, char** argv) {
  const bool quick = argc > 1 && std::string_view(argv[1]) == "--quick";
  const std::string text = feed();
  if (cut(text) != (kRows + 1) * 10 || !read_right(abate::reading::read_report(text, "text/csv", ""))) {
    std::printf("the feed was read wrongly\nfeed checked=no\n");
    return 1;
  }
  double bare = std::numeric_limits<double>::max();
  double ours = bare;
  for (int turn = 0; turn < (quick ? 1 : kTurns); ++turn) {
    bare = std::min(bare, cpu_seconds([&] { cut(text); }));
    ours = std::min(ours, cpu_seconds([&] { abate::reading::read_unhashed(text, "text/csv", ""); }));
  }
  std::printf("%d rows, %.0f bytes each: cut into cells %.2f M rows/s, read into incidents %.2f M rows/s\n", kRows,
              static_cast<double>(text.size()) / kRows, kRows / bare / 1e6, kRows / ours / 1e6);
  std::printf("feed figure=%.0f unit=rows/s ratio=%.2f against=split goal=1000000 checked=yes\n", kRows / ours,
              bare / ours);
  return 0;
}
