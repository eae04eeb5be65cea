// SPDX-License-Identifier: Apache-2.0
#include "apps/abate/guide_forms.h"

#include <algorithm>
#include <set>

#include <boost/json.hpp>

#include "apps/abate/tell.h"
#include "base/json_fields.h"
#include "base/text.h"
#include "reply/known_secrets.h"
#include "report/words.h"
#include "sweep/host/disk_tree.h"
#include "wire/plan_json.h"
#include "wire/reply_json.h"
#include "wire/sweep_json.h"

namespace abate::apps {
namespace {

namespace json = boost::json;

constexpr std::size_t kUrlsKept = 20;
constexpr std::size_t kSeenBytesMax = 2000;

json::array texts_json(const std::vector<std::string>& texts) {
  json::array out;
  for (const std::string& text : texts) out.emplace_back(make_valid_utf8(text));
  return out;
}

std::vector<std::string> texts_of(const json::object& form, std::string_view name) {
  std::vector<std::string> texts;
  for (const json::value& one : list_of(form, name))
    if (one.is_string()) texts.emplace_back(one.get_string());
  return texts;
}

json::value time_json(const std::optional<Instant>& at) {
  return at ? json::value(format_rfc3339(*at)) : json::value();
}

std::optional<Instant> time_of(const json::object& form, std::string_view name) {
  const Result<Instant> at = parse_rfc3339(text_of(form, name));
  return at ? std::optional{*at} : std::nullopt;
}

Result<json::value> parsed(std::string_view text) {
  boost::system::error_code wrong;
  json::value value = json::parse(text, wrong);
  if (wrong || !value.is_object()) return failure(Fault::malformed, "what was kept of the last time cannot be read");
  return value;
}

std::vector<Statement> statements_of(const json::object& form, std::string_view name) {
  std::vector<Statement> part;
  for (const json::value& row : list_of(form, name)) {
    if (!row.is_object()) continue;
    const bool proved = text_of(row.get_object(), "standing") == standing_name(Standing::proved);
    part.push_back({text_of(row.get_object(), "says"), proved ? Standing::proved : Standing::claimed,
                    texts_of(row.get_object(), "proof")});
  }
  return part;
}

Reply reply_of(const json::object& form) {
  Reply reply;
  reply.ticket = text_of(form, "ticket");
  for (const reply::Part part : reply::kParts) {
    constexpr std::array<std::string_view, 4> kNames{"cause", "done", "confirmed", "prevention"};
    reply::part_of(reply, part) = statements_of(form, kNames.at(static_cast<std::size_t>(part)));
  }
  for (const json::value& row : list_of(form, "proofs")) {
    if (!row.is_object()) continue;
    const json::object& one = row.get_object();
    Proof proof;
    proof.id = text_of(one, "id");
    proof.about = text_of(one, "about");
    proof.tried = text_of(one, "tried");
    proof.seen = text_of(one, "seen");
    proof.service = text_of(one, "service");
    proof.good = flag_of(one, "good");
    proof.at = time_of(one, "at").value_or(Instant{});
    proof.hash = text_of(one, "hash");
    reply.proofs.push_back(std::move(proof));
  }
  reply.text = text_of(form, "text");
  return reply;
}

// Paths are bytes: shown so that JSON holds them, and read back as they were.
json::array raw_names(const std::vector<std::string>& names) {
  json::array out;
  for (const std::string& name : names) out.emplace_back(shown_name(name));
  return out;
}

Result<reply::Redactor> redactor_of(const json::object& form, const std::string& root) {
  std::set<std::string, std::less<>> domains;
  for (std::string& domain : texts_of(form, "own_domains")) domains.insert(std::move(domain));
  reply::SecretSources sources;
  for (const std::string& path : texts_of(form, "secret_files")) {
    TRY_ASSIGN(std::string raw, wire::raw_name(path));
    sources.files.push_back(std::move(raw));
  }
  for (const std::string& name : texts_of(form, "public_names")) {
    TRY_ASSIGN(std::string raw, wire::raw_name(name));
    sources.public_names.insert(std::move(raw));
  }
  TRY_ASSIGN(const std::unique_ptr<sweep::DiskTree> tree, sweep::DiskTree::open_root(root));
  return reply::Redactor{std::move(domains), reply::known_secrets(*tree, sources)};
}

}  // namespace

guide::TicketTold ticket_told(const wire::TicketCase& ticket) {
  guide::TicketTold told;
  const Case& found = ticket.found;
  told.id = found.ticket;
  told.category = found.category;
  for (const IpAddress& address : found.addresses) told.addresses.push_back(address.to_string());
  told.incidents = found.incidents.size();
  for (const Incident& incident : found.incidents) {
    if (incident.url && told.urls.size() < kUrlsKept &&
        std::ranges::find(told.urls, defang(*incident.url)) == told.urls.end())
      told.urls.push_back(defang(*incident.url));
    const std::optional<Instant> at = incident.started_at ? incident.started_at : incident.started_unzoned;
    if (at && (!told.first || *at < *told.first)) told.first = at;
    const std::optional<Instant> end = incident.ended_at ? incident.ended_at : at;
    if (end && (!told.last || *end > *told.last)) told.last = end;
    for (const Evidence& evidence : incident.evidence)
      if (told.seen.empty()) told.seen = shorten(evidence.bytes, kSeenBytesMax);
  }
  told.respond_by = ticket.respond_by;
  told.fix_by = ticket.fix_by;
  told.required_actions = ticket.required_actions;
  told.has_desk = !ticket.desk.url.empty();
  return told;
}

std::string ticket_told_text(const guide::TicketTold& told) {
  return json::serialize(json::object{{"id", make_valid_utf8(told.id)},
                                      {"category", category_name(told.category)},
                                      {"addresses", texts_json(told.addresses)},
                                      {"urls", texts_json(told.urls)},
                                      {"incidents", told.incidents},
                                      {"first", time_json(told.first)},
                                      {"last", time_json(told.last)},
                                      {"respond_by", time_json(told.respond_by)},
                                      {"fix_by", time_json(told.fix_by)},
                                      {"required_actions", texts_json(told.required_actions)},
                                      {"seen", make_valid_utf8(told.seen)},
                                      {"has_desk", told.has_desk}});
}

Result<guide::TicketTold> read_ticket_told(std::string_view text) {
  TRY_ASSIGN(const json::value value, parsed(text));
  const json::object& form = value.get_object();
  guide::TicketTold told;
  told.id = text_of(form, "id");
  told.category = parse_category(text_of(form, "category")).value_or(Category::other);
  told.addresses = texts_of(form, "addresses");
  told.urls = texts_of(form, "urls");
  told.incidents = number_of(form, "incidents");
  told.first = time_of(form, "first");
  told.last = time_of(form, "last");
  told.respond_by = time_of(form, "respond_by");
  told.fix_by = time_of(form, "fix_by");
  told.required_actions = texts_of(form, "required_actions");
  told.seen = text_of(form, "seen");
  told.has_desk = flag_of(form, "has_desk");
  return told;
}

std::string looked_text(const SweepRun& run, const ReplyRun& made) {
  const report::Outcome outcome = outcome_of(run);
  json::array counts;
  for (const std::size_t count : report::count_severities(outcome.findings)) counts.emplace_back(count);
  json::array questions;
  for (const reply::OpenQuestion& question : made.questions)
    questions.push_back({{"part", static_cast<int>(question.part)}, {"asks", make_valid_utf8(question.asks)}});
  json::array domains;
  for (const std::string& domain : reply::own_domains(run.opened->host)) domains.emplace_back(make_valid_utf8(domain));
  // Where its secrets stand, never themselves: they are read anew when something is sent.
  const reply::SecretSources sources = reply::secret_sources(run.opened->host, run.result.findings);
  return json::serialize(
      json::object{{"host_name", make_valid_utf8(outcome.host_name)},
                   {"os", make_valid_utf8(outcome.os)},
                   {"live", outcome.live},
                   {"finished_at", format_rfc3339(outcome.finished_at)},
                   {"seen_enough", saw_enough(run)},
                   {"files", outcome.files},
                   {"log_lines", outcome.log_lines},
                   {"counts", std::move(counts)},
                   {"unseen", outcome.not_examined.size()},
                   {"gone", made.verify.verified.gone},
                   {"in_doubt", made.verify.verified.is_in_doubt},
                   {"verification", short_verification(run, made.verify)},
                   {"own_domains", std::move(domains)},
                   {"secret_files", raw_names(sources.files)},
                   {"public_names", raw_names({sources.public_names.begin(), sources.public_names.end()})},
                   {"plan", json::serialize(wire::plan_json(made.plan, made.now, run.result.findings)) + "\n"},
                   {"reply", wire::reply_json(made.reply, run.result.findings, made.then.findings)},
                   {"questions", std::move(questions)},
                   {"stuck", make_valid_utf8(made.stuck)}});
}

Result<std::string> plan_text_of(std::string_view looked) {
  TRY_ASSIGN(const json::value value, parsed(looked));
  return text_of(value.get_object(), "plan");
}

Result<Sending> sending_of(std::string_view looked, const std::string& root, talk::Say say, const Reply& reply) {
  TRY_ASSIGN(const json::value value, parsed(looked));
  const json::object& form = value.get_object();
  json::object whole = wire::reply_json(reply, {}, list_of(object_of(form, "reply"), "findings"));
  whole["verification"] = object_of(form, "verification");
  TRY_ASSIGN(reply::Redactor redactor, redactor_of(form, root));
  return prepare_sending(std::move(redactor), say, reply.text, std::move(whole));
}

Result<Sending> question_of(std::string_view looked, const std::string& root, const std::string& text) {
  TRY_ASSIGN(const json::value value, parsed(looked));
  TRY_ASSIGN(reply::Redactor redactor, redactor_of(value.get_object(), root));
  return prepare_sending(std::move(redactor), talk::Say::stuck, text, {});
}

Result<guide::Strength> strength_of(std::string_view plan) {
  TRY_ASSIGN(const json::value value, parsed(plan));
  TRY_ASSIGN(Plan read, wire::read_plan(plan));
  return guide::Strength{std::move(read.actions), list_of(value.get_object(), "already").size()};
}

Result<guide::Looked> read_looked(std::string_view text) {
  TRY_ASSIGN(const json::value value, parsed(text));
  const json::object& form = value.get_object();
  guide::Looked looked;
  looked.outcome.host_name = text_of(form, "host_name");
  looked.outcome.os = text_of(form, "os");
  looked.outcome.live = flag_of(form, "live");
  looked.outcome.finished_at = time_of(form, "finished_at").value_or(Instant{});
  looked.outcome.seen_enough = flag_of(form, "seen_enough");
  looked.outcome.files = number_of(form, "files");
  looked.outcome.log_lines = number_of(form, "log_lines");
  const std::string plan = text_of(form, "plan");
  TRY_ASSIGN(looked.outcome.plan, wire::read_plan(plan));
  TRY_ASSIGN(wire::PlanCause cause, wire::read_plan_cause(plan));
  looked.outcome.ticket = cause.diagnosis.ticket;
  looked.outcome.diagnosis = std::move(cause.diagnosis);
  const json::array& counts = list_of(form, "counts");
  for (std::size_t n = 0; n < std::min(counts.size(), looked.counts.size()); ++n)
    if (counts[n].is_int64()) looked.counts.at(n) = static_cast<std::size_t>(counts[n].get_int64());
  looked.unseen = number_of(form, "unseen");
  looked.gone = flag_of(form, "gone");
  looked.is_in_doubt = flag_of(form, "in_doubt");
  looked.reply = reply_of(object_of(form, "reply"));
  for (const json::value& row : list_of(form, "questions")) {
    if (!row.is_object()) continue;
    const std::uint64_t part = std::min<std::uint64_t>(number_of(row.get_object(), "part"), reply::kParts.size() - 1);
    looked.questions.push_back({static_cast<reply::Part>(part), text_of(row.get_object(), "asks")});
  }
  looked.stuck = text_of(form, "stuck");
  return looked;
}

}  // namespace abate::apps
