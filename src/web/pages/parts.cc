// SPDX-License-Identifier: Apache-2.0
#include "web/pages/parts.h"

#include <fmt/format.h>

#include "base/text.h"

namespace abate::web {

void set_time(Part& part, std::string_view name, Instant at) {
  part.set(name, format_for_people(at));
  part.set(fmt::format("{}_ISO", name), format_rfc3339(at));
}

void add_clocks(Part& part, const std::vector<ClockFace>& faces) {
  for (const ClockFace& face : faces) {
    Part clock = part.add("CLOCK");
    clock.set("CLOCK_LABEL", face.label).set("CLOCK_SAYS", face.says).set("CLOCK_TONE", face.tone);
    if (face.at) {
      Part at = clock.add("CLOCK_AT");
      set_time(at, "CLOCK_TIME", *face.at);
    }
    if (face.percent) clock.add("CLOCK_BAR").set_number("CLOCK_PERCENT", static_cast<std::uint64_t>(*face.percent));
  }
}

namespace {

void add_facts(Part& inside, const Incident& incident) {
  const auto fact = [&](std::string_view label, std::string_view value) {
    inside.add("FACT").set("FACT_LABEL", label).set("FACT_VALUE", value);
  };
  if (incident.url) fact("Address of the page", defang(shorten(*incident.url, kUrlBytesMax)));
  if (incident.domain && !incident.url) fact("Domain", defang(shorten(*incident.domain, kUrlBytesMax)));
  if (incident.destination_ip)
    fact("Towards", incident.destination_port
                        ? fmt::format("{} port {}", incident.destination_ip->to_string(), *incident.destination_port)
                        : incident.destination_ip->to_string());
  if (incident.count > 1) fact("Seen", fmt::format("{} times", incident.count));
}

void add_evidence(Part& inside, const Incident& incident, Folded folded) {
  for (const Evidence& evidence : incident.evidence) {
    Part piece = inside.add("EVIDENCE");
    if (folded == Folded::no) piece.show("EVIDENCE_OPEN");
    piece.set("EVIDENCE_TITLE", evidence.description.empty() ? evidence.content_type : evidence.description);
    piece.set("EVIDENCE_TYPE", evidence.content_type).set("EVIDENCE_SHA", evidence.sha256.substr(0, 12));
    const bool text = evidence.content_type.starts_with("text/") || evidence.content_type.starts_with("message/") ||
                      is_valid_utf8(evidence.bytes);
    if (text)
      piece.add("EVIDENCE_TEXT").set_evidence("EVIDENCE_BODY", evidence.bytes);
    else
      piece.add("EVIDENCE_BINARY").set_number("EVIDENCE_SIZE", evidence.bytes.size());
  }
}

void add_for_team(Part& inside, const desk::KeptIncident& kept, const ReporterLine* reporter) {
  Part team = inside.add("FOR_TEAM");
  const Incident& incident = kept.incident;
  team.set("INCIDENT_REPORT", kept.report_id).set("CONFIDENCE", fmt::format("{:.0f} %", incident.confidence * 100));
  team.set_if("READ_FROM", incident.read_from);
  team.set_if("REASONS", join(incident.reasons, "; "));
  team.set("VERDICT", verdict_title(kept.attribution.verdict));
  team.set("VERDICT_TONE", verdict_tone(kept.attribution.verdict)).set("PROOF", verdict_sentence(kept));
  team.set_number("LEDGER_VERSION", kept.attribution.ledger_version);
  for (const Assignment& candidate : kept.attribution.candidates)
    team.add("CANDIDATE").set("CANDIDATE_SAYS", assignment_sentence(candidate));
  if (reporter == nullptr) return;
  Part who = team.add("REPORTER");
  who.set("REPORTER_ADDRESS", reporter->address.empty() ? "unknown sender" : reporter->address);
  who.set("REPORTER_AUTH", authentication_title(reporter->authenticated));
  who.set("REPORTER_TONE", is_authenticated(reporter->authenticated) ? "good" : "warn");
  who.set_if("REPORTER_RECORD", record_sentence(reporter->record));
}

}  // namespace

void add_incident(Part& part, const desk::KeptIncident& kept, Reader reader, const ReporterLine* reporter,
                  std::string_view split_form, Folded evidence) {
  const Incident& incident = kept.incident;
  Part inside = part.include("INCIDENT", "incident.html");
  inside.set("INCIDENT_ID", kept.id).set("INCIDENT_CATEGORY", category_title(incident.category));
  inside.set("INCIDENT_TYPE", shorten(incident.type, 100));
  inside.set("WHERE", where_of(incident)).set("WHEN", when_of(kept));
  if (incident.started_at) inside.add("WHEN_EXACT").set("WHEN_ISO", format_rfc3339(*incident.started_at));
  add_facts(inside, incident);
  add_evidence(inside, incident, evidence);
  if (!split_form.empty()) inside.add("PICK").set("PICK_FORM", split_form);
  if (reader == Reader::team) add_for_team(inside, kept, reporter);
}

void add_entry(Part& part, const Entry& entry, Reader reader) {
  const Said said = say(entry, reader);
  Part inside = part.include("ENTRY", "entry.html");
  inside.set_number("SEQ", entry.seq);
  inside.set("ENTRY_KIND", entry_kind_name(entry.kind)).set("ENTRY_TONE", said.tone);
  inside.set("ACTOR", actor_title(entry.actor, reader)).set("SENTENCE", said.sentence);
  inside.set("HASH", entry.hash.substr(0, 12));
  set_time(inside, "AT", entry.at);
  if (reader == Reader::team) inside.show("ENTRY_TEAM");
  if (said.speech) inside.show("ENTRY_SPEECH");
  inside.set_if("TEXT", said.text);
}

void set_pager(Part& part, const std::string& first_url, const std::string& next_url) {
  if (first_url.empty() && next_url.empty()) return;
  Part pager = part.add("PAGER");
  if (!first_url.empty()) pager.add("PAGER_FIRST").set("FIRST_URL", first_url);
  if (!next_url.empty()) pager.add("PAGER_NEXT").set("NEXT_URL", next_url);
}

}  // namespace abate::web
