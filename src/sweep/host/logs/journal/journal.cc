// SPDX-License-Identifier: Apache-2.0
#include "sweep/host/logs/journal/journal.h"

#include <cstring>

#include "sweep/host/logs/journal/unpack.h"
#include "sweep/host/logs/scan.h"

namespace abate::sweep {
namespace {

constexpr std::size_t kHeaderBytesMin = 208;
constexpr std::size_t kObjectHeaderBytes = 16;
constexpr std::size_t kWalkBytes = std::size_t{1} << 20;
constexpr std::size_t kStrayBytes = std::size_t{64} << 10;
constexpr std::size_t kDataBytesMax = std::size_t{128} << 10;  // of one data object that we look into
constexpr unsigned kCompact = 16;
constexpr unsigned kKnownFeatures = 31;

template <class Number>
Number number_at(std::string_view bytes, std::size_t at) {
  Number value{};
  if (bytes.size() >= at + sizeof value) std::memcpy(&value, bytes.data() + at, sizeof value);
  return value;
}

enum class Type : std::uint8_t {
  unused,
  data,
  field,
  entry,
  data_hash_table,
  field_hash_table,
  entry_array,
  tag,
  count
};

// A piece of the file. A view is valid until the next view of the same window.
class Window {
 public:
  Window(TreeFile& file, std::size_t size) : file_{file}, buffer_(size) {}
  [[nodiscard]] bool holds(std::uint64_t offset, std::size_t size) const {
    return offset >= begin_ && offset - begin_ <= filled_ && size <= filled_ - (offset - begin_);
  }
  // Up to `size` bytes at `offset`; fewer where the file ends.
  std::string_view view(std::uint64_t offset, std::size_t size) {
    size = std::min(size, buffer_.size());
    if (!holds(offset, size)) {
      begin_ = offset;
      filled_ = 0;
      while (filled_ < buffer_.size()) {
        const std::size_t got = file_.read_at(begin_ + filled_, std::span{buffer_}.subspan(filled_)).value_or(0);
        if (got == 0) break;
        filled_ += got;
        bytes_ += got;
      }
    }
    const std::size_t at = static_cast<std::size_t>(offset - begin_);
    return {buffer_.data() + at, std::min(size, filled_ - at)};
  }
  [[nodiscard]] std::uint64_t bytes() const { return bytes_; }

 private:
  TreeFile& file_;
  std::vector<char> buffer_;
  std::uint64_t begin_ = 0;
  std::size_t filled_ = 0;
  std::uint64_t bytes_ = 0;
};

enum class Field : std::uint8_t { none, message, identifier, comm, pid, syslog_pid, uid, unit, transport };
struct FieldName {
  std::string_view name;
  Field field;
};
constexpr FieldName kFields[] = {
    {"MESSAGE=", Field::message},    {"SYSLOG_IDENTIFIER=", Field::identifier}, {"_COMM=", Field::comm},
    {"_PID=", Field::pid},           {"SYSLOG_PID=", Field::syslog_pid},        {"_UID=", Field::uid},
    {"_SYSTEMD_UNIT=", Field::unit}, {"_TRANSPORT=", Field::transport}};

Field take_field(std::string_view& text) {
  for (const FieldName& one : kFields)
    if (take(text, one.name)) return one.field;
  return Field::none;
}

class Reader {
 public:
  Reader(TreeFile& file, std::string_view path, Notes& notes, const std::function<void(const JournalEntry&)>& to)
      : path_{path},
        notes_{notes},
        to_{to},
        walk_{file, kWalkBytes},
        stray_{file, kStrayBytes},
        end_{file.stat().size},
        slots_(kSlots) {}

