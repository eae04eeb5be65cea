// SPDX-License-Identifier: Apache-2.0
// The way in by a log-in: a guessed or stolen password, a key. What came after it on the machine is the rest of the
// chain.
#include <algorithm>
#include <set>

#include "diagnosis/story.h"

namespace abate::diagnosis {
namespace {

using namespace std::chrono_literals;

struct Sign {
  std::string_view detector;
  EntryKind kind;
  double weight;  // before anything else speaks for it
};
constexpr Sign kSigns[] = {
    {"login_after_failures", EntryKind::weak_password, 0.7},
    {"key_login_with_new_key", EntryKind::stolen_key, 0.55},
    {"root_password_login", EntryKind::stolen_password, 0.45},
    {"login_from_new_network", EntryKind::stolen_password, 0.4},
    {"ftp_login_from_many_networks", EntryKind::stolen_password, 0.5},
    {"ftp_upload_of_script", EntryKind::stolen_password, 0.6},
    {"panel_login_from_new_network", EntryKind::stolen_password, 0.5},
    {"wordpress_login_after_failures", EntryKind::weak_password, 0.6},
};

constexpr std::size_t kLeftMax = 20;
constexpr std::size_t kWrongMin = 3;  // before the right one, within an hour

// A door that was opened on the day of a break-in is the intruder's.
bool is_opened_door(const Finding& finding, const Finding& login) {
  return login.severity == Severity::malicious && finding.severity == Severity::weak && finding.at &&
         finding.role.starts_with("open_") && *login.at <= *finding.at && *finding.at <= *login.at + 24h;
}

bool is_consequence(const Finding& finding, Instant since) {
  if (finding.severity < Severity::suspicious || !finding.at || *finding.at < since - 60s) return false;
  return finding.subject.kind == SubjectKind::file || finding.subject.kind == SubjectKind::process ||
         finding.subject.kind == SubjectKind::cron || finding.subject.kind == SubjectKind::unit ||
         finding.subject.kind == SubjectKind::key || finding.subject.kind == SubjectKind::account ||
         finding.subject.kind == SubjectKind::port || finding.subject.kind == SubjectKind::config;
}

// With a key nobody guesses; with a few wrong passwords just before, the right one was guessed.
EntryKind kind_of(const Scene& scene, const Sign& sign, const Finding& login, std::size_t& wrong) {
  if (login.role == "key_login") return EntryKind::stolen_key;
  if (login.role != "password_login") return sign.kind;
  for (const Seen& seen : scene.trail.seen())
    if (seen.what == Seen::What::login && !seen.accepted && seen.at && seen.client && seen.user == login.subject.name &&
        seen.client->to_string() == login.subject.address && *seen.at <= *login.at && *seen.at >= *login.at - 1h)
      ++wrong;
  return wrong >= kWrongMin ? EntryKind::weak_password : sign.kind;
}

void tell_of(const Scene& scene, const Sign& sign, const Finding& login, std::vector<Story>& stories) {
  if (login.severity < Severity::suspicious || !login.at) return;
  if (scene.ticket().span && *login.at > scene.ticket().span->end + 24h) return;  // after the harm
  std::size_t wrong = 0;
  const EntryKind kind = kind_of(scene, sign, login, wrong);
  Story story{.kind = kind, .weight = sign.weight};
  if (wrong > 0) story.grounds.push_back(fmt::format("{} wrong passwords in the hour before it", wrong));
  story.entry = {.kind = kind,
                 .subject = login.subject,
                 .from = login.addresses.empty() ? login.subject.address : login.addresses.front(),
                 .at = login.at,
                 .says = login.why};
  story.intruders = login.addresses;
  CauseStep entry = step_of(Step::entry, login);
  const Category category = scene.ticket().category;
  std::size_t bad = 0;
  bool at_once = false;  // the same account, within an hour
  std::vector<const Finding*> left;
  for (const Finding& finding : scene.findings) {
    const bool door = is_opened_door(finding, login);
    if (&finding == &login || (!door && !is_consequence(finding, *login.at))) continue;
    const bool severe = door || finding.severity == Severity::malicious;
    if (!severe && !comes_back(finding) && !does_harm(finding, category)) continue;
    bad += severe;
    at_once |= severe && finding.uid && finding.uid == login.uid && *finding.at <= *login.at + 1h;
    if (left.size() < kLeftMax) left.push_back(&finding);
  }
  const Finding* harm = harm_among(left, category);
  std::vector<CauseStep> steps;
  for (const Finding* finding : left)
    steps.push_back(step_of(comes_back(*finding) ? Step::persistence : Step::foothold, *finding));
  if (bad > 0) story.weight += at_once && login.detector != "login_after_failures" ? 0.35 : 0.2;
  if (login.severity == Severity::malicious) story.weight += 0.05;
  if (harm == nullptr && bad == 0) story.weight -= 0.35;  // somebody logged in; nothing says that it did harm
  if (bad > 0) entry.reasons.push_back(fmt::format("{} bad things on this server are younger than this log-in", bad));
  story.cause.push_back(std::move(entry));
  // The program that does the harm is the foothold, too, where there is no other.
  const auto other = [&](const CauseStep& step) {
    return step.step == Step::foothold && (harm == nullptr || step.finding != harm->id);
  };
  const bool has_other = std::ranges::any_of(steps, other);
  for (CauseStep& step : steps)
    if (harm == nullptr || step.finding != harm->id || (step.step == Step::foothold && !has_other))
      story.cause.push_back(std::move(step));
  if (harm != nullptr) story.cause.push_back(step_of(Step::harm, *harm));
  story.grounds.push_back(login.why);
  stories.push_back(std::move(story));
}

void tell(const Scene& scene, std::vector<Story>& stories) {
  for (const Sign& sign : kSigns)
    for (const Finding* login : scene.of(sign.detector)) tell_of(scene, sign, *login, stories);
}

}  // namespace

extern const StoryKind login_story;
constinit const StoryKind login_story{"login", "Somebody logged in who should not have, and what they left behind",
                                      tell};

}  // namespace abate::diagnosis
