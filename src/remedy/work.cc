// SPDX-License-Identifier: Apache-2.0
#include <algorithm>

#include "base/hash.h"
#include "remedy/action_kind.h"

namespace abate::remedy {
namespace {

constexpr std::size_t kHashedBytesMax = std::size_t{64} << 20;

// "" where there is no such file; nothing where it cannot be told.
std::optional<std::string> hash_now(const sweep::Host& host, const std::string& path) {
  const Result<sweep::Stat> stat = host.tree->stat(path);
  if (!stat) return stat.error().fault == Fault::not_found ? std::optional<std::string>{""} : std::nullopt;
  if (stat->kind != sweep::NodeKind::file) return std::nullopt;
  const Result<std::string> text = sweep::read_whole(*host.tree, path, kHashedBytesMax);
  return text ? std::optional{sha256_hex(*text)} : std::nullopt;
}

}  // namespace

Result<Work> work_of(const Action& action, const sweep::Host& host) {
  const auto kinds = action_kinds();
  const auto kind = std::ranges::find(kinds, action.kind, [](const ActionKind* one) { return one->name; });
  if (kind == kinds.end())
    return failure(Fault::malformed, "{}: this version knows no action of that name", shown_name(action.kind));
  return (*kind)->work(action, host);
}

void foresee(Plan& plan, const sweep::Host& host) {
  for (Action& action : plan.actions) {
    const Result<Work> work = work_of(action, host);
    if (!work) {
      action.by_hand = work.error().what;
      continue;
    }
    action.by_hand = work->by_hand;
    for (const Change& change : work->changes) {
      action.changes.push_back(change.says);
      if (change.kind == ChangeKind::run || change.kind == ChangeKind::end_process) continue;
      if (std::optional<std::string> hash = hash_now(host, change.path))
        action.expected.emplace_back(change.path, std::move(*hash));
    }
  }
}

Result<void> check_unchanged(const Action& action, const sweep::Host& host,
                             const std::vector<std::pair<std::string, std::string>>& changed_by_us) {
  for (const std::pair<std::string, std::string>& expected : action.expected) {
    const std::optional<std::string> now = hash_now(host, expected.first);
    if (now && *now == expected.second) continue;
    if (std::ranges::find(changed_by_us, expected) != changed_by_us.end()) continue;
    return failure(Fault::stale, "{}: changed since the plan was made; make a new plan", shown_name(expected.first));
  }
  return {};
}

}  // namespace abate::remedy
