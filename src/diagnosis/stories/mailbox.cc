// SPDX-License-Identifier: Apache-2.0
// The way in by a mailbox: a stolen or guessed password with which strangers send through the mail server.
#include <algorithm>

#include "diagnosis/story.h"

namespace abate::diagnosis {
namespace {

void tell(const Scene& scene, std::vector<Story>& stories) {
  for (const Finding* burst : scene.of("sasl_burst")) {
    if (burst->severity < Severity::suspicious) continue;
    Story story{.kind = EntryKind::stolen_mailbox, .weight = burst->severity == Severity::malicious ? 0.85 : 0.5};
    if (scene.ticket().category != Category::spam && scene.ticket().category != Category::phishing) story.weight -= 0.4;
    if (!burst->leads.empty()) story.weight += 0.1;
    story.entry = {.kind = story.kind,
                   .subject = burst->subject,
                   .from = burst->addresses.empty() ? "" : burst->addresses.front(),
                   .at = burst->at};
    story.entry.says = fmt::format("Strangers send mail with the password of {}", burst->subject.name);
    story.intruders = burst->addresses;
    CauseStep entry = step_of(Step::entry, *burst);
    entry.says = story.entry.says;
    // The first log-in of a stranger with this account, where the logs have it.
    for (const Seen& seen : scene.trail.seen())
      if (seen.what == Seen::What::login && seen.accepted && seen.user == burst->subject.name && seen.client &&
          std::ranges::find(burst->addresses, seen.client->to_string()) != burst->addresses.end()) {
        entry.at = story.entry.at = seen.at;
        story.entry.from = seen.client->to_string();
        entry.reasons.push_back(fmt::format("{}: {}", seen.source, seen.message));
        break;
      }
    story.cause.push_back(std::move(entry));
    story.cause.push_back(step_of(Step::harm, *burst));
    story.grounds.push_back(burst->why);
    stories.push_back(std::move(story));
  }
}

}  // namespace

extern const StoryKind mailbox_story;
constinit const StoryKind mailbox_story{"mailbox", "A mailbox's password in strangers' hands", tell};

}  // namespace abate::diagnosis
