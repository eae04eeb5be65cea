// SPDX-License-Identifier: Apache-2.0
// The owner's own doing: a torrent client of a person's account, a proxy or program that was installed by a log-in that
// has always been the owner's.
#include <algorithm>

#include "diagnosis/story.h"

namespace abate::diagnosis {
namespace {

constexpr std::string_view kRoles[] = {"torrent", "proxyware", "miner", "tunnel", "exit_relay", "vpn"};

// What a person of the server did: ran a tool against others, wrote to very many. Only where the report's own words are
// met; a stranger in that account has a log-in, whose story weighs more.
void tell_of_deeds(const Scene& scene, std::vector<Story>& stories) {
  for (const std::string_view detector : {"attack_tool_run", "bulk_mail_by_owner"})
    for (const Finding* deed : scene.of(detector)) {
      if (deed->severity < Severity::suspicious) continue;
      if (detector == "bulk_mail_by_owner" && scene.ticket().category != Category::spam) continue;
      const sweep::Account* account = deed->uid ? scene.host.account(*deed->uid) : nullptr;
      const bool person = account != nullptr && account->uid >= 1000 && account->can_log_in();
      Story story{.kind = EntryKind::by_owner, .weight = deed->severity == Severity::malicious ? 0.75 : 0.5};
      if (person) story.weight += 0.1;
      // Somebody else may have used the server for it.
      if (std::ranges::any_of(scene.findings, [&](const Finding& finding) {
            return &finding != deed && finding.severity == Severity::malicious && finding.detector != detector;
          }))
        story.weight -= 0.3;
      story.entry = {.kind = story.kind, .subject = deed->subject, .at = deed->at, .says = deed->why};
      story.cause.push_back(step_of(Step::entry, *deed));
      story.cause.push_back(step_of(Step::harm, *deed));
      story.grounds.push_back(deed->why);
      if (person)
        story.grounds.push_back(
            fmt::format("it belongs to the account {}: no stranger's log-in leads to it", account->name));
      stories.push_back(std::move(story));
    }
}

void tell(const Scene& scene, std::vector<Story>& stories) {
  tell_of_deeds(scene, stories);
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
