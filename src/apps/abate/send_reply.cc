// SPDX-License-Identifier: Apache-2.0
#include "apps/abate/send_reply.h"

#include <boost/json.hpp>

#include "base/canonical_json.h"
#include "base/json_fields.h"
#include "base/text.h"
#include "reply/words_of.h"

namespace abate::apps {
namespace {

namespace json = boost::json;

constexpr std::size_t kNotExaminedSent = 50;
constexpr std::size_t kShownBytesMax = 300;  // of a line that shows what is sent

void drop_evidence(json::object& form) {
  json::value* findings = form.if_contains("findings");
  if (findings == nullptr || !findings->is_array()) return;
  for (json::value& one : findings->get_array())
    if (one.is_object()) one.get_object()["evidence"] = json::array{};
}

bool fits(const json::object& document) { return canonical_json(document).size() <= kReplyBytesMax; }

std::string line(std::string_view text) { return shown_text(shorten(text, kShownBytesMax), kShownBytesMax + 16); }

}  // namespace

json::object short_verification(const SweepRun& run, const VerifyRun& verify) {
  json::object form = verification_form(run, verify.verified);
  form["proofs"] = json::array{};
  if (json::array& passed = form["not_examined"].as_array(); passed.size() > kNotExaminedSent)
    passed.resize(kNotExaminedSent);
  return form;
}

Sending prepare_sending(reply::Redactor redactor, talk::Say say, const std::string& text, json::object form) {
  Sending sending;
  sending.say = say;
  sending.text = redactor.text(text);
  if (!form.empty()) {
    form["text"] = text;
    sending.document = redactor.form(form);
    sending.words = reply::words_of(sending.document);
  }
  if (!fits(sending.document)) {
    drop_evidence(sending.document);
    if (json::value* verification = sending.document.if_contains("verification");
        verification != nullptr && verification->is_object())
      drop_evidence(verification->get_object());
  }
  if (!fits(sending.document)) sending.document.erase("verification");
  if (!fits(sending.document)) sending.document.clear();
  sending.taken_out = redactor.taken();
  return sending;
}

std::string show_sending(const std::string& ticket, const Sending& sending) {
  std::string out = fmt::format("This goes into ticket {}{}:\n\n{}\n", shown_name(ticket),
                                sending.say == talk::Say::claim ? ", and says that it is fixed" : "", sending.text);
  const json::array& proofs = list_of(sending.document, "proofs");
  const json::array& findings = list_of(sending.document, "findings");
  if (sending.document.empty())
    out += "The proofs are too many to be sent with it; keep them with --json.\n";
  else
    out += fmt::format("With it {} proofs and {} findings, so that the team can check it:\n", proofs.size(),
                       findings.size());
  for (const json::value& one : proofs) {
    const json::object& proof = one.as_object();
    out +=
        fmt::format("  {} {}: {}\n", text_of(proof, "id"), line(text_of(proof, "tried")), line(text_of(proof, "seen")));
  }
  for (const json::value& one : findings) {
    const json::object& finding = one.as_object();
    out += fmt::format("  {} {}: {}\n", text_of(finding, "id"), line(text_of(object_of(finding, "subject"), "path")),
                       line(text_of(finding, "why")));
    for (const json::value& evidence : list_of(finding, "evidence"))
      if (evidence.is_string()) out += fmt::format("      {}\n", line(evidence.get_string()));
  }
  if (sending.taken_out > 0)
    out += fmt::format("{} pieces were taken out of it: passwords, keys, and other people's addresses.\n",
                       sending.taken_out);
  out += "Nothing else of this server is sent.\n";
  return out;
}

Result<std::string> send(const Talker& talker, const Sending& sending, std::string& note) {
  if (!sending.document.empty()) {
    const Result<std::string> posted = talker.post_proofs({json::serialize(sending.document), sending.words});
    if (!posted && (posted.error().fault == Fault::unavailable || posted.error().fault == Fault::malformed))
      return std::unexpected{posted.error()};
    if (!posted)
      note = fmt::format("The desk did not take the proofs: {}. The text goes without them.", posted.error().what);
  }
  TRY_ASSIGN(const std::string answer, talker.post_text(sending.say, {sending.text, sending.words}));
  boost::system::error_code wrong;
  const json::value value = json::parse(answer, wrong, {}, {.max_depth = 32});
  const bool is_claimed = !wrong && value.is_object() && text_of(value.get_object(), "state") == "claimed";
  return std::string{is_claimed ? "The team tries it out now; they answer in the ticket."
                                : "It is in the ticket; the team answers there."};
}

}  // namespace abate::apps
