// SPDX-License-Identifier: Apache-2.0
// Reads feedback reports of about 8 KB, on one core, against bare GMime parsing of the same mails (its parser only,
// over memory, nothing asked of the result). Both go over all mails in turns, and the best turn of each counts.
//   reading [MAILS | --quick]
#include <chrono>
#include <cstdio>
#include <cstdlib>
#include <limits>

#include <gmime/gmime.h>

#include "arf_mails.h"
#include "reading/read.h"

namespace {

constexpr int kTurns = 7;
using Mails = std::vector<abate::bench::ArfMail>;

template <class Work>
double seconds(Work work) {
  const auto begin = std::chrono::steady_clock::now();
  work();
  return std::chrono::duration<double>(std::chrono::steady_clock::now() - begin).count();
}

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
  double bare = std::numeric_limits<double>::max();
  double ours = bare;
  for (int turn = 0; turn < kTurns; ++turn) {
    bare = std::min(bare, seconds([&] {
                      for (const auto& mail : mails) parse_bare(mail.bytes);
                    }));
    ours = std::min(ours, seconds([&] {
                      for (const auto& mail : mails) abate::reading::read_report(mail.bytes, "message/rfc822", "");
                    }));
  }
  std::printf("bare GMime %.0f mails/s, reading %.0f reports/s\n", count / bare, count / ours);
  std::printf("reading figure=%.0f unit=reports/s ratio=%.2f against=gmime goal=0.8 checked=yes\n", count / ours,
              bare / ours);
  return 0;
}
