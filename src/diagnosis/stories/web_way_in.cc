// SPDX-License-Identifier: Apache-2.0
// The way in through a web site: a hole in an application, a stolen log-in of a CMS, or files that came by FTP, SSH or
// a panel.
//
// From the bad files backwards: the earliest of them was written at some moment; who asked the web server (or FTP) for
// something just then, and did the same client use the file afterwards? ctime would be better than mtime, but says
// nothing on a copied disk.
#include <algorithm>
#include <map>
#include <set>

#include "base/text.h"
#include "diagnosis/story.h"
#include "sweep/kit/target.h"

namespace abate::diagnosis {
namespace {

using namespace std::chrono_literals;

constexpr auto kBefore = 300s;  // from the request that brings a file to the file: an upload may be slow
constexpr auto kAfter = 15s;    // a server writes its log line when the answer is out
constexpr std::size_t kGuessesMin = 10;
constexpr std::size_t kFootholdsMax = 6;

struct Clue {
  const Seen* seen = nullptr;
  double weight = 0;
  std::string reason;
};

std::string path_of(const Seen& seen) { return sweep::target_path(seen.target); }

// With what says which part of the application was asked, where one script is the door to all of them:
// "/index.php?option=com_downloads&view=upload".
std::string asked_of(const Seen& seen) {
  constexpr std::string_view kRoutes[] = {"option", "view",       "task",   "controller", "route",  "r",
                                          "module", "rest_route", "action", "fc",         "plugin", "page"};
  constexpr std::size_t kQueryBytesMax = 120;
  std::string asked = path_of(seen);
  const std::size_t query = seen.target.find('?');
  if (query == std::string::npos) return asked;
  std::string route;
  for (const std::string_view part : split(std::string_view{seen.target}.substr(query + 1), '&'))
    if (std::ranges::find(kRoutes, part.substr(0, part.find('='))) != std::end(kRoutes))
      route.append(route.empty() ? "?" : "&").append(part);
  return asked + route.substr(0, kQueryBytesMax);
}

bool is_login_page(const std::string& path) {
  return path.ends_with("/wp-login.php") || path.ends_with("/xmlrpc.php") ||
         path.ends_with("/administrator/index.php") || path.ends_with("/user/login");
}

bool is_behind_login(const std::string& path) {
  return path.find("/wp-admin/") != std::string::npos && !path.ends_with("/admin-ajax.php") &&
         !path.ends_with("/admin-post.php");
}

class WebWayIn {
 public:
  WebWayIn(const Scene& scene, std::vector<const Finding*> files) : scene_{scene}, files_{std::move(files)} {
    for (const Finding* file : files_) bad_.insert(file->subject.path);
    written_ = files_.front()->at.value_or(kDistantPast);
    for (const Seen& seen : scene_.trail.seen())
      if (seen.what == Seen::What::request && seen.status < 400 && seen.client && bad_.contains(seen.file) && seen.at)
        callers_.emplace(*seen.client, *seen.at);
  }

  std::optional<Story> tell() {
    const Clue clue = best_clue();
    Story story;
    if (clue.seen == nullptr) {
      if (!from_hole(story)) return std::nullopt;
    } else if (clue.seen->what == Seen::What::request) {
      from_request(clue, story);
    } else {
      from_transfer(clue, story);
    }
    for (const auto& [client, first] : callers_) story.intruders.push_back(client.to_string());
    if (!story.entry.from.empty() && std::ranges::find(story.intruders, story.entry.from) == story.intruders.end())
      story.intruders.push_back(story.entry.from);
    chain(story);
    return story;
  }

 private:
  Clue best_clue() const {
    Clue best;
    for (const Seen& seen : scene_.trail.seen()) {
      Clue clue = judge(seen);
      if (clue.weight > best.weight) best = std::move(clue);
    }
    return best;
  }

