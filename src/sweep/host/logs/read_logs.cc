// SPDX-License-Identifier: Apache-2.0
#include "sweep/host/logs/read_logs.h"

#include <algorithm>

#include "sweep/host/logs/access.h"
#include "sweep/host/logs/container_line.h"
#include "sweep/host/logs/find_logs.h"
#include "sweep/host/logs/grammars/grammars.h"
#include "sweep/host/logs/journal/journal.h"
#include "sweep/host/logs/login_databases.h"
#include "sweep/host/logs/records.h"
#include "sweep/host/logs/scan.h"
#include "sweep/host/logs/seen_lines.h"
#include "sweep/host/logs/stream.h"

namespace abate::sweep {
namespace {

constexpr auto kSlack = std::chrono::hours{26};  // a file's time is the server's UTC, its lines are wall clock
constexpr std::uint64_t kLinesBetweenQuestions = 4096;
constexpr std::size_t kSamples = 64;
constexpr std::uint64_t kLinesForFirstStamp = 200;

LineReader reader_of(LogFamily family) {
  switch (family) {
    case LogFamily::syslog: return read_syslog_line;
    case LogFamily::web_error: return read_web_error_line;
    case LogFamily::exim: return read_exim_line;
    case LogFamily::dovecot: return read_dovecot_line;
    case LogFamily::vsftpd: return read_xferlog_line;  // which knows both of vsftpd's formats
    case LogFamily::xferlog: return read_xferlog_line;
    case LogFamily::proftpd: return read_proftpd_line;
    case LogFamily::squid: return read_squid_line;
    case LogFamily::tinyproxy: return read_tinyproxy_line;
    case LogFamily::proxy3: return read_3proxy_line;
    case LogFamily::dante: return read_dante_line;
    case LogFamily::fail2ban: return read_fail2ban_line;
    case LogFamily::audit: return read_audit_line;
    case LogFamily::packages: return read_package_line;
    case LogFamily::panel: return read_panel_line;
    case LogFamily::access:
    case LogFamily::logins:
    case LogFamily::login_database:
    case LogFamily::last_login_database:
    case LogFamily::last_logins:
    case LogFamily::container: return nullptr;
  }
  return nullptr;
}

bool has_yearless_stamps(LogFamily family) {
  return family == LogFamily::syslog || family == LogFamily::dovecot || family == LogFamily::tinyproxy ||
         family == LogFamily::dante || family == LogFamily::packages;
}

int month_in(std::string_view line) {
  if (line.size() < 16 || line[6] != ' ' || line[9] != ':') return 0;
  return Stamps::month_of(line.substr(0, 3)).value_or(0);
}

class LogsReader {
 public:
  LogsReader(const Host& host, const EventTaker& to, Notes& notes, const std::function<bool()>& ended,
             const LogProgress& progress)
      : host_{host}, to_{to}, notes_{notes}, ended_{ended}, progress_{progress}, stamps_{read_zone(*host.tree)} {}

  LogStats run() {
    const std::vector<LogFile> logs = find_logs(host_, notes_);
    const std::vector<std::string> journals = find_journals(host_);
    formats_ = access_formats(*host_.tree);
    repeats_ = !journals.empty() || std::ranges::any_of(logs, &LogFile::general);
    for (std::size_t begin = 0; begin < logs.size() && !ended_();) {
      std::size_t end = begin + 1;
      while (end < logs.size() && logs[end].log == logs[begin].log) ++end;
      read_group(std::span{logs}.subspan(begin, end - begin));
      begin = end;
    }
    read_journals(journals);
    return stats_;
  }

 private:
  // One log with its rotations, oldest first. The first lines' years are settled from the newest backwards.
  void read_group(std::span<const LogFile> group) {
    std::vector<Instant> bounds(group.size(), kDistantFuture);
    std::vector<Instant> latest(group.size(), kDistantFuture);
    if (has_yearless_stamps(group.front().family)) {
      Instant newer = kDistantFuture;
      for (std::size_t i = group.size(); i-- > 0;) {
        bounds[i] = std::min(newer, group[i].modified + kSlack);
        if (group[i].date) bounds[i] = std::min(bounds[i], *group[i].date + kSlack);
        latest[i] = bounds[i];
        bounds[i] = settle_years(group[i], bounds[i]);
        if (const auto first = first_stamp(group[i], bounds[i])) newer = *first + kSlack;
      }
    }
    for (std::size_t i = 0; i < group.size() && !ended_(); ++i) read_file(group[i], bounds[i], latest[i]);
  }

