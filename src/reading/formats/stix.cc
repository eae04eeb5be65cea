// SPDX-License-Identifier: Apache-2.0
// STIX 2.0 and 2.1 bundles: indicators, observed data, sightings.
#include <algorithm>
#include <map>
#include <set>

#include "base/text.h"
#include "reading/format.h"
#include "reading/intel.h"
#include "reading/stix_pattern.h"

namespace abate::reading {

extern const Format stix_format;

namespace {

constexpr std::size_t kWordsOfObjectMax = 50;
constexpr std::size_t kRelationsMax = 100'000;
constexpr std::string_view kMark = "\"type\"";

JsonValue objects_of(JsonValue root) {
  if (root["type"].text() == "bundle" || root["spec_version"].exists() || root["more"].exists())
    return root["objects"];  // a TAXII envelope has no type
  return root.is_array() ? root : JsonValue{};
}

bool is_stix_id(std::string_view id) { return id.find("--") != id.npos; }

bool is_stix(JsonValue root) {
  for (const JsonValue& object : objects_of(root).items(20))
    if (is_stix_id(object["id"].string().value_or("")) && object["type"].exists()) return true;
  return false;
}

int recognise(const Input& input) { return intel_documents(input, kMark, is_stix).empty() ? 0 : 94; }

// Words of STIX that say nothing of the kind.
bool says_nothing(std::string_view word) {
  for (const std::string_view each : {"malicious-activity", "anomalous-activity", "unknown", "attribution"})
    if (word == each) return true;
  return false;
}

void add_words(JsonValue object, std::vector<std::string>& words) {
  for (const std::string_view field : {"indicator_types", "infrastructure_types", "malware_types", "labels"})
    for (const JsonValue& word : object[field].items(kWordsOfObjectMax)) {
      const std::string text = word.text();
      if (text == "anonymization") words.emplace_back("proxy");
      if (!text.empty() && !says_nothing(text)) words.push_back(text);
    }
  for (const JsonValue& phase : object["kill_chain_phases"].items(kWordsOfObjectMax))
    if (phase["phase_name"].text() == "command-and-control") words.emplace_back("c2");
  for (const std::string_view field : {"name", "description"})
    if (const std::string text = object[field].text(); !text.empty()) words.push_back(shorten(text, 1'000));
}

bool is_benign(JsonValue object) {
  if (object["revoked"].boolean().value_or(false)) return true;
  for (const std::string_view field : {"indicator_types", "labels"})
    for (const JsonValue& word : object[field].items(kWordsOfObjectMax))
      if (word.text() == "benign") return true;
  return false;
}

std::uint32_t count_in(JsonValue value) {
  const auto number = value.integer();
  return number && *number > 0 && *number < 1'000'000'000 ? static_cast<std::uint32_t>(*number) : 1;
}

std::optional<std::uint16_t> port_in(std::string_view text) {
  std::int64_t number = 0;
  for (const char c : text.substr(0, 6)) number = c >= '0' && c <= '9' ? number * 10 + (c - '0') : 1'000'000;
  return port_of(number);
}

struct Sides {  // of an observation: who began, and to whom
  std::vector<std::string> sources, destinations;
  std::optional<std::uint16_t> source_port, destination_port;
};

// Nobody but a source is blamed where one is named; a lone destination is the controller that was called, and so is
// one beside its bots where the words are about a controller.
void settle(Sides& sides, Indicator& indicator) {
  if (!sides.destinations.empty() && speak_of_controller(indicator.words)) sides.sources.clear();
  const bool source = !sides.sources.empty();
  auto& blamed = source ? sides.sources : sides.destinations;
  if (!blamed.empty()) indicator.port = source ? sides.source_port : sides.destination_port;
  if (!source && !indicator.addresses.empty() && !indicator.port) indicator.port = sides.destination_port;
  if (!source && !blamed.empty()) indicator.otherwise = Kind{"infrastructure/botnet", ""};
  for (std::string& each : blamed)
    if (indicator.addresses.size() < kIntelValuesMax) indicator.addresses.push_back(std::move(each));
}

class Bundle {
 public:
  Bundle(const IntelDocument& document, Reading& reading, Warnings& warnings)
      : where_{document.where}, passages_{document.passages}, reading_{reading}, warnings_{warnings} {
    for (const JsonValue& object : objects_of(document.json.root()).items(kIntelObjectsMax)) {
      objects_.push_back(object);
      if (const auto id = object["id"].string()) by_id_.emplace(*id, object);
    }
    for (const JsonValue& object : objects_) note_relation(object);
  }

  void read() {
    std::size_t number = 0;
    bool told = false;
    for (const JsonValue& object : objects_) {
      const std::string where = fmt::format("{}, object {}", where_, ++number);
      const std::string type = object["type"].text();
      told = told || type == "indicator" || type == "observed-data";
      if (type == "indicator") read_indicator(object, where);
      if (type == "observed-data") read_observed(object, where);
    }
    if (!told) read_loose();
  }

 private:
  void note_relation(JsonValue object) {
    const std::string type = object["type"].text();
    if (type == "relationship" && targets_.size() < kRelationsMax)
      if (const auto from = object["source_ref"].string(), to = object["target_ref"].string(); from && to)
        targets_.emplace(*from, *to);
    if (type != "sighting") return;
    if (const auto of = object["sighting_of_ref"].string()) {
      sightings_.emplace(*of, object);
      for (const JsonValue& seen : object["observed_data_refs"].items(kWordsOfObjectMax))
        if (const auto id = seen.string()) targets_.emplace(*id, *of);
    }
  }
  [[nodiscard]] JsonValue object_of(std::string_view id) const {
    const auto place = by_id_.find(id);
    return place == by_id_.end() ? JsonValue{} : place->second;
  }

  // The object's own words, then those of what it indicates or is seen of.
  [[nodiscard]] std::vector<std::string> words_of(JsonValue object) const {
    std::vector<std::string> words;
    add_words(object, words);
    const auto id = object["id"].string();
    if (!id) return words;
    const auto [begin, end] = targets_.equal_range(*id);
    std::size_t count = 0;
    for (auto each = begin; each != end && count < kWordsOfObjectMax; ++each, ++count) {
      const JsonValue target = object_of(each->second);
      add_words(target, words);
      if (target["type"].text() == "malware") words.emplace_back("malware");
    }
    return words;
  }

  void read_indicator(JsonValue object, const std::string& where) {
    const std::string language = object["pattern_type"].text();
    if (is_benign(object)) return warnings_.add("{} is benign or revoked", where);
    if (!language.empty() && language != "stix")
      return warnings_.add("{} has a pattern in {}, which is not read", where, in_quotes(language));
    const std::string pattern = object["pattern"].text();
    bool any = false;
    for (const auto& group : pattern_groups(pattern)) {
      Indicator indicator;
      indicator.started = object["valid_from"].text();
      if (const auto seen = sightings_.find(object["id"].string().value_or("")); seen != sightings_.end()) {
        if (const std::string first = seen->second["first_seen"].text(); !first.empty()) indicator.started = first;
        indicator.ended = seen->second["last_seen"].text();
        indicator.count = count_in(seen->second["count"]);
      }
      Sides sides;
      for (const Comparison& each : group) place(each, indicator, sides);
      indicator.words = words_of(object);
      settle(sides, indicator);
      indicator.text = shorten(make_valid_utf8(pattern), 4'000);
      indicator.read_from = where;
      indicator.place = object;
      const std::size_t before = reading_.incidents.size();
      add_incidents(indicator, passages_, reading_, warnings_);
      any = any || reading_.incidents.size() > before;
    }
    if (!any) warnings_.add("{} names no address, URL or domain by equality", where);
  }

  static void place(const Comparison& each, Indicator& indicator, Sides& sides) {
    const std::string_view path = each.path;
    if (path == "ipv4-addr:value" || path == "ipv6-addr:value") {
      indicator.addresses.push_back(each.value);
    } else if (path == "url:value") {
      indicator.urls.push_back(each.value);
    } else if (path == "domain-name:value") {
      indicator.domains.push_back(each.value);
    } else if (path.starts_with("domain-name:resolves_to_refs") && path.ends_with(".value")) {
      indicator.addresses.push_back(each.value);
    } else if (path == "network-traffic:src_ref.value") {
      sides.sources.push_back(each.value);
    } else if (path == "network-traffic:dst_ref.value") {
      (domain_of(each.value) ? indicator.domains : sides.destinations).push_back(each.value);
    } else if (path == "network-traffic:src_port") {
      sides.source_port = port_in(each.value);
    } else if (path == "network-traffic:dst_port") {
      sides.destination_port = port_in(each.value);
    }
  }

  // ---- what was observed: cyber observables, within (2.0: `objects`) or beside (2.1: `object_refs`) ----

  void read_observed(JsonValue object, const std::string& where) {
    if (is_benign(object)) return;
    std::map<std::string, JsonValue, std::less<>> seen;
    for (const auto& [key, value] : object["objects"].fields(kIntelValuesMax)) seen.emplace(key, value);
    for (const JsonValue& ref : object["object_refs"].items(kIntelValuesMax))
      if (const auto id = ref.string()) seen.emplace(*id, object_of(*id));
    Indicator indicator;
    indicator.started = object["first_observed"].text();
    indicator.ended = object["last_observed"].text();
    indicator.count = count_in(object["number_observed"]);
    indicator.words = words_of(object);
    indicator.read_from = where;
    indicator.place = object;
    indicator.confidence = 0.7;
    observe(seen, indicator);
    add_incidents(indicator, passages_, reading_, warnings_);
  }

  void read_loose() {  // observables that nobody speaks of
    std::map<std::string, JsonValue, std::less<>> seen;
    for (const JsonValue& object : objects_)
      if (const auto id = object["id"].string(); id && seen.size() < kIntelValuesMax) seen.emplace(*id, object);
    Indicator indicator;
    for (const JsonValue& object : objects_)
      if (const std::string type = object["type"].text(); type == "report" || type == "grouping" || type == "incident")
        add_words(object, indicator.words);
    indicator.read_from = where_;
    indicator.confidence = 0.5;
    observe(seen, indicator);
    add_incidents(indicator, passages_, reading_, warnings_);
  }

  void observe(const std::map<std::string, JsonValue, std::less<>>& seen, Indicator& indicator) const {
    const auto value_of = [&](JsonValue ref) {
      const auto id = ref.string();
      if (!id) return std::string{};
      const auto place = seen.find(*id);
      return (place == seen.end() ? object_of(*id) : place->second)["value"].text();
    };
    Sides sides;
    std::set<std::string> in_traffic;
    for (const auto& [id, object] : seen) {
      if (object["type"].text() != "network-traffic") continue;
      const std::string source = value_of(object["src_ref"]), destination = value_of(object["dst_ref"]);
      if (!source.empty()) sides.sources.push_back(source);
      if (!destination.empty() && !domain_of(destination)) sides.destinations.push_back(destination);
      if (!sides.source_port) sides.source_port = port_in(object["src_port"].as_text());
      if (!sides.destination_port) sides.destination_port = port_in(object["dst_port"].as_text());
      in_traffic.insert(source);
      in_traffic.insert(destination);
    }
    for (const auto& [id, object] : seen) {
      const std::string type = object["type"].text(), value = object["value"].text();
      if (!value.empty())
        indicator.text += fmt::format("{}: {}\n", make_valid_utf8(type), shorten(make_valid_utf8(value), 500));
      if (value.empty() || in_traffic.contains(value)) continue;
      if (type == "url") indicator.urls.push_back(value);
      if (type == "domain-name") indicator.domains.push_back(value);
      if ((type == "ipv4-addr" || type == "ipv6-addr") && sides.sources.empty()) indicator.addresses.push_back(value);
    }
    settle(sides, indicator);
  }

  std::string where_;
  const JsonPassages& passages_;
  Reading& reading_;
  Warnings& warnings_;
  std::vector<JsonValue> objects_;
  std::map<std::string_view, JsonValue> by_id_;
  std::multimap<std::string_view, std::string_view> targets_;  // what an object indicates or is seen of
  std::map<std::string_view, JsonValue> sightings_;
};

Result<Reading> read(const Input& input) {
  Reading reading;
  Warnings warnings;
  for (const IntelDocument& document : intel_documents(input, kMark, is_stix))
    Bundle(document, reading, warnings).read();
  reading.outcome = reading.incidents.empty() ? Outcome::unreadable : Outcome::read;
  if (reading.incidents.empty()) warnings.add_sentence("Nothing in the bundle blames an address, a URL or a domain");
  reading.warnings = std::move(warnings).take();
  return reading;
}

constexpr std::string_view kIndicators = R"({"type":"bundle","id":"bundle--1","objects":[
{"type":"indicator","spec_version":"2.1","id":"indicator--1","pattern_type":"stix","indicator_types":["malicious-activity"],
"name":"Login page of a bank","labels":["phishing"],"valid_from":"2026-03-01T12:00:00Z",
"pattern":"[url:value = 'http://login.example.net/a' AND ipv4-addr:value = '192.0.2.7'] OR [ipv4-addr:value = '192.0.2.8']"},
{"type":"indicator","id":"indicator--2","indicator_types":["benign"],"pattern":"[ipv4-addr:value = '198.51.100.1']",
"valid_from":"2026-03-01T12:00:00Z"},
{"type":"indicator","id":"indicator--3","name":"implant",
"pattern":"[network-traffic:dst_ref.value = '203.0.113.5' AND network-traffic:dst_port = 443]","valid_from":"2026-03-01T12:00:00Z"},
{"type":"sighting","id":"sighting--1","sighting_of_ref":"indicator--3","first_seen":"2026-03-02T10:00:00Z","count":7}]})";
constexpr std::string_view kObserved = R"({"type":"bundle","id":"bundle--2","objects":[
{"type":"observed-data","id":"observed-data--1","first_observed":"2026-03-01T12:00:00Z","last_observed":
"2026-03-01T12:05:00Z","number_observed":50,"labels":["brute-force"],"object_refs":["ipv4-addr--1","ipv4-addr--2",
"network-traffic--1"]},{"type":"ipv4-addr","id":"ipv4-addr--1","value":"192.0.2.9"},{"type":"ipv4-addr","id":
"ipv4-addr--2","value":"198.51.100.2"},{"type":"network-traffic","id":"network-traffic--1","src_ref":"ipv4-addr--1",
"dst_ref":"ipv4-addr--2","src_port":40000,"dst_port":22,"protocols":["tcp"]}]})";
constexpr std::string_view kHashes = R"({"type":"bundle","id":"bundle--3","objects":[{"type":"indicator","id":
"indicator--4","pattern":"[file:hashes.'SHA-256' = 'aa']","pattern_type":"stix","valid_from":"2026-03-01T12:00:00Z"}]})";