  Clue judge(const Seen& seen) const {
    if (!seen.at) return {};
    if (seen.what == Seen::What::transfer && seen.accepted && !seen.file.empty()) {
      for (const std::string_view path : bad_)  // a transfer log may write the path as its own root has it
        if (path == seen.file || (seen.file.size() > 3 && path.ends_with(seen.file)))
          return {&seen, 0.97, "the file came by this transfer"};
      return {};
    }
    const bool in_window = written_ - kBefore <= *seen.at && *seen.at <= written_ + kAfter;
    const bool caller = seen.client && callers_.contains(*seen.client);
    if (seen.what == Seen::What::login && seen.accepted && in_window &&
        (seen.service == sweep::LoginService::ssh || seen.service == sweep::LoginService::sftp ||
         seen.service == sweep::LoginService::ftp || seen.service == sweep::LoginService::panel))
      return {&seen, caller ? 0.9 : 0.55, "logged in just before the first file was written"};
    if (seen.what != Seen::What::request || seen.status >= 400 || bad_.contains(seen.file)) return {};
    const std::string path = path_of(seen);
    if (path.ends_with("/wp-cron.php")) return {};
    const bool sends = seen.method == "POST" || seen.method == "PUT";
    const bool scripted = path.find(".php") != std::string::npos || path.find("/wp-json/") != std::string::npos;
    double weight = 0;
    std::string reason;
    if (in_window && sends) {
      // The nearer in time, the likelier; the same client afterwards is the best sign of all.
      const double gap = std::abs(std::chrono::duration<double>(*seen.at - written_).count());
      weight = (caller ? 0.85 : 0.45) + 0.1 / (1.0 + gap);
      reason = fmt::format("sent {:.0f} s from the moment when the first file was written{}", gap,
                           caller ? ", by a client that used the file afterwards" : "");
    } else if (caller && sends && *seen.at < written_ + 1h) {
      weight = 0.5;
      reason = "by a client that used the file afterwards";
    } else if (in_window && caller && scripted && seen.target.find('?') != std::string::npos) {
      weight = 0.6;
      reason = "asked just before the file was there, by a client that used it";
    }
    if (!scripted && weight > 0) weight -= 0.1;
    if (is_login_page(path)) weight -= 0.05;
    return {weight > 0 ? &seen : nullptr, weight, std::move(reason)};
  }

  void from_request(const Clue& clue, Story& story) const {
    const Seen& seen = *clue.seen;
    const std::string path = path_of(seen);
    story.weight = std::min(0.95, clue.weight);
    story.kind = EntryKind::vulnerable_application;
    const Seen* way = &seen;
    const auto [login, guesses] = login_before(seen);
    // What a logged-in client does is done behind its log-in, whichever script it is: the editor saves by
    // admin-ajax.php.
    if (is_behind_login(path) || is_login_page(path) || login != nullptr) {
      story.kind = guesses >= kGuessesMin ? EntryKind::weak_password : EntryKind::stolen_password;
      if (login != nullptr) way = login;
      story.grounds.push_back(fmt::format("{} wrong passwords before the log-in", guesses));
    }
    story.entry = {.kind = story.kind, .from = way->client ? way->client->to_string() : "", .at = way->at};
    story.entry.subject = file_subject(way->file.empty() ? path_of(*way) : way->file);
    story.entry.says =
        story.kind == EntryKind::vulnerable_application
            ? fmt::format("{} sent {} {} and could write files with it", story.entry.from, way->method, asked_of(*way))
            : fmt::format("{} logged in to the site's administration ({})", story.entry.from, path_of(*way));
    story.grounds.push_back(fmt::format("{} {}: {}", way->method, asked_of(*way), clue.reason));
    name_entry(story, *way);
  }

  // The log-in behind which this request stood, and how many wrong passwords came before it.
  std::pair<const Seen*, std::size_t> login_before(const Seen& act) const {
    const Seen* login = nullptr;
    std::size_t guesses = 0;
    for (const Seen& seen : scene_.trail.seen()) {
      if (seen.what != Seen::What::request || seen.method != "POST" || !seen.at || *seen.at > *act.at ||
          !is_login_page(path_of(seen)))
        continue;
      if (seen.client == act.client && seen.status == 302)
        login = &seen;
      else if (seen.status == 200 || seen.status == 403)
        ++guesses;
    }
    return {login, guesses};
  }

