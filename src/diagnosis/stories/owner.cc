// SPDX-License-Identifier: Apache-2.0
// The owner's own doing: a torrent client of a person's account, a proxy or program that was installed by a log-in that
// has always been the owner's.
#include <algorithm>

#include "diagnosis/story.h"

namespace abate::diagnosis {
namespace {

constexpr std::string_view kRoles[] = {"torrent", "proxyware", "miner", "tunnel", "exit_relay", "vpn"};

void tell(const Scene& scene, std::vector<Story>& stories) {
  for (const std::string_view role : kRoles)
    for (const Finding* finding : scene.with_role(role)) {
      if (finding->severity < Severity::weak) continue;
      const sweep::Account* account = finding->uid ? scene.host.account(*finding->uid) : nullptr;
      const bool person = account != nullptr && account->uid >= 1000 && account->can_log_in();
      const bool service =
          role == "torrent" || role == "exit_relay";  // installed from a package, nobody breaks in to do that
      if (!person && !service) continue;
      Story story{.kind = EntryKind::by_owner, .weight = finding->leads.empty() ? 0.45 : 0.85};
      if (role == "torrent" && scene.ticket().category == Category::illegal_content)
        story.weight = std::max(story.weight, 0.75);
      const Category category = scene.ticket().category;
      const bool passes_on = role == "vpn" || role == "proxyware" || role == "tunnel";
      if (passes_on && category == Category::proxy) story.weight = std::max(story.weight, 0.75);
      // An exit relay sends what strangers do: attacks, scans, downloads. Pages and mail are not among it.
      if (role == "exit_relay" && !scene.ticket().leads.empty() && category != Category::spam &&
          category != Category::phishing && category != Category::malware)
        story.weight = std::max(story.weight, 0.75);
      story.entry = {.kind = story.kind, .subject = finding->subject, .at = finding->at};
      story.entry.says = fmt::format("{} belongs to the account {}: no stranger's log-in leads to it",
                                     finding->subject.path, account != nullptr ? account->name : "of a service");
      CauseStep entry = step_of(Step::entry, *finding);
      entry.says = story.entry.says;
      story.cause.push_back(std::move(entry));
      story.cause.push_back(step_of(Step::harm, *finding));
      story.grounds.push_back(finding->why);
      stories.push_back(std::move(story));
    }
}

}  // namespace

extern const StoryKind owner_story;
constinit const StoryKind owner_story{"owner", "What the owner runs", tell};

}  // namespace abate::diagnosis
