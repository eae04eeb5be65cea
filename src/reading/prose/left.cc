// SPDX-License-Identifier: Apache-2.0
#include "reading/prose/left.h"

#include "base/text.h"
#include "reading/prose/letters.h"
#include "reading/prose/role_words.h"

namespace abate::reading::prose {
namespace {

constexpr std::size_t kNounsMax = 7;
constexpr std::size_t kLeadBytesMax = 80;

bool is_digit(char c) { return c >= '0' && c <= '9'; }
bool is_blank(char c) { return c == ' ' || c == '\t'; }
bool is_word_byte(char c) {
  return is_digit(c) || (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || c == '_' || c == '-' || c == '/' ||
         c == '\'' || static_cast<unsigned char>(c) >= 0x80;
}

}  // namespace

std::string Left::next() {
  bool blank = false;
  while (!text_.empty() && !is_word_byte(text_.back())) {
    const char c = text_.back();
    if (c == ';' || c == '!' || c == '?' || c == '}') return {};
    if (c == '.' && (behind_ > 0 || blank)) return {};  // ". " ends a sentence
    blank = is_blank(c);
    text_.remove_suffix(1);
  }
  std::size_t begin = text_.size();
  while (begin > 0 && (is_word_byte(text_[begin - 1]) || (text_[begin - 1] == '.' && begin < text_.size()))) --begin;
  std::string word = lowered(text_.substr(begin));
  text_.remove_suffix(text_.size() - begin);
  ++behind_;
  while (!word.empty() && (word.back() == '\'' || word.back() == '-' || word.back() == '/')) word.pop_back();
  while (!word.empty() && (word.front() == '\'' || word.front() == '-' || word.front() == '/')) word.erase(0, 1);
  return word.empty() && !text_.empty() && behind_ < 12 ? next() : word;
}

namespace {

// "e-postserver", "Mailserver", "webbhotell-servern"
bool is_machine(std::string_view word) {
  for (const std::string_view end : {"server", "servern", "serveren", "servers", "serwer", "rechner", "palvelin"})
    if (word.size() > end.size() && word.ends_with(end)) return true;
  return false;
}

// "our API runs at 198.51.100.1"
bool ours_before(Left& left) {
  for (int more = 0; more < 3; ++more)
    if (among(kOurs, left.next())) return true;
  return false;
}

Verdict by_word(const std::string& word, Left& left) {
  if (word == "to") {
    const std::string verb = left.next();
    return among(kPointing, verb) ? Verdict{Role::culprit, 6, verb + " to"} : Verdict{Role::victim, kWeightWord, word};
  }
  if (word == "by" || word == "von") {
    const std::string verb = left.next();
    if (among(kTelling, verb)) return {Role::victim, 5, verb + " by"};
    return {Role::culprit, 6, word};
  }
  if (word == "on" || word == "of" || word == "auf") {
    const std::string verb = left.next();
    if (among(kHarms, verb) && verb != "failures") return {Role::victim, 5, verb + " " + word};
    if (word == "on" && (among(kOurs, verb) || ours_before(left))) return {Role::victim, 5, "our ... on"};
    return {Role::culprit, word == "of" ? 5 : kWeightNamed, word};
  }
  if (word == "attack" || word == "at") {  // "under attack: 192.0.2.1", "directed at 192.0.2.1", "our API at 192.0.2.1"
    const std::string verb = left.next();
    if (word == "attack" && verb == "under") return {Role::victim, kWeightWord, "under attack"};
    if (word == "at" && among(kAiming, verb)) return {Role::victim, kWeightWord, verb + " at"};
    if (word == "at" && (among(kOurs, verb) || ours_before(left))) return {Role::victim, 5, "our ... at"};
  }
  if (word == "customer" || word == "customers") {
    if (among(kOurs, left.next())) return {Role::victim, 6, "our customer"};
  }
  if (word == "relay" && left.next() == "open") return {Role::culprit, kWeightWord, "open relay"};
  if (among(kNeutrals, word)) return {Role::neutral, kWeightWord, word};
  if (among(kVictims, word)) return {Role::victim, kWeightWord, word};
  if (among(kCulprits, word)) return {Role::culprit, kWeightWord, word};
  if (word == "in" && ours_before(left)) return {Role::victim, 5, "our ... in"};
  if (among(kAbout, word)) return {Role::culprit, word == "at" || word == "in" ? kWeightNamed : 5, word};
  if (!word.empty() && static_cast<unsigned char>(word.front()) >= 0xe0) {
    // "we noticed, coming from your company, the address": of several parts the nearest counts.
    const auto last_of = [&](const auto& parts) {
      std::size_t last = 0;  // behind it
      for (const std::string_view part : parts)
        if (const auto at = word.rfind(part); at != std::string::npos) last = std::max(last, at + part.size());
      return last;
    };
    const std::size_t victim = last_of(kVictimParts);
    const std::size_t culprit = last_of(kCulpritParts);
    if (victim > 0 && victim >= culprit) return {Role::victim, kWeightWord, word};
    if (culprit > 0) return {Role::culprit, kWeightWord, word};
    return {Role::culprit, kWeightNamed, "IP address"};
  }
  return {};
}

// "source_network_address", "attacker-ip-address": a part of the word decides.
Verdict by_part(const std::string& word) {
  for (const char mark : {'_', '-'})
    if (word.find(mark) != std::string::npos)
      for (const std::string_view part : split(word, mark)) {
        if (among(kVictims, part)) return {Role::victim, 6, word};
        if (part != "your" && among(kCulprits, part)) return {Role::culprit, 6, word};
      }
  return {};
}

// "unknown[192.0.2.1]", "host.example (192.0.2.1)", "H=(helo) [192.0.2.1]": what stands before the name decides.
std::string_view without_bracketed_name(std::string_view left, bool& bracket) {
  std::string_view rest = left;
  if (rest.empty() || (rest.back() != '[' && rest.back() != '(')) return left;
  bracket = true;
  rest.remove_suffix(1);
  while (!rest.empty() && (is_blank(rest.back()) || rest.back() == ')')) rest.remove_suffix(1);
  const std::string_view with_name = rest;
  while (!rest.empty() && (is_word_byte(rest.back()) || rest.back() == '.' || rest.back() == '?'))
    rest.remove_suffix(1);
  const std::string_view name = with_name.substr(rest.size());
  // A script without blanks: the "name" is the sentence.
  if (!name.empty() && static_cast<unsigned char>(name.front()) >= 0xe3) return with_name;
  if (among(kOurs, lowered(name)) || equals_ignoring_case(name, "us")) return with_name;  // "scanning us (192.0.2.1)"
  while (!rest.empty() && rest.back() == '(') rest.remove_suffix(1);
  return rest;
}

// "IPs that are attacking us: ...", "hosts that scanned our network: ...", "IPs qui nous attaquent : ...": who does it
// to whom, and behind the colon who they are. In "attack on us: ..." a word stands between.
bool leads_to_attackers(std::string_view left) {
  left = trim(left);
  if (!left.ends_with(':')) return false;
  left = left.substr(left.size() - std::min(left.size(), kLeadBytesMax));
  const std::string lower = lowered(left.substr(0, left.size() - 1));
  std::string last;
  for (const std::string_view word : split(lower, ' ')) {
    if (word.empty()) continue;
    const auto harms = [](std::string_view verb) {
      return std::ranges::any_of(kHarmStems, [&](std::string_view stem) { return verb.starts_with(stem); });
    };
    const bool whom = among(kOurs, word) || among(kUs, word);
    if (whom && harms(last)) return true;
    if (harms(word) && (last == "nous" || last == "nos" || last == "nosotros" || last == "ci")) return true;
    last = word;
  }
  return false;
}

}  // namespace

bool names_ours(std::string_view left_text) {
  Left left(left_text);
  for (int words = 0; words < 4; ++words) {
    const std::string word = left.next();
    if (word.empty() || among(kCulprits, word)) return false;
    if (among(kOurs, word) || among(kVictims, word)) return true;
  }
  return false;
}

Verdict by_left(std::string_view left_text) {
  if (leads_to_attackers(left_text)) return {Role::culprit, kWeightWord, "what it does to us"};
  bool bracket = false;
  const std::string_view bare = without_bracketed_name(left_text, bracket);
  if (bare.ends_with("'@'") || bare.ends_with("@'")) return {Role::culprit, 6, "user@"};
  if (bare.ends_with("H=") || bare.ends_with("H=[")) return {Role::culprit, kWeightWord, "H="};
  const bool listed = trim(left_text).ends_with(':');
  const auto verdict_of = [listed](std::string_view text) -> Verdict {
    Left left(text);
    std::size_t nouns = 0;
    for (std::string word = left.next(); !word.empty() && nouns <= kNounsMax; word = left.next()) {
      if (nouns == 0 && word == "that") break;             // "our sandbox shows that 192.0.2.1 ..."
      if (nouns == 0 && !listed && among(kDoing, word)) {  // "was seen attacking 192.0.2.1", not "attacking host ..."
        Left before = left;
        if (among(kSeen, before.next())) return {Role::victim, kWeightWord, word};
      }
      if (nouns == 0 && word == "er") word = "is";  // Danish; before a noun it is Swedish "your"
      if (Verdict found = by_word(word, left); found.role != Role::unknown) return found;
      if (Verdict found = by_part(word); found.role != Role::unknown) return found;
      const bool named = word.find('.') != std::string::npos;
      if (!named && !among(kNouns, word) && !is_machine(word)) {
        for (int more = 0; more < 2 && nouns > 0; ++more)
          if (among(kOurs, left.next())) return {Role::victim, 5, "our"};
        break;
      }
      if (!named) ++nouns;
    }
    return nouns > 0 ? Verdict{Role::culprit, kWeightNamed, "IP address"} : Verdict{};
  };
  Verdict direct = verdict_of(bare);
  if (direct.role == Role::unknown && bracket) direct = verdict_of(left_text.substr(0, left_text.size() - 1));
  return direct;
}

}  // namespace abate::reading::prose
