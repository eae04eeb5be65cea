// SPDX-License-Identifier: Apache-2.0
#include "remedy/verify.h"

#include <algorithm>
#include <set>

#include "base/text.h"

namespace abate::remedy {
namespace {

bool tells_of_the_past(const Finding& finding) {
  return finding.subject.kind == SubjectKind::log || finding.subject.kind == SubjectKind::queue ||
         finding.subject.kind == SubjectKind::mailbox || finding.subject.kind == SubjectKind::account;
}

// A mailbox, or an account that somebody can log in as: open until it is locked, or has another password since the day
// after. One without a shell is no way in.
bool lets_in(const Finding& finding, const sweep::Host& host) {
  if (finding.subject.kind != SubjectKind::mailbox && finding.subject.kind != SubjectKind::account) return false;
  const sweep::Account* account = host.account(finding.subject.name);
  if (account == nullptr) return true;
  const bool renewed = account->password_changed_at && finding.at && *account->password_changed_at > *finding.at;
  return !renewed && (finding.subject.kind == SubjectKind::mailbox || account->can_log_in());
}

// Did the action change what the finding is about?
bool treats(const Stands& one, const Subject& subject) {
  switch (subject.kind) {
    case SubjectKind::account:
    case SubjectKind::mailbox: return one.action.kind == "lock_account" || one.action.kind == "lock_mailbox";
    case SubjectKind::unit: return one.action.kind == "disable_unit" || one.action.kind == "disable_service";
    default: break;
  }
  if (subject.kind == SubjectKind::log || subject.kind == SubjectKind::queue) return false;
  if (subject.path.empty()) return !one.paths.empty();
  return std::ranges::any_of(one.paths, [&](const std::string& path) { return sweep::lies_in(subject.path, path); });
}

// A log goes on telling what was; what it tells of after the last change is not over, and neither is an account that
// nobody locked.
bool is_over(const Finding& finding, const std::optional<Instant>& last_change, const sweep::Host& host) {
  return tells_of_the_past(finding) && last_change && finding.at && *finding.at < *last_change &&
         !lets_in(finding, host);
}

bool is_answered(const Finding& finding, const std::vector<Stands>& stands, const NamedFindings& named) {
  return std::ranges::any_of(stands, [&](const Stands& one) {
    const auto ids = named.find(one.action.action);
    if (tells_of_the_past(finding) && one.action.at && finding.at && *finding.at > *one.action.at) return false;
    return one.holds && ids != named.end() && std::ranges::find(ids->second, finding.id) != ids->second.end() &&
           treats(one, finding.subject);
  });
}

std::string name_of(const Subject& subject) {
  const std::string& name = subject.path.empty() ? subject.name : subject.path;
  return shown_name(name.empty() ? subject.address : name);
}

// Where it was tried: of its own addresses one that the ticket is about, where it has such a one.
std::string service_of(const sweep::Host& host) {
  for (const IpAddress& address : host.ticket.addresses)
    if (std::ranges::find(host.addresses, address) != host.addresses.end()) return address.to_string();
  return host.addresses.empty() ? host.machine_id : host.addresses.front().to_string();
}

Proof proof(std::string about, std::string tried, std::string seen, bool good, const std::string& service,
            Instant now) {
  Proof one;
  one.id = proof_id(about, tried);
  one.about = std::move(about);
  one.tried = std::move(tried);
  one.seen = std::move(seen);
  one.good = good;
  one.service = service;
  one.at = now;
  one.hash = proof_hash(one);
  return one;
}

constexpr std::string_view kPutsAway[] = {"quarantine_file", "disable_script", "remove_torrent", "unpublish_content"};

// Those files that abate put away.
std::vector<std::string_view> put_away(const std::vector<Stands>& stands) {
  std::vector<std::string_view> paths;
  for (const Stands& one : stands)
    if (std::ranges::find(kPutsAway, one.action.kind) != std::end(kPutsAway))
      paths.insert(paths.end(), one.paths.begin(), one.paths.end());
  return paths;
}

bool names_path(std::string_view command, std::string_view path) {
  for (std::size_t at = command.find(path); at != std::string_view::npos; at = command.find(path, at + 1)) {
    const std::size_t end = at + path.size();
    const bool is_whole =
        end == command.size() || std::string_view{" \t\n;|&<>)\"'"}.find(command[end]) != std::string_view::npos;
    if (is_whole) return true;
  }
  return false;
}

// What would start, or runs, of it; "" for nothing.
std::string comes_back(std::string_view path, const sweep::Host& host) {
  for (const sweep::Autostart& start : host.autostarts) {
    const bool names_it =
        std::ranges::find(start.programs, path) != start.programs.end() || names_path(start.command, path);
    if (start.enabled && names_it)
      return fmt::format("{} ({}) starts {} again", shown_name(start.path), sweep::autostart_kind_name(start.kind),
                         shown_name(path));
  }
  for (const sweep::Process& process : host.processes) {
    const bool is_argument = std::ranges::find(process.arguments, path) != process.arguments.end();
    if (process.exe == path || is_argument)
      return fmt::format("process {} ({}) still runs {}", process.pid, shown_name(process.comm), shown_name(path));
  }
  return {};
}

// As after a restart: whatever starts by itself, held against what was put away.
void look_at_starts(const std::vector<Stands>& stands, const sweep::Host& host, const std::string& service, Instant now,
                    Verified& verified) {
  const std::vector<std::string_view> paths = put_away(stands);
  if (paths.empty()) return;
  std::string seen;
  for (const std::string_view path : paths)
    if (seen.empty()) seen = comes_back(path, host);
  const bool is_good = seen.empty();
  if (is_good) seen = fmt::format("nothing of the {} files that abate put away is started again", paths.size());
  verified.gone &= is_good;
  const std::string_view runs = host.live ? " and in what runs now" : "";
  verified.proofs.push_back(proof("autostarts", fmt::format("looked in all that starts with the server{}", runs),
                                  std::move(seen), is_good, service, now));
}

const std::string& former_path(const CopiesSeen& seen, const std::string& sha256) {
  const auto found = std::ranges::find(seen.sought, sha256, &PutAway::sha256);
  return found == seen.sought.end() ? sha256 : found->path;
}

// By what is in it: one who comes back seldom takes the same name.
void look_for_copies(const CopiesSeen& seen, const std::string& service, Instant now, Verified& verified) {
  if (seen.sought.empty()) return;
  const std::string tried = "looked for what abate put away by its content, whatever it is called";
  bool is_good = true;
  for (const CopiesSeen::Copy& copy : seen.copies) {
    const std::string& former = former_path(seen, copy.sha256);
    if (copy.pid == 0 && copy.path == former) continue;  // its own action does not hold: that is said there
    is_good = false;
    const std::string where = shown_name(copy.path);
    verified.proofs.push_back(proof(
        "copies", fmt::format("{}: {}", tried, where),
        copy.pid == 0 ? fmt::format("came back elsewhere: {} holds the same bytes as {}", where, shown_name(former))
                      : fmt::format("came back elsewhere: process {} runs the same program as {} was ({})", copy.pid,
                                    shown_name(former), where),
        false, service, now));
  }
  verified.gone &= is_good;
  if (!is_good) return;
  if (!seen.is_whole) {
    verified.not_examined.emplace_back(tried, "not all files of the same size could be read");
    verified.is_in_doubt = true;
    return;
  }
  verified.proofs.push_back(
      proof("copies", tried,
            fmt::format("no other file, and nothing that runs, has the bytes of the {} files", seen.sought.size()),
            true, service, now));
}

// Who sends what the ticket is about: whoever handed in a mail that it names, and whom the findings accuse.
std::set<std::string> accused(const SentTold& told, const CopiesSeen& copies, const std::vector<Finding>& findings) {
  std::set<std::string> keys;
  for (const auto& [key, sender] : told.senders)
    if (sender.is_reported) keys.insert(key);
  for (const Finding& finding : findings) {
    if (finding.severity != Severity::malicious && finding.severity != Severity::suspicious) continue;
    if (finding.role == "stolen_mailbox") keys.insert(sender_of_mailbox(finding.subject.name));
    if (finding.role == "mail_burst") keys.insert(sender_of_account(finding.subject.name));
  }
  for (const PutAway& one : copies.sought)
    if (told.senders.contains(sender_of_script(one.path))) keys.insert(sender_of_script(one.path));
  return keys;
}

std::string where_counted(const SentTold& told) {
  std::vector<std::string> logs;
  for (const SentTold::Log& log : told.logs)
    logs.push_back(fmt::format("{} from line {} to its end", shown_name(log.path), log.from));
  return join(logs, ", ");
}

void count_sent(const SentTold& told, const CopiesSeen& copies, const std::vector<Finding>& findings,
                const sweep::Host& host, const std::string& service, Instant now, Verified& verified) {
  const std::set<std::string> keys = accused(told, copies, findings);
  if (keys.empty() && host.ticket.category != Category::spam) return;
  const std::string since = format_for_people(told.since);
  const auto unseen = [&](std::string_view why) {
    verified.not_examined.emplace_back(fmt::format("what was delivered to others since {}", since), why);
  };
  if (told.logs.empty()) return unseen("no log of a mail server tells of any mail");
  if (keys.empty()) return unseen("no log tells who handed in the mails that were reported");
  for (const std::string& key : keys) {
    const auto found = told.senders.find(key);
    const SentTold::Sender sender = found == told.senders.end() ? SentTold::Sender{} : found->second;
    if (found == told.senders.end() && !told.is_whole) return unseen("the logs name more senders than can be counted");
    const std::string name = sender.name.empty() ? key.substr(key.find(':') + 1) : sender.name;
    const bool is_good = sender.count == 0;
    verified.gone &= is_good;
    verified.proofs.push_back(
        proof("mail:" + key, fmt::format("counted what {} had delivered to others since {}", shown_name(name), since),
              is_good ? fmt::format("nothing; looked at {}", where_counted(told))
                      : fmt::format("{} since then, the first: {}", sender.count, shown_text(sender.first, 400)),
              is_good, service, now));
  }
}

void take_live(const std::vector<LiveTry>& tried, const std::vector<Stands>& stands,
               const std::vector<Finding>& findings, Instant now, Verified& verified) {
  for (const LiveTry& one : tried) {
    const LiveVerdict verdict = weigh(one, stands, findings);
    verified.is_in_doubt |= verdict.is_doubt;
    if (verdict.end == LiveVerdict::End::not_examined) {
      verified.not_examined.emplace_back(one.seen.tried, verdict.why);
      continue;
    }
    const bool is_good = verdict.end == LiveVerdict::End::gone;
    verified.gone &= is_good;
    verified.proofs.push_back(
        proof(one.check.about, one.seen.tried, one.seen.seen, is_good, one.check.address.to_string(), now));
  }
}

}  // namespace

Verified verify(const std::vector<Stands>& stands, const NamedFindings& named, const std::vector<Finding>& findings,
                const sweep::Host& host, Instant now, const std::vector<LiveTry>& tried, const AlsoSeen& also) {
  const std::string service = service_of(host);
  Verified verified;
  std::optional<Instant> last_change;
  bool all_hold = true;
  for (const Stands& one : stands) {
    if (one.action.at && (!last_change || *one.action.at > *last_change)) last_change = one.action.at;
    if (one.paths.empty()) continue;  // nothing is left that could be compared: that it was done proves nothing
    verified.proofs.push_back(proof(one.action.action, one.tried, one.seen, one.holds, service, now));
    all_hold &= one.holds;
  }
  for (const Finding& finding : findings) {
    if (finding.severity != Severity::malicious && finding.severity != Severity::weak) continue;
    if (is_over(finding, last_change, host) || is_answered(finding, stands, named)) continue;
    verified.proofs.push_back(proof(finding.id, "looked for it again: " + name_of(finding.subject),
                                    "still there: " + shown_text(finding.why, 400), false, service, now));
    verified.left.push_back(finding);
  }
  verified.gone = all_hold && verified.left.empty();
  look_at_starts(stands, host, service, now, verified);
  look_for_copies(also.copies, service, now, verified);
  if (also.sent) count_sent(*also.sent, also.copies, findings, host, service, now, verified);
  take_live(tried, stands, findings, now, verified);
  verified.proofs.push_back(proof("sweep", "looked through the whole server again",
                                  verified.left.empty() ? "nothing malicious and no open door was found"
                                                        : fmt::format("{} things are left", verified.left.size()),
                                  verified.left.empty(), service, now));
  return verified;
}

}  // namespace abate::remedy
