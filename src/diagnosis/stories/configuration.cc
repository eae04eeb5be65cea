// SPDX-License-Identifier: Apache-2.0
// Nobody broke in: a service serves the whole world by its own configuration, and strangers use it.
#include <algorithm>

#include "diagnosis/story.h"

namespace abate::diagnosis {
namespace {

struct Door {
  std::string_view role;
  EntryKind kind;
  std::string_view used;  // the detector that sees strangers use it
};
constexpr Door kDoors[] = {
    {"open_relay", EntryKind::open_configuration, "relay_used"},
    {"open_proxy", EntryKind::open_configuration, "proxy_used_by_strangers"},
    {"open_resolver", EntryKind::open_configuration, "recursion_by_strangers"},
    {"reflector", EntryKind::open_configuration, "reflector_used"},
    {"exposed_service", EntryKind::exposed_service, "exposed_service_used"},
};

// Is this door what the ticket speaks of?
bool fits(const Door& door, const Finding& finding, const Case& ticket) {
  if (!finding.leads.empty()) return true;
  switch (ticket.category) {
    case Category::spam: return door.role == "open_relay" || door.role == "open_proxy";
    case Category::ddos: return door.role == "reflector" || door.role == "open_resolver";
    case Category::proxy: return door.role == "open_proxy";
    default: {
      const std::string_view type = ticket.type;
      if (type.find("open") != std::string_view::npos || type.find("vulnerab") != std::string_view::npos ||
          type.find("exposed") != std::string_view::npos) {
        bool names_port = false;
        for (const Incident& incident : ticket.incidents) {
          if (incident.source_port && finding.subject.port == *incident.source_port) return true;
          names_port |= incident.source_port.has_value();
        }
        // An open service without its port: whichever door stands open. Another port named: not this one.
        return finding.subject.port == 0 || (!names_port && type.find("open") != std::string_view::npos);
      }
      return false;
    }
  }
}

// Something that left this server towards somebody else: what strangers do through a proxy. Pages and files that it
// hands out are not.
bool is_outgoing(const Case& ticket) {
  return !ticket.leads.empty() && ticket.category != Category::phishing && ticket.category != Category::malware &&
         std::ranges::none_of(ticket.leads, [](const Lead& lead) { return lead.kind == LeadKind::url; });
}

// The mail or request of the ticket itself, in the logs: a stranger's.
const Seen* reported_use(const Scene& scene) {
  for (const Seen& seen : scene.trail.seen())
    if (seen.what == Seen::What::mail && seen.client && !scene.host.is_own_address(*seen.client) &&
        scene.trail.question().ids.contains(seen.id))
      return &seen;
  return nullptr;
}

// What came in through an exposed service: bad things younger than its opening, owned by the service's account.
std::vector<const Finding*> came_through(const Scene& scene, const Finding& door) {
  std::vector<const Finding*> found;
  for (const Finding& finding : scene.findings)
    if (finding.severity == Severity::malicious && &finding != &door && finding.subject.kind != SubjectKind::config &&
        scene.host.site_of(finding.subject.path) == nullptr)
      found.push_back(&finding);
  return found;
}

void tell_of(const Scene& scene, const Door& door, const Finding& finding, std::vector<Story>& stories) {
  if (finding.severity < Severity::weak) return;
  Story story{.kind = door.kind, .weight = 0.3};
  story.entry = {.kind = door.kind, .subject = finding.subject, .at = finding.at, .says = finding.why};
  CauseStep entry = step_of(Step::entry, finding);
  const std::vector<const Finding*> uses = scene.of(door.used);
  const bool fitting = fits(door, finding, scene.ticket());
  if (fitting) {
    story.weight = 0.72;
    story.grounds.emplace_back("the report speaks of exactly this");
  }
  const std::vector<const Finding*> inside =
      door.role == "exposed_service" ? came_through(scene, finding) : std::vector<const Finding*>{};
  story.cause.push_back(std::move(entry));
  bool used = false;
  for (const Finding* use : uses) {
    CauseStep harm = step_of(Step::harm, *use);
    story.cause.push_back(std::move(harm));
    story.intruders.insert(story.intruders.end(), use->addresses.begin(), use->addresses.end());
    used = true;
  }
  if (const Seen* mail = reported_use(scene); mail != nullptr && door.role == "open_relay") {
    story.cause.push_back({.step = Step::harm,
                           .finding = finding.id,
                           .at = mail->at,
                           .says = fmt::format("The reported mail was taken from a stranger: {}", mail->message),
                           .reasons = {mail->source}});
    if (std::ranges::find(story.intruders, mail->client->to_string()) == story.intruders.end())
      story.intruders.push_back(mail->client->to_string());
    story.weight += 0.15;
    used = true;
  }
  if (used && fitting) story.weight = std::min(0.95, story.weight + 0.15);
  if (!fitting && door.role == "open_proxy" && is_outgoing(scene.ticket())) {
    story.weight = used ? 0.65 : 0.52;
    story.grounds.emplace_back("what strangers do through it leaves under this server's address");
  }
  if (!inside.empty()) {
    story.weight = 0.62;
    for (const Finding* bad : inside)
      story.cause.push_back(step_of(comes_back(*bad) ? Step::persistence : Step::foothold, *bad));
    story.cause.push_back(step_of(Step::harm, *harm_among(inside, scene.ticket().category)));
  } else if (!used) {
    story.cause.push_back(step_of(Step::harm, finding));
  }
  // Opened within a day after a break-in: not by the owner.
  for (const Finding* login : scene.of("login_after_failures"))
    if (login->severity == Severity::malicious && login->at && finding.at && *login->at <= *finding.at &&
        *finding.at <= *login->at + std::chrono::hours{24})
      story.weight = std::min(story.weight, 0.45);
  if (!story.intruders.empty()) story.entry.from = story.intruders.front();
  story.grounds.push_back(finding.why);
  stories.push_back(std::move(story));
}

void tell(const Scene& scene, std::vector<Story>& stories) {
  for (const Door& door : kDoors)
    for (const Finding* finding : scene.with_role(door.role)) tell_of(scene, door, *finding, stories);
}

}  // namespace

extern const StoryKind configuration_story;
constinit const StoryKind configuration_story{
    "configuration", "A service that is open to the whole world by its own configuration", tell};

}  // namespace abate::diagnosis
