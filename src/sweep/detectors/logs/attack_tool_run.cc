// SPDX-License-Identifier: Apache-2.0
#include <algorithm>

#include "base/text.h"
#include "sweep/host/logs/watching.h"
#include "sweep/kit/detector.h"

namespace abate::sweep {
namespace {

using namespace std::chrono_literals;

constexpr std::size_t kHistoryBytesMax = std::size_t{4} << 20;
constexpr std::size_t kScriptBytesMax = std::size_t{64} << 10;
constexpr std::size_t kRunsMax = 2000;
constexpr auto kHistoryFresh = 7 * 24h;  // a history without times tells of the days before it was last written

struct Tool {
  std::string_view name;
  std::string_view role;
};
constexpr Tool kTools[] = {
    {"masscan", "scanner"},      {"zmap", "scanner"},        {"nmap", "scanner"},         {"rustscan", "scanner"},
    {"naabu", "scanner"},        {"unicornscan", "scanner"}, {"zgrab", "scanner"},        {"zgrab2", "scanner"},
    {"nuclei", "scanner"},       {"nikto", "scanner"},       {"sqlmap", "scanner"},       {"wpscan", "scanner"},
    {"hydra", "brute_forcer"},   {"medusa", "brute_forcer"}, {"ncrack", "brute_forcer"},  {"patator", "brute_forcer"},
    {"crowbar", "brute_forcer"}, {"hping3", "flooder"},      {"slowhttptest", "flooder"}, {"slowloris", "flooder"},
    {"goldeneye.py", "flooder"}, {"t50", "flooder"},
};

struct Aim {
  std::vector<IpRange> ranges;  // strangers' addresses
  bool from_file = false;       // "-iL list", "-M list", "$NET"
};

bool is_strange(const Host& host, const IpRange& range) {
  return is_outside(host, range.first) && !is_private(range.last) && range.first != IpAddress::v4(0xffffffff);
}

Aim aim_of(const Host& host, std::string_view command) {
  Aim aim;
  constexpr std::string_view kLists[] = {"-iL", "-M", "--includefile", "--target-file", "-w", "-L"};
  for (std::string_view word : split(command, ' ')) {
    if (std::ranges::find(kLists, word) != std::end(kLists)) aim.from_file = true;
    word = trim(word);
    aim.from_file |= word.starts_with('$') || word.starts_with("\"$");
    if (const std::size_t scheme = word.find("://"); scheme != std::string_view::npos) word.remove_prefix(scheme + 3);
    std::string_view plain = word.substr(0, word.find_first_of(",;|&>"));
    Result<IpRange> range = parse_range(plain);
    if (!range) range = parse_range(plain.substr(0, plain.find_first_of(":/")));
    if (range && is_strange(host, *range)) aim.ranges.push_back(*range);
  }
  return aim;
}

// The tool that a command starts, also behind sudo, nohup, a path; not one that is only spoken of ("apt install nmap").
const Tool* tool_of(std::string_view command) {
  for (std::string_view part : split(command, ';')) {
    part = trim(part);
    for (bool more = true; more;) {
      more = false;
      for (const std::string_view before : {"sudo ", "nohup ", "time ", "screen -dmS ", "proxychains ", "exec "})
        if (part.starts_with(before)) {
          part = trim(part.substr(before.size()));
          more = true;
        }
    }
    const std::string_view name = file_name(part.substr(0, part.find_first_of(" \t&|")));
    const auto tool = std::ranges::find(kTools, name, &Tool::name);
    if (tool != std::end(kTools)) return tool;
  }
  return nullptr;
}

struct Run {
  Subject subject;
  std::string user;
  const Tool* tool;
  std::optional<Instant> at;
  bool is_history = false;  // typed at some time before that
  std::string evidence;
  Aim aim;
};

class Watcher final : public LogWatcher {
 public:
  explicit Watcher(const Host& host) : host_{host} {}

