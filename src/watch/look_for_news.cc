// SPDX-License-Identifier: Apache-2.0
#include "watch/look_for_news.h"

#include <algorithm>
#include <chrono>

#include "base/hash.h"
#include "base/text.h"
#include "sweep/host/gather.h"
#include "sweep/host/logs/read_logs.h"
#include "sweep/host/logs/watching.h"
#include "sweep/host/read_file.h"
#include "watch/recent_tree.h"

namespace abate::watch {
namespace {

using namespace std::chrono_literals;

constexpr auto kOverlap = 6h;  // bursts are seen whole; what was told before is known by its id
constexpr std::uint64_t kFilesMax = 2'000'000;
constexpr std::size_t kNamesToldMax = 8;
constexpr double kMailsMin = 60;  // an hour; below that nobody calls it bulk
constexpr double kTimesUsual = 5;
constexpr std::uint64_t kLooksToLearn = 8;
constexpr std::size_t kQueueMany = 500;

Finding news(std::string_view what, Area area, Severity severity, Subject subject, std::string why) {
  Finding finding;
  finding.detector = what;
  finding.area = area;
  finding.severity = severity;
  finding.subject = std::move(subject);
  finding.why = std::move(why);
  finding.id = finding_id(what, finding.subject);
  return finding;
}

struct Thing {
  std::string says;
  Finding finding;  // told when it is new, or says something else than before
};
using Things = std::map<std::string, Thing>;

Subject named(SubjectKind kind, std::string name, std::string path = "") {
  Subject subject;
  subject.kind = kind;
  subject.name = std::move(name);
  subject.path = std::move(path);
  return subject;
}

void add(Things& things, std::string key, std::string says, Finding finding) {
  if (things.size() < Memory::kThingsMax) things[std::move(key)] = {std::move(says), std::move(finding)};
}

Things things_of(const sweep::Host& host) {
  Things things;
  for (const sweep::Account& one : host.accounts)
    add(things, "account " + one.name, fmt::format("uid {}, {}, {}", one.uid, one.shell, join(one.groups, " ")),
        news("new_account", Area::accounts, Severity::suspicious, named(SubjectKind::account, one.name, "/etc/passwd"),
             fmt::format("the account {} is new or has other rights: uid {}, shell {}, groups {}", one.name, one.uid,
                         one.shell, one.groups.empty() ? "none" : join(one.groups, ", "))));
  for (const sweep::Key& one : host.keys)
    add(things, fmt::format("key {} {} {}", one.account, one.fingerprint, one.path), one.options,
        news("new_key", Area::accounts, Severity::suspicious,
             named(SubjectKind::key, one.account + " " + one.fingerprint, one.path),
             fmt::format("a new SSH key lets somebody in as {} ({})", one.account, one.fingerprint)));
  for (const sweep::Autostart& one : host.autostarts)
    add(things, fmt::format("autostart {} {}", one.path, one.line),
        sha256_hex(one.command + one.account + (one.enabled ? "+" : "-")).substr(0, 16),
        news("new_autostart", Area::malware, Severity::suspicious,
             named(SubjectKind::cron, std::string{sweep::autostart_kind_name(one.kind)}, one.path),
             fmt::format("something new or changed starts by itself ({})", sweep::autostart_kind_name(one.kind))));
  for (const sweep::Socket& one : host.sockets) {
    const bool listens = one.state == "listen" || (one.protocol == "udp" && one.remote_port == 0);
    if (!listens || !one.is_open_to_the_world() || (one.protocol == "udp" && one.local_port >= 32768)) continue;
    Subject subject;
    subject.kind = SubjectKind::port;
    subject.port = one.local_port;
    subject.protocol = one.protocol;
    const auto process = std::ranges::find(host.processes, one.pid, &sweep::Process::pid);
    const std::string who = process == host.processes.end() ? "nobody that can be seen" : process->comm;
    add(things, fmt::format("listener {} {}", one.protocol, one.local_port), who,
        news("new_listener", Area::processes, Severity::suspicious, subject,
             fmt::format("{} port {} is open to everybody, by {}", one.protocol, one.local_port, who)));
  }
  for (const sweep::Process& one : host.processes) {
    if (!host.is_web_user(one.uid) || one.exe.empty()) continue;
    Subject subject;
    subject.kind = SubjectKind::process;
    subject.path = one.exe;
    add(things, fmt::format("web process {} {}", one.uid, one.exe), "",
        news("new_web_process", Area::processes, Severity::suspicious, subject,
             fmt::format("a web user runs a program that it did not run before: {}", one.exe)));
  }
  return things;
}

bool runs_as_code(std::string_view path) {
  constexpr std::string_view kSuffixes[] = {".php", ".phtml", ".phar", ".inc", ".pl", ".py", ".cgi", ".sh", ".js"};
  const std::string suffix = to_lower(sweep::suffix_of(path));
  return std::ranges::find(kSuffixes, suffix) != std::end(kSuffixes) || sweep::file_name(path) == ".htaccess" ||
         sweep::file_name(path) == ".user.ini";
}

// Scripts of docroots whose date of change (ctime: no program sets it back) lies after the last look.
class Changed final : public sweep::Walker {
 public:
  Changed(const sweep::Host& host, Instant since, sweep::Gather& gather, sweep::Notes& notes,
          const std::function<bool()>& done)
      : host_{host}, since_{since}, gather_{gather}, notes_{notes}, done_{done} {}

