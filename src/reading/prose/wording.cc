// SPDX-License-Identifier: Apache-2.0
#include "reading/prose/wording.h"

#include <array>

#include "base/text.h"

namespace abate::reading::prose {
namespace {

struct Row {
  std::string_view phrase;  // lower case
  std::string_view type;
  int score;
};

constexpr int kHintMax = 3;

constexpr std::string_view kLogin = "connection/login_attack";
constexpr std::string_view kScan = "connection/port_scan";
constexpr std::string_view kProbe = "connection/vulnerability_scan";
constexpr std::string_view kSql = "connection/sql_injection";
constexpr std::string_view kDdos = "connection/ddos";
constexpr std::string_view kScrape = "connection/scraping";
constexpr std::string_view kSpam = "messaging/spam";
constexpr std::string_view kPhish = "content/phishing";
constexpr std::string_view kFraud = "content/fraud";
constexpr std::string_view kMalware = "content/malware";
constexpr std::string_view kBotnet = "infrastructure/botnet";
constexpr std::string_view kHacked = "infrastructure/compromised_server";
constexpr std::string_view kCopyright = "copyright/copyright";
constexpr std::string_view kP2p = "copyright/p2p";
constexpr std::string_view kBrand = "content/brand_infringement";
constexpr std::string_view kCsam = "content/csam";
constexpr std::string_view kLeak = "content/exposed_data";
constexpr std::string_view kOpen = "vulnerability/open_service";
constexpr std::string_view kCve = "vulnerability/cve";
constexpr std::string_view kProxy = "vulnerability/open_service:proxy";

// Scores: 6 names the kind outright, 4 strongly, 2 a hint that others outweigh.
constexpr Row kRows[] = {
    // log in
    Row{"brute force", kLogin, 6},
    Row{"brute-force", kLogin, 6},
    Row{"bruteforce", kLogin, 6},
    Row{"failed password", kLogin, 5},
    Row{"login attempt", kLogin, 5},
    Row{"failed login", kLogin, 5},
    Row{"login fail", kLogin, 5},
    Row{"authentication failure", kLogin, 5},
    Row{"failed authentication", kLogin, 5},
    Row{"authentication failed", kLogin, 4},
    Row{"invalid user", kLogin, 4},
    Row{"ssh attack", kLogin, 6},
    Row{"sshd[", kLogin, 4},
    Row{"ssh login", kLogin, 5},
    Row{"(sshd)", kLogin, 5},
    Row{"[sshd]", kLogin, 5},
    Row{"ssh2", kLogin, 3},
    Row{"password guess", kLogin, 5},
    Row{"dictionary attack", kLogin, 5},
    Row{"credential stuffing", kLogin, 6},
    Row{"wp-login.php", kLogin, 4},
    Row{"xmlrpc.php", kLogin, 4},
    Row{"rdp attack", kLogin, 5},
    Row{"eventid 4625", kLogin, 5},
    Row{"event id 4625", kLogin, 5},
    Row{"password attack", kLogin, 5},
    Row{"sasl login", kLogin, 4},
    Row{"auth failed", kLogin, 3},
    Row{"auth_failed", kLogin, 3},
    Row{"smtp auth", kLogin, 4},
    Row{"imap-login", kLogin, 4},
    Row{"pop3-login", kLogin, 4},
    Row{"wrong password", kLogin, 4},
    Row{"authenticator failed", kLogin, 5},
    Row{"incorrect authentication", kLogin, 5},
    Row{"admin login", kLogin, 5},
    Row{"locked out", kLogin, 4},
    Row{"unauthorized login", kLogin, 5},
    Row{"unauthorised login", kLogin, 5},
    Row{"unauthorized access attempt", kLogin, 5},
    Row{"sip register", kLogin, 4},
    Row{"registration from", kLogin, 4},
    Row{"anmeldeversuch", kLogin, 6},
    Row{"login-versuch", kLogin, 6},
    Row{"loginversuch", kLogin, 6},
    Row{"einbruchsversuch", kLogin, 5},
    Row{"tentatives de connexion", kLogin, 6},
    Row{"force brute", kLogin, 6},
    Row{"fuerza bruta", kLogin, 6},
    Row{"intentos de acceso", kLogin, 5},
    Row{"intentos de inicio", kLogin, 6},
    Row{"força bruta", kLogin, 6},
    Row{"forza bruta", kLogin, 6},
    Row{"tentativi di accesso", kLogin, 5},
    Row{"próby logowania", kLogin, 6},
    Row{"prób logowania", kLogin, 6},
    Row{"o přihlášení", kLogin, 6},
    Row{"ssh", kLogin, 2},
    Row{"暴力破解", kLogin, 6},
    Row{"钓鱼", kPhish, 6},
    Row{"垃圾邮件", kSpam, 6},
    Row{"扫描", kScan, 5},
    Row{"攻击", kScan, 2},
    Row{"フィッシング", kPhish, 6},
    Row{"迷惑メール", kSpam, 6},
    Row{"不正アクセス", kLogin, 5},
    Row{"inlogpogingen", kLogin, 6},
    Row{"подбор парол", kLogin, 6},
    Row{"перебор парол", kLogin, 6},
    Row{"попытки входа", kLogin, 5},
    Row{"inloggningsförsök", kLogin, 6},
    Row{"hacking attempt", kLogin, 3},
    Row{"fail2ban", kLogin, 3},
    Row{"voip fraud", kLogin, 4},
    // scans
    Row{"port scan", kScan, 6},
    Row{"portscan", kScan, 6},
    Row{"port-scan", kScan, 6},
    Row{"scanning our", kScan, 4},
    Row{"network scan", kScan, 5},
    Row{"scanned ports", kScan, 5},
    Row{"sweep", kScan, 2},
    Row{"netscan", kScan, 6},
    Row{"scanning activity", kScan, 5},
    Row{"ufw block", kScan, 4},
    Row{"iptables", kScan, 2},
    Row{"ipfw", kScan, 2},
    Row{"kernel: ", kScan, 2},
    Row{"firewall log", kScan, 2},
    Row{" dpt=", kScan, 3},
    Row{"unauthorized scan", kScan, 5},
    Row{"scan de ports", kScan, 6},
    Row{"escaneo de puertos", kScan, 6},
    Row{"scansione delle porte", kScan, 6},
    Row{"skanowanie port", kScan, 6},
    Row{"skenování port", kScan, 6},
    Row{"сканирован", kScan, 5},
    Row{"suspicious activity", kScan, 1},
    Row{"intrusion attempt", kScan, 3},
    Row{"unsolicited connection", kScan, 4},
    Row{"network abuse", kScan, 1},
    Row{"attack source", kScan, 2},
    // web probes
    Row{"sql injection", kSql, 6},
    Row{"sqli", kSql, 4},
    Row{"union select", kSql, 5},
    Row{"vulnerability scan", kProbe, 6},
    Row{"web attack", kProbe, 4},
    Row{"exploit attempt", kProbe, 5},
    Row{"modsecurity", kProbe, 4},
    Row{"path traversal", kProbe, 5},
    Row{"directory traversal", kProbe, 5},
    Row{"/.env", kProbe, 4},
    Row{"remote file inclusion", kProbe, 5},
    Row{"phpunit", kProbe, 4},
    Row{"/wp-content/", kProbe, 1},
    Row{"web application attack", kProbe, 5},
    Row{"404 errors", kProbe, 3},
    Row{"looking for vulnerabilit", kProbe, 5},
    Row{"http/1.1\" 40", kProbe, 2},
    Row{"hacking", kProbe, 2},
    Row{"hack attempt", kProbe, 3},
    Row{"waf", kProbe, 1},
    Row{"exploit", kProbe, 1},
    Row{"scraping", kScrape, 5},
    Row{"scraper", kScrape, 4},
    Row{"crawling", kScrape, 4},
    Row{"badbot", kScrape, 4},
    Row{"bad bot", kScrape, 4},
    Row{"apache attack", kProbe, 5},
    // floods
    Row{"ddos", kDdos, 6},
    Row{"denial of service", kDdos, 6},
    Row{"denial-of-service", kDdos, 6},
    Row{"dos attack", kDdos, 5},
    Row{"syn flood", kDdos, 6},
    Row{"udp flood", kDdos, 6},
    Row{"http flood", kDdos, 6},
    Row{"flooding", kDdos, 4},
    Row{"amplification", kDdos, 6},
    Row{"reflection attack", kDdos, 6},
    Row{"reflector", kDdos, 4},
    Row{"participated in", kDdos, 3},
    Row{"monlist", kDdos, 3},
    Row{"layer 7", kDdos, 3},
    Row{"packets per second", kDdos, 3},
    Row{"gbps", kDdos, 3},
    Row{"mpps", kDdos, 3},
    Row{"volumetric", kDdos, 4},
    Row{"flood attack", kDdos, 6},
    Row{"flood", kDdos, 5},
    Row{"déni de service", kDdos, 6},
    Row{"denegación de servicio", kDdos, 6},
    Row{"negação de serviço", kDdos, 6},
    Row{"отказ в обслуживании", kDdos, 6},
    Row{"used for an attack", kDdos, 5},
    // spam
    Row{"spam", kSpam, 4},
    Row{"spamtrap", kSpam, 5},
    Row{"spam trap", kSpam, 5},
    Row{"unsolicited", kSpam, 4},
    Row{"unerwünschte e-mail", kSpam, 6},
    Row{"unerwünschte mail", kSpam, 6},
    Row{"unerwünschte werbung", kSpam, 6},
    Row{"nevyžádan", kSpam, 6},
    Row{"bulk email", kSpam, 5},
    Row{"bulk mail", kSpam, 5},
    Row{"junk mail", kSpam, 5},
    Row{"junk email", kSpam, 5},
    Row{"uce", kSpam, 1},
    Row{"harvest", kSpam, 5},
    Row{"comment spam", kSpam, 6},
    Row{"indésirable", kSpam, 5},
    Row{"no solicitado", kSpam, 5},
    Row{"correo basura", kSpam, 6},
    Row{"non sollicit", kSpam, 5},
    Row{"niechcian", kSpam, 5},
    Row{"ongewenste", kSpam, 4},
    Row{"спам", kSpam, 6},
    Row{"non richiest", kSpam, 4},
    Row{"indesiderat", kSpam, 4},
    Row{"received the following e-mail", kSpam, 4},
    Row{"received this email", kSpam, 3},
    Row{"werbemail", kSpam, 5},
    Row{"newsletter", kSpam, 1},
    Row{"unsubscribe", kSpam, 1},
    Row{"spamvertis", kSpam, 6},
    Row{"blocklist", kSpam, 2},
    Row{"blacklist", kSpam, 1},
    Row{"dnsbl", kSpam, 3},
    Row{"spamhaus", kSpam, 2},
    Row{"skräppost", kSpam, 6},
    Row{"nigerian", kSpam, 3},
    Row{"419 scam", kSpam, 5},
    // content
    Row{"phish", kPhish, 7},
    Row{"fake login page", kPhish, 6},
    Row{"credential theft", kPhish, 5},
    Row{"impersonat", kPhish, 3},
    Row{"spoofed site", kPhish, 5},
    Row{"fraudulent website", kPhish, 5},
    Row{"fraudulent site", kPhish, 5},
    Row{"hameçonnage", kPhish, 7},
    Row{"suplantación de identidad", kPhish, 6},
    Row{"фишинг", kPhish, 7},
    Row{"social engineering", kPhish, 5},
    Row{"web forgery", kPhish, 6},
    Row{"fake website", kPhish, 4},
    Row{"fake site", kPhish, 4},
    Row{"fraud", kFraud, 3},
    Row{"scam", kFraud, 4},
    Row{"fake shop", kFraud, 6},
    Row{"fakeshop", kFraud, 6},
    Row{"fake-shop", kFraud, 6},
    Row{"betrug", kFraud, 4},
    Row{"estafa", kFraud, 5},
    Row{"arnaque", kFraud, 5},
    Row{"truffa", kFraud, 5},
    Row{"malware", kMalware, 5},
    Row{"virus", kMalware, 3},
    Row{"trojan", kMalware, 4},
    Row{"ransomware", kMalware, 5},
    Row{"malicious file", kMalware, 5},
    Row{"malicious url", kMalware, 4},
    Row{"malicious software", kMalware, 5},
    Row{"exploit kit", kMalware, 5},
    Row{"schadsoftware", kMalware, 6},
    Row{"schadcode", kMalware, 6},
    Row{"logiciel malveillant", kMalware, 6},
    Row{"вредоносн", kMalware, 6},
    Row{"złośliwe oprogramowanie", kMalware, 6},
    Row{"malicious code", kMalware, 5},
    Row{"payload", kMalware, 2},
    Row{"iframe", kMalware, 2},
    Row{"botnet", kBotnet, 5},
    Row{"command and control", kBotnet, 6},
    Row{"command & control", kBotnet, 6},
    Row{"command-and-control", kBotnet, 6},
    Row{"c&c", kBotnet, 5},
    Row{"c2 server", kBotnet, 6},
    Row{"infected host", kBotnet, 5},
    Row{"infected machine", kBotnet, 5},
    Row{"infected with", kBotnet, 5},
    Row{"sinkhole", kBotnet, 5},
    Row{"zombie", kBotnet, 4},
    Row{"infiziert", kBotnet, 4},
    Row{"mirai", kBotnet, 4},
    Row{"webshell", kHacked, 5},
    Row{"web shell", kHacked, 5},
    Row{"defaced", kHacked, 6},
    Row{"defacement", kHacked, 6},
    Row{"hacked website", kHacked, 5},
    Row{"compromised website", kHacked, 5},
    Row{"compromised server", kHacked, 4},
    Row{"copyright", kCopyright, 6},
    Row{"dmca", kCopyright, 6},
    Row{"infring", kCopyright, 4},
    Row{"piracy", kCopyright, 4},
    Row{"urheberrecht", kCopyright, 7},
    Row{"droit d'auteur", kCopyright, 7},
    Row{"droits d'auteur", kCopyright, 7},
    Row{"derechos de autor", kCopyright, 7},
    Row{"diritto d'autore", kCopyright, 7},
    Row{"direitos autorais", kCopyright, 7},
    Row{"авторск", kCopyright, 6},
    Row{"intellectual property", kCopyright, 4},
    Row{"takedown notice", kCopyright, 4},
    Row{"unauthorized distribution", kCopyright, 5},
    Row{"bittorrent", kP2p, 7},
    Row{"infohash", kP2p, 6},
    Row{"info hash", kP2p, 6},
    Row{"peer-to-peer", kP2p, 5},
    Row{"p2p", kP2p, 5},
    Row{"torrent", kP2p, 3},
    Row{"trademark", kBrand, 7},
    Row{"counterfeit", kBrand, 6},
    Row{"brand abuse", kBrand, 6},
    Row{"markenrecht", kBrand, 7},
    Row{"trade mark", kBrand, 7},
    Row{"contrefaçon", kBrand, 5},
    Row{"child sexual", kCsam, 12},
    Row{"child abuse", kCsam, 10},
    Row{"child porn", kCsam, 12},
    Row{"csam", kCsam, 12},
    Row{"kinderporn", kCsam, 12},
    Row{"pédopornogra", kCsam, 12},
    Row{"детской порногра", kCsam, 12},
    Row{"data leak", kLeak, 4},
    Row{"exposed data", kLeak, 5},
    Row{"personal data", kLeak, 2},
    Row{"leaked", kLeak, 3},
    Row{"doxx", kLeak, 5},
    Row{"doxing", kLeak, 5},
    // weak services
    Row{"open resolver", kOpen, 7},
    Row{"open recursive", kOpen, 7},
    Row{"openly accessible", kOpen, 6},
    Row{"publicly accessible", kOpen, 5},
    Row{"exposed service", kOpen, 6},
    Row{"open relay", kOpen, 5},
    Row{"unprotected", kOpen, 4},
    Row{"vulnerable", kOpen, 3},
    Row{"leakix", kCve, 5},
    Row{"critical security issue", kCve, 6},
    Row{"security issue", kCve, 3},
    Row{"cve-", kCve, 5},
    Row{"exposed database", kOpen, 6},
    Row{"öffentlich erreichbar", kOpen, 6},
    Row{"aus dem internet erreichbar", kOpen, 6},
    Row{"misconfigur", kOpen, 3},
    Row{"unauthenticated access", kOpen, 5},
    Row{"without authentication", kOpen, 4},
    Row{"open proxy", kProxy, 8},
    Row{"open socks", kProxy, 8},
    Row{"proxy server", kProxy, 4},
    Row{"tor exit", kProxy, 6},
    Row{"anonymous proxy", kProxy, 6},
    Row{"vpn endpoint", kProxy, 3},
    Row{"offener proxy", kProxy, 8},
    // says that there is something, not what
    Row{"abuse report", "", 1},
    Row{"attack", kScan, 1},
    Row{"abuse", "", 1},
    Row{"angriff", kScan, 3},
    Row{"attaque", kScan, 3},
    Row{"ataque", kScan, 3},
    Row{"attacco", kScan, 3},
    Row{"atak", kScan, 2},
    Row{"атак", kScan, 3},
    Row{"útok", kScan, 3},
    Row{"aanval", kScan, 3},
    Row{"missbrauch", "", 1},
    Row{"hack", kScan, 1},
    Row{"http-botnet", kProbe, 9},
    Row{"malicious activity", kScan, 2},
    Row{"malicious traffic", kScan, 3},
    Row{"intrusion", kScan, 2},
    Row{"unauthorized", kScan, 1},
};

bool begins_word(std::string_view text, std::size_t at) {
  if (at == 0) return true;
  const char before = text[at - 1];
  return !((before >= 'a' && before <= 'z') || (before >= '0' && before <= '9'));
}

// The rows by the first two bytes of their phrase: one walk over a text finds them all.
class Index {
 public:
  Index() {
    for (std::size_t i = 0; i < std::size(kRows); ++i)
      buckets_[bucket(kRows[i].phrase, 0)].push_back(static_cast<std::uint16_t>(i));
  }
  [[nodiscard]] std::vector<bool> find_in(std::string_view text) const {
    std::vector<bool> found(std::size(kRows));
    for (std::size_t at = 0; at + 1 < text.size(); ++at)
      for (const std::uint16_t row : buckets_[bucket(text, at)]) {
        const std::string_view phrase = kRows[row].phrase;
        // A short phrase must begin a word; a longer one may stand within one ("loginversuche").
        if (!found[row] && text.substr(at).starts_with(phrase) &&
            (phrase.size() > 6 || phrase.front() < 'a' || begins_word(text, at)))
          found[row] = true;
      }
    return found;
  }

