// SPDX-License-Identifier: Apache-2.0
#include "apps/abate/guide_hands.h"

#include <algorithm>
#include <cerrno>
#include <csignal>
#include <cstring>
#include <filesystem>

#include <fcntl.h>
#include <sys/file.h>
#include <sys/stat.h>
#include <unistd.h>

#include "apps/abate/apply_run.h"
#include "apps/abate/confine.h"
#include "apps/abate/confirm_firewall.h"
#include "apps/abate/editor.h"
#include "apps/abate/guide_forms.h"
#include "apps/abate/harden_run.h"
#include "apps/abate/in_child.h"
#include "apps/abate/manuals.h"
#include "apps/abate/read_case.h"
#include "apps/abate/read_input.h"
#include "apps/abate/tell.h"
#include "apps/abate/where.h"
#include "base/text.h"
#include "base/whole_io.h"
#include "remedy/executor/keep_firewall.h"
#include "report/manuals.h"
#include "talk/desk.h"
#include "wire/plan_json.h"

namespace abate::apps {
namespace {

namespace fs = std::filesystem;

constexpr std::size_t kProgressBytesMax = std::size_t{8} << 20;
constexpr std::size_t kReplyBytesMax = std::size_t{1} << 20;
constexpr std::string_view kTicketName = "ticket";  // with the suffix that its format is told by

std::unexpected<Error> cannot(const std::string& path) {
  return failure(Fault::unavailable, "{}: cannot be written: {}.", path, ::strerrordesc_np(errno));
}

// Held while a change is made: Ctrl-C waits until it is whole, also for the programs that it starts.
class HeldInterrupt {
 public:
  HeldInterrupt() {
    sigset_t interrupt;
    ::sigemptyset(&interrupt);
    ::sigaddset(&interrupt, SIGINT);
    ::sigaddset(&interrupt, SIGTERM);
    ::sigprocmask(SIG_BLOCK, &interrupt, &before_);
  }
  ~HeldInterrupt() { ::sigprocmask(SIG_SETMASK, &before_, nullptr); }
  HeldInterrupt(const HeldInterrupt&) = delete;
  HeldInterrupt& operator=(const HeldInterrupt&) = delete;

