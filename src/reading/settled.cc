// SPDX-License-Identifier: Apache-2.0
#include "reading/settled.h"

#include <algorithm>
#include <string>
#include <vector>

#include "base/text.h"
#include "reading/values.h"

namespace abate::reading {
namespace {

constexpr std::string_view kDelisted = "a notice that an address was taken off a list";
constexpr std::string_view kLetIn = "a request to be let in";
constexpr std::string_view kClosed = "a word that an earlier report is settled";

bool begins_foreign_text(std::string_view line) {
  if (line.starts_with('>') || line.starts_with("--") || line.starts_with("__") || line.starts_with("==")) return true;
  if (line.ends_with("wrote:") || line.ends_with("schrieb:") || line.ends_with("écrit :")) return true;
  for (const std::string_view word : {"from:", "von:", "de:", "da:", "van:", "begin forwarded"})
    if (line.starts_with(word)) return true;
  return false;
}

// What the writer wrote, up to the first quote, forwarded mail or signature; lower case, without the salutation.
std::string own_words(std::string_view text) {
  std::string own;
  bool first = true;
  for (std::string_view line : split(text, '\n')) {
    line = trim(line);
    if (begins_foreign_text(to_lower(line))) break;
    if (line.empty()) {
      own += '\n';
      continue;
    }
    const bool salutation = first && line.size() < 60 && line.find(". ") == std::string_view::npos &&
                            (line.ends_with(',') || line.ends_with(':') || line.ends_with('!'));
    first = false;
    if (!salutation) own.append(line).append("\n");
  }
  return own;
}

std::string_view behind_own_words(std::string_view text) {
  for (const std::string_view line : split(text, '\n'))
    if (begins_foreign_text(to_lower(trim(line))))
      return text.substr(static_cast<std::size_t>(line.data() - text.data()));
  return {};
}

// A stop inside an address or a name ends nothing; an empty line ends a sentence.
std::vector<std::string> sentences_of(std::string_view text) {
  std::vector<std::string> all;
  std::string sentence;
  for (std::size_t i = 0; i < text.size() && all.size() < kSettlingSentencesMax; ++i) {
    const char c = text[i] == '\n' ? ' ' : text[i];
    const bool paragraph = text[i] == '\n' && i + 1 < text.size() && text[i + 1] == '\n';
    const bool stop = paragraph || ((c == '.' || c == '!' || c == '?') && (i + 1 == text.size() || text[i + 1] <= ' '));
    if (!stop) sentence += c;
    if ((stop || i + 1 == text.size()) && !trim(sentence).empty()) {
      all.push_back(fmt::format(" {} ", trim(sentence)));
      sentence.clear();
    }
  }
  return all;
}

bool has_word(std::string_view sentence, std::initializer_list<std::string_view> words) {
  return std::ranges::any_of(words, [&](std::string_view word) {
    return sentence.find(fmt::format(" {} ", word)) != std::string_view::npos ||
           sentence.find(fmt::format(" {}, ", word)) != std::string_view::npos ||
           sentence.find(fmt::format(" {}: ", word)) != std::string_view::npos;
  });
}

// "192.0.2.1 was removed from our blocklist".
bool says_delisted(std::string_view sentence) {
  for (const std::string_view verb : {"was removed from", "has been removed from", "have been removed from",
                                      "were removed from", "was delisted from", "has been delisted from"})
    if (const auto at = sentence.find(verb); at != std::string_view::npos) {
      const std::string_view behind = sentence.substr(at + verb.size(), 60);
      const bool good =
          behind.find("allow") != std::string_view::npos || behind.find("white") != std::string_view::npos;
      if (!good && behind.find("list") != std::string_view::npos) return true;
    }
  return false;
}

bool says_closed(std::string_view sentence) {
  return std::ranges::any_of(std::initializer_list<std::string_view>{"disregard our",
                                                                     "disregard my",
                                                                     "ignore our report",
                                                                     "thank you for reporting",
                                                                     "thanks for reporting",
                                                                     "ticket was closed",
                                                                     "ticket has been closed",
                                                                     "case was closed",
                                                                     "case has been closed",
                                                                     "ignore our previous",
                                                                     "ignore our earlier",
                                                                     "ignore my previous",
                                                                     "consider this case closed",
                                                                     "consider this issue closed",
                                                                     "consider this matter closed",
                                                                     "consider this ticket closed",
                                                                     "consider the case closed",
                                                                     "consider this case resolved",
                                                                     "consider this issue resolved",
                                                                     "consider the matter closed"},
                             [&](std::string_view words) { return sentence.find(words) != std::string_view::npos; });
}

// A customer or a sender whom our own filters keep out.
bool says_let_in(std::string_view sentence) {
  return std::ranges::any_of(std::initializer_list<std::string_view>{"please unblock", "please whitelist",
                                                                     "delisting request", "unblock my", "unblock our"},
                             [&](std::string_view words) { return sentence.find(words) != std::string_view::npos; });
}

bool is_digit(char c) { return c >= '0' && c <= '9'; }

bool has_clock(std::string_view text) {  // "10:00"
  for (std::size_t i = 2; i + 2 < text.size(); ++i)
    if (text[i] == ':' && is_digit(text[i - 1]) && is_digit(text[i - 2]) && is_digit(text[i + 1]) &&
        is_digit(text[i + 2]))
      return true;
  return false;
}

bool is_log_line(std::string_view line) { return has_clock(line) && !ips_in(line, 1).empty(); }

// What is forwarded and no answer to us may be the report itself: its log lines count, those quoted with marks do not.
bool forwards_log(const Message& mail, std::string_view text) {
  if (mail.has_header("In-Reply-To") || mail.has_header("References")) return false;
  return std::ranges::any_of(split(text, '\n'),
                             [](std::string_view line) { return !trim(line).starts_with('>') && is_log_line(line); });
}

// `others`: the writer's words without the sentence that settles.
bool brings_evidence(const Message& mail, std::string_view others) {
  std::size_t texts = 0;
  for (const Part& part : mail.parts()) {
    if (part.type.starts_with("message/")) return true;
    if (!part.type.starts_with("text/") && !part.type.starts_with("image/") &&
        part.type.find("signature") == std::string::npos)
      return true;
    if (part.type == "text/csv" || part.type == "text/xml" || (!part.name.empty() && part.type.starts_with("text/")))
      return true;
    texts += part.type == "text/plain" ? 1U : 0U;
  }
  if (texts > 1) return true;
  const auto named = ips_in(others, 4);
  std::size_t links = 0;
  for (auto at = others.find("://"); at != std::string_view::npos; at = others.find("://", at + 3)) ++links;
  return named.size() > 2 || links > 2 || (!named.empty() && has_clock(others));
}

}  // namespace

std::string_view settles(const Input& input) {
  const std::string text = input.facts().text.substr(0, kHeadBytesMax);
  const std::string own = to_lower(own_words(text));
  std::vector<std::string> sentences = sentences_of(own);
  sentences.insert(sentences.begin(), fmt::format(" {} ", to_lower(input.facts().subject)));
  for (const std::string& sentence : sentences) {
    const bool delisted = says_delisted(sentence);
    const bool let_in = says_let_in(sentence);
    if (!delisted && !let_in && !says_closed(sentence)) continue;
    // "If it is fixed, disregard our mail", "then we will consider this case closed": nothing is settled yet.
    if (has_word(sentence, {"if", "will", "once", "otherwise", "unless", "can", "may", "would", "then"})) return {};
    std::string flat = to_lower(text);
    std::ranges::replace(flat, '\n', ' ');
    if (has_word(flat, {"again", "still", "continues", "continued", "resumed", "reopened", "new report", "forward",
                        "forwarding", "following", "below"}))
      return {};
    std::string others = own;
    std::ranges::replace(others, '\n', ' ');
    if (const auto at = others.find(trim(sentence)); at != std::string::npos) others.erase(at, trim(sentence).size());
    if (brings_evidence(*input.message(), others)) return {};
    if (forwards_log(*input.message(), behind_own_words(text))) return {};
    return delisted ? kDelisted : let_in ? kLetIn : kClosed;
  }
  return {};
}

bool returns_our_notice(const Input& input) {
  const MailFacts& facts = input.facts();
  const auto mark = facts.subject.find("[T-");
  // "[T-2026-000126]"; other desks number theirs otherwise.
  if (mark == std::string::npos || facts.subject.find(']', mark) < mark + 9) return false;
  for (std::size_t i = mark + 3; i < mark + 7; ++i)
    if (i >= facts.subject.size() || !is_digit(facts.subject[i])) return false;
  if (facts.subject.substr(mark + 7, 1) != "-") return false;
  const auto& to = facts.recipients;
  if (!to.empty() && std::ranges::all_of(to, [&](const auto& each) { return each == facts.from_address; })) return true;
  // Only as the writer: who sends again what he wrote to us has our address there too.
  const auto is_ours = [&](std::string_view line) {
    return std::ranges::any_of(to, [&](const std::string& address) {
      return !address.empty() && address != facts.from_address && line.find(address) != std::string_view::npos;
    });
  };
  const std::string text = to_lower(std::string_view(facts.text).substr(0, kHeadBytesMax));
  bool ours = false;
  for (std::string_view line : split(text, '\n')) {
    while (line.starts_with('>') || line.starts_with(' ')) line.remove_prefix(1);
    line = trim(line);
    if (!line.starts_with("--") && begins_foreign_text(line) && line.find('@') != std::string_view::npos) {
      ours = is_ours(line);  // the outermost writer
      break;
    }
  }
  const std::string own = own_words(text);
  return ours && ips_in(own, 1).empty() && !brings_evidence(*input.message(), own);
}

}  // namespace abate::reading
