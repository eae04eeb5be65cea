// SPDX-License-Identifier: Apache-2.0
// What an entry of the history reads like, and the words for customers. Bodies are JSON objects whose fields
// desk/*.cc writes; what is missing is left out, and an entry that cannot be read still shows its kind.
#include <boost/json.hpp>
#include <fmt/format.h>

#include "base/text.h"
#include "web/pages/phrases.h"

namespace abate::web {
namespace {

class Body {
 public:
  explicit Body(const std::string& json) {
    boost::system::error_code error;
    const boost::json::value parsed = boost::json::parse(json, error);
    if (!error && parsed.is_object()) object_ = parsed.as_object();
  }
  [[nodiscard]] std::string text(std::string_view name) const {
    const boost::json::value* const found = object_.if_contains(name);
    if (found == nullptr) return {};
    if (found->is_string()) return std::string{found->as_string()};
    return found->is_int64() ? fmt::format("{}", found->as_int64()) : std::string{};
  }
  [[nodiscard]] std::string time(std::string_view name) const {
    const Result<Instant> at = parse_rfc3339(text(name));
    return at ? format_for_people(*at) : text(name);
  }
  [[nodiscard]] Body inside(std::string_view name) const {
    Body out{""};
    if (const boost::json::value* const found = object_.if_contains(name); found != nullptr && found->is_object())
      out.object_ = found->get_object();
    return out;
  }
  [[nodiscard]] bool flag(std::string_view name) const {
    const boost::json::value* const found = object_.if_contains(name);
    return found != nullptr && found->is_bool() && found->as_bool();
  }

