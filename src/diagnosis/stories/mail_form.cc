// SPDX-License-Identifier: Apache-2.0
// Nobody broke in: a form of the site's own sends mail to whoever its visitor names, and somebody found it.
#include <algorithm>

#include "diagnosis/story.h"

namespace abate::diagnosis {
namespace {

using namespace std::chrono_literals;

constexpr std::size_t kUsesMin = 10;  // in the seconds in which mails went out
constexpr std::size_t kMailsMax = 5000;

// Requests to the script that were followed by a mail of the web server's user.
struct Uses {
  std::size_t count = 0;
  const Seen* first = nullptr;
  std::set<std::string> clients;
};

Uses uses_of(const Scene& scene, const Finding& script) {
  std::vector<Instant> mails;
  for (const Seen& seen : scene.trail.seen())
    if (seen.what == Seen::What::mail && seen.at && (seen.uid || !seen.user.empty()) && mails.size() < kMailsMax)
      mails.push_back(*seen.at);
  for (const Incident& incident : scene.ticket().incidents)
    if (incident.started_at) mails.push_back(*incident.started_at);
  std::ranges::sort(mails);
  Uses uses;
  for (const Seen& seen : scene.trail.seen()) {
    if (seen.what != Seen::What::request || seen.status >= 400 || seen.file != script.subject.path || !seen.at)
      continue;
    const auto near = std::ranges::lower_bound(mails, *seen.at - 2s);
    if (near == mails.end() || *near > *seen.at + 10s) continue;
    if (uses.count++ == 0) uses.first = &seen;
    if (seen.client && uses.clients.size() < 20) uses.clients.insert(seen.client->to_string());
  }
  return uses;
}

void tell(const Scene& scene, std::vector<Story>& stories) {
  if (scene.ticket().category != Category::spam) return;
  for (const Finding* script : scene.of("php_request_mail")) {
    if (scene.host.site_of(script->subject.path) == nullptr) continue;
    const Uses uses = uses_of(scene, *script);
    Story story{.kind = EntryKind::vulnerable_application, .weight = 0.5};
    story.entry = {.kind = story.kind, .subject = script->subject, .at = std::nullopt};
    story.entry.says = fmt::format("{} sends mail to whoever its visitor names", script->subject.path);
    CauseStep entry = step_of(Step::entry, *script);
    entry.at.reset();  // it may be years old
    entry.says = story.entry.says;
    if (uses.first != nullptr) {
      story.entry.at = entry.at = uses.first->at;
      story.entry.from = uses.first->client ? uses.first->client->to_string() : "";
      story.intruders.assign(uses.clients.begin(), uses.clients.end());
      entry.reasons.push_back(fmt::format("{} requests to it in the seconds in which mails went out, the first: {}",
                                          uses.count, uses.first->source));
      story.weight += uses.count >= kUsesMin ? 0.25 : 0.15;
    }
    story.grounds.push_back(script->why);
    story.cause.push_back(std::move(entry));
    for (const Finding& finding : scene.findings) {
      if (finding.detector != "mail_by_web_user" && finding.detector != "mail_script_named") continue;
      if (!finding.leads.empty()) story.weight += 0.1;
      story.cause.push_back(step_of(Step::harm, finding));
    }
    if (story.cause.size() == 1) story.cause.push_back(step_of(Step::harm, *script));
    story.weight = std::min(story.weight, 0.9);
    stories.push_back(std::move(story));
  }
}

}  // namespace

extern const StoryKind mail_form_story;
constinit const StoryKind mail_form_story{"mail_form",
                                          "A form of the site's own that mails to whoever its visitor names", tell};

}  // namespace abate::diagnosis