  std::uint64_t run(const std::function<bool()>& ended) {
    const std::string_view head = walk_.view(0, kHeaderBytesMin);
    if (head.size() < kHeaderBytesMin || !head.starts_with("LPKSHHRH")) return 0;
    const auto features = number_at<std::uint32_t>(head, 12);
    if ((features & ~kKnownFeatures) != 0)
      notes_.add(std::string{path_}, "a newer kind of journal: read as far as known");
    compact_ = (features & kCompact) != 0;
    const auto header = number_at<std::uint64_t>(head, 88);
    const auto tail = number_at<std::uint64_t>(head, 136);
    std::uint64_t offset = (std::max<std::uint64_t>(header, kHeaderBytesMin) + 7) & ~std::uint64_t{7};
    bool lost = false;
    std::uint64_t steps = 0;
    while (offset < end_ && end_ - offset >= kObjectHeaderBytes) {
      if ((++steps & 0xfffU) == 0 && ended()) break;
      const std::string_view object = walk_.view(offset, kObjectHeaderBytes);
      if (object.size() < kObjectHeaderBytes) break;
      const auto type = static_cast<std::uint8_t>(object[0]);
      const auto size = number_at<std::uint64_t>(object, 8);
      if (type == 0 && size == 0 && offset > tail) break;  // room for what is to come
      if (!plausible(object, offset, size)) {
        if (!lost) notes_.add(std::string{path_}, "parts of the journal are corrupt: what makes sense was read");
        lost = true;
        offset += 8;
        continue;
      }
      if (type == static_cast<std::uint8_t>(Type::entry)) {
        read_entry(offset, size);
      } else if (type == static_cast<std::uint8_t>(Type::data)) {
        // Looked at while it is in the window: its entry follows soon.
        static_cast<void>(slot_of(offset));
      }
      offset += (size + 7) & ~std::uint64_t{7};
    }
    if (tail >= end_) notes_.add(std::string{path_}, "the journal is cut off: what came before was read");
    return walk_.bytes() + stray_.bytes();
  }

 private:
  static constexpr std::size_t kSlots = 8192;
  static constexpr std::size_t kSlotTextBytes = 64;
  struct Slot {  // a small data object that was looked at
    std::uint64_t offset = 0;
    Field field = Field::none;
    std::uint8_t size = 0;
    std::uint32_t number = 0;
    std::array<char, kSlotTextBytes> text{};
    [[nodiscard]] std::string_view value() const { return {text.data(), size}; }
  };

  [[nodiscard]] bool plausible(std::string_view object, std::uint64_t offset, std::uint64_t size) const {
    const auto type = static_cast<std::uint8_t>(object[0]);
    if (type == 0 || type >= static_cast<std::uint8_t>(Type::count)) return false;
    if (size < kObjectHeaderBytes || size > end_ - offset) return false;
    if (static_cast<unsigned char>(object[1]) > 7 || object.substr(2, 6) != std::string_view{"\0\0\0\0\0\0", 6})
      return false;
    return type != static_cast<std::uint8_t>(Type::entry) || size >= kEntryBytes;
  }

  std::string_view view(std::uint64_t offset, std::size_t size) {
    return walk_.holds(offset, size) ? walk_.view(offset, size) : stray_.view(offset, size);
  }

  // The payload of a data object, unpacked; at most kLineBytesMax. Nothing where the offset leads to none.
  std::string_view payload(std::uint64_t offset) {
    if (offset % 8 != 0 || offset >= end_) return {};
    const std::string_view object = view(offset, kObjectHeaderBytes);
    if (object.size() < kObjectHeaderBytes || object[0] != static_cast<char>(Type::data)) return {};
    const auto size = number_at<std::uint64_t>(object, 8);
    const unsigned packed = static_cast<unsigned char>(object[1]) & 7U;
    const std::size_t head = compact_ ? 72 : 64;
    if (size <= head || size > end_ - offset) return {};
    const std::string_view bytes = view(offset + head, static_cast<std::size_t>(std::min<std::uint64_t>(
                                                           size - head, packed != 0 ? kDataBytesMax : kLineBytesMax)));
    if (packed == 0) return bytes;
    return unpack_journal_data(packed, bytes, unpacked_) ? std::string_view{unpacked_} : std::string_view{};
  }

  const Slot& slot_of(std::uint64_t offset) {
    Slot& slot = slots_[(offset >> 3U) * 0x9e3779b97f4a7c15U >> 51U];
    static_assert(kSlots == 1U << 13U);
    if (slot.offset == offset) return slot;
    slot.offset = offset;
    slot.size = 0;
    std::string_view text = payload(offset);
    slot.field = take_field(text);
    if (slot.field == Field::none || slot.field == Field::message) return slot;
    if (slot.field == Field::pid || slot.field == Field::uid || slot.field == Field::syslog_pid) {
      slot.number = number_or<std::uint32_t>(text, 0);
      return slot;
    }
    text = text.substr(0, kSlotTextBytes);
    text.copy(slot.text.data(), text.size());
    slot.size = static_cast<std::uint8_t>(text.size());
    return slot;
  }

