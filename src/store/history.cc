// SPDX-License-Identifier: Apache-2.0
#include "base/text.h"
#include "store/transaction.h"

namespace abate::store {
namespace {

struct Head {
  std::string stream;
  std::uint64_t seq = 0;
  std::string hash;
};

// A kind that no version knows was not written by us.
Result<Entry> read_entry(const Row& row) {
  Entry entry{.stream = row.string(0),
              .seq = row.count(1),
              .at = row.at(2),
              .actor = row.string(3),
              .kind = EntryKind::note,
              .body = row.string(5),
              .prev = hash_hex(row.view(6)),
              .hash = hash_hex(row.view(7))};
  const std::optional<EntryKind> kind = parse_entry_kind(row.view(4));
  if (!kind)
    return failure(Fault::malformed, "entry {} of {} has the kind '{}', which does not exist", entry.seq, entry.stream,
                   escape_terminal(row.view(4)));
  entry.kind = *kind;
  return entry;
}

using HeadVisit = std::function<Result<void>(const std::string& stream, std::uint64_t seq, const std::string& hash)>;

// Heads in the order of their streams, a batch at a time.
class Heads {
 public:
  explicit Heads(Connection& connection) : connection_{connection} {}
  Result<const Head*> peek() {
    if (next_ == batch_.size() && more_) {
      const std::string after = batch_.empty() ? std::string{} : batch_.back().stream;
      batch_.clear();
      next_ = 0;
      TRY(connection_.run(statement("walk_heads"), {text(after), number(kWalkRows)}, [&](const Row& row) {
        batch_.push_back({row.string(0), row.count(1), hash_hex(row.view(2))});
      }));
      more_ = batch_.size() == kWalkRows;
    }
    return next_ < batch_.size() ? &batch_[next_] : nullptr;
  }
  void pop() { ++next_; }

 private:
  Connection& connection_;
  std::vector<Head> batch_;
  std::size_t next_ = 0;
  bool more_ = true;
};

// Heads of streams before `stream` have no entries any more: told as they are. Without a stream: all that are left.
Result<void> tell_heads_before(Heads& heads, const std::string* stream, const HeadVisit& head) {
  while (true) {
    TRY_ASSIGN(const Head* const next, heads.peek());
    if (next == nullptr || (stream != nullptr && next->stream >= *stream)) return {};
    TRY(head(next->stream, next->seq, next->hash));
    heads.pop();
  }
}

// A head that is missing is told as number 0.
Result<void> tell_head_of(Heads& heads, const std::string& stream, const HeadVisit& head) {
  TRY_ASSIGN(const Head* const next, heads.peek());
  if (next == nullptr || next->stream != stream) return head(stream, 0, {});
  TRY(head(next->stream, next->seq, next->hash));
  heads.pop();
  return {};
}

}  // namespace

Result<Entry> StoreTransaction::append_entry(const std::string& stream, Instant at, const std::string& actor,
                                             EntryKind kind, const std::string& canonical_body) {
  if (!is_valid_utf8(canonical_body) || canonical_body.find('\0') != std::string::npos)
    return failure(Fault::malformed, "the body of an entry of {} is no canonical JSON", stream);
  Entry entry{.stream = make_valid_utf8(stream),
              .seq = 0,
              .at = at,
              .actor = make_valid_utf8(actor),
              .kind = kind,
              .body = canonical_body,
              .prev = std::string{kFirstPrev},
              .hash = {}};
  TRY_ASSIGN(const std::uint64_t found, connection_.run(statement("head"), {text(entry.stream)}, [&](const Row& row) {
    entry.seq = row.count(0);
    entry.prev = hash_hex(row.view(1));
  }));
  if (found == 0) {
    const std::string first = hash_bytes(kFirstPrev);
    TRY(connection_.defer(statement("insert_head"), {text(entry.stream), bytes(first)}));
  }
  ++entry.seq;
  entry.hash = entry_hash(entry);
  const std::string prev = hash_bytes(entry.prev);
  const std::string hash = hash_bytes(entry.hash);
  TRY(connection_.defer(statement("insert_entry"),
                        {text(entry.stream), number(entry.seq), time(entry.at), text(entry.actor),
                         text(entry_kind_name(entry.kind)), text(entry.body), bytes(prev), bytes(hash)}));
  TRY(connection_.defer(statement("move_head"), {text(entry.stream), number(entry.seq), bytes(hash)}));
  return entry;
}

Result<desk::Listed<Entry>> StoreTransaction::entries(const std::string& stream, const desk::Page& page) {
  TRY_ASSIGN(const std::int64_t after, read_cursor(page.after, 0));
  const std::uint64_t limit = page_limit(page);
  desk::Listed<Entry> out;
  Result<void> read;
  TRY(connection_.run(statement("entries_of_stream"), {text(stream), number(after), number(limit + 1)},
                      [&](const Row& row) {
                        if (out.items.size() == limit) {
                          out.next = std::to_string(out.items.back().seq);
                          return;
                        }
                        Result<Entry> entry = read_entry(row);
                        if (entry)
                          out.items.push_back(*std::move(entry));
                        else
                          read = std::unexpected(entry.error());
                      }));
  TRY(read);
  return out;
}

Result<void> StoreTransaction::walk_history(const std::function<Result<void>(const Entry&)>& visit,
                                            const HeadVisit& head) {
  Heads heads{connection_};
  std::string stream;
  std::uint64_t seq = 0;
  bool begun = false;
  for (bool more = true; more;) {
    std::vector<Result<Entry>> batch;
    TRY(connection_.run(statement("walk_entries"), {text(stream), number(seq), number(kWalkRows)},
                        [&](const Row& row) { batch.push_back(read_entry(row)); }));
    more = batch.size() == kWalkRows;
    for (const Result<Entry>& entry : batch) {
      TRY(entry);
      if (!begun || entry->stream != stream) {
        if (begun) TRY(tell_head_of(heads, stream, head));
        TRY(tell_heads_before(heads, &entry->stream, head));
        begun = true;
      }
      stream = entry->stream;
      seq = entry->seq;
      TRY(visit(*entry));
    }
  }
  if (begun) TRY(tell_head_of(heads, stream, head));
  return tell_heads_before(heads, nullptr, head);
}

}  // namespace abate::store
