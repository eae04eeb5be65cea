// SPDX-License-Identifier: Apache-2.0
#include "desk/ledger.h"

#include <algorithm>
#include <mutex>
#include <unordered_map>
#include <unordered_set>

#include "base/hash.h"
#include "base/text.h"
#include "desk/csv.h"

namespace abate::desk {
namespace {

constexpr std::array<std::string_view, 8> kHeader{"range",        "from",        "until",         "service_id",
                                                  "service_name", "customer_id", "customer_name", "customer_email"};
constexpr std::size_t kRowsPerWrite = 20'000;
constexpr std::size_t kFieldBytesMax = 1024;

struct Draft {  // a whole ledger, checked, not yet in the store
  std::vector<Ownership> rows;
  std::vector<std::uint64_t> lines;  // of each row
  std::vector<LedgerOwner> owners;
};

struct OwnerKey {
  static std::string of(const LedgerOwner& o) {
    return fmt::format("{}\x1f{}\x1f{}\x1f{}\x1f{}", o.service.id, o.service.name, o.customer.id, o.customer.name,
                       o.customer.email);
  }
};

Result<void> check_header(const std::vector<std::string>& fields) {
  for (std::size_t i = 0; i < kHeader.size(); ++i)
    if (i >= fields.size() || trim(fields[i]) != kHeader[i] || fields.size() != kHeader.size())
      return failure(Fault::malformed, "line 1: the header must read {}", fmt::join(kHeader, ","));
  return {};
}

Result<Instant> time_in(const std::string& text, std::string_view column, std::uint64_t line) {
  const Result<Instant> at = parse_rfc3339(trim(text));
  if (!at) return failure(Fault::malformed, "line {}: {}: {}", line, column, at.error().what);
  return *at;
}

Result<Ownership> row_of(const std::vector<std::string>& fields, std::uint64_t line) {
  if (fields.size() != kHeader.size())
    return failure(Fault::malformed, "line {}: {} fields instead of {}", line, fields.size(), kHeader.size());
  for (std::size_t i = 0; i < fields.size(); ++i) {
    // Names and addresses go into mail headers and on command lines: a control character there is never meant.
    const bool plain = std::ranges::none_of(fields[i], [](unsigned char c) { return c < 0x20 || c == 0x7f; });
    if (fields[i].size() > kFieldBytesMax || !plain || !is_valid_utf8(fields[i]))
      return failure(Fault::malformed, "line {}: {}: not UTF-8 text without control characters, of at most {} bytes",
                     line, kHeader[i], kFieldBytesMax);
  }
  const Result<IpRange> range = parse_range(trim(fields[0]));
  if (!range) return failure(Fault::malformed, "line {}: range: {}", line, range.error().what);
  Ownership row;
  row.range = *range;
  TRY_ASSIGN(row.from, time_in(fields[1], "from", line));
  if (!trim(fields[2]).empty()) {
    TRY_ASSIGN(row.until, time_in(fields[2], "until", line));
    if (*row.until <= row.from) return failure(Fault::malformed, "line {}: until is not after from", line);
  }
  if (trim(fields[3]).empty()) return failure(Fault::malformed, "line {}: service_id is empty", line);
  if (trim(fields[5]).empty()) return failure(Fault::malformed, "line {}: customer_id is empty", line);
  return row;
}

Result<Draft> read_draft(std::istream& csv) {
  CsvReader reader{csv};
  std::vector<std::string> fields;
  TRY_ASSIGN(const bool any, reader.next(fields));
  if (!any) return failure(Fault::malformed, "line 1: the file is empty; it needs at least its header");
  TRY(check_header(fields));
  Draft draft;
  std::unordered_map<std::string, std::uint32_t> known;
  for (;;) {
    TRY_ASSIGN(const bool more, reader.next(fields));
    if (!more) return draft;
    TRY_ASSIGN(Ownership row, row_of(fields, reader.line()));
    if (draft.rows.size() == kLedgerRowsMax)
      return failure(Fault::too_big, "line {}: more than {} rows", reader.line(), kLedgerRowsMax);
    const auto field = [&](std::size_t i) { return std::string{trim(fields[i])}; };
    LedgerOwner owner{{field(3), field(4)}, {field(5), field(6), field(7)}};
    const auto [found, fresh] = known.try_emplace(OwnerKey::of(owner), static_cast<std::uint32_t>(draft.owners.size()));
    if (fresh) draft.owners.push_back(std::move(owner));
    row.row = static_cast<std::uint32_t>(draft.rows.size());
    row.owner = found->second;
    draft.rows.push_back(row);
    draft.lines.push_back(reader.line());
  }
}

Result<void> check_overlaps(const Draft& draft) {
  AttributionIndex::Builder builder;
  builder.reserve(draft.rows.size());
  for (const Ownership& row : draft.rows)
    if (const Result<void> added = builder.add(row); !added)
      return failure(added.error().fault, "line {}: {}", draft.lines[row.row], added.error().what);
  const Result<AttributionIndex> index = builder.build({});
  if (index) return {};
  if (!builder.overlap()) return std::unexpected(index.error());
  const auto [one, other] = *builder.overlap();
  return failure(Fault::malformed,
                 "line {} and line {}: {} and {} overlap in address and time: one address belongs to "
                 "one service at a time",
                 draft.lines[one], draft.lines[other], format_range(draft.rows[one].range),
                 format_range(draft.rows[other].range));
}

std::string line_of(const Ownership& row, const LedgerOwner& owner) {
  return fmt::format("{} from {}{} {} {} ({}, {} <{}>)", format_range(row.range), format_rfc3339(row.from),
                     row.until ? " until " + format_rfc3339(*row.until) : "", owner.service.id, owner.service.name,
                     owner.customer.id, owner.customer.name, owner.customer.email);
}

// Rows are compared by a hash of all that they say: 8 bytes a row, whatever the size of the ledger.
std::uint64_t mark_of(const Ownership& row, const LedgerOwner& owner) {
  return std::hash<std::string>{}(line_of(row, owner) + OwnerKey::of(owner));
}

Result<LedgerChange> compare(Store& store, const Draft& draft) {
  LedgerChange change;
  change.rows = draft.rows.size();
  std::unordered_set<std::string_view> services;
  for (const LedgerOwner& owner : draft.owners) services.insert(owner.service.id);
  change.services = services.size();
  std::unordered_set<std::uint64_t> fresh;
  fresh.reserve(draft.rows.size());
  for (const Ownership& row : draft.rows) fresh.insert(mark_of(row, draft.owners[row.owner]));
  std::unordered_set<std::uint64_t> former;
  TRY(store.read([&](Transaction& t) -> Result<void> {
    TRY_ASSIGN(const std::uint64_t version, t.ledger_version());
    std::vector<LedgerOwner> owners;
    TRY(t.ledger_walk_owners(version, [&](const LedgerOwner& owner) { owners.push_back(owner); }));
    return t.ledger_walk(version, [&](const Ownership& row) {
      const std::uint64_t mark = mark_of(row, owners[row.owner]);
      former.insert(mark);
      if (fresh.contains(mark)) return;
      ++change.removed;
      if (change.examples.size() < kLedgerExamplesMax)
        change.examples.push_back("- " + line_of(row, owners[row.owner]));
    });
  }));
  for (const Ownership& row : draft.rows) {
    if (former.contains(mark_of(row, draft.owners[row.owner]))) continue;
    ++change.added;
    if (change.examples.size() < kLedgerExamplesMax)
      change.examples.push_back("+ " + line_of(row, draft.owners[row.owner]));
  }
  return change;
}

Result<void> save(Store& store, const Draft& draft) {
  TRY_ASSIGN(const std::uint64_t version, in_write(store, [](Transaction& t) { return t.ledger_begin(); }));
  for (std::size_t at = 0; at < draft.owners.size(); at += kRowsPerWrite) {
    const auto begin = draft.owners.begin() + static_cast<std::ptrdiff_t>(at);
    const std::vector<LedgerOwner> some(
        begin, begin + static_cast<std::ptrdiff_t>(std::min(kRowsPerWrite, draft.owners.size() - at)));
    TRY(store.write(
        [&](Transaction& t) { return t.ledger_add_owners(version, static_cast<std::uint32_t>(at), some); }));
  }
  for (std::size_t at = 0; at < draft.rows.size(); at += kRowsPerWrite) {
    const auto begin = draft.rows.begin() + static_cast<std::ptrdiff_t>(at);
    const std::vector<Ownership> some(
        begin, begin + static_cast<std::ptrdiff_t>(std::min(kRowsPerWrite, draft.rows.size() - at)));
    TRY(store.write([&](Transaction& t) { return t.ledger_add_rows(version, some); }));
  }
  TRY(store.write([&](Transaction& t) { return t.ledger_switch(version); }));
  // A running desk still answers from the former one until it has loaded this one; a look-up that misses is asked
  // again.
  return store.write([&](Transaction& t) { return t.ledger_drop_others(version); });
}

}  // namespace

Result<LedgerChange> import_ledger(Store& store, std::istream& csv, bool dry_run) {
  TRY_ASSIGN(const Draft draft, read_draft(csv));
  TRY(check_overlaps(draft));
  TRY_ASSIGN(LedgerChange change, compare(store, draft));
  if (!dry_run) TRY(save(store, draft));
  return change;
}

Result<bool> refresh_ledger(Desk& desk) {
  // Whoever comes second finds the new one there: two indexes built at once would take twice the memory.
  static std::mutex one_at_a_time;
  const std::lock_guard lock{one_at_a_time};
  const std::shared_ptr<const LedgerIndex> former = desk.ledger.load();
  auto fresh = std::make_shared<LedgerIndex>();
  fresh->prefixes = desk.provider.load()->prefixes;
  AttributionIndex::Builder builder;
  bool newer = false;
  Result<void> added;
  TRY(desk.store.read([&](Transaction& t) -> Result<void> {
    builder = AttributionIndex::Builder{};
    TRY_ASSIGN(fresh->version, t.ledger_version());
    newer = !former || former->version != fresh->version || former->prefixes != fresh->prefixes;
    if (!newer || fresh->version == 0) return {};
    TRY_ASSIGN(const std::uint64_t size, t.ledger_size(fresh->version));
    builder.reserve(size);
    return t.ledger_walk(fresh->version, [&](const Ownership& row) {
      if (Result<void> one = builder.add(row); !one) added = one;
    });
  }));
  if (!newer) return false;
  TRY(added);
  TRY_ASSIGN(fresh->index, builder.build(fresh->prefixes));
  desk.ledger.store(std::move(fresh));
  return true;
}

}  // namespace abate::desk