  void from_transfer(const Clue& clue, Story& story) const {
    const Seen& seen = *clue.seen;
    story.weight = clue.weight;
    story.kind = seen.method == "publickey" ? EntryKind::stolen_key : EntryKind::stolen_password;
    for (const Finding& finding : scene_.findings)
      if (finding.detector == "login_after_failures" && std::ranges::find(finding.ids, seen.user) != finding.ids.end())
        story.kind = EntryKind::weak_password;
    if (seen.client && scene_.is_familiar(*seen.client, written_)) {
      story.kind = EntryKind::by_owner;
      story.grounds.push_back(
          fmt::format("{} is an address from which {} has logged in for days", seen.client->to_string(), seen.user));
    }
    story.entry = {.kind = story.kind, .from = seen.client ? seen.client->to_string() : "", .at = seen.at};
    story.entry.subject.kind = SubjectKind::account;
    story.entry.subject.name = seen.user;
    story.entry.says =
        fmt::format("{} came in as {} by {}", story.entry.from, seen.user, sweep::login_service_name(seen.service));
    story.grounds.push_back(seen.message + ": " + clue.reason);
    name_entry(story, seen);
  }

  // No log tells (rotated away, switched off): a hole that was found in the same site is the likeliest way.
  bool from_hole(Story& story) const {
    const sweep::Site* site = scene_.host.site_of(files_.front()->subject.path);
    for (const std::string_view role : {"endpoint", "vulnerable_application"})
      for (const Finding* hole : scene_.with_role(role)) {
        if (site == nullptr || scene_.host.site_of(hole->subject.path) != site) continue;
        story.kind = EntryKind::vulnerable_application;
        story.weight = 0.6;
        story.entry = {.kind = story.kind, .subject = hole->subject, .at = std::nullopt, .says = hole->why};
        story.grounds.emplace_back("the logs of that time do not tell; this hole is in the same site");
        CauseStep step = step_of(Step::entry, *hole);
        step.at.reset();
        story.cause.push_back(std::move(step));
        return true;
      }
    return false;
  }

  void name_entry(Story& story, const Seen& way) const {
    CauseStep step{.step = Step::entry, .at = way.at, .says = fmt::format("{} ({})", story.entry.says, way.source)};
    for (const Finding& finding : scene_.findings)
      if (finding.subject.path == story.entry.subject.path && !finding.subject.path.empty() &&
          finding.severity > Severity::note)
        step.finding = finding.id;
    if (step.finding.empty()) {
      story.made.detector = "way_in";
      story.made.area = Area::logs;
      story.made.severity = Severity::suspicious;
      story.made.subject = story.entry.subject;
      story.made.at = way.at;
      story.made.why = story.entry.says;
      story.made.evidence.push_back(fmt::format("{}: {}", way.source, way.message));
      story.made.id = finding_id(story.made.detector, story.made.subject);
      step.finding = story.made.id;
    }
    step.reasons = story.grounds;
    story.cause.push_back(std::move(step));
  }

  // The bad file that was asked for in the seconds when the reported mails went out.
  const Finding* mailer() const {
    std::vector<Instant> mails;
    for (const Seen& seen : scene_.trail.seen())
      if (seen.what == Seen::What::mail && seen.at && seen.uid && mails.size() < 2000) mails.push_back(*seen.at);
    for (const Incident& incident : scene_.ticket().incidents)
      if (incident.started_at) mails.push_back(*incident.started_at);
    std::ranges::sort(mails);
    std::map<std::string, std::size_t> hits;
    for (const Seen& seen : scene_.trail.seen()) {
      if (seen.what != Seen::What::request || !seen.at || !bad_.contains(seen.file)) continue;
      const auto near = std::ranges::lower_bound(mails, *seen.at - 2s);
      if (near != mails.end() && *near <= *seen.at + 10s) ++hits[seen.file];
    }
    const auto most = std::ranges::max_element(hits, {}, [](const auto& one) { return one.second; });
    if (most == hits.end()) return nullptr;
    return *std::ranges::find_if(files_, [&](const Finding* file) { return file->subject.path == most->first; });
  }