 private:
  boost::json::object object_;
};

std::string measure_words(const Body& body) {
  const std::optional<MeasureKind> kind = parse_measure(body.text("measure"));
  return kind ? std::string{measure_title(*kind)} : body.text("measure");
}

std::string reported_words(const Body& body, Reader reader, std::string_view how) {
  const std::string count = body.text("count");
  std::string out = fmt::format("{} {} {}", how, count.empty() ? "an" : count,
                                count == "1" || count.empty() ? "incident" : "incidents");
  if (reader == Reader::customer) return out;
  if (const std::string who = body.text("reporter"); !who.empty())
    out += fmt::format(", reported by {} ({})", who, authentication_title(body.text("authenticated")));
  return out;
}

std::string_view notice_words(std::string_view kind) {
  if (kind == "opened") return "the notice of opening";
  if (kind == "reminder") return "a reminder";
  if (kind == "overdue") return "the notice that the deadline has passed";
  if (kind == "reply") return "the team's answer";
  if (kind == "refused") return "the notice that the fix could not be confirmed";
  if (kind == "closed") return "the notice of closing";
  if (kind == "reopened") return "the notice that the case is open again";
  if (kind == "measure") return "the notice of a measure";
  if (kind == "lifted") return "the notice that a measure was lifted";
  return "a notice";
}

std::string notice_line(const Body& body, Reader reader, std::string_view verb) {
  std::string out = fmt::format("{} {}", verb, notice_words(body.text("notice")));
  if (const std::string to = body.text("to"); !to.empty())
    out += reader == Reader::customer ? " to your e-mail address" : " to " + to;
  return out;
}

std::string why_of(const Body& body) {
  for (const std::string_view name : {"why", "diagnostic", "error"})
    if (std::string text = body.text(name); !text.empty()) return text;
  return {};
}

Said deadlines_line(const Body& body) {
  return {fmt::format("opened the ticket: respond by {}, fix by {}", body.time("respond_by"), body.time("fix_by")),
          {},
          "calm"};
}

Said ending_line(std::string_view verb, const Body& body) {
  const std::string until = body.time("probation_until");
  return {until.empty() ? std::string{verb} : fmt::format("{}; probation runs until {}", verb, until),
          body.text("reason"), "good"};
}

Said moved_line(std::string_view verb, const Body& body) {
  const std::string into = body.text("into");
  return {into.empty() ? fmt::format("{} from {}", verb, body.text("from")) : fmt::format("{} into {}", verb, into),
          body.text("reason"), "quiet"};
}

std::string_view probe_tone(const Body& body) {
  const std::string outcome = body.text("outcome");
  return outcome == "gone" ? "good" : outcome == "live" ? "bad" : "calm";
}

Said measure_line(EntryKind kind, const Body& body, Reader reader) {
  const std::string what = measure_words(body);
  const std::string reason = body.text("reason");
  const std::string deliberate = body.flag("deliberate") && reader == Reader::team ? " (deliberate abuse)" : "";
  switch (kind) {
    case EntryKind::measure_proposed: return {fmt::format("proposed a measure: {}", what), reason, "warn"};
    case EntryKind::measure_approved: return {fmt::format("decided a measure: {}{}", what, deliberate), reason, "bad"};
    case EntryKind::measure_in_force: return {fmt::format("confirmed: {} is in force", what), {}, "bad"};
    case EntryKind::measure_failed: return {fmt::format("could not carry out: {}", what), why_of(body), "bad"};
    default: return {fmt::format("lifted a measure: {}", what), reason, "good"};
  }
}

}  // namespace

Said say(const Entry& entry, Reader reader) {
  const Body body{entry.body};
  switch (entry.kind) {
    case EntryKind::reported: return {reported_words(body, reader, "made this ticket from"), {}, "calm"};
    case EntryKind::incident_added: return {reported_words(body, reader, "added"), {}, "warn"};
    case EntryKind::opened: return deadlines_line(body);
    case EntryKind::notice_queued: return {notice_line(body, reader, "wrote"), {}, "quiet"};
    case EntryKind::notice_sent: return {notice_line(body, reader, "delivered"), {}, "quiet"};
    case EntryKind::notice_bounced:
      return {notice_line(body, reader, "got back as undeliverable:"), why_of(body), "bad"};
    case EntryKind::notice_failed: return {notice_line(body, reader, "could not deliver"), why_of(body), "bad"};
    case EntryKind::viewed: return {"looked at the ticket", {}, "quiet"};
    case EntryKind::reminded: return {"sent a reminder of the deadline", {}, "quiet"};
    case EntryKind::reply:
      if (body.flag("stuck")) return {"wrote, and asks for the next step", body.text("text"), "warn", true};
      return {"wrote", body.text("text"), "calm", true};
    case EntryKind::note:
      if (const std::string link = body.text("link"); link == "made")
        return {fmt::format("made a link for abate into this ticket, good until {}", body.time("until")), {}, "quiet"};
      else if (link == "withdrawn")
        return {fmt::format("withdrew the links into this ticket ({})", body.text("count")), {}, "quiet"};
      return {"noted for the team", body.text("text"), "quiet", true};
    case EntryKind::claim: return {"said that it is fixed; the fix clock rests", body.text("text"), "busy", true};
    case EntryKind::proof:
      return {fmt::format("sent proofs from the server: {} sentences proved, {} claimed",
                          body.inside("checks").text("proved"), body.inside("checks").text("claimed")),
              {},
              "good"};
    case EntryKind::probe: return {"checked from outside", body.text("text"), probe_tone(body)};
    case EntryKind::accepted: return ending_line("accepted the fix as verified and closed the ticket", body);
    case EntryKind::refused: {
      const std::string by = body.time("fix_by");
      return {by.empty() ? "could not confirm the fix" : fmt::format("could not confirm the fix; fix by {}", by),
              body.text("reason"), "warn"};
    }
    case EntryKind::closed:
      return ending_line(
          body.flag("harmful") ? "closed the ticket, since what was reported was false" : "closed the ticket", body);
    case EntryKind::reopened: return {"opened the ticket again", body.text("reason"), "warn"};
    case EntryKind::extended:
      return {fmt::format("moved the fix deadline to {}", body.time("fix_by")), body.text("reason"), "calm"};
    case EntryKind::overdue: return {"noted that the deadline has passed", {}, "bad"};
    case EntryKind::merged: return moved_line("merged", body);
    case EntryKind::split: return moved_line("moved incidents", body);
    case EntryKind::assigned:
      return {body.text("to").empty() ? "assigned it to nobody" : "assigned it to " + body.text("to"), {}, "quiet"};
    case EntryKind::dismissed:
      return {
          body.flag("harmful") ? "dismissed the ticket; its reports were false and harmful" : "dismissed the ticket",
          body.text("reason"), "quiet"};
    case EntryKind::measure_proposed:
    case EntryKind::measure_approved:
    case EntryKind::measure_in_force:
    case EntryKind::measure_failed:
    case EntryKind::measure_lifted: return measure_line(entry.kind, body, reader);
    case EntryKind::received: return {"kept reports", {}, "quiet"};
  }
  return {std::string{entry_kind_name(entry.kind)}, {}, "quiet"};
}

std::string_view plain_meaning(Category category) {
  switch (category) {
    case Category::spam: return "Mail that nobody asked for seems to leave your server.";
    case Category::phishing:
      return "A page that imitates somebody else, to steal passwords or cards, seems to be on your server.";
    case Category::malware: return "Your server seems to spread harmful software, or to be controlled by it.";
    case Category::ddos: return "Your server seems to take part in attacks that flood others with traffic.";
    case Category::proxy: return "Strangers seem to use your server to hide where they come from.";
    case Category::illegal_content: return "Content that may not be published seems to be on your server.";
    case Category::other: return "Your server seems to do something to others that our rules do not allow.";
  }
  return "";
}

std::string_view first_step(Category category) {
  switch (category) {
    case Category::spam:
      return "Look at the mail queue and the mail log first: they name the account or the script that sends.";
    case Category::phishing:
      return "Look at the address that was reported: the files behind it, who owns them, and when they appeared.";
    case Category::malware:
      return "Look at files that changed around the reported time, at running processes and at scheduled tasks.";
    case Category::ddos:
      return "Look at running processes and outgoing connections, and whether a service answers anybody (DNS, NTP, "
             "memcached).";
    case Category::proxy: return "Look at the programs that listen on the reported port, and who may use them.";
    case Category::illegal_content: return "Look at the address that was reported, and take what it shows offline.";
    case Category::other:
      return "Look at the log around the reported time, at sign-ins by SSH, and at running processes.";
  }
  return "";
}

std::string measure_for_customer(const Measure& measure) {
  const bool soon = measure.state == MeasureState::approved;
  const std::string_view now = soon ? "is being" : "is";
  switch (measure.kind) {
    case MeasureKind::limit_port25:
      return fmt::format("Outgoing mail (port 25) of your server {} limited. Everything else works as before.", now);
    case MeasureKind::limit_egress: return fmt::format("Outgoing traffic of your server {} limited.", now);
    case MeasureKind::isolate:
      return fmt::format("Your server {} cut off from the network. It still runs, and you reach it by the console.",
                         now);
    case MeasureKind::suspend: return fmt::format("Your server {} suspended. Your data is kept.", now);
    case MeasureKind::terminate: return fmt::format("Your server {} terminated.", now);
  }
  return "";
}

}  // namespace abate::web
