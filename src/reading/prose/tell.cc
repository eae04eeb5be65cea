// SPDX-License-Identifier: Apache-2.0
// A report taken apart becomes incidents.
#include "base/text.h"
#include "reading/prose/prose.h"
#include "reading/received.h"

namespace abate::reading::prose {
namespace {

constexpr std::string_view kUnnamedType = "reputation/threat_intelligence";
constexpr std::size_t kExcerptBytesMax = 8 * 1024;  // of one of many incidents

bool is_about_pages(std::string_view type, const Story& story) {
  if (type == "copyright/p2p") return false;
  if (type.starts_with("content/") || type.starts_with("copyright/")) return true;
  if (type == "infrastructure/compromised_server" || type == "infrastructure/botnet") return true;
  return type == "messaging/spam" && (contains_ignoring_case(story.body.text, "spamvertis") ||
                                      contains_ignoring_case(story.body.subject, "spamvertis"));
}

double confidence_of(const Accused& accused) {
  switch (accused.ground) {
    case Ground::label: return 0.8;
    case Ground::log_line: return 0.7;
    case Ground::wording: return 0.5;
    default: return 0.3;
  }
}

class Telling {
 public:
  Telling(const Story& story, const Rules& rules) : story_{story}, rules_{rules} {
    type_ = rules.type.empty() ? story.kind.type : rules.type;
    detail_ = rules.detail.empty() ? story.kind.detail : rules.detail;
    if (type_.empty()) type_ = kUnnamedType;
    report_time_ = time_of_report(story);
  }

  Result<Reading> tell() {
    const auto accused = choose_accused(story_);
    if (type_ == kUnnamedType) guess_by_pages();
    if (is_about_pages(type_, story_)) add_pages(accused);
    for (const Accused& each : accused)
      if (!told(each.address) && sure_enough(each)) add_address(each);
    if (reading_.incidents.empty()) return failure(Fault::not_found, "the text blames no address and no URL");
    reading_.outcome = Outcome::read;
    if (!story_.body.originator.empty()) reading_.reporter.address = story_.body.originator;
    if (story_.body.cut) warnings_.add("Only the first {} bytes of the text were read", kProseBytesMax);
    reading_.warnings = std::move(warnings_).take();
    return std::move(reading_);
  }

 private:
  // In a language that nobody here knows: a link that was made unclickable is complained about all the same. Files
  // are malware, pages phishing more often than anything else.
  void guess_by_pages() {
    for (const BlamedUrl& url : choose_urls(story_)) {
      if (url.reason != kDefangedReason) continue;
      const std::string path = to_lower(url.url.substr(std::min(url.url.size(), url.url.find_last_of('/'))));
      bool file = false;
      for (const std::string_view end : {".exe", ".dll", ".apk", ".zip", ".rar", ".js", ".sh", ".jar", ".msi", ".scr",
                                         ".iso", ".ps1", ".vbs", ".elf", ".bin", ".doc", ".xls", ".xlsm", ".docm"})
        file = file || path.ends_with(end);
      type_ = file ? "content/malware" : "content/phishing";
      guessed_ = true;
      warnings_.add_sentence("No word names the kind of harm: it was taken from a link that nobody shall click");
      return;
    }
  }

  // Without a word of harm only a log or a label blames, and a subject alone ("How did we do? Abuse report 192.0.2.1")
  // does not.
  [[nodiscard]] bool sure_enough(const Accused& accused) const {
    const bool subject_alone = accused.mentions.empty() && story_.body.evidence.empty();
    if (rules_.type.empty() && story_.kind.type.empty() && subject_alone) return false;
    return !rules_.type.empty() || story_.kind.score > 0 || accused.ground == Ground::log_line ||
           (accused.ground == Ground::label && accused.weight >= kWeightLabel);
  }

  [[nodiscard]] bool told(const IpAddress& address) const {
    return std::any_of(reading_.incidents.begin(), reading_.incidents.end(),
                       [&](const Incident& incident) { return incident.source_ip == address; });
  }

