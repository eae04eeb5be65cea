// SPDX-License-Identifier: Apache-2.0
#include "reading/prose/wording.h"

#include <array>

#include "base/text.h"
#include "reading/prose/kind_words.h"
#include "reading/prose/letters.h"

namespace abate::reading::prose {
namespace {

constexpr int kHintMax = 3;

bool begins_word(std::string_view text, std::size_t at) {
  if (at == 0) return true;
  const char before = text[at - 1];
  return !((before >= 'a' && before <= 'z') || (before >= '0' && before <= '9'));
}

// The rows by the first two bytes of their phrase: one walk over a text finds them all.
class Index {
 public:
  Index() {
    for (std::size_t i = 0; i < std::size(kKindRows); ++i)
      buckets_[bucket(kKindRows[i].phrase, 0)].push_back(static_cast<std::uint16_t>(i));
  }
  [[nodiscard]] std::vector<bool> find_in(std::string_view text) const {
    std::vector<bool> found(std::size(kKindRows));
    for (std::size_t at = 0; at + 1 < text.size(); ++at)
      for (const std::uint16_t row : buckets_[bucket(text, at)]) {
        const std::string_view phrase = kKindRows[row].phrase;
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
  for (std::size_t i = 0; i < std::size(kKindRows); ++i) {
    const KindRow& row = kKindRows[i];
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
  // Of two kinds that are one harm told twice ("malware", "botnet") each speaks for the other against the rest.
  const auto score_of = [&](std::string_view type) {
    const auto tally = std::find_if(tallies.begin(), tallies.end(), [&](const Tally& t) { return t.type == type; });
    return tally == tallies.end() ? 0 : tally->score;
  };
  const int malware = score_of(kMalware);
  const int botnet = score_of(kBotnet);
  for (Tally& tally : tallies) {
    if (tally.type == kMalware && malware >= botnet) tally.score += botnet;
    if (tally.type == kBotnet && botnet > malware) tally.score += malware;
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
