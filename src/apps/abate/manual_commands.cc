// SPDX-License-Identifier: Apache-2.0
// `abate explain`, `abate man`, `abate completion`: what the program says about itself.
#include <algorithm>

#include <unistd.h>

#include "apps/abate/manuals.h"
#include "apps/abate/tell.h"
#include "apps/command_words.h"
#include "probe/probe_kind.h"
#include "remedy/action_kind.h"
#include "remedy/measure.h"
#include "report/manuals.h"
#include "report/words.h"
#include "sweep/host/rules/rule_set.h"
#include "sweep/kit/detector.h"

namespace abate::apps {
namespace {

constexpr const char* kDescription =
    "An abuse report says that a server does harm: it sends spam, hosts a phishing page, attacks others. abate runs on "
    "that server, or on its disk mounted elsewhere, and finds what did it and how it came in.\n\n"
    "It looks through the system's logs, processes, web sites, accounts and SSH keys, files, mail and network. Looking "
    "changes nothing, runs nothing that it finds, and sends nothing anywhere. What should be changed is shown as a "
    "plan: each action says what users will notice, how it is taken back, and what proves that it worked.";

}  // namespace

std::vector<report::ManualPage> manual_pages() {
  std::vector<report::ManualPage> pages;
  for (int area = 0; area <= static_cast<int>(Area::mail_network); ++area)
    for (const sweep::Detector* detector : sweep::detectors())
      if (detector->area == static_cast<Area>(area))
        pages.push_back(
            {std::string{detector->id}, std::string{report::area_title(detector->area)}, std::string{detector->title},
             std::string{detector->explain} +
                 (detector->id == "content_rules" ? "\n\nRules of our own:\n" + sweep::own_rules_listed() : ""),
             fmt::format("found things are {} ({})", report::severity_label(detector->severity),
                         report::severity_meaning(detector->severity))});
  for (const remedy::ActionKind* kind : remedy::action_kinds()) {
    Action action;
    action.kind = kind->name;
    const std::string words = report::requirement_words(kind->requirement);
    pages.push_back(
        {action.kind, "Actions of a plan", report::action_words(action), std::string{kind->explain},
         fmt::format("{} {}", words, words.empty() ? kind->requirement : fmt::format("({})", kind->requirement))});
  }
  // The desk's, which a customer reads of in the ticket.
  for (const probe::Kind* kind : probe::kinds())
    pages.push_back(manual_page_of(kind->name, "Probes, tried by the desk from outside", kind->explain));
  for (const remedy::Measure* measure : remedy::measures()) {
    const std::string id{measure->name};
    if (std::ranges::find(pages, id, &report::ManualPage::id) != pages.end()) continue;  // an action of a plan, too
    pages.push_back({id, "Measures of abate harden", std::string{measure->title}, std::string{measure->explain},
                     fmt::format("{} ({})", report::requirement_words(measure->requirement), measure->requirement)});
  }
  return pages;
}

namespace {

report::ProgramWords words_of_abate(const CLI::App& app) {
  report::ProgramWords words;
  words.command = words_of(app);
  words.version = ABATE_VERSION;
  words.description = kDescription;
  words.chapters = {
      {"EXIT STATUS",
       {{"0", "Done; nothing malicious and no open door found, or left."},
        {"1", "Something malicious or an open door was found, or is left."},
        {"2", "Wrong use, or an input that cannot be read; standard error says what to do."},
        {"3", "Nothing found, and not enough could be looked at to say that all is well."}}},
      {"FILES", {{"/var/lib/abate", "The state folder (--state): the only one that is written without a plan."}}},
      {"ENVIRONMENT",
       {{"NO_COLOR", "When it is set and not empty, no colours are used unless --color always is given."},
        {"LC_ALL, LC_CTYPE, LANG", "Lines and signs are drawn in UTF-8 only where the locale says so."},
        {"COLUMNS", "How wide the report is where standard output is no terminal; 40 to 120."}}},
      {"EXAMPLES",
       {{"abate", "Be led through all of it, from the report to the answer. As root, on a terminal."},
        {"abate sweep", "Look through the running server. As root, so that everything can be read."},
        {"abate sweep --root /mnt/disk --html report.html",
         "Look through a mounted disk, and write a page for its owner."},
        {"abate diagnose --ticket report.eml", "Find what an abuse report is about, from the mail as it came."},
        {"abate explain php_decoded_eval", "Read what a kind of finding means, and when it is a false alarm."}}}};
  words.see_also = {"abated(8)", "sshd(8)", "journalctl(1)"};
  for (report::CommandWords& command : words.command.commands)
    if (command.name == "explain")
      for (report::ArgumentWords& argument : command.arguments)
        for (const report::ManualPage& page : manual_pages()) argument.choices.push_back(page.id);
  return words;
}

int print(const Result<std::string>& text) {
  if (!text) return complain(text.error());
  const Result<void> written = write_out("-", *text);
  return written ? kNothingFound : complain(written.error());
}

}  // namespace

int explain_command(const std::string& id) {
  const report::TerminalLook look = look_of({}, STDOUT_FILENO);
  return print(id.empty() ? report::manual_list(manual_pages(), look) : report::manual_of(manual_pages(), id, look));
}

int man_command(const CLI::App& app) { return print(report::manual_page(words_of_abate(app))); }

int completion_command(const CLI::App& app, const std::string& shell) {
  return print(report::completion(words_of_abate(app), shell));
}

}  // namespace abate::apps