  void read_entry(std::uint64_t offset, std::uint64_t size) {
    const std::string_view entry = walk_.view(offset, kEntryBytes);
    if (entry.size() < kEntryBytes) return;
    JournalEntry out;
    out.number = ++entries_;
    out.realtime_us = static_cast<std::int64_t>(number_at<std::uint64_t>(entry, 24));
    if (out.realtime_us <= 0 || from_micros(out.realtime_us) > kDistantFuture) return;
    const std::size_t item = compact_ ? 4 : 16;
    const std::size_t count = std::min<std::uint64_t>((size - kEntryBytes) / item, kJournalItemsMax);
    std::array<std::uint64_t, kJournalItemsMax>& items = items_;
    const std::string_view bytes = walk_.view(offset + kEntryBytes, count * item);
    const std::size_t whole = bytes.size() / item;
    for (std::size_t i = 0; i < whole; ++i)
      items[i] = compact_ ? number_at<std::uint32_t>(bytes, i * item) : number_at<std::uint64_t>(bytes, i * item);
    std::uint64_t message = 0;
    std::optional<std::uint32_t> syslog_pid;
    texts_.clear();
    texts_.reserve(4 * kSlotTextBytes);  // views into it stay valid
    const auto keep = [this](std::string_view text) {
      const std::size_t at = texts_.size();
      if (texts_.capacity() - at < text.size()) return std::string_view{};
      texts_.append(text);
      return std::string_view{texts_}.substr(at);
    };
    for (std::size_t i = 0; i < whole; ++i) {
      const Slot& slot = slot_of(items[i]);
      switch (slot.field) {
        case Field::message: message = items[i]; break;
        case Field::identifier: out.identifier = keep(slot.value()); break;
        case Field::comm: out.comm = keep(slot.value()); break;
        case Field::pid: out.pid = slot.number; break;
        case Field::syslog_pid: syslog_pid = slot.number; break;
        case Field::uid: out.uid = slot.number; break;
        case Field::unit: out.unit = keep(slot.value()); break;
        case Field::transport: out.transport = keep(slot.value()); break;
        case Field::none: break;
      }
    }
    if (!out.pid) out.pid = syslog_pid;
    if (message != 0) {
      out.message = payload(message);
      take(out.message, "MESSAGE=");
    }
    to_(out);
  }

  static constexpr std::size_t kEntryBytes = 64;  // before its items

  std::string_view path_;
  Notes& notes_;
  const std::function<void(const JournalEntry&)>& to_;
  Window walk_;
  Window stray_;
  std::uint64_t end_;
  bool compact_ = false;
  std::uint64_t entries_ = 0;
  std::vector<Slot> slots_;
  std::array<std::uint64_t, kJournalItemsMax> items_{};
  std::string unpacked_;
  std::string texts_;
};

}  // namespace

std::optional<JournalHead> journal_head(const Tree& tree, std::string_view path) {
  const Result<std::unique_ptr<TreeFile>> file = tree.open(path);
  if (!file) return std::nullopt;
  std::array<char, kHeaderBytesMin> bytes{};
  const std::size_t got = (*file)->read_at(0, bytes).value_or(0);
  const std::string_view head{bytes.data(), got};
  if (got < kHeaderBytesMin || !head.starts_with("LPKSHHRH")) return std::nullopt;
  return JournalHead{static_cast<std::int64_t>(number_at<std::uint64_t>(head, 184)),
                     static_cast<std::int64_t>(number_at<std::uint64_t>(head, 192))};
}

std::uint64_t read_journal(const Tree& tree, std::string_view path, Notes& notes,
                           const std::function<void(const JournalEntry&)>& to, const std::function<bool()>& ended) {
  const Result<std::unique_ptr<TreeFile>> file = tree.open(path);
  if (!file) {
    notes.add(std::string{path}, file.error().what);
    return 0;
  }
  Reader reader{**file, path, notes, to};
  const std::uint64_t bytes = reader.run(ended);
  if (bytes == 0) notes.add(std::string{path}, "is no journal");
  return bytes;
}

}  // namespace abate::sweep
