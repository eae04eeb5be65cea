// SPDX-License-Identifier: Apache-2.0
#include <algorithm>

#include "base/random.h"
#include "base/text.h"
#include "remedy/action_kind.h"
#include "remedy/edit.h"

namespace abate::remedy {

extern const ActionKind rotate_secrets_action;

namespace {

void propose(const Need& need, std::vector<Action>& actions) {
  std::vector<std::string> ids;
  for (const CauseStep& step : need.diagnosis.cause)
    if (step.step == Step::entry || step.step == Step::foothold) ids.push_back(step.finding);
  if (ids.empty() || !need.diagnosis.entry || need.diagnosis.entry->kind == EntryKind::open_configuration ||
      need.diagnosis.entry->kind == EntryKind::by_owner)
    return;
  const sweep::Site* site = need.host.site_of(need.diagnosis.entry->subject.path);
  Action action =
      action_about(rotate_secrets_action, site != nullptr ? file_subject(site->docroot) : need.diagnosis.entry->subject,
                   std::move(ids));
  action.why = "Whoever was in could read every secret that lies there";
  action.effect = "Everybody has to log in again; programs that use these passwords need the new ones";
  action.undo = "The former values come back from the sealed copy";
  action.proof = "The former values open nothing any more";
  actions.push_back(std::move(action));
}

constexpr std::string_view kSalts[] = {"AUTH_KEY",  "SECURE_AUTH_KEY",  "LOGGED_IN_KEY",  "NONCE_KEY",
                                       "AUTH_SALT", "SECURE_AUTH_SALT", "LOGGED_IN_SALT", "NONCE_SALT"};

// define('AUTH_KEY', '…'); alone on its line gets a new value; any other line stays as it is.
std::string with_new_salt(std::string_view line) {
  const std::string_view code = trim(line);
  if (!code.starts_with("define") || code.find(';') + 1 != code.size()) return std::string{line};
  for (const std::string_view salt : kSalts) {
    if (code.find(fmt::format("'{}'", salt)) == std::string_view::npos &&
        code.find(fmt::format("\"{}\"", salt)) == std::string_view::npos)
      continue;
    const std::size_t begin = line.find("define");
    return std::string{line.substr(0, begin)}
        .append(fmt::format("define('{}', '{}');", salt, random_token(40)))
        .append(line.substr(begin + code.size()));
  }
  return std::string{line};
}

Result<Work> work(const Action& action, const sweep::Host& host) {
  Work work;
  work.by_hand =
      "Change by hand what lay within reach: passwords of the account and of its database, mail and API keys.";
  const Result<std::string> path = sweep::resolve(*host.tree, sweep::join_path(action.subject.path, "wp-config.php"));
  if (action.subject.kind != SubjectKind::file || !path) return work;
  const Result<std::string> text = sweep::read_whole(*host.tree, *path, kEditedBytesMax);
  if (!text) return work;
  std::string edited = map_lines(*text, [](std::string_view line, std::uint32_t) { return with_new_salt(line); });
  if (edited != *text)
    work.changes.push_back(
        write_change(*path, std::move(edited), *path + ": new salts; everybody is logged out of this site"));
  return work;
}

}  // namespace

constinit const ActionKind rotate_secrets_action{
    .name = "rotate_secrets",
    .requirement = "R28",
    .explain =
        R"TEXT(Changes what a stranger could read: salts and database passwords of the site, mail passwords, API keys, the keys in the account's home. Salts of a CMS are renewed at once; of the others it says what and how.)TEXT",
    .propose = propose,
    .work = work};

}  // namespace abate::remedy
