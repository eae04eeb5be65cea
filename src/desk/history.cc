// SPDX-License-Identifier: Apache-2.0
#include "desk/history.h"

namespace abate::desk {
namespace {

class Walk {
 public:
  explicit Walk(HistoryVerdict& verdict) : verdict_{verdict} {}

  void entry(const Entry& entry) {
    if (entry.stream != stream_) begin(entry.stream);
    ++verdict_.entries;
    if (entry.seq != seq_ + 1)
      broken(entry.seq, fmt::format("entry {} is missing before it", seq_ + 1));
    else if (entry.prev != hash_)
      broken(entry.seq, "it does not follow on the entry before");
    else if (entry_hash(entry) != entry.hash)
      broken(entry.seq, "its hash does not follow from what it says");
    seq_ = entry.seq;
    hash_ = entry.hash;
  }

  void head(const std::string& stream, std::uint64_t seq, const std::string& hash) {
    if (stream != stream_) begin(stream);
    if (seq != seq_)
      broken(seq_ + 1, fmt::format("the stream ends at {}, but {} entries were made", seq_, seq));
    else if (hash != hash_)
      broken(seq_, "it is not the entry that was made last");
  }

 private:
  void begin(const std::string& stream) {
    ++verdict_.streams;
    stream_ = stream;
    seq_ = 0;
    hash_ = kFirstPrev;
  }
  void broken(std::uint64_t seq, const std::string& why) {
    if (!verdict_.broken) verdict_.broken = fmt::format("{} entry {}: {}", stream_, seq, why);
  }

  HistoryVerdict& verdict_;
  std::string stream_;
  std::uint64_t seq_ = 0;
  std::string hash_{kFirstPrev};
};

}  // namespace

Result<HistoryVerdict> verify_history(Store& store) {
  return in_read(store, [](Transaction& transaction) -> Result<HistoryVerdict> {
    HistoryVerdict verdict;
    Walk walk{verdict};
    TRY(transaction.walk_history(
        [&](const Entry& entry) -> Result<void> {
          walk.entry(entry);
          return {};
        },
        [&](const std::string& stream, std::uint64_t seq, const std::string& hash) -> Result<void> {
          walk.head(stream, seq, hash);
          return {};
        }));
    return verdict;
  });
}

}  // namespace abate::desk
