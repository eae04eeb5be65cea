// SPDX-License-Identifier: Apache-2.0
// Reads feedback reports of about 8 KB, on one core, against bare GMime parsing of the same mails (its parser only, over
// memory, nothing asked of the result and no part decoded, which reading does). Then a day's mix (reading_mix.h) against
// GMime on its mails and a plain cut of its rows into cells. Both go over all in turns, and the median of each counts;
// processor time, not the clock's.
//   reading [MAILS | --quick]
#include <algorithm>
#include <cstdio>
#include <cstdlib>
#include <vector>

#include <gmime/gmime.h>

#include "arf_mails.h"
#include "cpu_time.h"
#include "reading/read.h"
#include "reading/rows/cells.h"
#include "reading_mix.h"

namespace {

using abate::bench::cpu_seconds;

constexpr int kTurns = 7;
using Mails = std::vector<abate::bench::ArfMail>;

void parse_bare(const std::string& mail) {
  GMimeStream* stream = g_mime_stream_mem_new_with_buffer(mail.data(), mail.size());
  GMimeParser* parser = g_mime_parser_new_with_stream(stream);
  GMimeMessage* message = g_mime_parser_construct_message(parser, nullptr);
  g_object_unref(message);
  g_object_unref(parser);
  g_object_unref(stream);
}

bool read_right(const Mails& mails) {
  for (const auto& mail : mails) {
    const auto reading = abate::reading::read_report(mail.bytes, "message/rfc822", "");
    if (reading.format != "arf" || reading.incidents.size() != 1 || !reading.incidents[0].source_ip ||
        reading.incidents[0].source_ip != *abate::parse_ip(mail.source_ip) || !reading.incidents[0].started_at ||
        reading.incidents[0].evidence.empty())
      return false;
  }
  return true;
}

void cut(std::string_view text) {
  abate::reading::Cells cells;
  while (!text.empty()) {
    const std::size_t end = text.find('\n');
    cells.split(text.substr(0, end), ',');
    text.remove_prefix(end == text.npos ? text.size() : end + 1);
  }
}

struct Pair {  // seconds
  double bare = 0;
  double ours = 0;
};

template <class Bare, class Ours>
Pair in_turns(int turns, Bare bare, Ours ours) {
  std::vector<double> bare_s, ours_s;
  for (int turn = 0; turn < turns; ++turn) {
    bare_s.push_back(cpu_seconds(bare));
    ours_s.push_back(cpu_seconds(ours));
  }
  const auto median = [](std::vector<double>& all) {
    std::ranges::sort(all);
    return all[all.size() / 2];
  };
  return {median(bare_s), median(ours_s)};
}

// false: something was read wrongly.
bool run_mix(std::size_t mails, int turns) {
  const auto all = abate::bench::mixed_reports(mails);
  std::size_t incidents = 0;
  for (const auto& report : all) {
    const auto reading = abate::reading::read_unhashed(report.bytes, report.mail ? "message/rfc822" : "text/csv", "");
    if (reading.incidents.size() != report.incidents) return false;
    incidents += report.incidents;
  }
  const Pair took = in_turns(
      turns,
      [&] {
        for (const auto& report : all) report.mail ? parse_bare(report.bytes) : cut(report.bytes);
      },
      [&] {
        for (const auto& report : all)
          abate::reading::read_report(report.bytes, report.mail ? "message/rfc822" : "text/csv", "");
      });
  std::printf(
      "a day's mix of %zu reports with %zu incidents: %.0f reports/s, %.0f incidents/s a core; %.2f of bare GMime "
      "and a plain split on the same\n",
      all.size(), incidents, static_cast<double>(all.size()) / took.ours,
      static_cast<double>(incidents) / took.ours, took.bare / took.ours);
  return true;
}

}  // namespace

int main(int argc, char** argv) {
  const bool quick = argc > 1 && std::string_view(argv[1]) == "--quick";
  const int count = quick ? 200 : argc > 1 ? std::atoi(argv[1]) : 5'000;
  g_mime_init();
  abate::bench::ArfMails source(42);
  Mails mails;
  std::size_t bytes = 0;
  for (int i = 0; i < count; ++i) bytes += mails.emplace_back(source.next()).bytes.size();
  std::printf("%d mails, %.1f KB each\n", count, static_cast<double>(bytes) / count / 1e3);
  if (!read_right(mails)) {
    std::printf("a report was read wrongly\nreading checked=no\n");
    return 1;
  }
  const Pair took = in_turns(
      kTurns,
      [&] {
        for (const auto& mail : mails) parse_bare(mail.bytes);
      },
      [&] {
        for (const auto& mail : mails) abate::reading::read_report(mail.bytes, "message/rfc822", "");
      });
  if (!run_mix(quick ? 100 : 2'000, quick ? 1 : 3)) {
    std::printf("a report of the mix was read wrongly\nreading checked=no\n");
    return 1;
  }
  std::printf("bare GMime %.0f mails/s, reading %.0f reports/s\n", count / took.bare, count / took.ours);
  std::printf("reading figure=%.0f unit=reports/s ratio=%.2f against=gmime goal=0.8 checked=yes\n", count / took.ours,
              took.bare / took.ours);
  return 0;
}