 private:
  sigset_t before_{};
};

guide::Did did_of(const remedy::Outcome& outcome) {
  using End = remedy::Outcome::End;
  return {outcome.end == End::done || outcome.end == End::already_so, std::string{end_words(outcome.end)},
          outcome.says};
}

}  // namespace

Result<std::unique_ptr<GuideHands>> GuideHands::open(const SweepAsk& ask) {
  TRY_ASSIGN(const remedy::Where where, where_of(ask.root, ask.state));
  SweepAsk own = ask;
  own.root = where.root;
  own.state = where.state_folder;
  const std::string folder = where.state_folder + "/guide";
  for (const std::string& path : {where.state_folder, folder})
    if (::mkdir(path.c_str(), 0700) != 0 && errno != EEXIST) return cannot(path);
  Descriptor lock{::open((folder + "/lock").c_str(), O_RDWR | O_CREAT | O_CLOEXEC | O_NOFOLLOW, 0600)};
  if (!lock) return cannot(folder + "/lock");
  if (::flock(lock.get(), LOCK_EX | LOCK_NB) != 0)
    return failure(Fault::conflict, "abate is at work here already, perhaps in another window; go on there");
  return std::unique_ptr<GuideHands>{new GuideHands{std::move(own), folder, std::move(lock)}};
}

Result<std::string> GuideHands::read(std::string_view name, std::size_t bytes_max) const {
  return read_input("state", file(name), bytes_max);
}

Result<void> GuideHands::write(std::string_view name, std::string_view text) const {
  const std::string half = file(name) + ".part";
  Descriptor out{::open(half.c_str(), O_WRONLY | O_CREAT | O_TRUNC | O_CLOEXEC | O_NOFOLLOW, 0600)};
  if (!out || !write_all(out.get(), text) || ::fsync(out.get()) != 0) return cannot(half);
  out = Descriptor{};
  if (std::rename(half.c_str(), file(name).c_str()) != 0) return cannot(file(name));
  const Descriptor folder{::open(folder_.c_str(), O_RDONLY | O_DIRECTORY | O_CLOEXEC)};
  if (folder) ::fsync(folder.get());
  return {};
}

// The child gives the ticket as it is told in its first line, then the ticket's own bytes.
Result<guide::TicketTold> GuideHands::take(const std::string& named, const std::string& as_if) {
  const bool is_link = talk::looks_like_link(named);
  TRY_ASSIGN(const std::string both, in_child([&]() -> Result<std::string> {
               std::optional<Talker> talker;
               if (is_link) {
                 TRY_ASSIGN(talker, Talker::start());
               }
               confine({.writable = {}, .live = false, .fast = true});
               std::string bytes;
               wire::TicketCase ticket;
               if (is_link) {
                 TRY_ASSIGN(bytes, talker->fetch_ticket(named));
                 TRY_ASSIGN(ticket, wire::read_ticket(bytes));
               } else {
                 TRY_ASSIGN(bytes, read_input("the report", named, kTicketFileBytesMax));
                 TRY_ASSIGN(ticket, read_case(named, nullptr));
               }
               guide::TicketTold told = ticket_told(ticket);
               told.has_desk |= is_link;
               return ticket_told_text(told) + "\n" + bytes;
             }));
  const std::size_t line = both.find('\n');
  const std::string told = both.substr(0, line);
  std::string suffix = is_link ? ".json" : fs::path{as_if}.extension().string();
  if (suffix != ".json" && suffix != ".csv" && suffix != ".eml") suffix = ".txt";
  for (const char* other : {".json", ".csv", ".eml", ".txt"}) ::unlink(file(std::string{kTicketName} + other).c_str());
  TRY(write(std::string{kTicketName} + suffix, std::string_view{both}.substr(line + 1)));
  TRY(write("told.json", told));
  TRY(write("link", is_link ? named : ""));
  return read_ticket_told(told);
}

Result<guide::TicketTold> GuideHands::take_ticket(const std::string& named) { return take(named, named); }

Result<guide::TicketTold> GuideHands::take_pasted(const std::string& text) {
  TRY(write("pasted.txt", text));
  return take(file("pasted.txt"), "pasted.txt");
}

Result<guide::TicketTold> GuideHands::kept_ticket() {
  TRY_ASSIGN(const std::string text, read("told.json", kProgressBytesMax));
  return read_ticket_told(text);
}

Result<guide::Looked> GuideHands::look() {
  SweepAsk ask = ask_;
  // Once something was changed, its services are asked as well whether the harm is gone.
  ask.speaks = !remedy::Journal::runs(ask_.state).empty();
  for (const char* suffix : {".json", ".csv", ".eml", ".txt"})
    if (const std::string path = file(std::string{kTicketName} + suffix); ::access(path.c_str(), F_OK) == 0)
      ask.ticket = path;
  TRY_ASSIGN(const std::string text, in_child([&]() -> Result<std::string> {
               TRY_ASSIGN(const std::unique_ptr<SweepRun> run, run_sweep(ask));
               if (run->result.ended_early) return failure(Fault::stale, "Interrupted.");
               TRY_ASSIGN(const ReplyRun made, run_reply(ask, *run, {}));
               if (is_interrupted()) return failure(Fault::stale, "Interrupted.");
               return looked_text(*run, made);
             }));
  TRY_ASSIGN(guide::Looked looked, read_looked(text));
  TRY(write("look.json", text));
  return looked;
}

Result<guide::Looked> GuideHands::kept_look() {
  TRY_ASSIGN(const std::string text, read("look.json", kChildBytesMax));
  return read_looked(text);
}

Result<std::string> GuideHands::carry_out(std::string plan, const std::vector<std::string>& ids,
                                          const std::function<void(const Action&, const guide::Did&)>& told) {
  TRY_ASSIGN(ApplyRun run, ApplyRun::open(std::move(plan), ask_.state));
  TRY(run.begin());
  std::vector<Action> unconfirmed;
  for (const Action& action : run.plan().actions) {
    if (std::ranges::find(ids, action.id) == ids.end()) continue;
    if (is_interrupted()) return failure(Fault::stale, "Interrupted.");
    guide::Did did;
    {
      const HeldInterrupt held;
      did = did_of(run.act(action));
    }
    told(action, did);
    if (action.kind == "firewall_on" && did.good && run.where().live && !remedy::is_kept() && !confirm_firewall(true))
      unconfirmed.push_back(action);
  }
  TRY(run.finish());
  const std::string id = run.id();
  const remedy::Where where = run.where();
  run.release();  // its lock, which taking back needs
  for (const Action& action : unconfirmed) {
    take_firewall_back(where, action.id);
    told(action, {false, "taken back", "nobody said in time that they still get in"});
  }
  return id;
}

Result<std::string> GuideHands::apply(const std::vector<std::string>& ids,
                                      const std::function<void(const Action&, const guide::Did&)>& told) {
  TRY_ASSIGN(const std::string looked, read("look.json", kChildBytesMax));
  TRY_ASSIGN(std::string plan, plan_text_of(looked));
  return carry_out(std::move(plan), ids, told);
}

Result<guide::Strength> GuideHands::weigh(std::optional<Instant> entry) {
  HardenAsk ask;
  ask.root = ask_.root;
  ask.state = ask_.state;
  TRY_ASSIGN(const Weighed weighed, apps::weigh(ask, entry, false));
  TRY_ASSIGN(guide::Strength strength, strength_of(weighed.plan));
  TRY(write("strength.json", weighed.plan));
  return strength;
}

Result<guide::Strength> GuideHands::kept_strength() {
  TRY_ASSIGN(const std::string text, read("strength.json", wire::kPlanBytesMax));
  return strength_of(text);
}

Result<std::string> GuideHands::strengthen(const std::vector<std::string>& ids,
                                           const std::function<void(const Action&, const guide::Did&)>& told) {
  TRY_ASSIGN(std::string plan, read("strength.json", wire::kPlanBytesMax));
  return carry_out(std::move(plan), ids, told);
}

std::string GuideHands::manual(const std::string& action_kind) {
  const Result<std::string> text = report::manual_of(manual_pages(), action_kind, look_of(ask_, STDOUT_FILENO));
  return text ? *text : text.error().what + "\n";
}

Result<std::string> GuideHands::edit(const std::string& text) {
  TRY(write("reply-edit.txt", text));
  TRY(edit_file(file("reply-edit.txt")));
  return read("reply-edit.txt", kReplyBytesMax);
}

Result<std::string> GuideHands::send(const std::function<Result<Sending>()>& make) {
  const std::string link{trim(read("link", kProgressBytesMax).value_or(""))};
  const std::string saved = file(std::string{kTicketName} + ".json");
  return in_child([&]() -> Result<std::string> {
    TRY_ASSIGN(const Talker talker, Talker::start());
    confine({.writable = {}, .live = false, .fast = true});
    TRY_ASSIGN(const wire::TicketCase ticket, read_case(link.empty() ? saved : link, &talker));  // names the desk
    static_cast<void>(ticket);
    TRY_ASSIGN(const Sending sending, make());
    std::string note;
    TRY_ASSIGN(std::string told, abate::apps::send(talker, sending, note));
    return note.empty() ? told : told + " " + note;
  });
}

Result<std::string> GuideHands::send_question(const std::string& text) {
  return send([&]() -> Result<Sending> {
    const Result<std::string> looked = read("look.json", kChildBytesMax);
    return question_of(looked ? *looked : "{}", ask_.root, text);  // one may be stuck before the first look
  });
}

Result<std::string> GuideHands::send_answer(bool is_claim, const Reply& reply) {
  return send([&]() -> Result<Sending> {
    TRY_ASSIGN(const std::string looked, read("look.json", kChildBytesMax));
    return sending_of(looked, ask_.root, is_claim ? talk::Say::claim : talk::Say::reply, reply);
  });
}

Result<std::string> GuideHands::show_answer(bool is_claim, const Reply& reply) {
  return in_child([&]() -> Result<std::string> {
    confine({.writable = {}, .live = false, .fast = true});
    TRY_ASSIGN(const std::string looked, read("look.json", kChildBytesMax));
    TRY_ASSIGN(const Sending sending,
               sending_of(looked, ask_.root, is_claim ? talk::Say::claim : talk::Say::reply, reply));
    return show_sending(reply.ticket, sending);
  });
}

Result<std::string> GuideHands::save(const std::string& name, const std::string& text) {
  TRY(write(name, text));
  return file(name);
}

Result<void> GuideHands::keep(const guide::Progress& progress) {
  return write("progress.json", guide::progress_text(progress));
}

Instant GuideHands::now() { return wall_clock(); }

Result<guide::Progress> GuideHands::kept_progress() {
  TRY_ASSIGN(const std::string text, read("progress.json", kProgressBytesMax));
  return guide::read_progress(text);
}

void GuideHands::start_over() {
  for (const char* name : {"progress.json", "look.json", "strength.json", "told.json", "link", "pasted.txt",
                           "reply-edit.txt", "ticket.json", "ticket.csv", "ticket.eml", "ticket.txt"})
    ::unlink(file(name).c_str());
}

}  // namespace abate::apps