 private:
  static std::size_t bucket(std::string_view text, std::size_t at) {
    return (static_cast<unsigned char>(text[at]) * 31U + static_cast<unsigned char>(text[at + 1])) % kBuckets;
  }
  static constexpr std::size_t kBuckets = 4'096;
  std::array<std::vector<std::uint16_t>, kBuckets> buckets_;
};

// Capital letters of Latin-1, Latin Extended-A and Cyrillic, when their last byte has come.
void lower_last_letter(std::string& text) {
  if (text.size() < 2) return;
  const auto lead = static_cast<unsigned char>(text[text.size() - 2]);
  const auto last = static_cast<unsigned char>(text.back());
  const auto set = [&](unsigned first, unsigned second) {
    text[text.size() - 2] = static_cast<char>(first);
    text.back() = static_cast<char>(second);
  };
  if (lead == 0xc3 && last >= 0x80 && last <= 0x9e && last != 0x97) set(lead, last + 0x20U);
  if (lead == 0xc4 && last <= 0xb6 && last % 2 == 0) set(lead, last + 1U);
  if (lead == 0xc5 && last >= 0xb9 && last <= 0xbd && last % 2 == 1) set(lead, last + 1U);
  if (lead == 0xc5 && last >= 0x8a && last <= 0xb6 && last % 2 == 0) set(lead, last + 1U);
  if (lead == 0xc5 && last >= 0x81 && last <= 0x87 && last % 2 == 1) set(lead, last + 1U);
  if (lead == 0xd0 && last >= 0x90 && last <= 0x9f) set(lead, last + 0x20U);
  if (lead == 0xd0 && last >= 0xa0 && last <= 0xaf) set(0xd1, last - 0x20U);
}

// Lower case; runs of blanks and line ends become one blank, so that phrases are found across lines.
std::string folded(std::string_view text) {
  std::string out;
  for (const char c : text.substr(0, kWordingBytesMax)) {
    if (c == ' ' || c == '\n' || c == '\t' || c == '\r') {
      if (!out.empty() && out.back() != ' ') out += ' ';
    } else {
      out += c >= 'A' && c <= 'Z' ? static_cast<char>(c + 32) : c;
      lower_last_letter(out);
    }
  }
  return out;
}

struct Tally {
  std::string_view type;
  int score = 0;
  int best = 0;
  std::string_view phrase;
};

}  // namespace

Kind kind_of(std::string_view subject, std::string_view text) {
  const std::string in_subject = folded(subject);
  const std::string in_text = folded(text);
  static const Index index;
  const std::vector<bool> said_in_subject = index.find_in(in_subject);
  const std::vector<bool> said_in_text = index.find_in(in_text);
  std::vector<Tally> tallies;
  for (std::size_t i = 0; i < std::size(kRows); ++i) {
    const Row& row = kRows[i];
    const bool hint = row.score <= kHintMax;  // says little wherever it stands
    const int in_head = said_in_subject[i] ? (hint ? 1 : 3) : 0;
    const int score = row.score * (in_head > 0 ? in_head : said_in_text[i] ? 1 : 0);
    if (score == 0) continue;
    auto tally = std::find_if(tallies.begin(), tallies.end(), [&](const Tally& t) { return t.type == row.type; });
    if (tally == tallies.end()) tally = tallies.insert(tallies.end(), {.type = row.type, .phrase = row.phrase});
    tally->score += score;
    if (score > tally->best) {
      tally->best = score;
      tally->phrase = row.phrase;
    }
  }
  Kind kind;
  for (const Tally& tally : tallies) {
    if (tally.type == kP2p && tally.score >= 6) kind.copyright_p2p = true;
    const bool better =
        kind.type.empty() ? (!tally.type.empty() || kind.score == 0) : !tally.type.empty() && tally.score > kind.score;
    if (!better) continue;
    kind.type = tally.type;
    kind.score = tally.score;
    kind.phrase = tally.phrase;
  }
  if (kind.type == kCopyright && kind.copyright_p2p) kind.type = kP2p;
  if (kind.type == kProxy) {
    kind.type = kOpen;
    kind.detail = "proxy";
  }
  return kind;
}

}  // namespace abate::reading::prose
