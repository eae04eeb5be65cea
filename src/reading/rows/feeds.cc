// SPDX-License-Identifier: Apache-2.0
// What the columns of known feeds say. The first row that fits decides.
#include <algorithm>
#include <initializer_list>

#include "base/text.h"
#include "reading/rows/record.h"

namespace abate::reading {
namespace {

struct Signature {
  std::string_view columns;  // plain names that must all be there, parted by blanks
  Pattern pattern;
  Kind kind;
  std::string_view says;
  bool utc = true;  // its maker documents it
};

constexpr Kind kOpen{"vulnerability/open_service", ""};
constexpr Signature kSignatures[] = {
    // Shadowserver: events seen by honeypots and sinkholes share their first thirty columns
    {"timestamp srcip username password",
     Pattern::fixed,
     {"connection/login_attack", ""},
     "columns of a Shadowserver brute-force report"},
    {"timestamp srcip avgpps", Pattern::fixed, {"connection/ddos", ""}, "columns of a Shadowserver DDoS report"},
    {"timestamp srcip numberofconnections",
     Pattern::fixed,
     {"connection/ddos", ""},
     "columns of a Shadowserver report on DDoS participants"},
    {"timestamp httprefererip", Pattern::infected, {}, "columns of a Shadowserver sinkhole report"},
    {"timestamp srcip routedspoof",
     Pattern::fixed,
     {"vulnerability/misconfiguration", ""},
     "columns of a Shadowserver report on forged source addresses"},
    {"timestamp ip routedspoof",
     Pattern::fixed,
     {"vulnerability/misconfiguration", ""},
     "columns of a Shadowserver report on forged source addresses"},
    {"timestamp srcip maxpps", Pattern::fixed, {"connection/ddos", ""}, "columns of a Shadowserver DDoS report"},
    {"timestamp srcip vulnerabilityenum",
     Pattern::fixed,
     {"connection/vulnerability_scan", ""},
     "columns of a Shadowserver honeypot report"},
    {"timestamp srcip pattern",
     Pattern::fixed,
     {"connection/vulnerability_scan", ""},
     "columns of a Shadowserver honeypot report"},
    {"timestamp srcip rulesetid",
     Pattern::fixed,
     {"connection/vulnerability_scan", ""},
     "columns of a Shadowserver honeypot report"},
    {"timestamp srcip httpurl httphost", Pattern::infected, {}, "columns of a Shadowserver sinkhole report"},
    {"timestamp srcip httpurl httpagent", Pattern::infected, {}, "columns of a Shadowserver sinkhole report"},
    {"timestamp srcip forwardedby", Pattern::infected, {}, "columns of a Shadowserver sinkhole report"},
    {"timestamp srcip dnsquery", Pattern::infected, {}, "columns of a Shadowserver sinkhole report"},
    {"timestamp srcip infection", Pattern::seen, {}, "columns of a Shadowserver event report"},
    {"timestamp ip service starttime clientversion",
     Pattern::fixed,
     {"connection/login_attack", ""},
     "columns of a Shadowserver brute-force report"},
    {"timestamp ip url agent cc", Pattern::infected, {}, "columns of a Shadowserver drone report"},
    {"timestamp ip infection", Pattern::infected, {}, "columns of a Shadowserver infection report"},
    {"timestamp ip dnsquery", Pattern::infected, {}, "columns of a Shadowserver sinkhole report"},
    {"timestamp ip family", Pattern::infected, {}, "columns of a Shadowserver infection report"},
    {"timestamp ip channel messagelength", Pattern::fixed, kOpen, "columns of a Shadowserver scan report"},
    {"firstseen ip port channel", Pattern::fixed, {"infrastructure/botnet", ""}, "columns of a Shadowserver C2 report"},
    {"timestamp ip channel", Pattern::fixed, {"infrastructure/botnet", ""}, "columns of a Shadowserver C2 report"},
    {"timestamp ip port hostname tag application asn geo region city url httphost",
     Pattern::fixed,
     {"infrastructure/compromised_server", ""},
     "columns of a Shadowserver compromised-website report"},
    {"timestamp ip httphost category url",
     Pattern::fixed,
     {"infrastructure/compromised_server", ""},
     "columns of a Shadowserver compromised-website report"},
    {"timestamp ip url detectedsince",
     Pattern::fixed,
     {"infrastructure/compromised_server", ""},
     "columns of a Shadowserver compromised-website report"},
    {"timestamp ip source reason",
     Pattern::fixed,
     {"reputation/blocklist", ""},
     "columns of a Shadowserver blocklist report"},
    {"timestamp ip asn url sha256",
     Pattern::fixed,
     {"content/malware", ""},
     "columns of a Shadowserver malware report"},
    {"timestamp url asn ip md5", Pattern::fixed, {"content/malware", ""}, "columns of a Shadowserver malware report"},
    {"timestamp url ip subject", Pattern::fixed, {"messaging/spam", ""}, "columns of a Shadowserver spam report"},
    {"timestamp ip relay",
     Pattern::fixed,
     {"vulnerability/open_service", "proxy"},
     "columns of a Shadowserver proxy report"},
    {"timestamp ip targetip dstip request",
     Pattern::fixed,
     {"connection/ddos", ""},
     "columns of a Shadowserver DDoS report"},
    {"timestamp ip dstip dstport", Pattern::seen, {}, "columns of a Shadowserver darknet report"},
    {"timestamp ip subjectcommonname",
     Pattern::fixed,
     {"vulnerability/open_service", ""},
     "columns of a Shadowserver TLS report"},
    {"timestamp ip port asn geo", Pattern::fixed, kOpen, "columns of a Shadowserver scan report"},
    {"timestamp ip protocol asn geo", Pattern::fixed, kOpen, "columns of a Shadowserver scan report"},
    {"timestamp ip asn geo region", Pattern::fixed, kOpen, "columns of a Shadowserver scan report"},
    // others whose columns tell
    {"ip botname domain remoteip", Pattern::unknown, {"infrastructure/botnet", ""}, "columns of Spamhaus' CERT feed"},
    {"dateadded url urlstatus", Pattern::fixed, {"content/malware", ""}, "columns of URLhaus"},
    {"firstseen url filetype sha256", Pattern::fixed, {"content/malware", ""}, "columns of URLhaus payloads"},
    {"firstseenutc dstip dstport c2status",
     Pattern::fixed,
     {"infrastructure/botnet", ""},
     "columns of the Feodo tracker"},
    {"listingdate sha1 listingreason", Pattern::fixed, {"infrastructure/botnet", ""}, "columns of the SSL blocklist"},
    {"firstseen dstip dstport", Pattern::fixed, {"infrastructure/botnet", ""}, "columns of an abuse.ch tracker"},
    {"phishid url target", Pattern::fixed, {"content/phishing", ""}, "columns of PhishTank"},
    {"phishid url verified", Pattern::fixed, {"content/phishing", ""}, "columns of PhishTank"},
    {"trojanfamily", Pattern::infected, {}, "fields of a sinkhole's report"},
    {"defacer", Pattern::fixed, {"infrastructure/compromised_server", ""}, "a column for who defaced it"},
    // whoever sends it: a column for the malware beside the address that has it, or beside the page that serves it
    {"url malware", Pattern::fixed, {"content/malware", ""}, "a column for the malware of a page", false},
    {"ipaddress port status malware", Pattern::fixed, {"infrastructure/botnet", ""}, "fields of the Feodo tracker"},
    {"ipaddress malware", Pattern::infected, {}, "a column for the malware of an address", false},
    {"ip malware", Pattern::infected, {}, "a column for the malware of an address", false},
    {"srcip malware", Pattern::infected, {}, "a column for the malware of an address", false},
    {"sourceip malware", Pattern::infected, {}, "a column for the malware of an address", false},
    {"sourceip infection", Pattern::infected, {}, "a column for the infection of an address", false},
    {"ip infection", Pattern::infected, {}, "a column for the infection of an address", false},
};

// Feeds whose standard says that their times are UTC.
constexpr std::string_view kUtcColumns[] = {
    "timestamp ip asn geo",
    "timestamp srcip srcasn",
    "timestamp ip port hostname tag",
    "timesource sourceip",
    "timesource classificationtype",
    "category address asn timestamp",
    "report ip asn timestamp",
    "dateadded url urlstatus",
    "firstseenutc",
    "c2status",
    "listingdate sha1",
    "source category time address",
    "timestamp ip asn",
    "timestamp ip port",
    "timestamp url",
    "phishid",
    "ipstr timestamp",
};
constexpr std::string_view kUtcWords[] = {"utc",        "gmt",     "abuse.ch",     "urlhaus",  "feodo",
                                          "threatfox",  "sslbl",   "shadowserver", "spamhaus", "team cymru",
                                          "team-cymru", "dshield", "phishtank"};

bool has_all(const std::vector<std::string>& columns, std::string_view wanted) {
  return std::ranges::all_of(split(wanted, ' '), [&](std::string_view name) {
    return name.empty() || std::ranges::find(columns, name) != columns.end();
  });
}

bool has_word(const std::string& text, std::string_view word) {
  for (std::size_t at = text.find(word); at != text.npos; at = text.find(word, at + 1)) {
    const auto letter = [&](std::size_t i) { return i < text.size() && text[i] >= 'a' && text[i] <= 'z'; };
    if ((at == 0 || !letter(at - 1)) && !letter(at + word.size())) return true;
  }
  return false;
}

// "2026-03-01-scan_ssh-example.csv": what was found by scanning. Those in it were scanned, and scan nobody.
bool is_name_of_scan(std::string_view words) {
  for (const std::string_view begin : {"scan_", "scan6_"})
    for (std::size_t at = words.find(begin); at != words.npos; at = words.find(begin, at + 1))
      if (at == 0 || words[at - 1] == '-' || words[at - 1] == ' ' || words[at - 1] == '/') return true;
  return false;
}

}  // namespace

Feed recognise_feed(const std::vector<std::string>& columns, std::string_view context) {
  Feed feed;
  const std::string words = to_lower(context.substr(0, kKindTextBytesMax));
  feed.utc = std::ranges::any_of(kUtcColumns, [&](std::string_view wanted) { return has_all(columns, wanted); }) ||
             std::ranges::any_of(kUtcWords, [&](std::string_view word) { return has_word(words, word); });
  for (const Signature& signature : kSignatures)
    if (has_all(columns, signature.columns)) {
      feed.pattern = signature.pattern;
      if (!signature.kind.type.empty()) feed.kind = signature.kind;
      feed.why = signature.says;
      feed.utc = feed.utc || signature.utc;
      break;
    }
  const auto named = kind_in(context);
  const bool scanned = feed.kind == kOpen && named && named->type == "connection/port_scan" && is_name_of_scan(words);
  if (named && !scanned && (feed.pattern == Pattern::unknown || feed.pattern == Pattern::seen || feed.kind == kOpen)) {
    feed.kind = named;
    feed.why = "what the file's name, the subject or a comment calls it";
  }
  return feed;
}

}  // namespace abate::reading
