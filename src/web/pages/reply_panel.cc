// SPDX-License-Identifier: Apache-2.0
#include "web/pages/reply_panel.h"

#include <algorithm>
#include <ranges>

#include <boost/json.hpp>
#include <fmt/format.h>

#include "base/json_fields.h"
#include "base/text.h"
#include "web/pages/client_page.h"
#include "web/pages/parts.h"
#include "wire/reply_json.h"

namespace abate::web {
namespace {

namespace json = boost::json;

constexpr std::array<std::string_view, 4> kPartNames{"cause", "done", "confirmed", "prevention"};
constexpr std::array<std::string_view, 4> kTitles{"What caused it", "What was done", "How it was confirmed",
                                                  "What keeps it from happening again"};
constexpr std::size_t kProofsShownMax = 100;
constexpr std::size_t kFindingsShownMax = 50;

std::optional<json::object> body_of(const Entry& entry) {
  boost::system::error_code error;
  json::value body = json::parse(entry.body, error);
  if (error || !body.is_object()) return std::nullopt;
  return std::move(body.get_object());
}

Checked checked_of(const json::object& form, std::string_view name) {
  const std::string word = text_of(form, name);
  return word == "yes" ? Checked::yes : word == "no" ? Checked::no : Checked::unknown;
}

// What was proved before the newest incident shows nothing of it.
bool rests_on_overtaken(const ReplyPanel& panel, const Statement& statement) {
  return std::ranges::any_of(panel.proofs, [&](const PanelProof& shown) {
    return shown.overtaken && std::ranges::any_of(statement.proof, [&](const std::string& id) {
             return id == shown.proof.id || id == shown.proof.about;
           });
  });
}

void add_part(ReplyPanel& panel, std::size_t which, const std::vector<Statement>& statements,
              const json::array& checks) {
  for (std::size_t i = 0; i < statements.size(); ++i) {
    PanelStatement shown{statements[i], {}};
    if (i < checks.size() && checks[i].is_object()) {
      const json::object& check = checks[i].get_object();
      shown.check.standing = text_of(check, "standing") == "proved" ? Standing::proved : Standing::claimed;
      shown.check.why = text_of(check, "why");
    }
    if (shown.check.standing == Standing::proved && rests_on_overtaken(panel, statements[i]))
      shown.check = {Standing::claimed, "a newer incident was reported since"};
    ++(shown.check.standing == Standing::proved ? panel.proved : panel.claimed);
    panel.parts[which].push_back(std::move(shown));
  }
}

void add_proofs(ReplyPanel& panel, const std::vector<Proof>& proofs, const json::array& checks, const Ticket& ticket) {
  for (std::size_t i = 0; i < proofs.size(); ++i) {
    PanelProof shown{proofs[i], {}, false};
    if (i < checks.size() && checks[i].is_object()) {
      const json::object& check = checks[i].get_object();
      shown.check = {proofs[i].id, checked_of(check, "whole"), checked_of(check, "here"), checked_of(check, "in_time"),
                     text_of(check, "why")};
    }
    shown.overtaken =
        shown.check.in_time == Checked::yes && ticket.last_incident_at && proofs[i].at <= *ticket.last_incident_at;
    panel.proofs.push_back(std::move(shown));
  }
}

void add_findings(ReplyPanel& panel, const json::object& document) {
  for (const json::value& one : list_of(document, "findings")) {
    if (!one.is_object()) continue;
    const json::object& form = one.get_object();
    const json::object& subject = object_of(form, "subject");
    PanelFinding finding{text_of(form, "id"), text_of(subject, "path"), text_of(form, "why"), {}};
    if (std::ranges::find(panel.findings, finding.id, &PanelFinding::id) != panel.findings.end() ||
        std::ranges::find(panel.proofs, finding.id, [](const PanelProof& p) { return p.proof.id; }) !=
            panel.proofs.end())
      continue;  // an id stands on a page once
    if (finding.where.empty()) finding.where = text_of(subject, "name");
    for (const json::value& line : list_of(form, "evidence"))
      if (line.is_string()) finding.evidence.emplace_back(line.get_string());
    panel.findings.push_back(std::move(finding));
  }
}

// From a document of proofs; nothing where it is a verification alone.
std::optional<ReplyPanel> panel_of_document(const Entry& entry, const Ticket& ticket) {
  const std::optional<json::object> body = body_of(entry);
  if (!body) return std::nullopt;
  const json::object& document = object_of(*body, "document");
  const Result<wire::ReplyForm> form = wire::read_reply(document);
  if (!form || form->is_verification) return std::nullopt;
  const json::object& checks = object_of(*body, "checks");
  ReplyPanel panel;
  panel.from_sweep = true;
  panel.seq = entry.seq;
  panel.at = entry.at;
  panel.gone = form->gone;
  const std::array parts{&form->reply.cause, &form->reply.done, &form->reply.confirmed, &form->reply.prevention};
  add_proofs(panel, form->reply.proofs, list_of(checks, "proofs"), ticket);
  for (std::size_t i = 0; i < parts.size(); ++i) add_part(panel, i, *parts[i], list_of(checks, kPartNames[i]));
  add_findings(panel, document);
  for (const json::value& question : list_of(checks, "questions"))
    if (question.is_string()) panel.questions.emplace_back(question.get_string());
  if (std::ranges::any_of(panel.proofs, &PanelProof::overtaken))
    panel.questions.emplace_back("A newer incident was reported since: what was proved before it shows nothing of it.");
  return panel;
}

// From the text that the page's form makes (client_page.h): the titles, each on a line of its own.
std::optional<ReplyPanel> panel_of_claim(const Entry& entry) {
  const std::optional<json::object> body = body_of(entry);
  if (!body) return std::nullopt;
  const std::string text = text_of(*body, "text");
  ReplyPanel panel;
  panel.seq = entry.seq;
  panel.at = entry.at;
  std::size_t from = 0;
  std::size_t found = 0;
  for (std::size_t i = 0; i < kClaimParts.size(); ++i) {
    const std::string title = std::string{kClaimParts[i].title} + "\n";
    const std::size_t at = text.find(title, from);
    if (at == text.npos) return std::nullopt;
    from = at + title.size();
    std::size_t end = text.size();
    if (i + 1 < kClaimParts.size())
      end = std::min(end, text.find(std::string{"\n\n"} + std::string{kClaimParts[i + 1].title} + "\n", from));
    const std::string_view said = trim(std::string_view{text}.substr(from, end - from));
    if (said.empty()) continue;
    ++found;
    panel.parts[i].push_back({{std::string{said}, Standing::claimed, {}}, {}});
    ++panel.claimed;
  }
  if (found == 0) return std::nullopt;
  panel.questions.emplace_back("Nothing of this is proved: it is the customer's own words.");
  return panel;
}

void set_mark(Part& part, Standing standing) {
  const bool proved = standing == Standing::proved;
  part.set("MARK", proved ? "✓" : "○").set("MARK_WORD", standing_name(standing));
  part.set("MARK_TONE", proved ? "good" : "warn");
}

struct CheckWords {
  Checked ProofCheck::* check;
  std::string_view yes, no, unknown;
};
constexpr std::array kCheckWords{
    CheckWords{&ProofCheck::whole, "hash whole", "hash broken", "hash not checked"},
    CheckWords{&ProofCheck::here, "made on this server", "made elsewhere", "names a machine the desk can't check"},
    CheckWords{&ProofCheck::in_time, "after the last incident", "wrong time", "time not checked"}};

void add_check(Part& row, Checked checked, std::string_view words) {
  Part check = row.add("PROOF_CHECK");
  check.set("CHECK_MARK", checked == Checked::yes ? "✓" : checked == Checked::no ? "✗" : "?");
  check.set("CHECK_TONE", checked == Checked::yes ? "good" : checked == Checked::no ? "bad" : "quiet");
  check.set("CHECK_WORDS", words);
}

void add_proof_rows(Part& inside, const ReplyPanel& panel) {
  if (panel.proofs.empty()) return;
  Part box = inside.add("PROOFS");
  box.set_number("PROOF_COUNT", panel.proofs.size());
  for (const PanelProof& shown : panel.proofs | std::views::take(kProofsShownMax)) {
    Part row = box.add("PROOF");
    row.set("PROOF_ID", shown.proof.id).set("PROOF_ABOUT", shown.proof.about);
    row.set_evidence("PROOF_TRIED", shown.proof.tried).set_evidence("PROOF_SEEN", shown.proof.seen);
    row.set("PROOF_SERVICE", shown.proof.service);
    row.set("GOOD_MARK", shown.proof.good ? "✓" : "✗").set("GOOD_TONE", shown.proof.good ? "good" : "bad");
    row.set("GOOD_WORD", shown.proof.good ? "says gone" : "says still there");
    set_time(row, "PROOF_AT", shown.proof.at);
    for (const CheckWords& words : kCheckWords) {
      if (shown.overtaken && words.check == &ProofCheck::in_time) {
        add_check(row, Checked::no, "a newer incident was reported since");
        continue;
      }
      const Checked checked = shown.check.*words.check;
      add_check(row, checked, checked == Checked::yes ? words.yes : checked == Checked::no ? words.no : words.unknown);
    }
    row.set_if("PROOF_WHY", shown.check.why);
  }
  if (panel.proofs.size() > kProofsShownMax)
    box.add("PROOFS_LEFT").set_number("LEFT_COUNT", panel.proofs.size() - kProofsShownMax);
}

void add_finding_rows(Part& inside, const ReplyPanel& panel) {
  if (panel.findings.empty()) return;
  Part box = inside.add("FINDINGS");
  box.set_number("FINDING_COUNT", panel.findings.size());
  for (const PanelFinding& shown : panel.findings | std::views::take(kFindingsShownMax)) {
    Part row = box.add("FINDING");
    row.set("FINDING_ID", shown.id).set_evidence("FINDING_WHY", shown.why);
    row.set_if("FINDING_WHERE", shown.where);
    if (!shown.evidence.empty()) row.add("FINDING_LINES").set_evidence("FINDING_TEXT", join(shown.evidence, "\n"));
  }
  if (panel.findings.size() > kFindingsShownMax)
    box.add("FINDINGS_LEFT").set_number("LEFT_COUNT", panel.findings.size() - kFindingsShownMax);
}

}  // namespace

std::optional<ReplyPanel> panel_of(const std::vector<Entry>& entries, const Ticket& ticket) {
  std::optional<ReplyPanel> panel;
  bool claimed_since = false;  // the first claim after a document goes with it
  for (const Entry& entry : entries) {
    if (entry.kind == EntryKind::proof) {
      if (std::optional<ReplyPanel> next = panel_of_document(entry, ticket)) {
        panel = std::move(next);
        claimed_since = false;
      }
    } else if (entry.kind == EntryKind::claim) {
      if (!panel || !panel->from_sweep || claimed_since)
        if (std::optional<ReplyPanel> next = panel_of_claim(entry)) panel = std::move(next);
      claimed_since = true;
    }
  }
  return panel;
}

void add_reply_panel(Part& main, const ReplyPanel& panel, Reader reader) {
  Part inside = main.include("REPLY_PANEL", "reply_panel.html");
  const bool team = reader == Reader::team;
  inside.set("PANEL_TITLE", team ? "The customer’s answer" : "Your answer, as the team sees it");
  inside.set_number("PROVED", panel.proved).set_number("CLAIMED", panel.claimed).set_number("PANEL_SEQ", panel.seq);
  set_time(inside, "PANEL_AT", panel.at);
  inside.show_if(panel.from_sweep, "FROM_SWEEP");
  if (panel.gone) inside.show(*panel.gone ? "SAYS_GONE" : "SAYS_LEFT");
  for (std::size_t i = 0; i < panel.parts.size(); ++i) {
    Part part = inside.add("PANEL_PART");
    part.set("PART_TITLE", kTitles[i]);
    if (panel.parts[i].empty()) part.show("PART_EMPTY");
    for (const PanelStatement& shown : panel.parts[i]) {
      Part row = part.add("STATEMENT");
      row.set_evidence("SAYS", shown.statement.says);
      set_mark(row, shown.check.standing);
      if (!shown.check.why.empty()) row.add("NOT_BORNE").set("NOT_BORNE_WHY", shown.check.why);
      for (const std::string& id : shown.statement.proof) row.add("BY").set("BY_ID", id);
    }
  }
  if (!panel.questions.empty()) {
    Part open = inside.add("QUESTIONS");
    open.set("QUESTIONS_TITLE", team ? "Still open" : "What would help us to close this sooner");
    for (const std::string& question : panel.questions) open.add("QUESTION").set_evidence("QUESTION_TEXT", question);
  }
  add_proof_rows(inside, panel);
  add_finding_rows(inside, panel);
}

bool waits_for_next_step(const std::vector<Entry>& entries) {
  bool waits = false;
  for (const Entry& entry : entries) {
    if (entry.kind != EntryKind::reply && entry.kind != EntryKind::claim) continue;
    const std::optional<json::object> body = body_of(entry);
    const bool by_customer = entry.actor.starts_with("customer:");
    waits = by_customer && entry.kind == EntryKind::reply && body && flag_of(*body, "stuck");
  }
  return waits;
}

}  // namespace abate::web
