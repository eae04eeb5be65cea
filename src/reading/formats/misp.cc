// SPDX-License-Identifier: Apache-2.0
// MISP events (core format): {"Event": {...}}, an array of them, {"response": [...]}, or the attributes of a search.
#include <algorithm>

#include "base/text.h"
#include "reading/format.h"
#include "reading/intel.h"

namespace abate::reading {

extern const Format misp_format;

namespace {

constexpr std::size_t kEventsMax = 1'000;
constexpr std::size_t kTagsMax = 50;
constexpr std::size_t kSightingsMax = 10'000;

JsonValue event_in(JsonValue value) {
  const JsonValue event = value["Event"].exists() ? value["Event"] : value;
  return event["Attribute"].is_array() || event["Object"].is_array() ? event : JsonValue{};
}

std::vector<JsonValue> events_in(JsonValue root) {
  const JsonValue list = root["response"].exists() ? root["response"] : root;
  std::vector<JsonValue> found;
  if (list.is_array()) {
    for (const JsonValue& item : list.items(kEventsMax))
      if (item["Event"].exists() && event_in(item).exists()) found.push_back(event_in(item));
  } else if (list["Event"].exists() || list["Orgc"].exists()) {
    if (event_in(list).exists()) found.push_back(event_in(list));
  } else if (root["response"].exists() && list["Attribute"].is_array()) {  // a search for attributes: of no one event
    found.push_back(list);
  }
  return found;
}

bool is_misp(JsonValue root) { return !events_in(root).empty(); }

int recognise(const Input& input) { return intel_documents(input, "\"Attribute\"", is_misp).empty() ? 0 : 93; }

// rsit:fraud="phishing", misp-galaxy:botnet="Family" -> what stands within the quotes, with what stands before.
void add_tags(JsonValue owner, std::vector<std::string>& words) {
  for (const JsonValue& tag : owner["Tag"].items(kTagsMax)) {
    const std::string name = tag["name"].text();
    if (name.starts_with("tlp") || name.starts_with("PAP") || name.starts_with("osint")) continue;
    if (const std::size_t value = name.find('='); value != name.npos) words.push_back(name.substr(value + 1));
    words.push_back(name);
  }
}

struct Seen {
  std::string first, last;
  std::uint32_t count = 0;
};

// Sightings of type 0; type 1 says that it was none.
Seen sightings_of(JsonValue attribute) {
  Seen seen;
  std::int64_t first = 0, last = 0;
  for (const JsonValue& sighting : attribute["Sighting"].items(kSightingsMax)) {
    const auto at = sighting["date_sighting"].integer();
    if (!at || sighting["type"].integer().value_or(0) != 0) continue;
    first = seen.count == 0 ? *at : std::min(first, *at);
    last = std::max(last, *at);
    ++seen.count;
  }
  if (seen.count > 0) seen = {std::to_string(first), std::to_string(last), seen.count};
  return seen;
}

void set_times(Indicator& indicator, JsonValue attribute, JsonValue object) {
  const Seen seen = sightings_of(attribute);
  for (const JsonValue& owner : {attribute, object})
    if (indicator.started.empty() && !owner["first_seen"].as_text().empty()) {
      indicator.started = owner["first_seen"].as_text();
      indicator.ended = owner["last_seen"].as_text();
    }
  if (indicator.started.empty() && seen.count > 0) {
    indicator.started = seen.first;
    indicator.ended = seen.last;
  }
  if (indicator.started.empty()) indicator.started = attribute["timestamp"].as_text();
  indicator.count = std::max(indicator.count, std::max(1U, seen.count));
}

bool is_context(JsonValue attribute) {  // what the analyst collected, and what was attacked: nobody to blame
  if (attribute["deleted"].boolean().value_or(false)) return true;
  if (attribute["to_ids"].exists() && !attribute["to_ids"].boolean().value_or(true)) return true;
  for (const std::string_view category : {"Targeting data", "Internal reference", "External analysis", "Attribution",
                                          "Antivirus detection", "Support Tool", "Person", "Other"})
    if (attribute["category"].text() == category) return true;
  return false;
}

std::optional<Kind> kind_of_category(std::string_view category, std::string_view type) {
  if (category == "Payload delivery" || category == "Payload installation" || category == "Artifacts dropped")
    return Kind{"content/malware", ""};
  if (category == "Financial fraud") return Kind{"content/fraud", ""};
  if (category == "Network activity" &&
      (type.starts_with("ip-dst") || type.starts_with("domain") || type.starts_with("hostname")))
    return Kind{"infrastructure/botnet", ""};
  return std::nullopt;
}

enum class Blamed : unsigned char { both, source, destination };  // of an object: the other side is a victim or a bot

// Puts the attribute's value where its type says; false where it names nobody.
bool place(Indicator& indicator, JsonValue attribute, Blamed blamed) {
  const std::string type = attribute["type"].text();
  const std::string value = attribute["value"].text();
  const std::size_t bar = value.find('|');
  const std::string head = value.substr(0, bar);
  const std::string tail = bar == value.npos ? "" : value.substr(bar + 1);
  const auto port = [&] {
    std::int64_t number = 0;
    for (const char c : tail.substr(0, 6)) number = c >= '0' && c <= '9' ? number * 10 + (c - '0') : 1'000'000;
    if (!tail.empty() && !indicator.port) indicator.port = port_of(number);
  };
  if ((blamed != Blamed::destination && (type == "ip-src" || type == "ip-src|port")) ||
      (blamed != Blamed::source && (type == "ip-dst" || type == "ip-dst|port"))) {
    if (indicator.addresses.size() < kIntelValuesMax) indicator.addresses.push_back(head);
    port();
  } else if (type == "url" || type == "uri") {
    if (indicator.urls.size() < kIntelValuesMax && value.find("://") != value.npos) indicator.urls.push_back(value);
  } else if (type == "domain" || type == "hostname" || type == "hostname|port" || type == "domain|ip") {
    if (indicator.domains.size() < kIntelValuesMax) indicator.domains.push_back(head);
    if (type == "domain|ip")
      indicator.addresses.push_back(tail);
    else
      port();
  } else {
    return false;
  }
  if (!indicator.otherwise) indicator.otherwise = kind_of_category(attribute["category"].text(), type);
  indicator.text += fmt::format("{} {}: {}\n", make_valid_utf8(attribute["category"].text()), make_valid_utf8(type),
                                shorten(make_valid_utf8(value), 500));
  return true;
}

class Event {
 public:
  Event(JsonValue event, std::string where, const JsonPassages& passages, Reading& reading, Warnings& warnings)
      : event_{event}, where_{std::move(where)}, passages_{passages}, reading_{reading}, warnings_{warnings} {
    add_tags(event_, words_);
    words_.push_back(event_["info"].text());
  }

