// SPDX-License-Identifier: Apache-2.0
#include "reading/read.h"

#include <algorithm>

#include "base/hash.h"
#include "base/text.h"
#include "reading/format.h"
#include "reading/mime/authentication.h"
#include "reading/signatures.h"
#include "reading/values.h"

namespace abate::reading {
namespace {

struct Candidate {
  const Format* format;
  int sure;
};

// Those that can be the surest first; else by name.
const std::vector<const Format*>& formats_by_sureness() {
  static const std::vector<const Format*> sorted = [] {
    std::vector<const Format*> all(formats().begin(), formats().end());
    std::ranges::stable_sort(all, std::ranges::greater{}, &Format::sure_max);
    return all;
  }();
  return sorted;
}

// The candidates, the surest first, equals by name. A format is asked only while it could be the next one: recognising
// costs as much as reading for some.
class Candidates {
 public:
  explicit Candidates(const Input& input) : input_{input} {}

  std::optional<Candidate> next() {
    const auto& formats = formats_by_sureness();
    for (; asked_ < formats.size() && (waiting_.empty() || formats[asked_]->sure_max >= best()->sure); ++asked_)
      if (const int sure = formats[asked_]->recognise(input_); sure > 0) waiting_.push_back({formats[asked_], sure});
    if (waiting_.empty()) return std::nullopt;
    const auto place = best();
    const Candidate found = *place;
    waiting_.erase(place);
    return found;
  }

 private:
  std::vector<Candidate>::iterator best() {
    return std::ranges::max_element(waiting_, [](const Candidate& a, const Candidate& b) {
      return a.sure != b.sure ? a.sure < b.sure : a.format->name > b.format->name;
    });
  }

  const Input& input_;
  std::size_t asked_ = 0;
  std::vector<Candidate> waiting_;
};

void add_reporter(Reading& reading, const Input& input) {
  if (reading.reporter.address.empty() && input.message() != nullptr) {
    const MailFacts& facts = input.facts();
    reading.reporter.address = facts.from_address;
    if (!reading.reporter.name && !facts.from_name.empty()) reading.reporter.name = facts.from_name;
  }
  reading.reporter.authenticated =
      input.reporter_domain().empty() ? "none" : "api:" + make_valid_utf8(input.reporter_domain());
}

void bound_incidents(Reading& reading, Warnings& warnings) {
  if (reading.incidents.size() > kIncidentsPerReportMax) {
    warnings.add("More than {} incidents: the rest was not taken", kIncidentsPerReportMax);
    reading.incidents.resize(kIncidentsPerReportMax);
  }
  std::size_t total = 0;
  for (Incident& incident : reading.incidents) {
    if (incident.evidence.size() > kEvidencePerIncidentMax) {
      warnings.add("More than {} pieces of evidence for one incident: the rest was not taken", kEvidencePerIncidentMax);
      incident.evidence.resize(kEvidencePerIncidentMax);
    }
    for (Evidence& evidence : incident.evidence) {
      if (evidence.range) continue;
      if (total + evidence.bytes.size() > kEvidenceTotalBytesMax) {
        warnings.add("More than {} bytes of evidence: the rest was not taken", kEvidenceTotalBytesMax);
        evidence.bytes.clear();
      }
      total += evidence.bytes.size();
    }
  }
}

Reading read_with(Candidates found, const Input& input) {
  std::string failed;
  while (const auto candidate = found.next()) {
    auto reading = candidate->format->read(input);
    if (!reading) {
      failed = fmt::format("It looks like {}, but: {}", candidate->format->title, reading.error().what);
      continue;
    }
    reading->format = candidate->format->name;
    if (!failed.empty()) reading->warnings.insert(reading->warnings.begin(), make_valid_utf8(failed));
    return std::move(*reading);
  }
  Reading nothing;  // cannot be: `text` takes everything
  nothing.format = "none";
  return nothing;
}

}  // namespace

Reading read_unhashed(std::string_view bytes, std::string_view content_type, std::string_view reporter_domain) {
  const Input input(bytes, content_type, reporter_domain);
  Reading reading = read_with(Candidates(input), input);
  if (reading.outcome != Outcome::read) reading.incidents.clear();  // the outcome and the incidents say the same
  if (reading.incidents.empty() && reading.outcome == Outcome::read) reading.outcome = Outcome::unreadable;
  Warnings warnings;
  for (std::string& sentence : reading.warnings) warnings.add_sentence(std::move(sentence));
  if (const Message* mail = input.message())
    for (const std::string& sentence : mail->warnings()) warnings.add_sentence(sentence);
  for (std::string& sentence : signature_notes(input)) warnings.add_sentence(std::move(sentence));
  bound_incidents(reading, warnings);
  add_reporter(reading, input);
  if (input.message() != nullptr || reading.outcome != Outcome::read) reading.mail = input.facts();
  if (input.message() != nullptr && reporter_domain.empty()) reading.names_wanted = names_wanted(bytes);
  reading.warnings = std::move(warnings).take();
  return reading;
}

void hash_evidence(Reading& reading) {
  for (Incident& incident : reading.incidents)
    for (Evidence& evidence : incident.evidence) evidence.sha256 = sha256_hex(evidence.bytes);
}

Reading read_report(std::string_view bytes, std::string_view content_type, std::string_view reporter_domain) {
  Reading reading = read_unhashed(bytes, content_type, reporter_domain);
  hash_evidence(reading);
  return reading;
}

}  // namespace abate::reading