  std::optional<Instant> first_stamp(const LogFile& log, Instant bound) {
    Notes none;
    LogLines lines{*host_.tree, log.path, none};
    stamps_.start(bound);
    const LineReader reader = reader_of(log.family);
    for (std::uint64_t n = 0; n < kLinesForFirstStamp && lines.next(); ++n) {
      Event event;
      if (reader != nullptr && reader(lines.line(), stamps_, sessions_, event) && event.at) return event.at;
    }
    return std::nullopt;
  }

  // A log that nobody rotates may hold many years: looks here and there in it for how often December was followed by
  // January, and gives the end of the year in which it begins. Packed ones are a rotation and hold less than a year.
  Instant settle_years(const LogFile& log, Instant bound) {
    const Result<std::unique_ptr<TreeFile>> file = host_.tree->open(log.path);
    if (!file) return bound;
    int turns = 0;
    int last = 0;
    std::array<char, 1024> buffer{};
    std::string newest;
    const std::uint64_t size = (*file)->stat().size;
    for (std::size_t n = 0; n <= kSamples; ++n) {
      const std::uint64_t offset =
          n == kSamples ? size - std::min<std::uint64_t>(size, buffer.size()) : size / kSamples * n;
      const std::size_t got = (*file)->read_at(offset, buffer).value_or(0);
      std::string_view text{buffer.data(), got};
      if (offset != 0) take_to(text, "\n");
      int month = 0;  // of the first line there; at the end, of the last one
      while (!text.empty()) {
        const std::string_view line = take_to(text, "\n");
        const int here = month_in(line);
        if (here == 0) continue;
        month = here;
        newest = line;
        if (n < kSamples) break;
      }
      if (month == 0) continue;
      if (last - month > 1) ++turns;
      last = month;
    }
    if (turns == 0 || newest.empty()) return bound;
    stamps_.start(bound);
    std::string_view text = newest;
    const auto at = stamps_.take_rfc3164(text);
    if (!at) return bound;
    const std::int64_t year = year_of(to_micros(*at) / 1'000'000) - turns;
    return from_micros((days_of(year + 1, 1, 1) * 86400 - 1) * 1'000'000);
  }

  void read_file(const LogFile& log, Instant bound, Instant latest) {
    if (progress_) progress_(log.path, stats_.lines);
    ++stats_.files;
    if (log.family == LogFamily::logins || log.family == LogFamily::last_logins) return read_records(log);
    if (log.family == LogFamily::login_database) return read_database(log, read_wtmpdb);
    if (log.family == LogFamily::last_login_database) return read_database(log, read_lastlog2);
    if (log.family == LogFamily::container) return read_container(log);
    LogLines lines{*host_.tree, log.path, notes_};
    stamps_.start(bound, latest);
    const LineReader reader = reader_of(log.family);
    const auto format = formats_.find(log.log);
    const AccessFormat usual;
    const AccessFormat& access = format == formats_.end() ? usual : format->second;
    const bool keep = repeats_ && log.family == LogFamily::syslog;
    while (lines.next()) {
      if (lines.number() % kLinesBetweenQuestions == 0 && ended_()) break;
      Event event;
      const bool known = log.family == LogFamily::access ? access.read(lines.line(), stamps_, event)
                                                         : reader(lines.line(), stamps_, sessions_, event);
      if (!known) {
        event = {};
        event.at = stamps_.last();
        event.message = lines.line();
      }
      event.origin = {log.path, lines.number()};
      ++stats_.lines;
      if (keep) {
        if (log.general && seen_.has(event)) {
          ++stats_.repeated;
          continue;
        }
        seen_.keep(event);
      }
      tell(event);
    }
    stats_.bytes += lines.bytes();
  }

  // Requests are known by their form, whatever server wrote them; all else is what the container's program said.
  void read_container(const LogFile& log) {
    const auto whose = std::ranges::find(host_.containers, log.log, &Container::log);
    const std::string name = whose == host_.containers.end() ? std::string{"container"} : whose->name;
    LogLines lines{*host_.tree, log.path, notes_};
    stamps_.start(kDistantFuture, kDistantFuture);
    ContainerLine wrapped;
    const AccessFormat access;
    while (lines.next()) {
      if (lines.number() % kLinesBetweenQuestions == 0 && ended_()) break;
      if (!read_container_line(lines.line(), wrapped)) {
        wrapped.at.reset();
        wrapped.text = lines.line();
      }
      Event event;
      if (!access.read(wrapped.text, stamps_, event)) {
        event = {};
        event.program = name;
        event.at = wrapped.at;
        event.message = wrapped.text;
      }
      event.origin = {log.path, lines.number()};
      ++stats_.lines;
      tell(event);
    }
    stats_.bytes += lines.bytes();
  }