  void read() {
    if (const std::string name = event_["Orgc"]["name"].text(); !name.empty() && !reading_.reporter.name)
      reading_.reporter.name = shorten(name, 200);
    std::size_t number = 0;
    for (const JsonValue& attribute : event_["Attribute"].items(kIntelObjectsMax))
      read_attribute(attribute, fmt::format("{}, attribute {}", where_, ++number));
    number = 0;
    for (const JsonValue& object : event_["Object"].items(kIntelObjectsMax))
      read_object(object, fmt::format("{}, object {}", where_, ++number));
    if (context_ > 0) warnings_.add("{} attributes are context (to_ids, category) and blame nobody", context_);
  }

 private:
  Indicator indicator_of(JsonValue owner, std::string where) const {
    Indicator indicator;
    indicator.read_from = std::move(where);
    indicator.place = owner;
    add_tags(owner, indicator.words);
    indicator.words.push_back(owner["comment"].text());
    return indicator;
  }
  void finish(Indicator& indicator) {
    indicator.words.insert(indicator.words.end(), words_.begin(), words_.end());
    add_incidents(indicator, passages_, reading_, warnings_);
  }

  void read_attribute(JsonValue attribute, std::string where) {
    Indicator indicator = indicator_of(attribute, std::move(where));
    if (is_context(attribute)) {
      ++context_;
      return;
    }
    if (!place(indicator, attribute, Blamed::both)) return;
    set_times(indicator, attribute, {});
    finish(indicator);
  }

  // An object is one thing that its attributes describe: a page with its host and address, an attack with its victim.
  void read_object(JsonValue object, std::string where) {
    const std::string name = object["name"].text();
    if (name == "victim" || name == "target-system" || object["deleted"].boolean().value_or(false)) return;
    Indicator indicator = indicator_of(object, std::move(where));
    indicator.words.push_back(name);
    const auto attributes = object["Attribute"].items(kIntelValuesMax);
    const bool source = has(attributes, "ip-src");
    const bool controller = source && has(attributes, "ip-dst") && is_about_controller(indicator);
    const Blamed side = controller ? Blamed::destination : source ? Blamed::source : Blamed::both;
    std::size_t placed = 0;
    bool blamed = false;
    for (const JsonValue& attribute : attributes) {
      const bool says_so = !is_context(attribute);
      // The address beside a malicious domain is its own, though no rule of detection is made of it.
      if (!says_so && attribute["to_ids"].exists() && attribute["category"].text() != "Network activity") continue;
      if (!place(indicator, attribute, side)) continue;
      if (placed++ == 0) set_times(indicator, attribute, object);
      blamed = blamed || says_so;
    }
    if (placed == 0) return;
    if (blamed)
      finish(indicator);
    else
      ++context_;
  }
  static bool has(const std::vector<JsonValue>& attributes, std::string_view type) {
    return std::ranges::any_of(attributes, [&](JsonValue each) { return each["type"].text().starts_with(type); });
  }
  [[nodiscard]] bool is_about_controller(const Indicator& indicator) const {
    std::vector<std::string> words = indicator.words;
    words.insert(words.end(), words_.begin(), words_.end());
    return speak_of_controller(words);
  }

