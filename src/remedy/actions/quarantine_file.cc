// SPDX-License-Identifier: Apache-2.0
#include <algorithm>

#include "remedy/action_kind.h"
#include "remedy/edit.h"
#include "remedy/injected.h"

namespace abate::remedy {

extern const ActionKind quarantine_file_action;

namespace {

// A line can be taken out of it: then the file stays, and its site goes on.
bool is_kept(const Need& need, const Subject& subject) {
  if (subject.line == 0) return false;
  if (is_web_configuration(subject.path)) return true;
  return is_of_application(need.host, subject.path) && without_injected(need.host, subject);
}

// A kit lies in a folder of its own with its pictures, its scripts and what it took from its victims: two findings of
// one kind in a folder that is no site's own mean the folder. "" where it is not so.
std::string folder_of_kit(const Need& need, const Finding& finding) {
  if (finding.role != "kit" || finding.severity != Severity::malicious) return "";
  const std::string folder{sweep::folder_of(finding.subject.path)};
  const sweep::Site* site = need.host.site_of(folder);
  if (site == nullptr || folder.size() <= site->docroot.size() + 1) return "";
  constexpr std::string_view kShared[] = {"/uploads", "/wp-content", "/plugins", "/themes", "/images", "/files",
                                          "/tmp",     "/cache",      "/media",   "/assets", "/css",    "/js"};
  if (std::ranges::any_of(kShared, [&](std::string_view name) { return folder.ends_with(name); })) return "";
  const auto is_of_it = [&](const Finding& other) {
    return other.role == "kit" && other.severity == Severity::malicious && sweep::lies_in(other.subject.path, folder);
  };
  return std::ranges::count_if(need.findings, is_of_it) >= 2 ? folder : "";
}

Action of_folder(const Finding& finding, const std::string& folder) {
  Action action = action_about(quarantine_file_action, file_subject(folder), {finding.id});
  action.why = "A phishing kit lies in this folder, with what it took from its victims";
  action.effect = fmt::format("{} is gone with all that is in it", folder);
  action.undo = "The folder and all that was in it come back from their sealed copies";
  action.proof = "The path is gone";
  return action;
}

// None of them lies in another.
std::vector<std::string> folders_of_kits(const Need& need) {
  std::vector<std::string> folders;
  for (const Finding& finding : need.findings)
    if (const std::string folder = folder_of_kit(need, finding); !folder.empty()) folders.push_back(folder);
  std::ranges::sort(folders);
  std::vector<std::string> top;
  for (const std::string& folder : folders)
    if (top.empty() || !sweep::lies_in(folder, top.back())) top.push_back(folder);
  return top;
}

void propose(const Need& need, std::vector<Action>& actions) {
  const std::vector<std::string> kits = folders_of_kits(need);
  for (const Finding& finding : need.findings) {
    if (!(finding.severity == Severity::malicious && finding.subject.kind == SubjectKind::file &&
          finding.role != "system_file" && finding.detector != "program_file_changed" && finding.role != "torrent"))
      continue;
    const auto kit = std::ranges::find_if(
        kits, [&](const std::string& folder) { return sweep::lies_in(finding.subject.path, folder); });
    if (kit != kits.end()) {
      actions.push_back(of_folder(finding, *kit));
      continue;
    }
    if (is_kept(need, finding.subject)) continue;
    Action action = action_about(quarantine_file_action, finding);
    action.effect = fmt::format("{} is gone; pages that need it stop working", finding.subject.path);
    action.risk = "";
    action.undo = "The sealed copy, which stays as evidence, goes back with its owner, mode, times and attributes";
    action.proof = "The path is gone, and no file with this hash is left on the disk";
    action.is_default = finding.severity == Severity::malicious;
    actions.push_back(std::move(action));
  }
}

Result<Work> work(const Action& action, const sweep::Host& host) {
  const std::string& path = action.subject.path;
  const Result<sweep::Stat> stat = host.tree->stat(path);
  if (!stat || stat->kind != sweep::NodeKind::folder) return Work{.changes = {remove_change(path)}};
  TRY_ASSIGN(std::vector<Change> changes, remove_folder_changes(host, path));
  return Work{.changes = std::move(changes)};
}

}  // namespace

constinit const ActionKind quarantine_file_action{
    .name = "quarantine_file",
    .requirement = "R20",
    .explain =
        R"TEXT(Moves a file out of reach: a sealed, encrypted copy with owner, mode, times and attributes goes into the state folder, outside of any docroot; the original is removed. Undo puts it back byte for byte.
Of a phishing kit the whole folder is sealed, with the victims' data, which is never printed.)TEXT",
    .propose = propose,
    .work = work};

}  // namespace abate::remedy
