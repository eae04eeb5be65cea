// SPDX-License-Identifier: Apache-2.0
#include "reading/kinds.h"

#include <algorithm>
#include <array>
#include <string>
#include <vector>

#include "reading/xarf_words.h"

namespace abate::reading {
namespace {

struct Word {
  std::string_view word;  // lower case, letters and digits only
  std::string_view type;
  std::string_view detail = {};
};

constexpr std::string_view kBot = "infrastructure/botnet";
constexpr std::string_view kOpen = "vulnerability/open_service";
constexpr std::string_view kLogin = "connection/login_attack";
constexpr std::string_view kScan = "connection/port_scan";
constexpr std::string_view kDdos = "connection/ddos";
constexpr std::string_view kSpam = "messaging/spam";
constexpr std::string_view kPhish = "content/phishing";
constexpr std::string_view kMalware = "content/malware";
constexpr std::string_view kHacked = "infrastructure/compromised_server";
constexpr std::string_view kVulnerable = "connection/vulnerability_scan";
constexpr std::string_view kListed = "reputation/blocklist";
constexpr std::string_view kCve = "vulnerability/cve";

constexpr Word kWords[] = {
    // bots, controllers and infected machines
    Word{"botnets", kBot},
    Word{"botnetdrone", kBot},
    Word{"drones", kBot},
    Word{"botdrone", kBot},
    Word{"compromisedclient", kBot},
    Word{"sinkholehttp", kBot},
    Word{"sinkholedns", kBot},
    Word{"sinkhole6http", kBot},
    Word{"eventsinkhole", kBot},
    Word{"microsoftsinkhole", kBot},
    Word{"sinkhole", kBot},
    Word{"event4sinkhole", kBot},
    Word{"event6sinkhole", kBot},
    Word{"scanpostexploitation", kBot},
    Word{"postexploitation", kBot},
    Word{"conficker", kBot},
    Word{"mirai", kBot},
    Word{"candc", kBot},
    Word{"ccserver", kBot},
    Word{"botnetcc", kBot},
    Word{"ccip", kBot},
    Word{"router", kBot},
    Word{"intrusionbotnet", kBot},
    Word{"malwarebotnet", kBot},
    Word{"iotmirai", kBot},
    Word{"zeus", kBot},
    Word{"ghostclick", kBot},
    Word{"dnschanger", kBot},
    Word{"feodo", kBot},
    Word{"sslbl", kBot},
    Word{"sslblacklist", kBot},
    Word{"botip", kBot},
    Word{"maliciouscode", kBot},
    Word{"avalanche", kBot},
    Word{"gameoverzeus", kBot},
    Word{"virusinfection", kBot},
    // families of malware that call home
    Word{"lokibot", kBot},
    Word{"formbook", kBot},
    Word{"agenttesla", kBot},
    Word{"remcos", kBot},
    Word{"remcosrat", kBot},
    Word{"njrat", kBot},
    Word{"asyncrat", kBot},
    Word{"azorult", kBot},
    Word{"nanocore", kBot},
    Word{"netwire", kBot},
    Word{"redline", kBot},
    Word{"redlinestealer", kBot},
    Word{"raccoonstealer", kBot},
    Word{"emotet", kBot},
    Word{"heodo", kBot},
    Word{"qakbot", kBot},
    Word{"qbot", kBot},
    Word{"trickbot", kBot},
    Word{"dridex", kBot},
    Word{"icedid", kBot},
    Word{"bazarloader", kBot},
    Word{"ursnif", kBot},
    Word{"gozi", kBot},
    Word{"isfb", kBot},
    Word{"tinba", kBot},
    Word{"gafgyt", kBot},
    Word{"bashlite", kBot},
    Word{"hajime", kBot},
    Word{"mozi", kBot},
    Word{"sality", kBot},
    Word{"ramnit", kBot},
    Word{"virut", kBot},
    Word{"zeroaccess", kBot},
    Word{"necurs", kBot},
    Word{"gamut", kBot},
    Word{"kelihos", kBot},
    Word{"andromeda", kBot},
    Word{"gamarue", kBot},
    Word{"pushdo", kBot},
    Word{"cutwail", kBot},
    Word{"palevo", kBot},
    Word{"citadel", kBot},
    Word{"torpig", kBot},
    Word{"nymaim", kBot},
    Word{"ranbyus", kBot},
    Word{"bebloh", kBot},
    Word{"shiotob", kBot},
    Word{"pykspa", kBot},
    Word{"suppobox", kBot},
    Word{"gumblar", kBot},
    Word{"cobaltstrike", kBot},
    Word{"bruteratel", kBot},
    Word{"darkcomet", kBot},
    Word{"quasarrat", kBot},
    Word{"xworm", kBot},
    Word{"amadey", kBot},
    Word{"smokeloader", kBot},
    Word{"dcrat", kBot},
    Word{"systembc", kBot},
    // passwords tried
    Word{"dronebruteforce", kLogin},
    Word{"honeypotbruteforce", kLogin},
    Word{"loginbruteforce", kLogin},
    Word{"attemptlogin", kLogin},
    Word{"sshbf", kLogin},
    Word{"httpbf", kLogin},
    Word{"telnetbf", kLogin},
    Word{"ftpbf", kLogin},
    Word{"sshslowbf", kLogin},
    Word{"authentication", kLogin},
    Word{"sshauth", kLogin},
    Word{"telnetauth", kLogin},
    Word{"smtpauth", kLogin},
    Word{"imapauth", kLogin},
    Word{"rdpauth", kLogin},
    Word{"ftpauth", kLogin},
    Word{"sipauth", kLogin},
    Word{"pop3", kLogin},
    Word{"imap", kLogin},
    Word{"wwplogin", kLogin},
    Word{"wplogin", kLogin},
    Word{"ftpbruteforce", kLogin},
    Word{"iotrdp", kLogin},
    Word{"iotlogin", kLogin},
    Word{"iotssh", kLogin},
    Word{"hacking", kLogin},
    Word{"serverattack", kLogin},
    // ports and addresses tried
    Word{"scanners", kScan},
    Word{"netscan", kScan},
    Word{"dshield", kScan},
    Word{"reconscanning", kScan},
    Word{"darkip", kScan},
    Word{"honeypot", kScan},
    Word{"iotscan", kScan},
    Word{"honeypotdarknet", kScan},
    Word{"iot", kScan},
    Word{"anomalytraffic", kScan},
    Word{"deface", "content/brand_infringement"},
    Word{"informationgathering", kScan},
    Word{"sniffing", kScan},
    Word{"reconsearching", "connection/reconnaissance"},
    // holes tried
    Word{"attemptexploit", kVulnerable},
    Word{"attempt", kVulnerable},
    Word{"attempts", kVulnerable},
    Word{"webattacks", kVulnerable},
    Word{"wpscanner", kVulnerable},
    Word{"wpscan", kVulnerable},
    Word{"wwpscan", kVulnerable},
    Word{"intrusionattempt", kVulnerable},
    Word{"intrusionattempts", kVulnerable},
    Word{"honeypothttpscan", kVulnerable},
    Word{"attemptexploitation", kVulnerable},
    Word{"serverexploit", kVulnerable},
    Word{"harvester", "connection/scraping"},
    Word{"harvesting", "connection/scraping"},
    Word{"sqlinjectionattack", "connection/sql_injection"},
    // floods
    Word{"dosattacker", kDdos},
    Word{"dosvictim", kDdos},
    Word{"amplificationddosvictim", kDdos},
    Word{"amplificationddos", kDdos},
    Word{"honeypotddosamp", kDdos},
    Word{"honeypotddos", kDdos},
    Word{"honeypotddostarget", kDdos},
    Word{"ddosparticipant", kDdos},
    Word{"availabilityddos", kDdos},
    Word{"availabilitydos", kDdos},
    Word{"availability", kDdos},
    Word{"amplddosvictim", kDdos},
    Word{"dnsamplification", kDdos},
    Word{"ntpamplification", kDdos},
    // services that should not be open
    Word{"openresolvers", kOpen},
    Word{"dnsopenresolver", kOpen},
    Word{"amplifier", kOpen},
    Word{"ddosamplifier", kOpen},
    Word{"vulnerablesystem", kOpen},
    Word{"vulnerable", kOpen},
    Word{"opensmtprelay", kOpen},
    Word{"potentiallyunwantedaccessible", kOpen},
    Word{"weakcrypto", kOpen},
    Word{"vulnerableconfig", "vulnerability/misconfiguration"},
    Word{"informationdisclosure", kOpen},
    Word{"openipmi", kOpen},
    Word{"openqotd", kOpen},
    Word{"openmdns", kOpen},
    Word{"opentftp", kOpen},
    Word{"openmssql", kOpen},
    Word{"openvnc", kOpen},
    Word{"openftp", kOpen},
    Word{"deviceid", kOpen},
    Word{"scanddosmiddlebox", kOpen},
    Word{"ddosmiddlebox", kOpen},
    Word{"scanloopdos", kOpen},
    Word{"loopdos", kOpen},
    Word{"scanntp", kOpen},
    Word{"scanntpmonitor", kOpen},
    Word{"scansnmp", kOpen},
    Word{"scandns", kOpen},
    Word{"scanftp", kOpen},
    Word{"scanhttp", kOpen},
    Word{"scanssdp", kOpen},
    Word{"scannetbios", kOpen},
    Word{"scannatpmp", kOpen},
    Word{"scanmemcached", kOpen},
    Word{"scanmongodb", kOpen},
    Word{"scanredis", kOpen},
    Word{"scanelasticsearch", kOpen},
    Word{"scanrdp", kOpen},
    Word{"scanldap", kOpen},
    Word{"scantelnet", kOpen},
    Word{"scansmb", kOpen},
    Word{"scanvnc", kOpen},
    Word{"scanchargen", kOpen},
    Word{"scanqotd", kOpen},
    Word{"scanipmi", kOpen},
    Word{"scanportmapper", kOpen},
    Word{"scanmdns", kOpen},
    Word{"scantftp", kOpen},
    Word{"scanmssql", kOpen},
    Word{"scanisakmp", kOpen},
    Word{"scancwmp", kOpen},
    Word{"scanxdmcp", kOpen},
    Word{"scandb2", kOpen},
    Word{"scanrsync", kOpen},
    Word{"scanafp", kOpen},
    Word{"scanadb", kOpen},
    Word{"scancoap", kOpen},
    Word{"scanubiquiti", kOpen},
    Word{"scanhadoop", kOpen},
    Word{"scanexchange", kOpen},
    Word{"scanmqtt", kOpen},
    Word{"scanipp", kOpen},
    Word{"scansmtp", kOpen},
    Word{"scanstun", kOpen},
    Word{"scanssl", kOpen},
    Word{"scansocks", kOpen, "proxy"},
    Word{"scanhttpproxy", kOpen, "proxy"},
    Word{"populationhttpproxy", kOpen, "proxy"},
    Word{"scansslpoodle", kCve},
    Word{"scansslfreak", kCve},
    Word{"sslscan", kCve},
    Word{"poodle", kCve},
    Word{"freak", kCve},
    Word{"heartbleed", kCve},
    Word{"vulnerabilities", kCve},
    Word{"exploitable", kCve},
    // proxies
    Word{"proxy", kOpen, "proxy"},
    Word{"openproxy", kOpen, "proxy"},
    Word{"httpproxy", kOpen, "proxy"},
    Word{"socks", kOpen, "proxy"},
    Word{"socks4", kOpen, "proxy"},
    Word{"socks5", kOpen, "proxy"},
    Word{"proxyget", kOpen, "proxy"},
    Word{"anonproxy", kOpen, "proxy"},
    Word{"httpconnect", kOpen, "proxy"},
    Word{"tor", kOpen, "proxy"},
    Word{"proxyconnect", kOpen, "proxy"},
    Word{"vpn", kOpen, "proxy"},
    // mail
    Word{"spamming", kSpam},
    Word{"spambot", kSpam},
    Word{"spamsource", kSpam},
    Word{"abusivespam", kSpam},
    Word{"abusivecontent", kSpam},
    Word{"spamurl", kSpam},
    Word{"lspamlink", kSpam},
    Word{"spamvertizement", kSpam},
    Word{"extortion", kSpam},
    Word{"authspoofbadehlo", kSpam},
    Word{"darkmailer", kSpam},
    Word{"fblcomplaint", kSpam},
    Word{"snowshoe", kSpam},
    // pages and files
    Word{"fraudphishing", kPhish},
    Word{"phishtank", kPhish},
    Word{"openphish", kPhish},
    Word{"fraudscam", "content/fraud"},
    Word{"unauthorizeduseofresources", "content/fraud"},
    Word{"malurl", kMalware},
    Word{"malwareaction", kMalware},
    Word{"payloaddelivery", kMalware},
    Word{"malwareconfiguration", kMalware},
    Word{"urlhaus", kMalware},
    Word{"sandboxurl", kMalware},
    Word{"cryptominer", kMalware},
    Word{"cryptomining", kMalware},
    Word{"coinminer", kMalware},
    Word{"cryptojacking", kMalware},
    Word{"miningpool", kMalware},
    Word{"coinmining", kMalware},
    Word{"malicious", kMalware},
    Word{"blacklistedurl", kMalware},
    Word{"hacked", kHacked},
    Word{"synfulknock", kHacked},
    Word{"scansynfulknock", kHacked},
    Word{"systemcompromise", kHacked},
    Word{"intrusionusercompromise", kLogin},
    Word{"intrusionadmincompromise", kHacked},
    Word{"intrusionappcompromise", kHacked},
    Word{"applicationcompromise", kHacked},
    Word{"intrusion", kHacked},
    Word{"intrusions", kHacked},
    Word{"privilegedaccountcompromise", kHacked},
    Word{"unprivilegedaccountcompromise", kHacked},
    Word{"burglary", kHacked},
    // law
    Word{"violence", "content/exposed_data"},
    Word{"datalossleak", "content/exposed_data"},
    // lists
    Word{"listed", kListed},
    Word{"blacklistevent", kListed},
    Word{"tlp", kListed},
};

constexpr std::size_t kWordBytesMax = 40;

// The words above and those of X-ARF (xarf_words.h), sorted; where both know one, the first of them stands.
const Word* find(std::string_view word) {
  static const std::vector<Word> sorted = [] {
    std::vector<Word> out(std::begin(kWords), std::end(kWords));
    for (const XarfWord& each : xarf_report_words()) out.push_back({each.word, each.type});
    std::ranges::stable_sort(out, {}, &Word::word);
    return out;
  }();
  const auto place = std::ranges::lower_bound(sorted, word, {}, &Word::word);
  return place != sorted.end() && place->word == word ? &*place : nullptr;
}

bool is_alnum(char c) { return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9'); }
char lower(char c) { return c >= 'A' && c <= 'Z' ? static_cast<char>(c + 32) : c; }

}  // namespace

std::optional<Kind> kind_of_word(std::string_view word) {
  std::array<char, kWordBytesMax> plain;
  std::size_t size = 0;
  for (const char c : word) {
    if (!is_alnum(c)) continue;
    if (size == plain.size()) return std::nullopt;
    plain[size++] = lower(c);
  }
  const Word* found = find({plain.data(), size});
  return found == nullptr ? std::nullopt : std::optional{Kind{found->type, found->detail}};
}

std::optional<Kind> kind_in(std::string_view text) {
  text = text.substr(0, kKindTextBytesMax);
  struct Stretch {
    std::size_t begin, end;
  };
  std::array<Stretch, kKindTextBytesMax / 2 + 1> words;
  std::size_t count = 0;
  for (std::size_t i = 0; i < text.size();) {
    while (i < text.size() && !is_alnum(text[i])) ++i;
    const std::size_t begin = i;
    while (i < text.size() && is_alnum(text[i])) ++i;
    if (i > begin) words[count++] = {begin, i};
  }
  for (std::size_t i = 0; i < count; ++i)
    for (std::size_t together = std::min<std::size_t>(3, count - i); together > 0; --together)
      if (const auto kind = kind_of_word(text.substr(words[i].begin, words[i + together - 1].end - words[i].begin)))
        return kind;
  return std::nullopt;
}

}  // namespace abate::reading
