// SPDX-License-Identifier: Apache-2.0
// The sweep. This file is the table of its commands; each is a file beside it.
#include <CLI/CLI.hpp>

#include "apps/abate/commands.h"

namespace {

using namespace abate::apps;

constexpr const char* kVersion = "abate " ABATE_VERSION;

// `--root "$DISK"` in a script that never set DISK must not work on the running server instead.
void refuse_empty_values(CLI::App& app) {
  const CLI::Validator not_empty{
      [](const std::string& value) { return value.empty() ? std::string{"an empty value; leave it out"} : ""; }, ""};
  for (const char* name : {"--root", "--state", "--ticket"})
    if (CLI::Option* option = app.get_option_no_throw(name)) option->check(not_empty);
  for (CLI::App* sub : app.get_subcommands([](const CLI::App*) { return true; })) refuse_empty_values(*sub);
}

}  // namespace

int main(int argc, char** argv) {
  CLI::App app{"Finds on a server what an abuse report is about, and how it came in", "abate"};
  app.footer(
      "Without a command, on a terminal, abate leads through all of it: report, cause, plan, changes, proof, answer.\n"
      "Exit status: 0 done, nothing malicious and no open door found; 1 some found; 2 wrong use or input;\n"
      "3 nothing found, and not enough could be looked at to say so. The manual: abate man | man -l -");
  app.set_version_flag("--version", kVersion);
  app.set_help_all_flag("--help-all", "Help of every command");
  app.require_subcommand(0, 1);
  SweepAsk ask;
  bool start_over = false;
  app.add_option("--ticket", ask.ticket, "Without a command: the desk's link, a saved ticket, or the report itself")
      ->type_name("TICKET");
  app.add_option("--root", ask.root, "Without a command: a mounted disk instead of the running server")
      ->type_name("DIR");
  app.add_option("--state", ask.state, "Without a command: the state folder")->type_name("DIR");
  app.add_flag("--start-over", start_over, "Without a command: begin anew instead of going on where you were");
  int status = kNothingFound;
  const auto command = [&](const char* name, const char* does) {
    CLI::App* sub = app.add_subcommand(name, does);
    sub->set_version_flag("--version", kVersion);
    sub->add_option("--state", ask.state,
                    "The only folder written without a plan (default: /var/lib/abate, or beside the root)")
        ->type_name("DIR");
    return sub;
  };
  const auto looking = [&](const char* name, const char* does, bool needs_ticket) {
    CLI::App* sub = command(name, does);
    sub->add_option("--ticket", ask.ticket, "The desk's link, a saved ticket, or the abuse report itself")
        ->required(needs_ticket)
        ->type_name("TICKET");
    sub->add_option("--root", ask.root, "A mounted disk instead of the running server")->type_name("DIR");
    sub->add_option("--areas", ask.areas, "Only these areas, parted by commas")
        ->delimiter(',')
        ->type_name("AREA")
        ->check(CLI::IsMember({"logs", "processes", "web", "accounts", "malware", "mail_network"}));
    sub->add_option(
           "--since", ask.since,
           "Of the logs only what happened since then (RFC 3339); files are looked at whatever their dates say")
        ->type_name("TIME");
    sub->add_option("--rules", ask.rules, "A folder of your own YARA rules and ClamAV signatures")->type_name("DIR");
    sub->add_option("--json", ask.json, "Write the result as JSON; - is standard output")->type_name("FILE");
    sub->add_option("--html", ask.html, "Write one self-contained page for people; - is standard output")
        ->type_name("FILE");
    sub->add_flag("--verbose,-v", ask.verbose, "Show everything: notes, all places, all that was not examined");
    sub->add_option("--color", ask.color, "Colours: on a terminal only, always or never")
        ->type_name("WHEN")
        ->check(CLI::IsMember({"auto", "always", "never"}));
    sub->add_flag("--fresh", ask.fresh, "Read every file, also those unchanged since a sweep with the same --state");
    sub->add_flag("--fast", ask.fast, "Use the processor and the disk as if nothing else mattered");
    return sub;
  };

  looking("sweep", "Look through the server; changes nothing", false)->callback([&] { status = sweep_command(ask); });
  looking("diagnose", "Sweep, then say what did the harm and how it came in", true)->callback([&] {
    status = diagnose_command(ask);
  });
  looking("plan", "Say what would be changed, and how it is undone", true)->callback([&] {
    status = plan_command(ask);
  });

  looking("verify", "Try whether the harm and its cause are gone", true)->callback([&] {
    status = verify_command(ask);
  });
  ReplyAsk says;
  CLI::App* replying =
      looking("reply", "Write the answer to the ticket: four parts, each sentence proved or claimed", true);
  replying->add_option("--cause", says.cause, "In your own words: what caused it")->type_name("TEXT");
  replying->add_option("--did", says.done, "In your own words: what you did")->type_name("TEXT");
  replying->add_option("--confirmed", says.confirmed, "In your own words: how you confirmed it")->type_name("TEXT");
  replying->add_option("--prevention", says.prevention, "In your own words: what keeps it from happening again")
      ->type_name("TEXT");
  replying->add_flag("--stuck", says.stuck, "Say what was found so far, and ask for the next step");
  replying->add_flag("--send", ask.sends, "Send the text into the ticket: shows it first, and asks on a terminal");
  replying->add_flag("--yes,-y", says.yes, "Send without asking");
  replying->callback([&] { status = reply_command(ask, says); });
  ApplyAsk applied;
  CLI::App* applying = command("apply", "Do what a plan says: asks for each action, and can take it back");
  applying->add_option("PLAN", applied.plan, "What abate plan --json wrote")->required()->type_name("FILE");
  applying->add_option("--only", applied.only, "Only these actions, parted by commas")->delimiter(',')->type_name("ID");
  applying->add_flag("--yes,-y", applied.yes, "Ask nothing: do what the plan does by default, or what --only names");
  applying->callback([&] {
    applied.state = ask.state;
    status = apply_command(applied);
  });
  HardenAsk hardened;
  CLI::App* hardening = command("harden", "What keeps it from happening again: says it, and does it with --apply");
  hardening->add_option("--root", hardened.root, "A mounted disk instead of the running server")->type_name("DIR");
  hardening->add_flag("--apply", hardened.apply, "Do what is advised: asks for each, and can take it back");
  hardening->add_flag("--yes,-y", hardened.yes, "Ask nothing: do what is recommended, or what --only names");
  hardening->add_option("--only", hardened.only, "Only these measures or actions, parted by commas")
      ->delimiter(',')
      ->type_name("ID");
  hardening->add_option("--renew", hardened.renew, "Accounts that are to get a new password, parted by commas")
      ->delimiter(',')
      ->type_name("NAME");
  hardening
      ->add_option("--diagnosis", hardened.diagnosis,
                   "What abate diagnose --json wrote: is the backup older than the way in?")
      ->type_name("FILE");
  hardening->add_option("--json", hardened.json, "Write the plan as JSON; - is standard output")->type_name("FILE");
  hardening->add_option("--color", hardened.color, "Colours: on a terminal only, always or never")
      ->type_name("WHEN")
      ->check(CLI::IsMember({"auto", "always", "never"}));
  hardening->add_flag("--verbose,-v", hardened.verbose, "Show what is as it should be in full, too");
  hardening->callback([&] {
    hardened.state = ask.state;
    status = harden_command(hardened);
  });
  command("confirm", "You still get in: the new firewall lasts")->callback([&] { status = confirm_command(); });
  WatchAsk watched;
  CLI::App* watching = command("watch", "Look for news: log-ins, accounts, keys, scripts, listeners, mail in bulk");
  watching->add_option("--root", watched.root, "A mounted disk instead of the running server")->type_name("DIR");
  watching->add_flag("--once", watched.once, "Look once; this is the default");
  watching->add_flag("--install", watched.installs, "Look every quarter of an hour, by a timer");
  watching->add_flag("--remove", watched.removes, "Take the timer away, and what it remembered");
  watching->add_flag("--quiet", watched.quiet, "Say nothing here; send what is new");
  watching->add_option("--mail", watched.mail, "With --install: where letters go (default: root)")
      ->type_name("ADDRESS");
  watching->add_option("--ticket", watched.ticket, "With --install: the link of a ticket, which gets the letters")
      ->type_name("LINK");
  watching->callback([&] {
    watched.state = ask.state;
    status = watch_command(watched);
  });
  UndoAsk undone;
  const auto past = [&](const char* name, const char* does) {
    CLI::App* sub = command(name, does);
    sub->add_option("--root", undone.root, "The mounted disk that was changed, to find its state folder")
        ->type_name("DIR");
    return sub;
  };
  CLI::App* undoing = past("undo", "Take back a run or one of its actions: bytes, owner, mode, times, attributes");
  undoing->add_option("WHAT", undone.what, "A run or an action, as abate history shows it")->required();
  undoing->callback([&] {
    undone.state = ask.state;
    status = undo_command(undone);
  });
  past("history", "What abate changed on this server, and what was taken back")->callback([&] {
    undone.state = ask.state;
    status = history_command(undone);
  });

  std::string id;
  CLI::App* explaining =
      command("explain", "The manual of a detector, action or probe; without a name, the list of all");
  explaining->add_option("ID", id, "Its name, as reports show it");
  explaining->callback([&] { status = explain_command(id); });
  command("man", "Print the manual page, as roff: abate man | man -l -")->callback([&] { status = man_command(app); });
  std::string shell;
  CLI::App* completing = command("completion", "Print what a shell needs to complete commands and options");
  completing->add_option("SHELL", shell, "bash, zsh or fish")
      ->required()
      ->check(CLI::IsMember({"bash", "zsh", "fish"}));
  completing->callback([&] { status = completion_command(app, shell); });

  refuse_empty_values(app);
  try {
    app.parse(argc, argv);
  } catch (const CLI::ParseError& wrong) {
    return app.exit(wrong) == 0 ? kNothingFound : kWrong;
  }
  return app.get_subcommands().empty() ? guide_command(ask, start_over) : status;
}
