// SPDX-License-Identifier: Apache-2.0
// Who of all that are named is blamed.
#include <map>
#include <set>

#include "base/text.h"
#include "reading/prose/prose.h"
#include "reading/received.h"

namespace abate::reading::prose {
namespace {

constexpr std::size_t kProxiesMax = 64;  // culprits among whom proxies are looked for
constexpr int kBehindBestMax = 3;        // weaker than the best by more: named for another reason

struct Tally {
  Accused accused;
  std::string said;  // why the text blames it most
  int said_weight = 0;
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
    if (!subject && weight > tally.said_weight) {
      tally.said_weight = weight;
      tally.said = mention.reason;
    }
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

// A web server behind a proxy writes both: who stands only in lines that name another, whom the words blame too, is the
// proxy.
void drop_proxies(const Story& story, std::vector<Accused>& all) {
  if (all.size() < 2 || all.size() > kProxiesMax) return;
  using Lines = std::set<std::size_t>;
  std::vector<Lines> lines(all.size());
  for (std::size_t i = 0; i < all.size(); ++i)
    for (const std::size_t index : all[i].mentions) lines[i].insert(story.mentions[index].line_begin);
  const auto is_proxy = [&](std::size_t i) {
    if (lines[i].empty() || all[i].reason.find(kClientReason) == std::string::npos) return false;
    for (std::size_t k = 0; k < all.size(); ++k)
      if (k != i && lines[k].size() > lines[i].size() && std::ranges::includes(lines[k], lines[i])) return true;
    return false;
  };
  std::vector<bool> proxies(all.size());
  for (std::size_t i = 0; i < all.size(); ++i) proxies[i] = is_proxy(i);
  std::size_t i = 0;
  std::erase_if(all, [&](const Accused&) { return proxies[i++]; });
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
  // "Attack from 192.0.2.1 and others": those that stand in one list or column with it are blamed as it is.
  const auto stands_with_it = [&](const Tally& other) {
    if (!other.said.starts_with(kListed) && !other.said.starts_with(kColumn)) return false;
    return std::ranges::any_of(tallies, [&](const auto& entry) {
      return entry.second.in_subject && entry.second.said == other.said &&
             other.said_weight >= entry.second.said_weight;
    });
  };
  std::vector<Accused> all;
  for (auto& [address, tally] : tallies) {
    if (!blamed(tally) || tally.culprit < best - kBehindBestMax) {
      if (!blamed(tally) || (!tally.in_subject && !stands_with_it(tally))) continue;
    }
    if (in_subject == 1 && subject_in_text && !tally.in_subject && !stands_with_it(tally)) continue;  // about that one
    if (tally.in_subject && !tally.in_text && text_blames) continue;  // the table is right, the subject old
    if (is_private(address) && any_public && !tally.in_subject) continue;
    tally.accused.weight = tally.culprit;
    all.push_back(std::move(tally.accused));
  }
  drop_proxies(story, all);
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
