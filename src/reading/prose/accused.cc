// SPDX-License-Identifier: Apache-2.0
// Who of all that are named is blamed.
#include <map>

#include "base/text.h"
#include "reading/prose/prose.h"
#include "reading/received.h"

namespace abate::reading::prose {
namespace {

constexpr int kBehindBestMax = 3;  // weaker than the best by more: named for another reason

struct Tally {
  Accused accused;
  int culprit = 0;
  int victim = 0;
  int neutral = 0;
  bool in_subject = false;
  bool in_text = false;
};

using Tallies = std::map<IpAddress, Tally>;

void count(Tallies& tallies, const Mention& mention, const Token& token, bool subject, std::size_t index) {
  if (is_impossible(*token.address)) return;
  Tally& tally = tallies[*token.address];
  if (tally.accused.mentions.empty() && !tally.in_subject) tally.accused.first_at = subject ? 0 : token.begin;
  tally.accused.address = *token.address;
  (subject ? tally.in_subject : tally.in_text) = true;
  const int weight = mention.weight + (subject && mention.role == Role::culprit ? 2 : 0);
  if (mention.role == Role::victim) tally.victim = std::max(tally.victim, weight);
  if (mention.role == Role::neutral) tally.neutral = std::max(tally.neutral, weight);
  if (mention.role == Role::culprit || mention.role == Role::unknown) {
    if (!subject) tally.accused.mentions.push_back(index);
    if (weight > tally.culprit) {
      tally.culprit = weight;
      tally.accused.ground = std::max(mention.ground, subject ? Ground::label : Ground::nothing);
      tally.accused.reason = subject                  ? "the subject names it"
                             : mention.reason.empty() ? "the text names it"
                                                      : fmt::format("{} ({})", mention.reason,
                                                                    mention.ground == Ground::log_line ? "log line"
                                                                    : mention.ground == Ground::label  ? "label"
                                                                                                       : "wording");
    }
  }
}

// "4.3.2.1.in-addr.arpa": a reverse name, when no address is written plainly.
std::optional<IpAddress> from_reverse_name(std::string_view name) {
  constexpr std::string_view kEnd = ".in-addr.arpa";
  if (!name.ends_with(kEnd)) return std::nullopt;
  const auto parts = split(name.substr(0, name.size() - kEnd.size()), '.');
  if (parts.size() != 4) return std::nullopt;
  const auto address = parse_ip(fmt::format("{}.{}.{}.{}", parts[3], parts[2], parts[1], parts[0]));
  return address ? std::optional(*address) : std::nullopt;
}

std::vector<Accused> by_reverse_name(const Story& story) {
  std::vector<Accused> all;
  for (const Token& token : story.tokens)
    if (const auto address = token.kind == TokenKind::name ? from_reverse_name(token.value) : std::nullopt)
      if (!is_impossible(*address) && all.empty())
        all.push_back(
            {*address, Ground::mention, kWeightNamed, "its reverse name stands in the text", {}, token.begin});
  return all;
}

// The culprit is named first in nine mails of ten; low confidence says the rest.
std::optional<IpAddress> first_of_unknown_role(const Story& story) {
  for (const Mention& mention : story.mentions) {
    const IpAddress& address = *story.tokens[mention.token].address;
    if (mention.role == Role::unknown && !is_private(address) && !is_impossible(address)) return address;
  }
  return std::nullopt;
}

std::vector<Accused> by_evidence(const Story& story) {
  if (story.body.evidence.empty()) return {};
  const auto handover = find_handover(Fields::parse(story.body.evidence, true));
  if (!handover || is_impossible(handover->from)) return {};
  return {
      {handover->from, Ground::log_line, 6, "the first public address in the reported mail's Received fields", {}, 0}};
}

}  // namespace

std::vector<Accused> choose_accused(const Story& story) {
  Tallies tallies;
  for (std::size_t i = 0; i < story.mentions.size(); ++i)
    count(tallies, story.mentions[i], story.tokens[story.mentions[i].token], false, i);
  for (const Mention& mention : story.subject_mentions)
    count(tallies, mention, story.subject_tokens[mention.token], true, 0);
  const auto blamed = [](const Tally& t) {
    return t.culprit > 0 && t.culprit >= t.victim && (t.culprit >= t.neutral || t.culprit > kWeightNamed) &&
           !(t.culprit < kWeightNamed && !t.in_subject);
  };
  int best = 0;
  bool any_public = false;
  std::size_t in_subject = 0;
  bool subject_in_text = false;
  for (const auto& [address, tally] : tallies) {
    if (!blamed(tally)) continue;
    best = std::max(best, tally.culprit);
    any_public = any_public || !is_private(address);
    if (tally.in_subject) {
      ++in_subject;
      subject_in_text = subject_in_text || tally.in_text;
    }
  }
  const bool text_blames = std::any_of(tallies.begin(), tallies.end(), [&](const auto& entry) {
    return entry.second.in_text && !entry.second.in_subject && entry.second.culprit >= kWeightWord &&
           blamed(entry.second);
  });
  std::vector<Accused> all;
  for (auto& [address, tally] : tallies) {
    if (!blamed(tally) || tally.culprit < best - kBehindBestMax) {
      if (!blamed(tally) || !tally.in_subject) continue;
    }
    if (in_subject == 1 && subject_in_text && !tally.in_subject) continue;  // the report is about that one
    if (tally.in_subject && !tally.in_text && text_blames) continue;        // the table is right, the subject old
    if (is_private(address) && any_public && !tally.in_subject) continue;
    tally.accused.weight = tally.culprit;
    all.push_back(std::move(tally.accused));
  }
  if (all.empty()) all = by_evidence(story);
  if (all.empty() && story.kind.score > 0) {
    // Nothing tells its role, and there is no other.
    const Tally* only = nullptr;
    std::size_t others = 0;
    for (const auto& [address, tally] : tallies)
      if (tally.victim == 0 && tally.neutral == 0 && (only == nullptr || !is_private(address))) {
        only = &tally;
        ++others;
      }
    if (only != nullptr && others == 1) {
      all.push_back(only->accused);
      all.back().ground = Ground::mention;
      all.back().reason = "the only address in the text";
    } else if (const auto first = first_of_unknown_role(story);
               first && tallies.at(*first).victim == 0 && tallies.at(*first).neutral == 0) {
      all.push_back(tallies.at(*first).accused);
      all.back().ground = Ground::mention;
      all.back().reason = "the first address in the text; no word that is known here tells who is who";
    }
  }
  if (all.empty()) all = by_reverse_name(story);
  std::stable_sort(all.begin(), all.end(), [](const Accused& a, const Accused& b) { return a.first_at < b.first_at; });
  if (all.size() > kAccusedMax) all.resize(kAccusedMax);
  return all;
}

}  // namespace abate::reading::prose
