// SPDX-License-Identifier: Apache-2.0
#include "sweep/host/archives/members.h"

#include <algorithm>
#include <array>
#include <cerrno>
#include <memory>

#include <archive.h>
#include <archive_entry.h>

#include "base/text.h"
#include "sweep/host/archives/layers.h"
#include "sweep/host/archives/memory_limit.h"
#include "sweep/host/logs/stream.h"

namespace abate::sweep {
namespace {

constexpr std::size_t kStepBytes = std::size_t{64} << 10;
constexpr std::size_t kReasonsMax = 8;

struct Free {
  void operator()(archive* reader) const { archive_read_free(reader); }
};
using Reader = std::unique_ptr<archive, Free>;

// "db.sql.gz" -> "db.sql"; a name without a suffix stays.
std::string_view without_suffix(std::string_view name) {
  const std::string_view suffix = suffix_of(name);
  return suffix.size() < name.size() ? name.substr(0, name.size() - suffix.size()) : name;
}

// What all levels of one archive share.
struct Shared {
  MemberVisitor& visitor;
  Unpacked& done;
  std::uint64_t unpacked_max = 0;
  bool stopped = false;

  void leave_out(std::string why) {
    if (done.left_out.size() < kReasonsMax && std::ranges::find(done.left_out, why) == done.left_out.end())
      done.left_out.push_back(std::move(why));
  }
  void stop(std::string why) {
    if (!stopped) leave_out(std::move(why));
    stopped = true;
  }
  [[nodiscard]] bool over() const { return stopped || visitor.ended(); }
  // False where that is too much.
  bool spend(std::uint64_t bytes) {
    done.bytes += bytes;
    if (done.bytes <= unpacked_max) return true;
    if (unpacked_max < kArchiveUnpackedBytesMax)
      stop(fmt::format("it unpacks to more than {} times its size, like a bomb: the rest was not looked into",
                       kArchiveRatioMax));
    else
      stop(fmt::format("it unpacks to more than {} MiB: the rest was not looked into", kArchiveUnpackedBytesMax >> 20));
    return false;
  }
};

// One archive that libarchive reads, on disk or within another.
class Container {
 public:
  Container(Shared& shared, TreeFile& file, Packing packing, bool seekable)
      : shared_{shared}, file_{file}, packing_{packing}, seekable_{seekable} {}

  // False: the list of members is too long to be held; read it in order instead.
  bool open() {
    reader_.reset(archive_read_new());
    if (!reader_) return fail("no memory"), true;
    switch (packing_) {
      case Packing::tar: archive_read_support_format_tar(reader_.get()); break;
      case Packing::zip:
        if (seekable_) archive_read_support_format_zip_seekable(reader_.get());
        archive_read_support_format_zip_streamable(reader_.get());
        break;
      case Packing::seven_zip: archive_read_support_format_7zip(reader_.get()); break;
      case Packing::rar: archive_read_support_format_rar(reader_.get()); break;
      case Packing::rar5: archive_read_support_format_rar5(reader_.get()); break;
      case Packing::cpio: archive_read_support_format_cpio(reader_.get()); break;
      case Packing::ar: archive_read_support_format_ar(reader_.get()); break;
      case Packing::none:
      case Packing::stream: return fail("no archive"), true;
    }
    archive_read_set_callback_data(reader_.get(), this);
    archive_read_set_read_callback(reader_.get(), read);
    if (seekable_) {
      archive_read_set_seek_callback(reader_.get(), seek);
      archive_read_set_skip_callback(reader_.get(), skip);
    }
    const MemoryLimit limit{kArchiveMemoryBytesMax};
    if (archive_read_open1(reader_.get()) != ARCHIVE_OK) return explain(), list_too_long_ ? false : true;
    opened_ = true;
    return true;
  }

  // The next member that is a file; null at the end.
  archive_entry* next() {
    while (!ended_ && !shared_.over()) {
      archive_entry* entry = nullptr;
      int said = 0;
      {
        const MemoryLimit limit{kArchiveMemoryBytesMax};
        said = archive_read_next_header(reader_.get(), &entry);
      }
      listed_ = true;
      if (said == ARCHIVE_EOF) break;
      if (said < ARCHIVE_WARN) {
        if (!list_too_long_) explain();
        break;
      }
      if (archive_entry_is_encrypted(entry) == 1) {
        shared_.leave_out("it holds encrypted members");
        continue;
      }
      if (archive_entry_filetype(entry) == AE_IFREG || archive_entry_filetype(entry) == 0) return entry;
    }
    ended_ = true;
    return nullptr;
  }

