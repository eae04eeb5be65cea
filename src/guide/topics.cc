// SPDX-License-Identifier: Apache-2.0
#include "guide/topics.h"

namespace abate::guide {
namespace {

constexpr std::string_view kPasswordMeasures[] = {"empty_passwords", "renewed_passwords", "password_rules"};
constexpr std::string_view kUpdateMeasures[] = {"waiting_updates", "automatic_updates", "wordpress_updates"};
constexpr std::string_view kFirewallMeasures[] = {"firewall_on"};
constexpr std::string_view kServiceMeasures[] = {"unneeded_services"};
constexpr std::string_view kWatchMeasures[] = {"watching"};
constexpr std::string_view kBackupMeasures[] = {"backups"};

constexpr Topic kTopics[] = {
    {"passwords", "New passwords",
     "A password that a stranger knows opens the door again, whatever else was cleaned up.",
     "A different one for each, at least 14 characters: every account that can log in (passwd NAME), the hosting "
     "panel, "
     "the administrators of each web site, databases, mailboxes, FTP. If one of them was used elsewhere, change it "
     "there too.",
     "The passwords of the server, its sites, databases and mailboxes were changed.", kPasswordMeasures},
    {"updates", "Updates", "Most strangers come in by a hole that an update has closed already.",
     "The system: apt-get update && apt-get upgrade, or dnf upgrade. Then each web application with its themes and "
     "plugins, in its own administration pages; what nobody uses any more goes.",
     "The system and the web applications are up to date.", kUpdateMeasures},
    {"audit", "A look at everything",
     "Nothing was found, and that is no proof. What you do not recognise is worth a question.",
     "Accounts: getent passwd. Keys: authorized_keys in each home. Jobs: crontab -l -u NAME, and systemctl "
     "list-timers. "
     "What listens: ss -tlnp. Files that changed around the time of the report: find /var/www -newermt DATE.",
     "Accounts, keys, scheduled jobs, listening services and changed files were gone through by hand."},
    {"firewall", "A firewall", "What nobody can reach nobody can misuse.",
     "Let in what the world needs (web, mail, your SSH) and nothing else. Keep your own SSH open while you do it.",
     "A firewall lets in only what is needed.", kFirewallMeasures, true},
    {"services", "Services that nobody needs", "Each open service is one more thing to keep up to date.",
     "List what listens: ss -tulnp. Switch off what you do not use: systemctl disable --now NAME.",
     "Services that are not needed are switched off.", kServiceMeasures, true},
    {"watching", "Somebody who watches", "Found after an hour is better than found by a stranger's complaint.",
     "A mail to you when somebody logs in from a new place, when much more mail leaves than usual, when files of a "
     "site "
     "change. Run abate sweep once a week.",
     "Log-ins, outgoing mail and changed files are watched.", kWatchMeasures, true},
    {"backups", "Backups", "With a good backup even the worst day ends well.",
     "Away from this server, from before the break-in, and tried: a backup that was never restored is a hope.",
     "There are backups away from this server, and restoring was tried.", kBackupMeasures},
};

constexpr std::string_view kCare[] = {"passwords", "updates", "audit"};
constexpr std::string_view kHarden[] = {"passwords", "updates", "firewall", "services", "watching", "backups"};

}  // namespace

const Topic* topic_of(std::string_view id) {
  for (const Topic& topic : kTopics)
    if (topic.id == id) return &topic;
  return nullptr;
}

std::vector<const Topic*> topics_of(Place place) {
  std::vector<const Topic*> topics;
  if (place == Place::care)
    for (const std::string_view id : kCare) topics.push_back(topic_of(id));
  if (place == Place::harden)
    for (const std::string_view id : kHarden) topics.push_back(topic_of(id));
  return topics;
}

}  // namespace abate::guide