  JsonValue event_;
  std::string where_;
  const JsonPassages& passages_;
  Reading& reading_;
  Warnings& warnings_;
  std::vector<std::string> words_;
  std::size_t context_ = 0;
};

Result<Reading> read(const Input& input) {
  Reading reading;
  Warnings warnings;
  for (const IntelDocument& document : intel_documents(input, "\"Attribute\"", is_misp)) {
    const auto events = events_in(document.json.root());
    std::size_t number = 0;
    for (const JsonValue& event : events) {
      ++number;
      const std::string where =
          events.size() == 1 ? document.where : fmt::format("{}, event {}", document.where, number);
      Event(event, where, document.passages, reading, warnings).read();
    }
  }
  reading.outcome = reading.incidents.empty() ? Outcome::unreadable : Outcome::read;
  if (reading.incidents.empty())
    warnings.add_sentence("No attribute of the event blames an address, a URL or a domain");
  reading.warnings = std::move(warnings).take();
  return reading;
}

constexpr std::string_view kEvent = R"({"Event":{"info":"Phishing kit","date":"2026-03-01","Orgc":{"name":"Watch"},
"Attribute":[{"type":"url","category":"Network activity","value":"hxxp://login[.]example[.]net/a","to_ids":true,
"timestamp":"1772372067","comment":""},{"type":"link","category":"External analysis","value":"https://watch.example/1",
"to_ids":false,"timestamp":"1772372067"},{"type":"ip-src","category":"Network activity","value":"198.51.100.9",
"to_ids":false,"timestamp":"1772372067"}],"Object":[]}})";
constexpr std::string_view kResponse = R"({"response":[{"Event":{"info":"weekly","Attribute":[{"type":"ip-dst|port",
"category":"Network activity","value":"192.0.2.7|8443","to_ids":true,"timestamp":"1772372067","Tag":[{"name":
"tlp:green"}],"Sighting":[{"type":"0","date_sighting":"1772375000"},{"type":"0","date_sighting":"1772379000"},
{"type":"1","date_sighting":"1772379999"}]}]}},{"Event":{"info":"ssh brute-force","Object":[{"name":"network-connection",
"first_seen":"2026-03-01T12:00:00.000000+00:00","Attribute":[{"type":"ip-src","value":"192.0.2.8","category":
"Network activity","to_ids":true},{"type":"ip-dst","value":"198.51.100.1","category":"Network activity","to_ids":
false}]}]}}]})";
constexpr std::string_view kContext = R"({"Event":{"info":"notes","Attribute":[{"type":"ip-src","category":
"Network activity","value":"192.0.2.9","to_ids":false,"timestamp":"1772372067"}]}})";

constexpr Example kExamples[] = {
    {"a page; what is context blames nobody", "application/json", kEvent, Outcome::read, 1, "content/phishing", ""},
    {"two events: a controller that was sighted, an attack with its victim", "application/json", kResponse,
     Outcome::read, 2, "infrastructure/botnet", "192.0.2.7"},
    {"nothing to be blamed", "application/json", kContext, Outcome::unreadable, 0, "", ""},
};

}  // namespace

constinit const Format misp_format{
    .name = "misp",
    .title = "a MISP event",
    .explain =
        R"(JSON with Event, alone, in an array, in response, or as a part of a mail. Attributes and objects of types
ip-src, ip-dst, url, domain, hostname and their pairs with a port are incidents where to_ids is not false and the category is
not one of context (targets, analyses). An object is one thing: its address, URL and domain make one incident; where it names
a source, the destination is the victim. The kind comes from the tags and comment of the attribute, the object's name, the
event's tags and info, else from the category (ip-dst in Network activity is a controller). The time is first_seen, else the
first sighting, else the timestamp, which says when it was entered. Sightings are counted; false positives are not.)",
    .recognise = recognise,
    .sure_max = 93,
    .read = read,
    .examples = kExamples,
};

}  // namespace abate::reading