  Incident begin() {
    Incident incident;
    incident.type = type_;
    incident.category = category_of_type(type_, detail_);
    incident.reasons.emplace_back(
        rules_.type.empty() ? story_.kind.phrase.empty() ? std::string("No word names the kind of harm")
                                                         : fmt::format("Kind by the words \"{}\"", story_.kind.phrase)
                            : "Kind by the sender's form");
    return incident;
  }

  void set_time(Incident& incident, const When& when, std::string_view what) {
    incident.started_at = when.started;
    incident.ended_at = when.ended;
    if (!when.started && when.unzoned) {
      incident.started_unzoned = when.unzoned;
      warnings_.add("{} names no zone", what);
    }
  }

  // The Received field that names the culprit says when it handed the mail over.
  [[nodiscard]] std::optional<Instant> handed_over(const IpAddress& address) const {
    const Fields fields = Fields::parse(story_.body.evidence, true);
    for (const Field& field : fields.all()) {
      if (!equals_ignoring_case(field.name, "Received") || field.raw.size() > 4'096) continue;
      const auto named = ips_in(field.raw, 16);
      if (std::find(named.begin(), named.end(), address) == named.end()) continue;
      std::string value;
      for (const char c : field.raw) value += c == '\r' || c == '\n' || c == '\t' ? ' ' : c;
      const auto semicolon = value.rfind(';');
      if (semicolon == std::string::npos) continue;
      if (const auto time = time_of(std::string_view(value).substr(semicolon + 1)); time && time->zoned)
        return time->at;
    }
    return std::nullopt;
  }

  void add_evidence(Incident& incident, std::string_view text, std::string_view description) {
    const std::size_t most = reading_.incidents.size() < 16 ? kEvidenceBytesMax : kExcerptBytesMax;
    text = text.substr(0, most);
    if (!trim(text).empty()) {
      Evidence evidence = evidence_of(text, std::nullopt, "text/plain", description, warnings_);
      evidence.bytes = make_valid_utf8(evidence.bytes);
      incident.evidence.push_back(std::move(evidence));
    }
  }

  [[nodiscard]] std::string lines_of(const Accused& accused) const {
    std::string lines;
    std::size_t last = std::string::npos;
    std::size_t count = 0;
    for (const std::size_t index : accused.mentions) {
      const Mention& mention = story_.mentions[index];
      if (mention.line_begin == last || ++count > kEvidenceLinesMax) continue;
      last = mention.line_begin;
      lines += story_.body.text.substr(mention.line_begin, mention.line_end - mention.line_begin);
      lines += '\n';
    }
    return lines;
  }

  void set_ends(Incident& incident, const Accused& accused) {  // ports and the victim, where its lines agree
    for (const std::size_t index : accused.mentions) {
      const Mention& mention = story_.mentions[index];
      const Token& token = story_.tokens[mention.token];
      if (!incident.source_port && token.port && mention.ground == Ground::log_line) incident.source_port = token.port;
      if (incident.destination_ip || mention.token + 1 >= story_.tokens.size()) continue;
      const Token& next = story_.tokens[mention.token + 1];
      if (next.kind != TokenKind::address || next.begin >= mention.line_end) continue;
      const auto other =
          std::find_if(story_.mentions.begin() + static_cast<std::ptrdiff_t>(index), story_.mentions.end(),
                       [&](const Mention& m) { return m.token == mention.token + 1; });
      if (other != story_.mentions.end() && other->role == Role::victim && *next.address != accused.address) {
        incident.destination_ip = next.address;
        incident.destination_port = next.port;
      }
      return;
    }
  }

  // "Illegal content on the server 192.0.2.1": content by its name, though no page is named.
  [[nodiscard]] bool speaks_of_content() const {
    if (type_ != "content/harassment") return false;
    for (const std::string_view word : {"content", "contenu", "contenido", "inhalt", "terrorist", "volksverhetz"})
      if (story_.kind.phrase.find(word) != std::string_view::npos) return true;
    return false;
  }

  void add_address(const Accused& accused) {
    Incident incident = begin();
    if (speaks_of_content()) incident.category = Category::illegal_content;
    incident.source_ip = accused.address;
    incident.confidence = confidence_of(accused);
    incident.reasons.push_back(fmt::format("Blamed by {}", accused.reason));
    const When lines = time_of_accused(story_, accused);
    incident.count = lines.count;
    const auto received = handed_over(accused.address);
    if (lines.from_lines && lines.started)
      set_time(incident, lines, "The log");
    else if (received)
      incident.started_at = received;
    else if (lines.from_lines)
      set_time(incident, lines, "The log");
    else
      set_time(incident, report_time_, "The time in the text");
    set_ends(incident, accused);
    if (!accused.mentions.empty()) {
      std::vector<std::size_t> places;
      for (const std::size_t index : accused.mentions)
        if (places.size() < kEvidenceLinesMax) places.push_back(story_.mentions[index].line_begin);
      incident.read_from = places_of(story_.body, places);
    } else {
      incident.read_from = story_.body.evidence.empty() ? "subject" : "the reported mail's header";
    }
    add_evidence(incident, lines.from_lines ? lines_of(accused) : story_.body.text,
                 lines.from_lines ? "lines that name it" : "text of the report");
    add_evidence(incident, story_.body.evidence, "header of the reported mail");
    reading_.incidents.push_back(std::move(incident));
  }

  // The culprit that the same line names, or the only one, belongs to the URL.
  [[nodiscard]] std::optional<IpAddress> address_for(const BlamedUrl& url, const std::vector<Accused>& accused) const {
    if (const auto literal = parse_ip(url.domain); literal && !is_impossible(*literal)) return *literal;
    for (const Accused& each : accused)
      for (const std::size_t index : each.mentions) {
        const Mention& mention = story_.mentions[index];
        if (mention.line_begin <= url.at && url.at < mention.line_end) return each.address;
      }
    for (const Mention& mention : story_.mentions) {  // the row that names the URL names the address that it had
      const IpAddress& address = *story_.tokens[mention.token].address;
      if (mention.line_begin <= url.at && url.at < mention.line_end && mention.role == Role::unknown &&
          !is_impossible(address))
        return address;
    }
    return accused.size() == 1 ? std::optional(accused.front().address) : std::nullopt;
  }

  void add_pages(const std::vector<Accused>& accused) {
    for (const BlamedUrl& url : choose_urls(story_)) {
      Incident incident = begin();
      if (!url.url.empty()) incident.url = url.url;
      if (!parse_ip(url.domain)) incident.domain = domain_of(url.domain);
      if (type_ == "content/harassment") incident.category = Category::illegal_content;  // what hurts stands on a page
      incident.source_ip = address_for(url, accused);
      incident.confidence = guessed_ ? 0.3 : 0.5;
      incident.reasons.push_back(fmt::format("Blamed by {}", url.reason));
      const auto newline = url.at == 0 ? std::string::npos : story_.body.text.rfind('\n', url.at - 1);
      const std::size_t begin = newline == std::string::npos ? 0 : newline + 1;
      const std::size_t end = std::min(story_.body.text.find('\n', url.at), story_.body.text.size());
      When when = report_time_;
      for (const FoundTime& found : story_.times)
        if (found.begin >= begin && found.begin < end) {
          when = {};
          (found.time.zoned ? when.started : when.unzoned) = found.time.at;
          break;
        }
      set_time(incident, when, "The time in the text");
      incident.read_from = place_of(story_.body, begin);
      if (reading_.incidents.empty())
        add_evidence(incident, story_.body.text, "text of the report");
      else
        add_evidence(incident, std::string_view(story_.body.text).substr(begin, end - begin), "lines that name it");
      reading_.incidents.push_back(std::move(incident));
    }
  }

  const Story& story_;
  const Rules& rules_;
  std::string type_;
  std::string detail_;
  bool guessed_ = false;  // the kind was
  When report_time_;
  Reading reading_;
  Warnings warnings_;
};

}  // namespace

Result<Reading> tell(const Story& story, const Rules& rules) { return Telling(story, rules).tell(); }

Result<Reading> read(const Input& input, const Rules& rules) { return tell(story_of(input, rules), rules); }

}  // namespace abate::reading::prose