constexpr Example kExamples[] = {
    {"indicators, one benign, one that was sighted", "application/json", kIndicators, Outcome::read, 3,
     "content/phishing", "192.0.2.7"},
    {"observed data: the destination is the victim", "application/stix+json", kObserved, Outcome::read, 1,
     "connection/login_attack", "192.0.2.9"},
    {"only a file's hash", "application/json", kHashes, Outcome::unreadable, 0, "", ""},
};

}  // namespace

constinit const Format stix_format{
    .name = "stix",
    .title = "a STIX 2 bundle",
    .explain =
        R"(A bundle of STIX 2.0 or 2.1, or the envelope of TAXII 2.1, alone or as a part of a mail. Indicators: what the
pattern compares with equality (ipv4-addr, ipv6-addr, url, domain-name, network-traffic); comparisons joined by AND are one
incident, by OR several; a source blames rather than a destination; a lone destination is a controller. Revoked and benign
indicators, and patterns in another language, blame nobody. Observed data: its observables, of a connection the source.
The kind comes from indicator_types, labels, kill chain, name and description, then from the malware or infrastructure that
is indicated. The time is the first sighting, else valid_from; of observed data first_observed.)",
    .recognise = recognise,
    .sure_max = 94,
    .read = read,
    .examples = kExamples,
};

}  // namespace abate::reading
