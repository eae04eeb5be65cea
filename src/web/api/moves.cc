// SPDX-License-Identifier: Apache-2.0
// POST /api/v1/tickets/{id}/VERB: what is done with a case. One table says which verb is which move and what its body
// becomes; one function judges in the order that api.h promises. The desk judges again, in the transaction.
#include "desk/access.h"
#include "desk/customer.h"
#include "desk/look.h"
#include "desk/team.h"
#include "web/api/tickets.h"
#include "wire/reply_json.h"

namespace abate::web {
namespace {

namespace json = boost::json;
using desk::Ask;
using desk::Desk;

using Work = Result<Ticket> (*)(Desk&, const Ask&, const json::object&);

struct Verb {
  std::string_view name;
  Move move;
  Work work;
};

template <Result<Ticket> (*UseCase)(Desk&, const Ask&, const std::string&)>
Result<Ticket> with_reason(Desk& desk, const Ask& ask, const json::object& body) {
  TRY_ASSIGN(const std::string reason, text_field(body, "reason"));
  return UseCase(desk, ask, reason);
}

template <Result<Ticket> (*UseCase)(Desk&, const Ask&, const std::string&)>
Result<Ticket> with_text(Desk& desk, const Ask& ask, const json::object& body) {
  TRY_ASSIGN(const std::string text, text_field(body, "text"));
  return UseCase(desk, ask, text);
}

template <Result<Ticket> (*UseCase)(Desk&, const Ask&, const std::string&, bool)>
Result<Ticket> with_verdict(Desk& desk, const Ask& ask, const json::object& body) {
  TRY_ASSIGN(const std::string reason, text_field(body, "reason"));
  TRY_ASSIGN(const bool harmful, flag_field(body, "harmful", false));
  return UseCase(desk, ask, reason, harmful);
}

Result<Ticket> open(Desk& desk, const Ask& ask, const json::object&) { return desk::open_ticket(desk, ask); }

Result<Ticket> accept(Desk& desk, const Ask& ask, const json::object& body) {
  TRY_ASSIGN(const std::string reason, text_field(body, "reason"));
  std::vector<std::string> weighed;
  if (body.contains("weighed")) {
    TRY_ASSIGN(weighed, texts_field(body, "weighed"));
  }
  return desk::accept_claim(desk, ask, reason, weighed);
}

Result<Ticket> extend(Desk& desk, const Ask& ask, const json::object& body) {
  TRY_ASSIGN(const std::string text, text_field(body, "fix_by"));
  TRY_ASSIGN(const std::string reason, text_field(body, "reason"));
  const Result<Instant> fix_by = parse_rfc3339(text);
  if (!fix_by) return failure(Fault::malformed, "'fix_by' must be a time like 2026-01-02T03:04:05Z");
  return desk::extend_ticket(desk, ask, *fix_by, reason);
}

Result<Ticket> merge(Desk& desk, const Ask& ask, const json::object& body) {
  TRY_ASSIGN(const std::string into, text_field(body, "into"));
  TRY_ASSIGN(const std::string reason, text_field(body, "reason"));
  return desk::merge_ticket(desk, ask, into, reason);
}

Result<Ticket> split(Desk& desk, const Ask& ask, const json::object& body) {
  TRY_ASSIGN(const std::vector<std::string> ids, texts_field(body, "incidents"));
  TRY_ASSIGN(const std::string reason, text_field(body, "reason"));
  return desk::split_ticket(desk, ask, ids, reason);
}

Result<Ticket> measures(Desk& desk, const Ask& ask, const json::object& body) {
  TRY_ASSIGN(const std::string name, text_field(body, "measure"));
  const std::optional<MeasureKind> kind = parse_measure(name);
  if (!kind)
    return failure(Fault::malformed, "'measure' must be limit_port25, limit_egress, isolate, suspend or terminate");
  desk::MeasureAsk asked;
  asked.measure = *kind;
  TRY_ASSIGN(asked.on, flag_field(body, "on", true));
  TRY_ASSIGN(asked.reason, text_field(body, "reason"));
  // There is no termination that is not for deliberate abuse, so it need not be said.
  TRY_ASSIGN(asked.deliberate, flag_field(body, "deliberate", *kind == MeasureKind::terminate));
  TRY_ASSIGN(asked.confirm, text_field(body, "confirm"));
  return desk::decide_measure(desk, ask, asked);
}

Result<Ticket> assign(Desk& desk, const Ask& ask, const json::object& body) {
  TRY_ASSIGN(const std::string to, text_field(body, "to"));
  return desk::assign_ticket(desk, ask, to);
}

Result<Ticket> reply(Desk& desk, const Ask& ask, const json::object& body) {
  TRY_ASSIGN(const std::string text, text_field(body, "text"));
  TRY_ASSIGN(const bool stuck, flag_field(body, "stuck", false));
  return desk::reply(desk, ask, text, stuck);
}

Result<Ticket> proofs(Desk& desk, const Ask& ask, const json::object& body) {
  TRY_ASSIGN(wire::ReplyForm form, wire::read_reply(body));
  return desk::add_proof(desk, ask, {std::move(form.reply), std::move(form.findings), body});
}

constexpr std::array kVerbs{
    Verb{"open", Move::open, open},
    Verb{"dismiss", Move::dismiss, with_verdict<desk::dismiss_ticket>},
    Verb{"reply", Move::reply, reply},
    Verb{"claim", Move::claim, with_text<desk::claim>},
    Verb{"proofs", Move::prove, proofs},
    Verb{"accept", Move::accept, accept},
    Verb{"refuse", Move::refuse, with_reason<desk::refuse_claim>},
    Verb{"close", Move::close, with_verdict<desk::close_ticket>},
    Verb{"reopen", Move::reopen, with_reason<desk::reopen_ticket>},
    Verb{"extend", Move::extend, extend},
    Verb{"merge", Move::merge, merge},
    Verb{"split", Move::split, split},
    Verb{"measures", Move::measure, measures},
    Verb{"note", Move::note, with_text<desk::add_note>},
    Verb{"assign", Move::note, assign},
};

// Before the body is judged it is asked two things only: is a measure to be lifted, and is it a termination?
struct Glimpse {
  bool lifts = false;
  bool terminates = false;
};
Glimpse glimpse(const Request& request) {
  const auto body = json_body(request);
  if (!body) return {};
  const json::value* on = body->if_contains("on");
  const json::value* measure = body->if_contains("measure");
  const bool lifts = on != nullptr && on->is_bool() && !on->as_bool();
  return {lifts, !lifts && measure != nullptr && measure->is_string() && measure->as_string() == "terminate"};
}

// A poster who makes its keys of what it says knows by the title that this stands there.
Response told(const Error& error) {
  return error.what == desk::kKeyUsedBefore ? problem(422, "Idempotency-Key used before", error.what) : problem(error);
}

Response carry_out(const Api& api, const Verb& verb, const Request& request) {
  const Principal& who = *request.who;
  const std::string& id = request.captures.at("id");
  const Result<Ticket> seen = desk::see_ticket(api.desk, who, id);
  if (!seen) return problem(seen.error());
  const Glimpse wanted = verb.move == Move::measure ? glimpse(request) : Glimpse{};
  const Move move = wanted.lifts ? Move::lift : verb.move;
  if (const auto may = desk::may(who, move); !may) return problem(may.error());
  if (wanted.terminates)
    if (const auto may = desk::may_terminate(who); !may) return problem(may.error());
  const Result<std::string> key = idempotency_key(request);
  if (!key) return problem(key.error());
  const desk::Once once =
      key->empty() ? desk::Once{} : desk::once_of(who, id, *key, fmt::format("{}\n{}", verb.name, request.body));
  const Result<bool> before = desk::said_before(api.desk, once);
  if (!before) return told(before.error());
  if (*before) return ticket_answer(api, request, *seen);
  const auto version = if_match(request);
  if (!version) return version.error();
  if (*version != seen->version)
    return problem({Fault::stale, fmt::format("you saw version {} of {}, it is at version {} now: read it again",
                                              *version, id, seen->version)});
  if (const auto next = next_state(seen->state, move); !next) return problem(next.error());
  const auto body = json_body(request);
  if (!body) return body.error();
  const Result<Ticket> changed = verb.work(api.desk, Ask{who, id, *version, once}, *body);
  return changed ? ticket_answer(api, request, *changed) : told(changed.error());
}

}  // namespace

void add_ticket_moves(Routes& routes, const Api& api) {
  for (const Verb& verb : kVerbs)
    routes.add("POST", fmt::format("/api/v1/tickets/{{id}}/{}", verb.name),
               [&api, &verb](const Request& request) { return carry_out(api, verb, request); });
}

}  // namespace abate::web