  void see(const Event& event) override {
    if (const Command* command = as<Command>(event); command != nullptr && command->allowed)
      add(log_of(event.origin.path), command->user, command->command, event.at, evidence_of(event));
    if (const JobRun* job = as<JobRun>(event); job != nullptr && !job->edited)
      add(log_of(event.origin.path), job->user, job->command, event.at, evidence_of(event));
  }

  void finish(Findings& out) override {
    for (const Account& account : host_.accounts)
      if (account.home.size() > 1)
        for (const std::string_view name : {".bash_history", ".zsh_history", ".sh_history"})
          read_history(account, join_path(account.home, name));
    for (const Autostart& start : host_.autostarts) read_autostart(start);
    std::set<std::tuple<std::string_view, const Tool*, SubjectKind>> told;
    std::ranges::stable_sort(runs_, [&](const Run& a, const Run& b) { return severity_of(a) > severity_of(b); });
    for (const Run& run : runs_)
      if (told.emplace(run.user, run.tool, run.subject.kind).second) tell(run, out);
  }

 private:
  static Subject log_of(std::string_view path) { return {.kind = SubjectKind::log, .path = std::string{path}}; }

  void add(Subject subject, std::string_view user, std::string_view command, std::optional<Instant> at,
           std::string evidence, bool is_history = false) {
    if (runs_.size() >= kRunsMax || command.size() > 4096) return;
    const Tool* tool = tool_of(command);
    if (tool == nullptr) return;
    Aim aim = aim_of(host_, command);
    if (aim.ranges.empty() && !aim.from_file) return;  // at this server itself, its own network, a name
    if (subject.name.empty()) subject.name = user.substr(0, 64);
    runs_.push_back({std::move(subject), std::string{user.substr(0, 64)}, tool, at, is_history, std::move(evidence),
                     std::move(aim)});
  }

  void read_history(const Account& account, const std::string& path) {
    const Result<std::string> text = read_whole(*host_.tree, path, kHistoryBytesMax);
    const Result<Stat> stat = host_.tree->stat(path);
    if (!text || !stat) return;
    std::size_t number = 0;
    for (const std::string_view line : split(*text, '\n')) {
      ++number;
      add(log_of(path), account.name, line, stat->modified, fmt::format("{}:{}: {}", path, number, line.substr(0, 300)),
          true);
    }
  }

  // What starts by itself: the line of a crontab, a unit, the script that it runs.
  void read_autostart(const Autostart& start) {
    const bool is_cron = start.kind == AutostartKind::cron;
    if (start.packaged || (!is_cron && start.kind != AutostartKind::unit && start.kind != AutostartKind::user_unit))
      return;
    const Subject subject{.kind = is_cron ? SubjectKind::cron : SubjectKind::unit,
                          .path = start.path,
                          .name = is_cron ? start.account : start.name,
                          .line = start.line};
    add(subject, start.account, start.command, start.modified,
        fmt::format("{}:{}: {}", start.path, start.line, start.command.substr(0, 300)));
    for (const std::string& path : start.programs) {
      if (host_.packages->owns(path)) continue;
      const Result<std::string> text = read_whole(*host_.tree, path, kScriptBytesMax);
      if (!text || !text->starts_with("#!")) continue;
      for (const std::string_view line : split(*text, '\n'))
        add(subject, start.account, trim(line), start.modified, fmt::format("{}: {}", path, line.substr(0, 300)));
    }
  }

  bool hits_reported(const Run& run) const {
    const auto in = [&](const IpAddress& address) {
      return std::ranges::any_of(run.aim.ranges, [&](const IpRange& range) { return range.contains(address); });
    };
    for (const Incident& incident : host_.ticket.incidents)
      if (incident.destination_ip && in(*incident.destination_ip)) return true;
    return std::ranges::any_of(host_.ticket.leads, [&](const Lead& lead) {
      const Result<IpAddress> address = parse_ip(lead.value);
      return lead.kind == LeadKind::remote && address && in(*address);
    });
  }