  // Of the member that next() gave; 0 at its end.
  std::size_t read_member(std::span<char> into) {
    if (ended_ || shared_.over()) return 0;
    la_ssize_t got = 0;
    {
      const MemoryLimit limit{kArchiveMemoryBytesMax};
      got = archive_read_data(reader_.get(), into.data(), into.size());
    }
    if (got < 0) {
      explain();
      ended_ = got == ARCHIVE_FATAL;
      return 0;
    }
    const bool packs = packing_ != Packing::tar && packing_ != Packing::cpio && packing_ != Packing::ar;
    if (packs && !shared_.spend(static_cast<std::uint64_t>(got))) return 0;
    return static_cast<std::size_t>(got);
  }

  // Passes over what is left of a member. Where the format has to unpack it for that, it counts.
  void pass_rest() {
    if (ended_ || packing_ == Packing::tar || packing_ == Packing::cpio || packing_ == Packing::ar ||
        (packing_ == Packing::zip && seekable_))
      return;  // the next header passes over it
    std::array<char, kStepBytes> step;
    while (read_member(step) != 0) {
    }
  }

  [[nodiscard]] bool list_too_long() const { return list_too_long_; }

 private:
  static Container& self(void* data) { return *static_cast<Container*>(data); }

  static la_ssize_t read(archive* reader, void* data, const void** out) {
    Container& container = self(data);
    if (container.shared_.over()) return archive_set_error(reader, EINTR, "%s", "ended"), -1;
    if (!container.listed_ && container.sought_ && container.before_list_ > kArchiveListBytesMax) {
      container.list_too_long_ = true;
      return archive_set_error(reader, EFBIG, "%s", "its list of members is too long"), -1;
    }
    const Result<std::size_t> got = container.file_.read_at(container.position_, container.buffer_);
    if (!got) return archive_set_error(reader, EIO, "%s", got.error().what.c_str()), -1;
    container.position_ += *got;
    if (!container.listed_) container.before_list_ += *got;
    *out = container.buffer_.data();
    return static_cast<la_ssize_t>(*got);
  }
  static la_int64_t seek(archive*, void* data, la_int64_t offset, int whence) {
    Container& container = self(data);
    const auto end = static_cast<la_int64_t>(container.file_.stat().size);
    const la_int64_t from = whence == SEEK_SET   ? 0
                            : whence == SEEK_CUR ? static_cast<la_int64_t>(container.position_)
                                                 : end;
    la_int64_t to = 0;
    if (__builtin_add_overflow(from, offset, &to) || to < 0 || to > end) return ARCHIVE_FATAL;
    container.sought_ = true;
    container.position_ = static_cast<std::uint64_t>(to);
    return to;
  }
  static la_int64_t skip(archive*, void* data, la_int64_t request) {
    Container& container = self(data);
    const auto left = container.file_.stat().size - std::min(container.position_, container.file_.stat().size);
    const std::uint64_t passed = std::min<std::uint64_t>(left, request > 0 ? static_cast<std::uint64_t>(request) : 0);
    container.position_ += passed;
    return static_cast<la_int64_t>(passed);
  }

  void fail(std::string why) {
    shared_.leave_out(std::move(why));
    ended_ = true;
  }
  void explain() {
    if (shared_.over()) return;
    // libarchive 3.6 calls by a wild pointer here where no format was found.
    if (opened_ && archive_read_has_encrypted_entries(reader_.get()) > 0)
      return shared_.leave_out("it holds encrypted members");
    if (archive_errno(reader_.get()) == ENOMEM)
      return shared_.leave_out(
          fmt::format("it wants more than {} MiB of memory to be unpacked", kArchiveMemoryBytesMax >> 20));
    const char* text = archive_error_string(reader_.get());
    shared_.leave_out(
        fmt::format("it is damaged, or packed in a way that is not understood ({}): the rest was not looked into",
                    text == nullptr ? "no reason given" : make_valid_utf8(text)));
  }

  Shared& shared_;
  TreeFile& file_;
  Packing packing_;
  bool seekable_;
  Reader reader_;
  std::vector<char> buffer_ = std::vector<char>(kStepBytes);
  std::uint64_t position_ = 0;
  std::uint64_t before_list_ = 0;  // bytes read before the first member was named
  bool opened_ = false;
  bool sought_ = false;
  bool listed_ = false;
  bool list_too_long_ = false;
  bool ended_ = false;
};

class Unpacker {
 public:
  explicit Unpacker(Shared& shared) : shared_{shared} {}

  void file(TreeFile& file, const std::string& name, int depth, bool seekable) {
    if (shared_.over()) return;
    const std::string head = head_of(file, kPackingHeadBytes);
    const Packing packing = packing_of(head);
    if (packing == Packing::none) return;
    if (depth > kArchiveDepthMax)
      return shared_.leave_out(fmt::format("archives lie in it deeper than {} levels", kArchiveDepthMax));
    if (packing == Packing::stream) return stream(file, name, depth);
    if (packing == Packing::seven_zip && !seekable)
      return shared_.leave_out(
          fmt::format("a 7z larger than {} MiB lies within another archive", kMemberBytesMax >> 20));
    container(file, packing, name, depth, seekable);
  }