  // What came in by the site and works outside of it: a bot that a job of its account starts.
  const Finding* outside(std::initializer_list<std::string_view> roles) const {
    std::set<std::string_view> started;
    for (const Finding* start : scene_.persistence())
      if (belongs(*start)) started.insert(start->paths.begin(), start->paths.end());
    const Finding* best = nullptr;
    int best_grounds = 0;
    for (const Finding& finding : scene_.findings) {
      const bool thing = finding.subject.kind == SubjectKind::file || finding.subject.kind == SubjectKind::process;
      if (!thing || finding.severity < Severity::suspicious || scene_.host.site_of(finding.subject.path) != nullptr ||
          (finding.at && *finding.at + kBefore < written_))
        continue;
      const int grounds = (finding.leads.empty() ? 0 : 4) +
                          (std::ranges::find(roles, finding.role) != roles.end() ? 2 : 0) +
                          (started.contains(finding.subject.path) ? 1 : 0);
      if (grounds > best_grounds) {
        best = &finding;
        best_grounds = grounds;
      }
    }
    return best;
  }

  const Finding* harmful() const {
    for (const Finding* file : files_)
      if (!file->leads.empty()) return file;
    const auto by_role = [&](std::initializer_list<std::string_view> roles) -> const Finding* {
      for (const std::string_view role : roles)
        for (const Finding* file : files_)
          if (file->role == role) return file;
      return nullptr;
    };
    const Finding* found = nullptr;
    switch (scene_.ticket().category) {
      case Category::spam:
        found = mailer();
        if (found == nullptr) found = by_role({"mailer"});
        if (found == nullptr) found = outside({"mailer", "bot"});
        break;
      case Category::phishing: found = by_role({"kit"}); break;
      case Category::malware: found = by_role({"injected", "redirect", "malware"}); break;
      case Category::ddos:
        found = by_role({"bot", "flooder"});
        if (found == nullptr) found = outside({"bot", "flooder"});
        break;
      case Category::proxy:
        found = by_role({"proxy"});
        if (found == nullptr) found = outside({"proxy", "open_proxy", "tunnel", "proxyware"});
        break;
      case Category::illegal_content: break;
      case Category::other:
        found = by_role({"seo_spam", "redirect", "defacement", "injected", "bot", "miner"});
        if (found == nullptr) found = outside({"bot", "miner", "scanner"});
        if (found == nullptr) found = by_role({"kit", "mailer"});
    }
    return found != nullptr ? found : files_.back();
  }

  void chain(Story& story) const {
    const Finding* harm = harmful();
    std::size_t footholds = 0;
    for (const Finding* file : files_)
      if (file != harm && footholds++ < kFootholdsMax)
        story.cause.push_back(step_of(file->role == "persistence" ? Step::persistence : Step::foothold, *file));
    if (files_.size() == 1) story.cause.push_back(step_of(Step::foothold, *files_.front()));
    for (const Finding* start : scene_.persistence())
      if (start->subject.kind != SubjectKind::file && belongs(*start))
        story.cause.push_back(step_of(Step::persistence, *start));
    story.cause.push_back(step_of(Step::harm, *harm));
    for (const Finding& finding : scene_.findings)
      if (scene_.ticket().category == Category::spam &&
          (finding.detector == "mail_by_web_user" || finding.detector == "mail_script_named"))
        story.cause.push_back(step_of(Step::harm, finding));
    if (!callers_.empty())
      story.grounds.push_back(fmt::format(
          "{} used the files from {}",
          callers_.size() == 1 ? "one address" : fmt::format("{} addresses", callers_.size()),
          format_rfc3339(std::ranges::min_element(callers_, {}, [](const auto& one) { return one.second; })->second)));
  }

  // A cron job or unit of the site's own account, or one that runs a bad file.
  bool belongs(const Finding& start) const {
    for (const std::string& path : start.paths)
      if (bad_.contains(path)) return true;
    const Finding& first = *files_.front();
    return start.severity == Severity::malicious ||
           (first.uid && start.uid == first.uid && start.at && *start.at + 60s >= written_);
  }

  const Scene& scene_;
  std::vector<const Finding*> files_;
  std::set<std::string_view> bad_;
  std::map<IpAddress, Instant> callers_;
  Instant written_;
};

void tell(const Scene& scene, std::vector<Story>& stories) {
  std::vector<const Finding*> files = scene.web_files();
  if (files.empty()) return;
  if (std::optional<Story> story = WebWayIn{scene, std::move(files)}.tell()) stories.push_back(std::move(*story));
}

}  // namespace

extern const StoryKind web_way_in_story;
constinit const StoryKind web_way_in_story{
    "web_way_in", "Bad files in a web site: who wrote them, through which hole or log-in", tell};

}  // namespace abate::diagnosis
