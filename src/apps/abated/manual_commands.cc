// SPDX-License-Identifier: Apache-2.0
// `abated man`, `abated completion` and `abated explain`.
#include <cstdio>

#include "apps/abated/commands.h"
#include "apps/command_words.h"
#include "enforce/enforcer_kind.h"
#include "probe/probe_kind.h"
#include "report/manuals.h"

namespace abate::apps {
namespace {

report::ProgramWords words_of_abated(const CLI::App& app, const std::string& version) {
  report::ProgramWords words;
  words.command = words_of(app);
  words.version = version;
  words.section = 8;
  words.description =
      "abated is the abuse desk of a hosting provider. It takes abuse reports in by mail, HTTP and feeds, reads them, "
      "finds "
      "whose server it was at that moment, lets the Abuse Team review, opens a ticket in the customer's Client Area, "
      "sends "
      "the notice, keeps the clocks, and keeps every step in one hash-chained history.\n\n"
      "Every command reads the same configuration and works beside a running desk.";
  words.chapters = {
      {"EXIT STATUS",
       {{"0", "Done."},
        {"1", "Failed; standard error says what to do. Of history verify: the chain is broken."},
        {"2", "Wrong use of the command line."},
        {"69", "deliver: the message is larger than message_max."},
        {"75", "The store is away; deliver: the message cannot be kept now, try again."}}},
      {"FILES",
       {{"/etc/abate/abated.toml", "The configuration, unless --config or ABATED_CONFIG names another."},
        {"/var/lib/abate", "The store, where SQLite keeps it."}}},
      {"ENVIRONMENT",
       {{"ABATED_CONFIG", "The configuration, unless --config names one."},
        {"SENDER, RECIPIENT", "deliver: the envelope, as Postfix' pipe sets it."}}},
      {"SIGNALS",
       {{"SIGTERM", "serve finishes what it accepted, and ends with 0."},
        {"SIGHUP", "serve reads configuration and policy again, and keeps the old ones where the new are wrong."}}}};
  words.see_also = {"abate(1)", "pipe(8)"};
  return words;
}

int print(const Result<std::string>& text) {
  if (!text) {
    std::fprintf(stderr, "abated: %s\n", text.error().what.c_str());
    return kWrongUse;
  }
  const bool whole = std::fwrite(text->data(), 1, text->size(), stdout) == text->size() && std::fflush(stdout) == 0;
  return whole ? kOk : kFailed;
}

std::vector<report::ManualPage> manual_pages() {
  std::vector<report::ManualPage> pages;
  for (const probe::Kind* kind : probe::kinds()) pages.push_back(manual_page_of(kind->name, "Probes", kind->explain));
  for (const enforce::Kind* kind : enforce::kinds())
    pages.push_back(manual_page_of(kind->name, "Enforcers", kind->explain));
  return pages;
}

}  // namespace

int explain(const std::string& id) {
  const report::TerminalLook look;
  if (!id.empty()) return print(report::manual_of(manual_pages(), id, look));
  // The list ends with how to go on, in the words of the other program.
  std::string list = report::manual_list(manual_pages(), look);
  if (const std::size_t at = list.find("abate explain"); at != std::string::npos) list.replace(at, 5, "abated");
  return print(std::move(list));
}

int print_manual(const CLI::App& app, const std::string& version) {
  return print(report::manual_page(words_of_abated(app, version)));
}

int print_completion(const CLI::App& app, const std::string& version, const std::string& shell) {
  return print(report::completion(words_of_abated(app, version), shell));
}

}  // namespace abate::apps
