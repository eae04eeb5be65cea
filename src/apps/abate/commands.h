// SPDX-License-Identifier: Apache-2.0
// apps/abate/commands.h — one function a command of `abate`; each returns the exit status and says on standard error
// what a person can do about an error.
#pragma once

#include <string>
#include <vector>

#include "base/result.h"

namespace CLI {
class App;
}

namespace abate::apps {

constexpr int kNothingFound = 0;
constexpr int kFound = 1;
constexpr int kWrong = 2;          // wrong use or input
constexpr int kNotEnoughSeen = 3;  // nothing found, and not enough could be looked at to say so

struct SweepAsk {
  std::string root = "/";
  std::string ticket;  // a link, a saved ticket, or a report; "" without
  std::string state;   // the only folder that is written without a plan; "" = default
  std::vector<std::string> areas;
  std::string since;
  std::string rules;  // a folder of YARA rules and ClamAV signatures; "" = only our own
  std::string json;   // a file, "-" standard output
  std::string html;   // likewise
  std::string color = "auto";
  bool verbose = false;
  bool fast = false;
  bool fresh = false;   // reads every file, also those that the state folder knows to be unchanged
  bool sends = false;   // to the desk, what it shows first
  bool speaks = false;  // to the running server's own services
};

struct ApplyAsk {
  std::string plan;               // a file
  std::vector<std::string> only;  // action ids; empty: what the plan does by default
  bool yes = false;               // asks nothing
  std::string state;
};

struct HardenAsk {
  std::string root = "/";
  std::string state;
  std::string diagnosis;           // what abate diagnose --json wrote: when the intruder came in
  std::vector<std::string> renew;  // accounts that are to get a new password
  std::string json;                // a file, "-" standard output
  std::string color = "auto";
  bool verbose = false;
  bool apply = false;
  bool yes = false;               // asks nothing
  std::vector<std::string> only;  // action ids or names of measures
};

struct WatchAsk {
  std::string root = "/";
  std::string state;
  bool once = false;  // what it does where nothing else is said
  bool installs = false;
  bool removes = false;
  bool quiet = false;  // says nothing, and sends: for the timer
  std::string mail;    // where letters go; "" = root
  std::string ticket;  // a link: into that ticket, as long as it takes them
};

struct UndoAsk {
  std::string what;  // a run or an action
  std::string root = "/";
  std::string state;
};

struct ReplyAsk {  // the person's own words, a sentence each
  std::vector<std::string> cause;
  std::vector<std::string> done;
  std::vector<std::string> confirmed;
  std::vector<std::string> prevention;
  bool stuck = false;
  bool yes = false;  // send without asking
};

// Says it on standard error, names made safe; returns kWrong.
int complain(const Error& error);

// Plain `abate`, on a terminal.
int guide_command(const SweepAsk& ask, bool start_over);
int sweep_command(const SweepAsk& ask);
int diagnose_command(const SweepAsk& ask);
int plan_command(const SweepAsk& ask);
int verify_command(const SweepAsk& ask);
int reply_command(const SweepAsk& ask, const ReplyAsk& says);
int apply_command(const ApplyAsk& ask);
int apply_plan(const std::string& plan_text, const ApplyAsk& ask);  // likewise, of a plan that is no file
int harden_command(const HardenAsk& ask);
int confirm_command();  // the firewall that is on trial lasts
int watch_command(const WatchAsk& ask);
int undo_command(const UndoAsk& ask);
int history_command(const UndoAsk& ask);
int explain_command(const std::string& id);  // "": the list of all
int man_command(const CLI::App& app);        // the manual page, as roff
int completion_command(const CLI::App& app, const std::string& shell);

}  // namespace abate::apps
