// SPDX-License-Identifier: Apache-2.0
// `abate watch`: looks for news (--once, by a timer), and puts that timer there (--install) or takes it away
// (--remove).
//
// SECURITY: a child that has given its rights up reads the server and writes the letter; this process sees the letter
// only, keeps it in the state folder until it is sent, and hands it to sendmail or to the desk of the ticket.
#include <algorithm>
#include <chrono>
#include <cstdio>
#include <filesystem>

#include <boost/json/object.hpp>
#include <boost/json/parse.hpp>
#include <boost/json/serialize.hpp>
#include <sys/stat.h>
#include <unistd.h>

#include "apps/abate/commands.h"
#include "apps/abate/confined_host.h"
#include "apps/abate/in_child.h"
#include "apps/abate/read_input.h"
#include "apps/abate/send_mail.h"
#include "apps/abate/sweep_run.h"
#include "apps/abate/talker.h"
#include "apps/abate/where.h"
#include "base/json_fields.h"
#include "base/text.h"
#include "remedy/measure.h"
#include "reply/known_secrets.h"
#include "reply/redact.h"
#include "watch/look_for_news.h"
#include "wire/plan_json.h"

namespace abate::apps {
namespace {

namespace json = boost::json;
namespace fs = std::filesystem;

constexpr std::size_t kMemoryBytesMax = std::size_t{64} << 20;
constexpr std::size_t kPendingBytesMax = std::size_t{256} << 10;
constexpr std::uint64_t kLettersADayMax = 24;
constexpr auto kLookTimeMax = std::chrono::minutes{8};

struct Files {
  explicit Files(const std::string& state) : folder{state + "/watch"} {}
  std::string folder;
  [[nodiscard]] std::string memory() const { return folder + "/memory.json"; }
  [[nodiscard]] std::string settings() const { return folder + "/settings.json"; }
  [[nodiscard]] std::string pending() const { return folder + "/pending"; }  // news that nobody was told yet
  [[nodiscard]] std::string letters() const { return folder + "/letters"; }  // "2026-03-01 7": sent that day
};

std::string read_or_empty(const std::string& file, std::size_t most) {
  if (::access(file.c_str(), F_OK) != 0) return "";
  return read_input("watch", file, most).value_or("");
}

json::object settings_of(const Files& files) {
  boost::system::error_code wrong;
  const json::value value = json::parse(read_or_empty(files.settings(), 65536), wrong);
  return !wrong && value.is_object() ? value.get_object() : json::object{};
}

Result<void> make_folder(const Files& files) {
  std::error_code wrong;
  fs::create_directories(files.folder, wrong);
  if (wrong || ::chmod(files.folder.c_str(), 0700) != 0)
    return failure(Fault::unavailable, "{}: cannot be made: {}", files.folder, wrong.message());
  return {};
}

// In the child: {"memory", "letter", "count", "seen"}.
Result<std::string> look(const WatchAsk& ask, const Files& files) {
  TRY_ASSIGN(const remedy::Where where, where_of(ask.root, ask.state));
  const std::string remembered = read_or_empty(files.memory(), kMemoryBytesMax);
  sweep::Notes notes;
  const Instant now = wall_clock();
  TRY_ASSIGN(const ConfinedHost confined, open_confined(where, now, notes));
  const auto& [tree, opened] = confined;
  opened->host.now = now;
  watch::Memory memory = watch::read_memory(remembered);
  const auto deadline = std::chrono::steady_clock::now() + kLookTimeMax;
  const watch::News news =
      watch::look_for_news(opened->host, memory, notes, [&] { return std::chrono::steady_clock::now() > deadline; });
  const bool seen = !news.ended_early && sweep::exists(*tree, "/etc/passwd") && (!where.live || ::geteuid() == 0);
  // It goes into a ticket or a mail: names only, and of those none that is a secret.
  reply::Redactor redactor{reply::own_domains(opened->host),
                           reply::known_secrets(*tree, reply::secret_sources(opened->host, news.findings))};
  return json::serialize(json::object{{"memory", watch::memory_text(memory)},
                                      {"letter", redactor.text(watch::letter_of(news, opened->host.hostname, now))},
                                      {"host", shown_name(opened->host.hostname)},
                                      {"count", news.findings.size()},
                                      {"first", news.is_first},
                                      {"things", memory.things.size()},
                                      {"seen", seen}});
}

// One of today's letters is left.
bool may_write_today(const Files& files) {
  const std::string today = format_rfc3339(wall_clock()).substr(0, 10);
  const std::string kept = read_or_empty(files.letters(), 64);
  std::uint64_t sent = 0;
  if (kept.starts_with(today + " "))
    for (const char digit : kept.substr(today.size() + 1))
      if (digit >= '0' && digit <= '9') sent = sent * 10 + static_cast<std::uint64_t>(digit - '0');
  return sent < kLettersADayMax && write_out(files.letters(), fmt::format("{} {}\n", today, sent + 1)).has_value();
}

// Only while a claim is tried or in probation: in an open ticket a letter of this program would count as the owner's
// own answer, and stop the clock of it.
Result<void> into_ticket(const std::string& link, const std::string& text) {
  TRY_ASSIGN(const Talker talker, Talker::start());
  TRY_ASSIGN(const std::string ticket, talker.fetch_ticket(link));
  boost::system::error_code wrong;
  const json::value value = json::parse(ticket, wrong);
  const std::string state = !wrong && value.is_object() ? text_of(value.get_object(), "state") : "";
  if (state != "claimed" && state != "closed")
    return failure(Fault::conflict, "it waits for an answer of yours, and this letter is none");
  TRY(talker.post_text(talk::Say::reply, {text, {}}));
  return {};
}

// Into the ticket while it takes it, else by mail; what could not be sent waits for the next look.
void send_pending(const Files& files, const std::string& host) {
  const std::string letter = read_or_empty(files.pending(), kPendingBytesMax);
  if (letter.empty() || !may_write_today(files)) return;
  const json::object settings = settings_of(files);
  const std::string link = text_of(settings, "ticket");
  std::string mail = text_of(settings, "mail");
  if (!link.empty()) {
    const Result<void> posted = into_ticket(link, letter);
    if (posted) {
      ::unlink(files.pending().c_str());
      return;
    }
    fmt::print(stderr, "the ticket does not take it: {}; it goes by mail\n", shown_text(posted.error().what, 500));
  }
  if (mail.empty()) mail = "root";
  const Result<void> mailed =
      send_mail(mail, fmt::format("abate watch on {}", host.empty() ? "this server" : host), letter);
  if (mailed)
    ::unlink(files.pending().c_str());
  else
    complain(mailed.error());
}

Result<int> once(const WatchAsk& ask) {
  TRY_ASSIGN(const remedy::Where where, where_of(ask.root, ask.state));
  const Files files{where.state_folder};
  TRY(make_folder(files));
  TRY_ASSIGN(const std::string answer, in_child([&] { return look(ask, files); }, kMemoryBytesMax + kPendingBytesMax));
  boost::system::error_code wrong;
  const json::value value = json::parse(answer, wrong);
  if (wrong || !value.is_object()) return failure(Fault::unavailable, "the look ended before it was done");
  const json::object& form = value.get_object();
  const std::string letter = text_of(form, "letter");
  // First what is to be told, then that it was seen: a crash in between tells it twice, never not at all.
  if (!letter.empty()) {
    const std::string waiting = read_or_empty(files.pending(), kPendingBytesMax);
    TRY(write_out(files.pending(), shorten(waiting + (waiting.empty() ? "" : "\n") + letter, kPendingBytesMax)));
  }
  TRY(write_out(files.memory(), text_of(form, "memory")));
  if (!ask.quiet) {
    if (flag_of(form, "first"))
      fmt::print("The first look: {} things are known now; from here on what is new is told.\n",
                 number_of(form, "things"));
    fmt::print("{}", letter.empty() ? "Nothing new.\n" : letter);
  }
  if (ask.quiet || ::access(files.settings().c_str(), F_OK) == 0) send_pending(files, text_of(form, "host"));
  if (!letter.empty()) return kFound;
  return flag_of(form, "seen") ? kNothingFound : kNotEnoughSeen;
}

Result<int> install(const WatchAsk& ask) {
  TRY_ASSIGN(const remedy::Where where, where_of(ask.root, ask.state));
  if (where.live && where.state_folder != "/var/lib/abate")
    return failure(Fault::malformed, "--install: the timer uses /var/lib/abate; leave --state out");
  const Files files{where.state_folder};
  TRY(make_folder(files));
  TRY(write_out(files.settings(), json::serialize(json::object{{"mail", ask.mail}, {"ticket", ask.ticket}}) + "\n"));
  TRY_ASSIGN(const std::string plan,
             in_child(
                 [&]() -> Result<std::string> {
                   sweep::Notes notes;
                   TRY_ASSIGN(const ConfinedHost confined, open_confined(where, wall_clock(), notes));
                   const auto& opened = confined.opened;
                   remedy::HardenPlan hardened = remedy::harden_plan(
                       {.host = opened->host, .findings = {}, .entry_at = {}, .renew = {}}, wall_clock());
                   std::erase_if(hardened.plan.actions, [](const Action& one) { return one.kind != "watching"; });
                   return json::serialize(wire::plan_json(hardened.plan, {}));
                 },
                 wire::kPlanBytesMax));
  TRY_ASSIGN(const Plan made, wire::read_plan(plan));
  if (made.actions.empty()) {
    fmt::print("The watch is there already; where its letters go is as you said.\n");
    return kNothingFound;
  }
  ApplyAsk apply;
  apply.yes = true;
  apply.state = ask.state;
  apply.only = {made.actions.front().id};
  return apply_plan(plan, apply);
}

Result<int> remove(const WatchAsk& ask) {
  TRY_ASSIGN(const remedy::Where where, where_of(ask.root, ask.state));
  TRY_ASSIGN(const std::vector<remedy::DoneAction> past, remedy::history(where.state_folder));
  int status = kNothingFound;
  bool found = false;
  for (const remedy::DoneAction& one : past) {
    if (one.kind != "watching" || one.state != remedy::DoneAction::State::done) continue;
    found = true;
    status = undo_command({.what = one.action, .root = ask.root, .state = ask.state});
    break;
  }
  const Files files{where.state_folder};
  std::error_code none;
  fs::remove_all(files.folder, none);
  fmt::print("{}\n", found ? "The watch is gone, and with it what it remembered."
                           : "abate put no watch here that is still there; what it remembered is gone.");
  return status;
}

Result<int> watch_for(const WatchAsk& ask) {
  if (ask.installs) return install(ask);
  if (ask.removes) return remove(ask);
  return once(ask);
}

}  // namespace

int watch_command(const WatchAsk& ask) {
  const Result<int> status = watch_for(ask);
  return status ? *status : complain(status.error());
}

}  // namespace abate::apps