  void read_records(const LogFile& log) {
    const Result<std::unique_ptr<TreeFile>> file = host_.tree->open(log.path);
    if (!file) return notes_.add(log.path, file.error().what);
    const std::unique_ptr<ByteSource> source = open_source(**file);
    const EventTaker taker = [this](const Event& event) {
      ++stats_.lines;
      tell(event);
    };
    if (log.family == LogFamily::logins) {
      read_login_records(*source, log.path, taker);
    } else {
      read_last_logins(*source, host_, log.path, taker);
    }
    if (!source->trouble().empty()) notes_.add(log.path, source->trouble());
  }

  void read_database(const LogFile& log, decltype(read_wtmpdb)& reader) {
    const Result<void> done = reader(*host_.tree, log.path, [this](const Event& event) {
      ++stats_.lines;
      tell(event);
    });
    if (!done) notes_.add(log.path, done.error().what);
  }

  void read_journals(const std::vector<std::string>& paths) {
    std::vector<std::pair<std::int64_t, const std::string*>> ordered;
    for (const std::string& path : paths)
      ordered.emplace_back(journal_head(*host_.tree, path).value_or(JournalHead{}).first_us, &path);
    std::ranges::sort(ordered, [](const auto& a, const auto& b) {
      return a.first != b.first ? a.first < b.first : *a.second < *b.second;
    });
    for (const auto& [first, path] : ordered) {
      if (ended_()) return;
      if (progress_) progress_(*path, stats_.lines);
      ++stats_.files;
      stats_.bytes += read_journal(
          *host_.tree, *path, notes_, [&](const JournalEntry& entry) { take_entry(entry, *path); }, ended_);
    }
  }

  void take_entry(const JournalEntry& entry, std::string_view path) {
    Event event;
    event.at = from_micros(entry.realtime_us);
    event.origin = {path, entry.number};
    event.program = entry.identifier.empty() ? entry.comm : entry.identifier;
    event.pid = entry.pid.value_or(0);
    event.message = entry.message;
    ++stats_.lines;
    if (seen_.has(event)) {
      ++stats_.repeated;
      return;
    }
    if (!is_said_for_another(entry)) read_message(event, sessions_);
    tell(event);
  }

  // logger -t sshd "Accepted password for root …": anybody on the server can say so.
  static bool is_said_for_another(const JournalEntry& entry) {
    constexpr std::string_view kSpeakers[] = {"logger", "php", "perl", "python", "bash", "sh", "dash", "ruby", "nc"};
    for (const std::string_view speaker : kSpeakers)
      if (entry.comm.starts_with(speaker) && !entry.identifier.starts_with(speaker) &&
          (entry.comm.size() == speaker.size() || speaker == "php" || speaker == "python"))
        return true;
    return false;
  }

  void tell(const Event& event) {
    if (event.at) {
      if (!stats_.first || *event.at < *stats_.first) stats_.first = event.at;
      if (!stats_.last || *event.at > *stats_.last) stats_.last = event.at;
      if (host_.since && *event.at < *host_.since) return;
    }
    to_(event);
  }

  const Host& host_;
  const EventTaker& to_;
  Notes& notes_;
  const std::function<bool()>& ended_;
  const LogProgress& progress_;
  Stamps stamps_;
  Sessions sessions_;
  SeenLines seen_;
  std::map<std::string, AccessFormat, std::less<>> formats_;
  bool repeats_ = false;
  LogStats stats_;
};

}  // namespace

LogStats read_events(const Host& host, const EventTaker& to, Notes& notes, const std::function<bool()>& ended,
                     const LogProgress& progress) {
  return LogsReader{host, to, notes, ended, progress}.run();
}

LogStats read_logs(const Host& host, std::span<LogWatcher* const> watchers, Notes& notes,
                   const std::function<bool()>& ended, const LogProgress& progress) {
  return read_events(
      host,
      [&](const Event& event) {
        for (LogWatcher* watcher : watchers) watcher->see(event);
      },
      notes, ended, progress);
}

}  // namespace abate::sweep