 private:
  // gzip and its like: what is in it is an archive, packed once more, or one file.
  void stream(TreeFile& file, const std::string& name, int depth) {
    const std::unique_ptr<ByteSource> source = open_source(file);
    const auto read = [&](std::span<char> into) -> std::size_t {
      if (shared_.over()) return 0;
      const std::size_t got = source->read(into);
      return shared_.spend(got) ? got : 0;
    };
    StreamedFile inside{read};
    const std::string inner{without_suffix(name)};
    const Packing packing = packing_of(head_of(inside, kPackingHeadBytes));
    if (packing == Packing::none)
      member(inner, 0644, depth, [&, offset = std::uint64_t{0}](std::span<char> into) mutable {
        const std::size_t got = inside.read_at(offset, into).value_or(0);
        offset += got;
        return got;
      });
    else
      this->file(inside, packing == Packing::stream ? inner : name, packing == Packing::stream ? depth + 1 : depth,
                 false);
    if (!source->trouble().empty() && !shared_.over()) shared_.leave_out("it " + source->trouble());
  }

  void container(TreeFile& file, Packing packing, const std::string& name, int depth, bool seekable) {
    Container container{shared_, file, packing, seekable};
    if (container.open()) members(container, name, depth);
    if (!container.list_too_long() || shared_.over()) return;
    if (packing != Packing::zip)
      return shared_.leave_out(fmt::format("its list of members is longer than {} MiB", kArchiveListBytesMax >> 20));
    Container in_order{shared_, file, packing, false};
    if (in_order.open()) members(in_order, name, depth);
  }

  void members(Container& container, const std::string& name, int depth) {
    while (archive_entry* entry = container.next()) {
      if (++shared_.done.members > kArchiveMembersMax)
        return shared_.stop(
            fmt::format("it holds more than {} members: the rest was not looked into", kArchiveMembersMax));
      const char* said = archive_entry_pathname(entry);
      if (said == nullptr) said = archive_entry_pathname_utf8(entry);
      const std::string_view own = said == nullptr ? std::string_view{"(a member without a name)"} : said;
      const std::string full = depth == 1 ? std::string{own.substr(0, kMemberNameBytesMax)}
                                          : fmt::format("{}/{}", name, own).substr(0, 2 * kMemberNameBytesMax);
      const auto mode = static_cast<std::uint16_t>(archive_entry_perm(entry) & 07777U);
      member(full, mode, depth, [&](std::span<char> into) { return container.read_member(into); });
      container.pass_rest();
    }
  }

  // One file within: handed out, and looked into where it is an archive itself.
  void member(const std::string& name, std::uint16_t mode, int depth, const StreamedFile::Read& read) {
    std::string& bytes = buffers_.at(static_cast<std::size_t>(depth - 1));
    bytes.clear();
    std::size_t length = 0;
    bool ended = false;
    while (length < kMemberBytesMax && !ended) {
      bytes.resize(std::min(std::max(length * 2, kStepBytes), kMemberBytesMax));
      const std::size_t got = read(std::span{bytes}.subspan(length));
      length += got;
      ended = got == 0;
    }
    bytes.resize(length);
    if (length == 0 || shared_.visitor.ended()) return;
    if (!ended) {  // exactly kMemberBytesMax may be all
      bytes.resize(length + 1);
      ended = read(std::span{bytes}.subspan(length)) == 0;
      if (ended) bytes.resize(length);
    }
    shared_.visitor.see(
        {.name = name, .bytes = std::string_view{bytes}.substr(0, length), .whole = ended, .mode = mode});
    if (packing_of(std::string_view{bytes}.substr(0, kPackingHeadBytes)) == Packing::none) return;
    if (ended) {
      BytesInMemory inside{bytes};
      return file(inside, name, depth + 1, true);
    }
    StreamedFile inside{read, bytes};
    file(inside, name, depth + 1, false);
  }

  Shared& shared_;
  std::array<std::string, kArchiveDepthMax> buffers_;
};

}  // namespace

Unpacked unpack(TreeFile& file, std::string_view name, MemberVisitor& visitor) {
  Unpacked done;
  const std::uint64_t by_ratio =
      std::max(kArchiveRatioFreeBytes, std::min(file.stat().size, kArchiveUnpackedBytesMax) * kArchiveRatioMax);
  Shared shared{.visitor = visitor, .done = done, .unpacked_max = std::min(by_ratio, kArchiveUnpackedBytesMax)};
  Unpacker{shared}.file(file, std::string{name.substr(0, kMemberNameBytesMax)}, 1, true);
  return done;
}

}  // namespace abate::sweep
