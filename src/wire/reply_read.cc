// SPDX-License-Identifier: Apache-2.0
// Reads "abate.reply/1" and "abate.verification/1" as somebody posted them: hostile until it was read.
#include <cstdint>
#include <set>

#include "base/json_fields.h"
#include "base/text.h"
#include "wire/reply_json.h"

namespace abate::wire {
namespace {

namespace json = boost::json;

constexpr std::int64_t kWholeMax = (std::int64_t{1} << 53) - 1;  // what every language reads alike

// What goes into a hash must be written alike by everybody who checks it. The depth was bounded when it was parsed.
Result<void> is_hashable(const json::value& value) {
  if (value.is_double() || (value.is_int64() && (value.get_int64() > kWholeMax || value.get_int64() < -kWholeMax)) ||
      (value.is_uint64() && value.get_uint64() > static_cast<std::uint64_t>(kWholeMax)))
    return failure(Fault::malformed, "numbers must be whole and below 2^53");
  if (const json::array* list = value.if_array())
    for (const json::value& one : *list) TRY(is_hashable(one));
  if (const json::object* object = value.if_object())
    for (const json::key_value_pair& field : *object) {
      const std::string_view name = field.key();
      if (std::ranges::any_of(name, [](char c) { return c < 0x20 || c == 0x7f; }))
        return failure(Fault::malformed, "a field's name must be plain ASCII");
      TRY(is_hashable(field.value()));
    }
  return {};
}

Result<std::string> text(const json::object& form, std::string_view name, std::size_t bytes_max) {
  const json::value* field = form.if_contains(name);
  if (field == nullptr || field->is_null()) return std::string{};
  if (!field->is_string()) return failure(Fault::malformed, "'{}' must be a string", name);
  if (field->get_string().size() > bytes_max)
    return failure(Fault::malformed, "'{}' has {} bytes; at most {} are taken", name, field->get_string().size(),
                   bytes_max);
  return std::string{field->get_string()};
}

// Each element an object; a list that is missing is empty.
Result<std::vector<const json::object*>> objects(const json::object& form, std::string_view name, std::size_t most) {
  std::vector<const json::object*> out;
  const json::value* field = form.if_contains(name);
  if (field == nullptr || field->is_null()) return out;
  const json::array* list = field->if_array();
  if (list == nullptr) return failure(Fault::malformed, "'{}' must be a list", name);
  if (list->size() > most)
    return failure(Fault::malformed, "'{}' has {} elements; at most {} are taken", name, list->size(), most);
  for (const json::value& one : *list) {
    if (!one.is_object()) return failure(Fault::malformed, "'{}' must hold objects", name);
    out.push_back(&one.get_object());
  }
  return out;
}

Result<std::vector<std::string>> ids(const json::object& form, std::string_view name) {
  std::vector<std::string> out;
  const json::value* field = form.if_contains(name);
  if (field == nullptr || field->is_null()) return out;
  const json::array* list = field->if_array();
  if (list == nullptr || list->size() > kProofsOfReplyMax)
    return failure(Fault::malformed, "'{}' must be a list of at most {} ids", name, kProofsOfReplyMax);
  for (const json::value& one : *list) {
    if (!one.is_string() || one.get_string().empty() || one.get_string().size() > kIdBytesMax)
      return failure(Fault::malformed, "'{}' must hold ids of at most {} bytes", name, kIdBytesMax);
    out.emplace_back(one.get_string());
  }
  return out;
}

Result<std::vector<Statement>> part(const json::object& form, std::string_view name) {
  TRY_ASSIGN(const auto given, objects(form, name, kStatementsOfPartMax));
  std::vector<Statement> out;
  for (const json::object* one : given) {
    Statement statement;
    TRY_ASSIGN(statement.says, text(*one, "says", kSentenceBytesMax));
    if (trim(statement.says).empty()) return failure(Fault::malformed, "'{}': 'says' is missing or empty", name);
    TRY_ASSIGN(const std::string standing, text(*one, "standing", kIdBytesMax));
    if (standing != "proved" && standing != "claimed")
      return failure(Fault::malformed, "'{}': 'standing' must be proved or claimed", name);
    statement.standing = standing == "proved" ? Standing::proved : Standing::claimed;
    TRY_ASSIGN(statement.proof, ids(*one, "proof"));
    out.push_back(std::move(statement));
  }
  return out;
}

Result<Proof> proof(const json::object& form) {
  Proof out;
  TRY_ASSIGN(out.id, text(form, "id", kIdBytesMax));
  if (out.id.empty()) return failure(Fault::malformed, "'proofs': 'id' is missing or empty");
  TRY_ASSIGN(out.about, text(form, "about", kIdBytesMax));
  TRY_ASSIGN(out.tried, text(form, "tried", kSentenceBytesMax));
  TRY_ASSIGN(out.seen, text(form, "seen", kSentenceBytesMax));
  TRY_ASSIGN(out.service, text(form, "service", kIdBytesMax * 4));
  TRY_ASSIGN(out.hash, text(form, "hash", kIdBytesMax));
  const json::value* good = form.if_contains("good");
  if (good == nullptr || !good->is_bool())
    return failure(Fault::malformed, "'proofs': 'good' of {} must be true or false", out.id);
  out.good = good->get_bool();
  TRY_ASSIGN(const std::string at, text(form, "at", kIdBytesMax));
  const Result<Instant> when = parse_rfc3339(at);
  if (!when) return failure(Fault::malformed, "'proofs': 'at' of {} must be a time like 2026-01-02T03:04:05Z", out.id);
  out.at = *when;
  return out;
}

Result<void> add_proofs(const json::object& form, std::vector<Proof>& proofs) {
  TRY_ASSIGN(const auto given, objects(form, "proofs", kProofsOfReplyMax));
  for (const json::object* one : given) {
    TRY_ASSIGN(Proof read, proof(*one));
    proofs.push_back(std::move(read));
  }
  return {};
}

Result<void> add_findings(const json::object& form, std::vector<std::string>& findings) {
  TRY_ASSIGN(const auto given, objects(form, "findings", kFindingsOfReplyMax));
  for (const json::object* one : given) {
    TRY_ASSIGN(std::string id, text(*one, "id", kIdBytesMax));
    if (id.empty()) return failure(Fault::malformed, "'findings': 'id' is missing or empty");
    findings.push_back(std::move(id));
  }
  return {};
}

// A verification within a reply mostly repeats its proofs; what it has besides counts too.
Result<void> add_verification(const json::object& form, ReplyForm& out) {
  out.gone = flag_of(form, "gone");
  std::vector<Proof> proofs;
  TRY(add_proofs(form, proofs));
  TRY(add_findings(form, out.findings));
  for (Proof& one : proofs) {
    const auto known = std::ranges::find(out.reply.proofs, one.id, &Proof::id);
    if (known == out.reply.proofs.end())
      out.reply.proofs.push_back(std::move(one));
    else if (proof_hash(*known) != proof_hash(one) || known->hash != one.hash)
      return failure(Fault::malformed, "'verification': {} says something else than in the reply", shown_name(one.id));
  }
  return {};
}

}  // namespace

Result<ReplyForm> read_reply(const json::object& form) {
  TRY(is_hashable(form));
  ReplyForm out;
  TRY_ASSIGN(const std::string schema, text(form, "schema", kIdBytesMax));
  out.is_verification = schema == "abate.verification/1";
  if (!out.is_verification && schema != "abate.reply/1")
    return failure(Fault::malformed, "'schema' must be abate.reply/1 or abate.verification/1");
  TRY_ASSIGN(out.reply.ticket, text(form, "ticket", kIdBytesMax));
  if (!out.is_verification) {
    TRY_ASSIGN(out.reply.cause, part(form, "cause"));
    TRY_ASSIGN(out.reply.done, part(form, "done"));
    TRY_ASSIGN(out.reply.confirmed, part(form, "confirmed"));
    TRY_ASSIGN(out.reply.prevention, part(form, "prevention"));
  }
  TRY(add_proofs(form, out.reply.proofs));
  TRY(add_findings(form, out.findings));
  if (const json::value* verification = form.if_contains("verification"); verification && verification->is_object())
    TRY(add_verification(verification->get_object(), out));
  else if (out.is_verification)
    out.gone = flag_of(form, "gone");
  std::set<std::string_view> seen;
  for (const Proof& one : out.reply.proofs)
    if (!seen.insert(one.id).second)
      return failure(Fault::malformed, "'proofs': {} is given twice", shown_name(one.id));
  if (out.reply.proofs.empty() && out.reply.cause.empty() && out.reply.done.empty() && out.reply.confirmed.empty() &&
      out.reply.prevention.empty())
    return failure(Fault::malformed, "there is neither a proof nor a statement in it");
  return out;
}

}  // namespace abate::wire