  bool meet(const sweep::Node& node) override {
    if (node.stat.kind != sweep::NodeKind::file) return true;
    ++files_;
    if (node.stat.changed <= since_ || !runs_as_code(node.path)) return true;
    ++changed_;
    if (names_.size() < kNamesToldMax) names_.emplace_back(node.path);
    inspect(node);
    return true;
  }
  void pass_over(std::string_view path, std::string_view why) override {
    notes_.add(std::string{path}, std::string{why});
  }
  [[nodiscard]] bool ended() const override { return done_() || files_ >= kFilesMax; }
  [[nodiscard]] std::uint64_t files() const { return files_; }
  [[nodiscard]] std::size_t changed() const { return changed_; }
  [[nodiscard]] const std::vector<std::string>& names() const { return names_; }

 private:
  // The detectors that look at one file, as a sweep would.
  void inspect(const sweep::Node& node) {
    file_.begin(node);
    if (const Result<void> read = file_.read(); !read) notes_.add(std::string{node.path}, read.error().what);
    const sweep::FileView view{.path = node.path,
                               .stat = node.stat,
                               .bytes = file_.bytes(),
                               .host = host_,
                               .site = host_.site_of(node.path),
                               .facts = file_};
    gather_.of_file(&view);
    for (const sweep::Detector* detector : sweep::detectors()) {
      if (detector->file == nullptr || detector->stats_only || detector->area != Area::web) continue;
      if (detector->wants != nullptr && !detector->wants(node.path, node.stat, host_)) continue;
      gather_.of(*detector);
      detector->file(view, gather_);
    }
    gather_.of_file(nullptr);
    file_.end();
  }

  const sweep::Host& host_;
  Instant since_;
  sweep::Gather& gather_;
  sweep::Notes& notes_;
  const std::function<bool()>& done_;
  sweep::ReadFile file_{host_, done_};
  std::uint64_t files_ = 0;
  std::size_t changed_ = 0;
  std::vector<std::string> names_;
};

class Traffic final : public sweep::LogWatcher {  // log-ins and mails
 public:
  Traffic(Memory& memory, std::optional<Instant> last) : memory_{memory}, last_{last} {}
  void see(const sweep::Event& event) override {
    const bool fresh = !last_ || (event.at && *event.at > *last_);
    if (const auto* login = sweep::as<sweep::Login>(event);
        login != nullptr && login->accepted && login->client && fresh)
      came_in(*login, event.at);
    const auto* mail = sweep::as<sweep::Mail>(event);
    if (mail == nullptr || mail->step != sweep::MailStep::to || mail->status != "sent" || !fresh) return;
    mails_ += event.times;
    if (!first_mail_) first_mail_ = event.at;
  }
  void finish(sweep::Findings&) override {}
  [[nodiscard]] std::uint64_t mails() const { return mails_; }
  [[nodiscard]] std::optional<Instant> first_mail() const { return first_mail_; }
  std::vector<Finding> take() { return std::move(findings_); }