  // A run at what the report names, at its time, is the harm; around its time it may be; otherwise it is a note.
  Severity severity_of(const Run& run) const {
    const Case& ticket = host_.ticket;
    const bool about = ticket.category == Category::other || ticket.category == Category::ddos;
    if (!ticket.span || !about || !run.at) return Severity::note;
    // What starts by itself goes on since it was written.
    const bool starts = run.subject.kind != SubjectKind::log;
    const bool in_time = *run.at <= ticket.span->end + (run.is_history ? Duration{kHistoryFresh} : Duration{24h}) &&
                         (starts || *run.at >= ticket.span->begin - 48h);
    if (!in_time) return Severity::note;
    return hits_reported(run) ? Severity::malicious : Severity::suspicious;
  }

  void tell(const Run& run, Findings& out) const {
    const Severity severity = severity_of(run);
    Finding& finding =
        out.add(run.subject, fmt::format("{} ran {} against addresses of others{}", run.user, run.tool->name,
                                         severity == Severity::malicious ? ", those of the report among them" : ""));
    finding.severity = severity;
    finding.at = run.at;
    finding.evidence = {run.evidence};
    finding.ids = {run.user, std::string{run.tool->name}};
    finding.role = run.tool->role;
    if (const Account* account = host_.account(run.user)) finding.uid = account->uid;
  }

  const Host& host_;
  std::vector<Run> runs_;
};

std::unique_ptr<LogWatcher> watch(const Host& host) { return std::make_unique<Watcher>(host); }

#define ABATE_RAN(command)                                                                            \
  "--- /etc/passwd\nroot:x:0:0::/root:/bin/bash\nfinn:x:1000:1000::/home/finn:/bin/bash\n"            \
  "--- /var/log/auth.log\n2026-05-01T10:00:00+00:00 h sudo:     finn : TTY=pts/0 ; PWD=/home/finn ; " \
  "USER=root ; COMMAND=" command "\n"
constexpr Example kExamples[] = {
    {"a whole network is scanned", ABATE_RAN("/usr/bin/masscan -p22,80 192.0.2.0/24 --rate 20000"), 1},
    {"passwords are guessed, as the history of a shell tells",
     "--- /etc/passwd\nfinn:x:1000:1000::/home/finn:/bin/bash\n"
     "--- /home/finn/.bash_history\ncd tools\nnohup ./hydra -l root -P pass.txt ssh://192.0.2.9 &\n",
     1},
    {"somebody looks at the own machine and network", ABATE_RAN("/usr/bin/nmap -sT 127.0.0.1 10.0.0.0/24"), 0},
    {"a job that scans every night",
     "--- /etc/passwd\nfinn:x:1000:1000::/home/finn:/bin/bash\n--- /etc/cron.d/scan\n5 2 * * * finn "
     "/home/finn/scan.sh\n"
     "--- /home/finn/scan.sh mode=0755 uid=1000\n#!/bin/sh\nNET=192.0.2.0/24\nmasscan -p22 $NET -oL out\n",
     1},
    {"a tool is installed, not used", ABATE_RAN("/usr/bin/apt install nmap masscan"), 0},
};
#undef ABATE_RAN

}  // namespace

extern const Detector attack_tool_run_detector;
constinit const Detector attack_tool_run_detector{
    .id = "attack_tool_run",
    .area = Area::logs,
    .severity = Severity::malicious,
    .title = "A tool that scans, guesses or floods was run against others",
    .explain =
        R"(The log of sudo, of cron, the history of a shell, or what starts by itself tells that a tool such as masscan, nmap, hydra or hping3 was
run against addresses that are not this server's and not its private network's. It is malicious where the report names
one of these addresses and the time fits: then this was the harm, whoever did it. Around the reported time it is suspicious,
otherwise a note. False alarms: an audit that was ordered. What to do: ask who typed it. Your own people stop, and say so in
the ticket; if nobody of yours was it, look how that account was come by.)",
    .watch = watch,
    .examples = kExamples};

}  // namespace abate::sweep
