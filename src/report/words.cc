// SPDX-License-Identifier: Apache-2.0
#include "report/words.h"

#include <algorithm>

#include "base/text.h"

namespace abate::report {
namespace {

using Pair = std::pair<std::string_view, std::string_view>;

constexpr Pair kActions[] = {
    {"quarantine_file", "Move the file into quarantine"},
    {"restore_package_file", "Put the package's own file back"},
    {"disable_script", "Stop the script from running"},
    {"disable_cron", "Switch the scheduled job off"},
    {"disable_unit", "Switch the service unit off"},
    {"stop_process", "Stop the process and what starts it again"},
    {"lock_account", "Lock the account"},
    {"expire_password", "Ask for a new password at the next log-in"},
    {"end_sessions", "End the sessions that are open"},
    {"remove_key", "Remove the SSH key"},
    {"remove_sudoers_line", "Remove the line from sudoers"},
    {"lock_mailbox", "Lock the mailbox"},
    {"hold_queue", "Hold the mails that wait to be sent"},
    {"close_relay", "Close the open mail relay"},
    {"close_proxy", "Close the open proxy"},
    {"close_resolver", "Close the open resolver"},
    {"bind_to_loopback", "Let the service listen to this server only"},
    {"disable_service", "Switch the service off"},
    {"pause_site", "Pause the site"},
    {"gone_path", "Answer “gone” for the reported page"},
    {"block_egress", "Block connections that should not leave the server"},
    {"firewall_on", "Switch the firewall on"},
    {"rotate_secrets", "Change passwords and keys"},
    {"update_packages", "Install security updates"},
    {"update_application", "Update the web application"},
    {"disable_plugin", "Switch the plugin off"},
    {"edit_config", "Change the configuration"},
    {"restore_config", "Put the former configuration back"},
    {"unpublish_content", "Take the content off the site"},
    {"remove_torrent", "Remove the torrent"},
    {"rebuild_server", "Set the server up anew"},
};

constexpr Pair kRequirements[] = {
    {"R19", "assume a compromise and lead through it"},
    {"R20", "delete malicious files"},
    {"R21", "disable a compromised script"},
    {"R22", "close an open relay or proxy"},
    {"R23", "pause a vulnerable application"},
    {"R24", "remove prohibited content"},
    {"R25", "lock down accounts that were broken into"},
    {"R26", "deal with the root cause"},
    {"R27", "update the system and its software"},
    {"R28", "strong, unique passwords"},
    {"R29", "a firewall that is on"},
    {"R30", "services that are not needed are off"},
    {"R31", "basic monitoring"},
    {"R32", "backups of what must not be lost"},
};

std::string_view look_up(const auto& table, std::string_view key) {
  const auto* const found = std::ranges::find(table, key, &Pair::first);
  return found == std::end(table) ? std::string_view{} : found->second;
}

std::string id_in_words(std::string_view id) {
  std::string out{id};
  std::ranges::replace(out, '_', ' ');
  if (!out.empty() && out[0] >= 'a' && out[0] <= 'z') out[0] = static_cast<char>(out[0] - 'a' + 'A');
  return out;
}

std::size_t rank(Severity severity) {
  return static_cast<std::size_t>(Severity::malicious) - static_cast<std::size_t>(severity);
}

}  // namespace

std::string_view severity_label(Severity severity) {
  switch (severity) {
    case Severity::malicious: return "malicious";
    case Severity::suspicious: return "suspicious";
    case Severity::weak: return "open door";
    case Severity::note: return "note";
  }
  return "note";
}

std::string_view severity_meaning(Severity severity) {
  switch (severity) {
    case Severity::malicious: return "harmful: act on it";
    case Severity::suspicious: return "a person should look at it";
    case Severity::weak: return "perhaps not used yet: close it";
    case Severity::note: return "good to know, nothing to do";
  }
  return "";
}

std::string_view area_title(Area area) {
  switch (area) {
    case Area::logs: return "System logs";
    case Area::processes: return "Running processes";
    case Area::web: return "Web sites and applications";
    case Area::accounts: return "Accounts and SSH access";
    case Area::malware: return "Malware in files";
    case Area::mail_network: return "Mail and network";
  }
  return "";
}

std::string_view step_title(Step step) {
  switch (step) {
    case Step::entry: return "Way in";
    case Step::foothold: return "Foothold";
    case Step::persistence: return "Staying";
    case Step::spread: return "Spreading";
    case Step::harm: return "Harm";
  }
  return "";
}

std::string_view entry_words(EntryKind kind) {
  switch (kind) {
    case EntryKind::weak_password: return "a password that could be guessed";
    case EntryKind::stolen_password: return "a password that somebody else has";
    case EntryKind::stolen_mailbox: return "a mailbox whose password somebody else has";
    case EntryKind::stolen_key: return "an SSH key that somebody else has";
    case EntryKind::vulnerable_application: return "a hole in a web application";
    case EntryKind::exposed_service: return "a service that was open to the world";
    case EntryKind::open_configuration: return "a configuration that lets everybody in";
    case EntryKind::by_owner: return "the owner’s own doing";
    case EntryKind::unknown: return "a way that is not known yet";
  }
  return "";
}

std::string action_words(const Action& action) {
  if (!action.title.empty()) return action.title;
  const std::string_view words = look_up(kActions, action.kind);
  return words.empty() ? id_in_words(action.kind) : std::string{words};
}

std::string requirement_words(std::string_view requirement) { return std::string{look_up(kRequirements, requirement)}; }

std::string subject_words(const Subject& subject) {
  const std::string line = subject.line != 0 ? fmt::format(", line {}", subject.line) : "";
  const auto named = [&](std::string_view what) {
    std::string out = fmt::format("{} {}", what, subject.name);
    if (subject.name.empty()) out = what;
    if (!subject.path.empty()) out += fmt::format(" ({}{})", subject.path, line);
    return out;
  };
  switch (subject.kind) {
    case SubjectKind::file:
    case SubjectKind::config:
    case SubjectKind::log: return (subject.path.empty() ? subject.name : subject.path) + line;
    case SubjectKind::process: {
      std::string out = subject.pid != 0 ? fmt::format("process {}", subject.pid) : std::string{"process"};
      const std::string& runs = subject.path.empty() ? subject.name : subject.path;
      return runs.empty() ? out : fmt::format("{} ({})", out, runs);
    }
    case SubjectKind::port: {
      std::string out = fmt::format("{} port {}", subject.protocol == "udp" ? "UDP" : "TCP", subject.port);
      if (!subject.address.empty()) out += fmt::format(" at {}", subject.address);
      if (!subject.name.empty()) out += fmt::format(", {}", subject.name);
      if (!subject.path.empty()) out += fmt::format(" ({}{})", subject.path, line);
      return out;
    }
    case SubjectKind::account: return named("account");
    case SubjectKind::key: return named("SSH key");
    case SubjectKind::cron: return named("scheduled job");
    case SubjectKind::unit: return named("unit");
    case SubjectKind::package: return named("package");
    case SubjectKind::mailbox: return named("mailbox");
    case SubjectKind::queue: return named("mail in the queue");
    case SubjectKind::container: return named("container");
  }
  return subject.path;
}

std::string excerpt_words(const Finding& finding, std::string_view excerpt) {
  const std::string& path = finding.subject.path;
  if (path.empty() || !excerpt.starts_with(path) || excerpt.size() < path.size() + 2 || excerpt[path.size()] != ':')
    return std::string{excerpt};
  const std::string_view rest = excerpt.substr(path.size() + 1);
  const std::size_t digits = rest.find_first_not_of("0123456789");
  if (digits == 0 || digits == rest.npos || rest[digits] != ':') return std::string{trim(rest)};
  return fmt::format("line {}", rest);
}

std::string number_words(std::uint64_t n) {
  std::string digits = std::to_string(n);
  for (std::size_t at = digits.size(); at > 3; at -= 3) digits.insert(at - 3, ",");
  return digits;
}

std::string counted(std::uint64_t n, std::string_view one, std::string_view many) {
  if (n == 1) return fmt::format("1 {}", one);
  return many.empty() ? fmt::format("{} {}s", number_words(n), one) : fmt::format("{} {}", number_words(n), many);
}

std::string size_words(std::uint64_t bytes) {
  constexpr std::string_view kUnits[] = {"bytes", "kB", "MB", "GB", "TB"};
  if (bytes < 1000) return counted(bytes, "byte");
  auto size = static_cast<double>(bytes);
  std::size_t unit = 0;
  while (size >= 999.5 && unit + 1 < std::size(kUnits)) {
    size /= 1000;
    ++unit;
  }
  return fmt::format("{:.{}f} {}", size, size < 9.95 ? 1 : 0, kUnits[unit]);
}

std::string seconds_words(double seconds) {
  if (seconds < 9.95) return fmt::format("{:.1f} s", seconds);
  const auto whole = static_cast<std::uint64_t>(seconds + 0.5);
  if (whole < 120) return fmt::format("{} s", whole);
  if (whole < 7200) return fmt::format("{} min {} s", whole / 60, whole % 60);
  return fmt::format("{} h {} min", whole / 3600, whole % 3600 / 60);
}

std::string short_time(Instant at) {
  std::string text = format_rfc3339(std::chrono::floor<std::chrono::seconds>(at));
  if (text.size() >= 20) text[10] = ' ';
  return text.substr(0, 19) + " UTC";
}

std::string sure_words(double confidence) {
  const int percent = static_cast<int>(std::clamp(confidence, 0.0, 1.0) * 100 + 0.5);
  std::string_view words = "only a guess";
  if (percent >= 90)
    words = "almost certain";
  else if (percent >= 75)
    words = "very likely";
  else if (percent >= 50)
    words = "likely";
  else if (percent >= 25)
    words = "possible";
  return fmt::format("{} ({}%)", words, percent);
}

std::string first_sentences(std::string_view text, std::size_t bytes_max) {
  std::string flat;
  for (const char c : text) {
    if (c == '\n' && flat.ends_with('\n')) break;  // the first paragraph is enough
    flat += c;
  }
  std::ranges::replace(flat, '\n', ' ');
  std::size_t end = 0;
  for (std::size_t at = flat.find(". "); at != flat.npos; at = flat.find(". ", at + 2)) {
    if (at + 1 > bytes_max && end != 0) break;
    end = at + 1;
    if (end > bytes_max) break;
  }
  if (flat.size() <= bytes_max || end == 0) end = flat.size();
  flat.resize(end);
  while (flat.ends_with(' ')) flat.pop_back();
  return flat;
}

std::array<std::size_t, kSeverities> count_severities(const std::vector<Finding>& findings) {
  std::array<std::size_t, kSeverities> counts{};
  for (const Finding& finding : findings) ++counts.at(rank(finding.severity));
  return counts;
}

std::vector<AreaGroups> group_findings(const std::vector<Finding>& findings) {
  std::vector<AreaGroups> areas;
  for (const Finding& finding : findings) {
    auto area = std::ranges::find(areas, finding.area, &AreaGroups::area);
    if (area == areas.end()) area = areas.insert(areas.end(), AreaGroups{finding.area, {}});
    auto group = std::ranges::find_if(area->groups, [&](const Group& one) {
      return one.detector == finding.detector && one.severity == finding.severity;
    });
    if (group == area->groups.end())
      group = area->groups.insert(area->groups.end(), Group{finding.detector, finding.severity, {}});
    group->findings.push_back(&finding);
  }
  for (AreaGroups& area : areas)
    std::ranges::stable_sort(area.groups, {}, [](const Group& group) { return rank(group.severity); });
  std::ranges::stable_sort(areas, {}, [](const AreaGroups& area) {
    return std::pair{rank(area.groups.front().severity), static_cast<unsigned>(area.area)};
  });
  return areas;
}

std::vector<Unseen> group_unseen(const Outcome& outcome) {
  std::vector<Unseen> out;
  std::map<std::string_view, std::size_t> at;
  for (const auto& [what, why] : outcome.not_examined) {
    const auto [place, is_new] = at.try_emplace(why, out.size());
    if (is_new) out.push_back({why, {}});
    out[place->second].what.push_back(what);
  }
  std::ranges::stable_sort(out, std::ranges::greater{}, [](const Unseen& one) { return one.what.size(); });
  return out;
}

const Finding* find_finding(const Outcome& outcome, std::string_view id) {
  const auto found = std::ranges::find(outcome.findings, id, &Finding::id);
  return found == outcome.findings.end() ? nullptr : &*found;
}

std::string title_of(const Outcome& outcome, std::string_view detector) {
  const auto manual = outcome.manuals.find(detector);
  return manual == outcome.manuals.end() || manual->second.title.empty() ? id_in_words(detector) : manual->second.title;
}

}  // namespace abate::report
