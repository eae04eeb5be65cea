// SPDX-License-Identifier: Apache-2.0
#include <algorithm>
#include <array>
#include <set>

#include "base/text.h"
#include "sweep/kit/detector.h"

namespace abate::sweep {
namespace {

constexpr std::size_t kKeptMax = 20'000;
constexpr auto kSame = std::chrono::minutes{3};

struct Seen {
  Instant at;
  std::string user;
  IpAddress client;
  std::string evidence;
};

class Watcher final : public LogWatcher {
 public:
  explicit Watcher(const Host& host) : host_{host} {}

  void see(const Event& event) override {
    if (!event.at) return;
    const auto* login = as<Login>(event);
    if (event.program.starts_with("sshd")) note(ssh_first_, ssh_last_, *event.at);
    if (event.program == "wtmp") note(wtmp_first_, wtmp_last_, *event.at);
    if (login == nullptr || !login->accepted || !login->client || host_.is_own_address(*login->client)) return;
    std::vector<Seen>* kept = event.program == "wtmp"               ? &wtmp_
                              : event.program == "lastlog"          ? &lastlog_
                              : login->service == LoginService::ssh ? &ssh_
                                                                    : nullptr;
    if (kept == nullptr) return;
    if (kept->size() >= kKeptMax) {
      full_ = true;
      return;
    }
    kept->push_back(
        {*event.at, std::string{login->user}, *login->client, kept == &ssh_ ? std::string{} : evidence_of(event)});
  }

  void finish(Findings& out) override {
    if (full_) return;  // what was not kept would seem to be missing
    std::set<std::string> told;
    for (const Seen& one : wtmp_)
      if (ssh_first_ && one.at > *ssh_first_ + kSame && one.at + kSame < *ssh_last_ && !ssh_.empty() && !has(ssh_, one))
        tell(one, "wtmp", "sshd's log", told, out);
    for (const Seen& one : lastlog_)
      if (wtmp_first_ && one.at > *wtmp_first_ + kSame && one.at + kSame < *wtmp_last_ && !wtmp_.empty() &&
          !has(wtmp_, one))
        tell(one, "lastlog", "wtmp", told, out);
  }

 private:
  static void note(std::optional<Instant>& first, std::optional<Instant>& last, Instant at) {
    if (!first || at < *first) first = at;
    if (!last || at > *last) last = at;
  }
  static bool has(const std::vector<Seen>& all, const Seen& one) {
    return std::ranges::any_of(all, [&](const Seen& other) {
      return other.client == one.client && other.at < one.at + kSame && one.at < other.at + kSame;
    });
  }
  static void tell(const Seen& one, std::string_view has_it, std::string_view lacks_it, std::set<std::string>& told,
                   Findings& out) {
    if (!told.insert(one.user + one.client.to_string()).second) return;
    Subject subject{.kind = SubjectKind::account, .name = one.user};
    subject.address = one.client.to_string();
    Finding& finding = out.add(std::move(subject), fmt::format("{} tells of a log-in as {} from {}, and {} does not",
                                                               has_it, one.user, one.client.to_string(), lacks_it));
    finding.at = one.at;
    finding.evidence.push_back(one.evidence);
    finding.addresses.push_back(one.client.to_string());
    finding.ids.push_back(one.user);
  }

  const Host& host_;
  std::vector<Seen> ssh_, wtmp_, lastlog_;
  std::optional<Instant> ssh_first_, ssh_last_, wtmp_first_, wtmp_last_;
  bool full_ = false;
};

std::unique_ptr<LogWatcher> watch(const Host& host) { return std::make_unique<Watcher>(host); }

// A record of wtmp (utmp(5)): type 7 at 0, user at 44, host at 76, seconds at 340.
constexpr std::size_t kRecordBytes = 384;
constexpr void put_record(auto& text, std::size_t at, std::string_view user, std::string_view from,
                          std::uint32_t seconds) {
  text[at] = 7;
  for (std::size_t n = 0; n < user.size(); ++n) text[at + 44 + n] = user[n];
  for (std::size_t n = 0; n < from.size(); ++n) text[at + 76 + n] = from[n];
  for (std::size_t n = 0; n < 4; ++n) text[at + 340 + n] = static_cast<char>(seconds >> (8 * n) & 0xffU);
}

constexpr std::string_view kLog =
    "--- /var/log/auth.log\n"
    "2026-05-20T03:00:00.000000+00:00 web1 sshd[1]: Accepted password for anna from 198.51.100.7 port 1 ssh2\n"
    "2026-05-20T09:00:00.000000+00:00 web1 sshd[9]: Accepted password for anna from 198.51.100.7 port 9 ssh2\n"
    "--- /var/log/wtmp cut\n";
constexpr std::uint32_t kThree = 1779246000U;  // 2026-05-20T03:00:00Z
template <std::size_t N>
constexpr auto with_records(std::string_view from) {
  std::array<char, kLog.size() + N * kRecordBytes + 1> text{};
  for (std::size_t n = 0; n < kLog.size(); ++n) text[n] = kLog[n];
  put_record(text, kLog.size(), "anna", "198.51.100.7", kThree);
  if (N > 1) put_record(text, kLog.size() + kRecordBytes, "root", from, kThree + 3600);
  text[text.size() - 1] = '\n';
  return text;
}
constexpr auto kCleaned = with_records<2>("203.0.113.77");
constexpr auto kWhole = with_records<1>("");

constexpr Example kExamples[] = {{"a line was taken out of auth.log", {kCleaned.data(), kCleaned.size()}, 1},
                                 {"both say the same", {kWhole.data(), kWhole.size()}, 0}};

}  // namespace

extern const Detector login_records_disagree_detector;
constinit const Detector login_records_disagree_detector{
    .id = "login_records_disagree",
    .area = Area::logs,
    .severity = Severity::suspicious,
    .title = "A log-in stands in one record and is missing from the other",
    .explain =
        R"TEXT(A log-in from outside is written down in several places: by sshd in the log, and by the system in wtmp and lastlog. Here one tells of a log-in that the other should have, and has not, although it tells of the time before and after. Intruders take lines out of logs; few of them know all the places.
False alarms: a log that was full or off for a while.
What to do: believe the record that has it. Look what that account did from that time on.)TEXT",
    .watch = watch,
    .examples = kExamples};

}  // namespace abate::sweep
