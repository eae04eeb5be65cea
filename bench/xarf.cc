// SPDX-License-Identifier: Apache-2.0
// Reads reports in XARF v4 as JSON, with evidence of a few hundred bytes to some KB as such reports have, on one core,
// in MB of JSON a second; against parsing the same JSON (simdjson) and doing nothing with it. The best turn counts.
//   xarf [--quick]
#include <cstdio>
#include <limits>
#include <random>

#include "base/text.h"
#include "cpu_time.h"
#include "reading/json.h"
#include "reading/read.h"

namespace {

using abate::bench::cpu_seconds;

constexpr int kReports = 2'000;
constexpr int kTurns = 9;

struct XarfReport {
  std::string json;
  std::string source_ip;
};

std::vector<XarfReport> reports() {
  std::mt19937 random{5};
  const auto below = [&](unsigned most) { return random() % most; };
  const auto text = [&](std::size_t size) {
    std::string out;
    while (out.size() < size)
      out += static_cast<char>("ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnop0123456789"[below(52)]);
    out.resize(size / 4 * 4);
    return out;
  };
  std::vector<XarfReport> all;
  for (unsigned i = 0; i < kReports; ++i) {
    const std::string ip = fmt::format("198.51.100.{}", 1 + below(254));
    all.push_back(
        {fmt::format(
             R"({{"xarf_version":"4.0.0","report_id":"00000000-0000-4000-8000-{:012x}","timestamp":"2026-05-{:02}T)"
             R"({:02}:{:02}:{:02}Z","reporter":{{"org":"Watch","contact":"abuse@watch.example","domain":)"
             R"("watch.example"}},"sender":{{"org":"Watch","contact":"abuse@watch.example","domain":)"
             R"("watch.example"}},"source_identifier":"{}","source_port":{},"category":"messaging","type":)"
             R"("spam","evidence_source":"spamtrap","protocol":"smtp","smtp_from":"a{}@example.net","subject":)"
             R"("offer {}","evidence":[{{"content_type":"message/rfc822","description":"mail","payload":"{}"}}],)"
             R"("tags":["campaign:{}"],"confidence":0.9}})",
             i, 1 + below(28), below(24), below(60), below(60), ip, 1 + below(65'535), i, i, text(400 + below(12'000)),
             below(50)),
         ip});
  }
  return all;
}

bool read_right(const std::vector<XarfReport>& all) {
  for (const XarfReport& each : all) {
    const auto reading = abate::reading::read_report(each.json, "application/json", "");
    if (reading.format != "xarf4" || reading.incidents.size() != 1 || !reading.incidents[0].started_at ||
        !reading.incidents[0].source_ip || reading.incidents[0].source_ip->to_string() != each.source_ip ||
        reading.incidents[0].evidence.size() != 1)
      return false;
  }
  return true;
}

}  // namespace

int main(int argc, char** argv) {
  const bool quick = argc > 1 && std::string_view(argv[1]) == "--quick";
  const auto all = reports();
  std::size_t bytes = 0;
  for (const XarfReport& each : all) bytes += each.json.size();
  if (!read_right(all)) {
    std::printf("a report was read wrongly\nxarf checked=no\n");
    return 1;
  }
  double bare = std::numeric_limits<double>::max();
  double ours = bare;
  for (int turn = 0; turn < (quick ? 1 : kTurns); ++turn) {
    bare = std::min(bare, cpu_seconds([&] {
                      for (const XarfReport& each : all)
                        if (!abate::reading::parse_json(each.json)) std::abort();
                    }));
    ours = std::min(ours, cpu_seconds([&] {
                      for (const XarfReport& each : all)
                        abate::reading::read_unhashed(each.json, "application/json", "");
                    }));
  }
  const double megabytes = static_cast<double>(bytes) / 1e6;
  std::printf("%d reports, %.1f KB each: %.0f reports/s\n", kReports, megabytes * 1e3 / kReports, kReports / ours);
  std::printf("xarf figure=%.0f unit=MB/s ratio=%.2f against=simdjson goal=300 checked=yes\n", megabytes / ours,
              bare / ours);
  return 0;
}
