// SPDX-License-Identifier: Apache-2.0
// Which of a report's URLs is what it complains about; the others lead to the reporter, to proof or to advice.
#include <set>

#include "base/text.h"
#include "reading/prose/prose.h"

namespace abate::reading::prose {
namespace {

constexpr int kStrong = 5;
constexpr int kFair = 2;
constexpr std::size_t kLinesAboveMax = 2'000;         // searched upwards for the heading of a list
constexpr std::size_t kUrlsJudgedMax = 4 * kUrlsMax;  // however many there are
constexpr std::size_t kSubjectUrlsMax = 16;

// Before a URL that is complained about, and before one that is not; whole words in lower case.
constexpr auto kBlaming = std::to_array<std::string_view>(
    {"url",      "urls",    "url(s)",    "link",         "links",     "uri",      "uris",      "infringing",
     "phishing", "phish",   "malicious", "malware",      "offending", "location", "locations", "located",
     "hosted",   "hosting", "hosts",     "fraudulent",   "fake",      "scam",     "payload",   "download",
     "infected", "abusive", "reported",  "spamvertised", "lien",      "liens",    "enlace",    "enlaces",
     "adresse",  "seite",   "page",      "pages",        "pagina",    "página",   "strona",    "stránka",
     "stránky",  "сайт",    "ссылка",    "ссылке",       "адрес",     "unter",    "auf",       "at",
     "site",     "sites",   "webseite",  "file",         "files",     "content",  "serving",   "domain",
     "target",   "address"});
constexpr auto kHarmless = std::to_array<std::string_view>(
    {"original",      "originals",  "source",      "official",    "legitimate",    "genuine", "authentic",
     "visit",         "see",        "detail",      "details",     "information",   "more",    "info",
     "contact",       "here",       "website",     "web",         "homepage",      "w3",      "reference",
     "references",    "evidence",   "screenshot",  "screenshots", "guide",         "help",    "faq",
     "learn",         "click",      "policy",      "report",      "case",          "ticket",  "reply",
     "response",      "status",     "unsubscribe", "view",        "our",           "wiki",    "blog",
     "documentation", "virustotal", "urlscan",     "analysis",    "proof",         "work",    "works",
     "portal",        "form",       "feedback",    "removal",     "delist",        "lookup",  "terms",
     "privacy",       "about",      "siehe",       "weitere",     "informationen", "www",     "mehr",
     "voir",          "plus",       "ver",         "más",         "owner",         "holder",  "referrer",
     "referer",       "linking",    "linked",      "legal",       "brand",         "company", "user-agent"});

// Reporters point to these for proof and advice; they are not what is complained about.
constexpr auto kReferences = std::to_array<std::string_view>(
    {"virustotal.com", "urlscan.io",    "phishtank.com",    "phishtank.org", "spamhaus.org", "abuseipdb.com",
     "abuse.ch",       "wikipedia.org", "shadowserver.org", "us-cert.gov",   "cisa.gov",     "cert.org",
     "ietf.org",       "w3.org",        "spamcop.net",      "openpgp.org",   "gnupg.org",    "microsoft.com",
     "ripe.net",       "arin.net",      "apnic.net",        "lacnic.net",    "afrinic.net",  "x-arf.org",
     "xarf.org",       "abuseat.org",   "team-cymru.org",   "nist.gov",      "mitre.org",    "projecthoneypot.org"});

bool within(std::string_view host, std::string_view domain) {
  return host == domain ||
         (host.size() > domain.size() && host.ends_with(domain) && host[host.size() - domain.size() - 1] == '.');
}

template <std::size_t N>
bool among(const std::array<std::string_view, N>& words, std::string_view word) {
  return std::find(words.begin(), words.end(), word) != words.end();
}

std::vector<std::string> words_of(std::string_view text) {
  std::vector<std::string> words;
  std::string word;
  for (const char c : text) {
    const bool letter = (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || c == '-' ||
                        static_cast<unsigned char>(c) >= 0x80 || (c >= '0' && c <= '9');
    if (letter) {
      word += c >= 'A' && c <= 'Z' ? static_cast<char>(c + 32) : c;
    } else if (!word.empty()) {
      words.push_back(std::move(word));
      word.clear();
    }
  }
  if (!word.empty()) words.push_back(std::move(word));
  return words;
}

// "our real site is ...", "die echte Seite": the imitated one.
bool names_the_real_one(const std::vector<std::string>& words) {
  const std::size_t from = words.size() > 5 ? words.size() - 5 : 0;
  return std::any_of(words.begin() + static_cast<std::ptrdiff_t>(from), words.end(), [](const std::string& word) {
    for (const std::string_view real : {"real", "official", "legitimate", "genuine", "echte", "offizielle", "officiel",
                                        "oficial", "legítimo", "ufficiale", "настоящий", "prawdziwa"})
      if (word == real) return true;
    return false;
  });
}

// Who is imitated follows; the link is the imitation's.
bool imitates_before(const std::vector<std::string>& words, std::vector<std::string>::const_reverse_iterator from) {
  std::size_t back = 0;
  for (auto word = from; word != words.rend() && back < 5; ++word, ++back)
    for (const std::string_view verb : {"imitat", "impersonat", "mimic", "spoof", "pretend", "clon", "copi", "usurp",
                                        "suplant", "nachahm", "nachgeahmt", "podszy", "targeting", "abusing"})
      if (word->starts_with(verb)) return true;
  return false;
}

// From right to left: the nearest word that says something decides; in a label any harmless word does.
int score_of_words(std::string_view text, bool label) {
  const auto words = words_of(text.size() > 90 ? text.substr(text.size() - 90) : text);
  if (names_the_real_one(words)) return -kStrong;
  bool blaming = false;
  std::size_t back = 0;
  for (auto word = words.rbegin(); word != words.rend() && back < (label ? 8U : 5U); ++word, ++back) {
    const bool plain =
        !label && (*word == "website" || *word == "web" || *word == "source");  // only as labels harmless
    const bool harmless = !plain && among(kHarmless, *word);
    const bool blames = among(kBlaming, *word);
    if (harmless && !label && imitates_before(words, word)) return kStrong;  // "a page that imitates our bank:"
    if (harmless && !(blaming && !label)) return -kStrong;
    blaming = blaming || blames;
    if (blaming && !label) break;
  }
  return blaming ? kStrong : 0;
}

std::string_view line_before(std::string_view text, std::size_t begin) {
  for (std::size_t lines = 0; begin > 0 && lines < kLinesAboveMax; ++lines) {
    const auto end = begin - 1;
    const auto start = end == 0                                              ? 0
                       : text.rfind('\n', end - 1) == std::string_view::npos ? 0
                                                                             : text.rfind('\n', end - 1) + 1;
    const std::string_view line = trim(text.substr(start, end - start));
    const bool rule = line.find_first_not_of("-=_*+#[] ") == std::string_view::npos;
    const bool link = contains_ignoring_case(line, "://") && line.find(' ') == std::string_view::npos;
    if (!line.empty() && !rule && !link) return line;
    begin = start;
    if (start == 0) break;
  }
  return {};
}

// "hxxp", "[.]": nobody writes a link so that he wants to be followed.
bool is_defanged(std::string_view written) {
  for (const std::string_view sign : {"hxxp", "hXXp", "[.]", "(.)", "[:]", "[://]", "h**p", "htxp", "[dot]", "(dot)"})
    if (written.find(sign) != std::string_view::npos) return true;
  return false;
}

int score_of(const Story& story, const Token& token) {
  const std::string& text = story.body.text;
  const auto newline = token.begin == 0 ? std::string::npos : text.rfind('\n', token.begin - 1);
  const std::size_t begin = newline == std::string::npos ? 0 : newline + 1;
  const std::string_view left = std::string_view(text).substr(begin, token.begin - begin);
  const std::string_view bare = trim(left);
  if (bare.size() <= 3) {  // alone, or an item of a list
    const std::string_view above = line_before(text, begin);
    const int score = score_of_words(above, false);
    return score == 0 ? kFair : score;
  }
  const bool label = bare.ends_with(':') && bare.size() < 50;
  int score = score_of_words(left, label);
  if (score == 0 && bare.find('|') != std::string_view::npos) score = 4;  // a row of a table
  return score == 0 ? 1 : score;
}

bool is_own(const Story& story, std::string_view host) {
  for (const std::string& domain : story.body.own_domains) {
    // "reports.sender.example" in From, "www.sender.example" in the text.
    const auto dot = domain.find('.');
    const bool longer = std::count(domain.begin(), domain.end(), '.') >= 2;
    const std::string_view parent = longer ? std::string_view(domain).substr(dot + 1) : std::string_view(domain);
    if (within(host, domain) || (parent.size() > 6 && within(host, parent))) return true;
  }
  return std::any_of(kReferences.begin(), kReferences.end(),
                     [&](std::string_view known) { return within(host, known); });
}

std::size_t signature_at(std::string_view text) {
  const auto at = text.rfind("\n-- \n");
  return at == std::string_view::npos || at < text.size() / 4 ? text.size() : at;
}

}  // namespace

std::vector<BlamedUrl> choose_urls(const Story& story) {
  struct Scored {
    BlamedUrl blamed;
    int score;
  };
  std::vector<Scored> all;
  std::set<std::string> seen;
  int best = 0;
  const auto add = [&](BlamedUrl blamed, int score) {
    if (score <= 0 || all.size() >= kUrlsMax || !seen.insert(blamed.url + ' ' + blamed.domain).second) return;
    best = std::max(best, score);
    all.push_back({std::move(blamed), score});
  };
  std::size_t in_subject = 0;
  for (const Token& token : story.subject_tokens) {
    if (token.kind != TokenKind::url || token.value.empty() || ++in_subject > kSubjectUrlsMax) continue;
    if (is_own(story, host_of(token.value).value_or(""))) continue;
    // Where the text says it again, its line tells address and time.
    const auto again = std::ranges::find(story.tokens, token.value, &Token::value);
    add({token.value, host_of(token.value).value_or(""), again == story.tokens.end() ? 0 : again->begin,
         "the subject names it"},
        kStrong);
  }
  const std::size_t signature = signature_at(story.body.text);
  // Who makes one link unclickable does so with all that are bad: the others lead somewhere else.
  const bool any_defanged = std::ranges::any_of(story.tokens, [&](const Token& token) {
    return token.kind == TokenKind::url && !token.value.empty() &&
           is_defanged(std::string_view(story.body.text).substr(token.begin, token.end - token.begin));
  });
  std::size_t judged = 0;
  for (const Token& token : story.tokens) {
    if (token.begin > signature || all.size() >= kUrlsMax || ++judged > kUrlsJudgedMax) break;
    if (token.kind == TokenKind::url && !token.value.empty()) {
      const std::string host = host_of(token.value).value_or("");
      const std::string_view written = std::string_view(story.body.text).substr(token.begin, token.end - token.begin);
      const int score = score_of(story, token);
      if (!is_own(story, host) && is_defanged(written))
        add({token.value, host, token.begin, std::string(kDefangedReason)}, kStrong);
      else if (!is_own(story, host))
        add({token.value, host, token.begin, "what the text says before it"},
            any_defanged ? std::min(score, 3) : score);
    } else if (token.kind == TokenKind::name && !token.value.empty() && !is_own(story, token.value)) {
      const std::string written = story.body.text.substr(token.begin, token.end - token.begin);
      const bool fanged = !is_defanged(written);
      const bool path = token.end < story.body.text.size() && story.body.text[token.end] == '/';
      if (!fanged)
        add({"", token.value, token.begin, std::string(kDefangedReason)}, kStrong);
      else if (token.value.starts_with("www.") && path)
        add({"", token.value, token.begin, "what the text says before it"}, std::min(score_of(story, token), 3));
      else if (score_of(story, token) >= kStrong)
        add({"", token.value, token.begin, "what the text says before it"}, kFair);
    }
  }
  std::vector<BlamedUrl> chosen;
  const bool urls =
      std::any_of(all.begin(), all.end(), [](const Scored& s) { return !s.blamed.url.empty() && s.score >= kFair; });
  for (Scored& scored : all) {
    if (best >= kStrong && scored.score < 4) continue;
    if (best < kStrong && scored.score < std::min(best, kFair)) continue;
    if (urls && scored.blamed.url.empty()) continue;
    chosen.push_back(std::move(scored.blamed));
  }
  return chosen;
}

}  // namespace abate::reading::prose
