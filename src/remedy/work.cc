// SPDX-License-Identifier: Apache-2.0
#include <algorithm>

#include "base/digest.h"
#include "remedy/action_kind.h"
#include "remedy/measure.h"

namespace abate::remedy {
namespace {

constexpr std::size_t kHashedBytesMax = std::uint64_t{1} << 30;

// "" where there is no such file; nothing where it cannot be told. A piece at a time: the sweep runs in little memory.
std::optional<std::string> hash_now(const sweep::Host& host, const std::string& path) {
  const Result<sweep::Stat> stat = host.tree->stat(path);
  if (!stat) return stat.error().fault == Fault::not_found ? std::optional<std::string>{""} : std::nullopt;
  if (stat->kind != sweep::NodeKind::file || stat->size > kHashedBytesMax) return std::nullopt;
  const Result<std::unique_ptr<sweep::TreeFile>> file = host.tree->open(path);
  if (!file) return std::nullopt;
  Digest digest{"SHA256"};
  std::vector<char> piece(std::size_t{1} << 16);
  for (std::uint64_t at = 0; at <= kHashedBytesMax;) {
    const Result<std::size_t> got = (*file)->read_at(at, piece);
    if (!got) return std::nullopt;
    if (*got == 0) return digest.hex();
    digest.add({piece.data(), *got});
    at += *got;
  }
  return std::nullopt;
}

// Did our own changes, one after another, lead from the hash that the plan saw to the one that is there now?
bool is_our_work(const std::string& path, std::string hash, const std::string& now,
                 const std::vector<OwnChange>& changed_by_us) {
  for (const OwnChange& change : changed_by_us)
    if (change.path == path && change.before == hash) hash = change.after;
  return hash == now;
}

}  // namespace

Result<Work> work_of(const Action& action, const sweep::Host& host) {
  const auto kinds = action_kinds();
  const auto kind = std::ranges::find(kinds, action.kind, [](const ActionKind* one) { return one->name; });
  if (kind != kinds.end()) return (*kind)->work(action, host);
  const auto all = measures();
  const auto measure = std::ranges::find(all, action.kind, [](const Measure* one) { return one->name; });
  if (measure == all.end())
    return failure(Fault::malformed, "{}: this version knows no action of that name", shown_name(action.kind));
  if ((*measure)->work == nullptr) return Work{.by_hand = action.by_hand};
  return (*measure)->work(action, host);
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
      // Restricting does not look at what is in it: law 10.
      if (change.kind == ChangeKind::run || change.kind == ChangeKind::end_process ||
          change.kind == ChangeKind::restrict)
        continue;
      if (std::optional<std::string> hash = hash_now(host, change.path))
        action.expected.emplace_back(change.path, std::move(*hash));
    }
  }
}

Result<void> check_unchanged(const Action& action, const sweep::Host& host,
                             const std::vector<OwnChange>& changed_by_us) {
  for (const auto& [path, hash] : action.expected) {
    const std::optional<std::string> now = hash_now(host, path);
    if (now && is_our_work(path, hash, *now, changed_by_us)) continue;
    return failure(Fault::stale, "{}: changed since the plan was made; make a new plan", shown_name(path));
  }
  return {};
}

}  // namespace abate::remedy