 private:
  void came_in(const sweep::Login& login, std::optional<Instant> at) {
    if (sweep::is_private(*login.client)) return;
    const std::string user{login.user.substr(0, 256)};
    if (memory_.networks.size() >= Memory::kThingsMax && !memory_.networks.contains(user)) return;
    std::set<std::string>& known = memory_.networks[user];
    const std::string network = sweep::network_of(*login.client).to_string();
    if (known.contains(network) || known.size() >= Memory::kNetworksMax) return;
    const bool first = known.empty();
    known.insert(network);
    if (!last_ || first) return;
    Subject subject = named(SubjectKind::account, user);
    subject.address = login.client->to_string();
    Finding& finding = findings_.emplace_back(
        news("login_from_new_network", Area::accounts, Severity::suspicious, std::move(subject),
             fmt::format("{} logged in ({}) from {}, a network that it never came from before", user,
                         sweep::login_service_name(login.service), login.client->to_string())));
    finding.at = at;
  }

  Memory& memory_;
  std::optional<Instant> last_;
  std::uint64_t mails_ = 0;
  std::optional<Instant> first_mail_;
  std::vector<Finding> findings_;
};

void tell_mail(const Traffic& traffic, const sweep::Host& host, Memory& memory, std::vector<Finding>& found) {
  const Instant begin = memory.last ? *memory.last : traffic.first_mail().value_or(host.now);
  const double hours = std::max(0.25, std::chrono::duration<double, std::ratio<3600>>(host.now - begin).count());
  const double rate = static_cast<double>(traffic.mails()) / hours;
  if (memory.looks >= kLooksToLearn && rate > kMailsMin && rate > kTimesUsual * memory.mails_an_hour) {
    Subject subject = named(SubjectKind::queue, format_rfc3339(host.now).substr(0, 13));  // once an hour
    found.push_back(news("mail_in_bulk", Area::mail_network, Severity::suspicious, std::move(subject),
                         fmt::format("{:.0f} mails an hour were sent since the last look; usual here are {:.0f}", rate,
                                     memory.mails_an_hour)));
  }
  memory.mails_an_hour = memory.looks == 0 ? rate : memory.mails_an_hour * 0.95 + rate * 0.05;
  std::size_t waiting = 0;
  for (const std::string_view pattern :
       {"/var/spool/postfix/active/*", "/var/spool/postfix/active/*/*", "/var/spool/postfix/deferred/*/*",
        "/var/spool/exim4/input/*-D", "/var/spool/exim4/input/*/*-D", "/var/spool/exim/input/*/*-D"})
    waiting += sweep::glob(*host.tree, pattern).size();
  if (waiting > kQueueMany)
    found.push_back(news("mail_waits", Area::mail_network, Severity::suspicious,
                         named(SubjectKind::queue, format_rfc3339(host.now).substr(0, 10)),  // once a day
                         fmt::format("{} mails or more wait to be sent: often spam that nobody takes", waiting)));
}

void look_at_logs(const sweep::Host& host, Traffic& traffic, sweep::Gather& gather, sweep::Notes& notes,
                  const std::function<bool()>& ended) {
  std::vector<std::pair<const sweep::Detector*, std::unique_ptr<sweep::LogWatcher>>> watching;
  std::vector<sweep::LogWatcher*> watchers{&traffic};
  for (const sweep::Detector* detector : sweep::detectors()) {
    if (detector->watch == nullptr) continue;
    watching.emplace_back(detector, detector->watch(host));
    watchers.push_back(watching.back().second.get());
  }
  sweep::read_logs(host, watchers, notes, ended);
  for (const auto& [detector, watcher] : watching) {
    gather.of(*detector);
    watcher->finish(gather);
  }
}

void look_at_sites(const sweep::Host& host, Instant since, sweep::Gather& gather, sweep::Notes& notes,
                   const std::function<bool()>& ended, News& out) {
  std::set<std::string> seen;
  for (const sweep::Site& site : host.sites) {
    if (site.docroot.empty() || site.docroot == "/" || !seen.insert(site.docroot).second) continue;
    Changed changed{host, since, gather, notes, ended};
    host.tree->walk(site.docroot, changed);
    out.files += changed.files();
    if (changed.changed() == 0) continue;
    const std::size_t more = changed.changed() - changed.names().size();
    Subject subject = file_subject(site.docroot);
    out.findings.push_back(
        news("scripts_changed", Area::web, Severity::suspicious, std::move(subject),
             fmt::format("{} scripts of this site changed since the last look: {}{}. If you updated it, all is well",
                         changed.changed(), join(changed.names(), ", "),
                         more == 0 ? "" : fmt::format(" and {} more", more))));
  }
}

}  // namespace

News look_for_news(const sweep::Host& host, Memory& memory, sweep::Notes& notes, const std::function<bool()>& ended) {
  News out;
  out.is_first = !memory.last.has_value();
  const Instant since = memory.last.value_or(host.now);
  std::vector<Finding> found;
  sweep::Gather gather;

  Things things = things_of(host);
  for (auto& [key, thing] : things) {
    const auto before = memory.things.find(key);
    if (!out.is_first && (before == memory.things.end() || before->second != thing.says))
      out.findings.push_back(std::move(thing.finding));
  }
  memory.things.clear();
  for (auto& [key, thing] : things) memory.things[key] = std::move(thing.says);

  if (!out.is_first) look_at_sites(host, since, gather, notes, ended, out);

  const RecentTree recent{*host.tree, since - kOverlap};
  sweep::Host of_now = host;
  if (!out.is_first) {
    of_now.tree = &recent;
    of_now.since = since - kOverlap;
  }
  Traffic traffic{memory, memory.last};
  look_at_logs(of_now, traffic, gather, notes, ended);
  out.mails = traffic.mails();
  tell_mail(traffic, host, memory, found);
  for (Finding& one : traffic.take()) out.findings.push_back(std::move(one));

  for (Finding& one : gather.take(notes))
    if (one.severity >= Severity::weak) found.push_back(std::move(one));
  for (Finding& one : found) {
    const bool known = memory.told.contains(one.id);
    if (memory.told.size() < Memory::kToldMax) memory.told.insert(one.id);
    if (!known && (!out.is_first || one.severity == Severity::malicious)) out.findings.push_back(std::move(one));
  }
  std::ranges::stable_sort(out.findings, std::ranges::greater{}, &Finding::severity);
  out.ended_early = ended();
  memory.last = host.now;
  ++memory.looks;
  return out;
}

std::string letter_of(const News& news, const std::string& host_name, Instant now) {
  constexpr std::size_t kToldMax = 50;
  if (news.findings.empty()) return "";
  std::string text = fmt::format("abate watch on {}, {}\n\n", shown_name(host_name), format_rfc3339(now));
  text += news.is_first ? "At the first look these need you at once:\n\n" : "New since the last look:\n\n";
  std::size_t number = 0;
  for (const Finding& one : news.findings) {
    if (++number > kToldMax) {
      text += fmt::format("and {} more: abate sweep shows all\n", news.findings.size() - kToldMax);
      break;
    }
    const std::string& where = one.subject.path.empty() ? one.subject.name : one.subject.path;
    text += fmt::format("- {}: {}{}\n  {}  {}\n", severity_name(one.severity), shown_text(one.why, 600),
                        one.at ? " (" + format_rfc3339(*one.at) + ")" : "", one.detector, shown_name(where));
  }
  text +=
      "\nIf one of these was not you or somebody of yours: abate sweep on the server says more.\n"
      "Each is told once. abate watch --remove ends these letters.\n";
  return text;
}

}  // namespace abate::watch
