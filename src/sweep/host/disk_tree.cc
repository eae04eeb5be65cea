// SPDX-License-Identifier: Apache-2.0
#include "sweep/host/disk_tree.h"

#include <algorithm>
#include <array>
#include <cerrno>
#include <climits>
#include <cstring>
#include <set>

#include <dirent.h>
#include <fcntl.h>
#include <linux/fs.h>
#include <linux/magic.h>
#include <sys/ioctl.h>
#include <sys/resource.h>
#include <sys/stat.h>
#include <sys/statfs.h>
#include <sys/xattr.h>

#include "base/open_beneath.h"

namespace abate::sweep {
namespace {

constexpr int kReadFlags = O_RDONLY | O_NONBLOCK | O_NOCTTY | O_CLOEXEC;
constexpr off_t kReadAheadBytes = off_t{128} << 10;  // what the kernel reads ahead by itself
constexpr std::size_t kAttributeBytesMax = std::size_t{64} << 10;

Error error_of(std::string_view path, int number) {
  switch (number) {
    case ENOENT:
    case ENOTDIR: return {Fault::not_found, fmt::format("{} is not there", path)};
    case EACCES:
    case EPERM: return {Fault::refused, fmt::format("{}: permission denied; run as root to see it", path)};
    case ELOOP: return {Fault::malformed, fmt::format("{} is a loop of links", path)};
    default: return {Fault::unavailable, fmt::format("{}: {}", path, ::strerrordesc_np(number))};
  }
}

NodeKind kind_of(mode_t mode) {
  switch (mode & S_IFMT) {
    case S_IFREG: return NodeKind::file;
    case S_IFDIR: return NodeKind::folder;
    case S_IFLNK: return NodeKind::link;
    case S_IFCHR:
    case S_IFBLK: return NodeKind::device;
    case S_IFIFO: return NodeKind::fifo;
    case S_IFSOCK: return NodeKind::socket;
    default: return NodeKind::other;
  }
}

NodeKind kind_of_entry(unsigned char type) { return kind_of(static_cast<mode_t>(DTTOIF(type))); }

std::string_view kind_says(NodeKind kind) {
  switch (kind) {
    case NodeKind::folder: return "a folder";
    case NodeKind::link: return "a link";
    case NodeKind::device: return "a device";
    case NodeKind::fifo: return "a FIFO";
    case NodeKind::socket: return "a socket";
    default: return "no regular file";
  }
}

Instant instant_of(const timespec& time) {
  // A file system may hold any number: what no calendar knows is cut to the ends of ours.
  const std::int64_t seconds =
      std::clamp<std::int64_t>(time.tv_sec, to_micros(kDistantPast) / 1000000, to_micros(kDistantFuture) / 1000000);
  return from_micros(seconds * 1000000 + time.tv_nsec / 1000);
}

Stat stat_of(const struct stat& is) {
  Stat out;
  out.kind = kind_of(is.st_mode);
  out.mode = static_cast<std::uint16_t>(is.st_mode & 07777);
  out.uid = is.st_uid;
  out.gid = is.st_gid;
  out.size = static_cast<std::uint64_t>(is.st_size);
  out.blocks_bytes = static_cast<std::uint64_t>(is.st_blocks) * 512;
  out.inode = is.st_ino;
  out.device = is.st_dev;
  out.links = static_cast<std::uint32_t>(is.st_nlink);
  out.modified = instant_of(is.st_mtim);
  out.changed = instant_of(is.st_ctim);
  return out;
}

class DiskFile final : public TreeFile {
 public:
  DiskFile(Descriptor file, const Stat& stat) : file_{std::move(file)}, stat_{stat} {}
  [[nodiscard]] const Stat& stat() const override { return stat_; }
  Result<std::size_t> read_at(std::uint64_t offset, std::span<char> into) override {
    for (;;) {
      const ssize_t got = ::pread(file_.get(), into.data(), into.size(), static_cast<off_t>(offset));
      if (got >= 0) return static_cast<std::size_t>(got);
      if (errno != EINTR) return std::unexpected(error_of("the file", errno));
    }
  }

 private:
  Descriptor file_;
  Stat stat_;
};

// From O_PATH to reading, the very node: through its number in our own /proc. A folder is its own "." where /proc is
// not there.
Descriptor reopen(const Descriptor& node, int flags) {
  flags |= kReadFlags;
  const std::string ours = fmt::format("/proc/self/fd/{}", node.get());
  Descriptor file{::open(ours.c_str(), flags | O_NOATIME)};
  if (!file && errno == EPERM) file = Descriptor{::open(ours.c_str(), flags)};  // O_NOATIME is for the owner only
  if (!file && errno == ENOENT && (flags & O_DIRECTORY) != 0) file = Descriptor{::openat(node.get(), ".", flags)};
  return file;
}

std::unexpected<Error> exchanged(std::string_view path) {
  return failure(Fault::refused, "{} was exchanged while it was opened", path);
}

// `is`: what fstat said of the node.
Result<std::unique_ptr<TreeFile>> open_file(const Descriptor& node, const struct stat& is, std::string_view path) {
  if (!S_ISREG(is.st_mode)) return failure(Fault::refused, "{} is {}", path, kind_says(kind_of(is.st_mode)));
  Descriptor file = reopen(node, 0);
  struct stat now{};
  if (!file || ::fstat(file.get(), &now) != 0) return std::unexpected(error_of(path, errno));
  if (!S_ISREG(now.st_mode)) return exchanged(path);
  if (now.st_size > kReadAheadBytes) ::posix_fadvise(file.get(), 0, 0, POSIX_FADV_SEQUENTIAL);
  return std::make_unique<DiskFile>(std::move(file), stat_of(now));
}

struct CloseFolder {
  void operator()(DIR* folder) const { ::closedir(folder); }
};
using Folder = std::unique_ptr<DIR, CloseFolder>;

Folder open_folder(const Descriptor& node) {
  Descriptor folder = reopen(node, O_DIRECTORY);
  if (!folder) return nullptr;
  DIR* opened = ::fdopendir(folder.get());
  if (opened != nullptr) static_cast<void>(folder.release());
  return Folder{opened};
}

// The next `names_max` of a folder, those in byte order.
std::vector<Name> names_in(DIR* folder, std::size_t names_max) {
  std::vector<Name> names;
  while (names.size() < names_max) {
    const dirent* entry = ::readdir(folder);
    if (entry == nullptr) break;
    const std::string_view name = entry->d_name;
    if (name != "." && name != "..") names.push_back({std::string{name}, kind_of_entry(entry->d_type)});
  }
  std::ranges::sort(names, {}, &Name::name);
  return names;
}

struct FileSystem {
  long magic;
  const char* name;
};
// Made up by the kernel as it is asked, or on another machine: never walked into.
constexpr FileSystem kPassedOver[] = {
    {PROC_SUPER_MAGIC, "proc"},
    {SYSFS_MAGIC, "sysfs"},
    {CGROUP_SUPER_MAGIC, "cgroup"},
    {CGROUP2_SUPER_MAGIC, "cgroup2"},
    {DEVPTS_SUPER_MAGIC, "devpts"},
    {DEBUGFS_MAGIC, "debugfs"},
    {TRACEFS_MAGIC, "tracefs"},
    {SECURITYFS_MAGIC, "securityfs"},
    {PSTOREFS_MAGIC, "pstore"},
    {BPF_FS_MAGIC, "bpf"},
    {EFIVARFS_MAGIC, "efivarfs"},
    {BINFMTFS_MAGIC, "binfmt_misc"},
    {HUGETLBFS_MAGIC, "hugetlbfs"},
    {NFS_SUPER_MAGIC, "nfs"},
    {SMB_SUPER_MAGIC, "smb"},
    {CIFS_SUPER_MAGIC, "cifs"},
    {SMB2_SUPER_MAGIC, "smb2"},
    {CEPH_SUPER_MAGIC, "ceph"},
    {AFS_SUPER_MAGIC, "afs"},
    {FUSE_SUPER_MAGIC, "fuse"},
    {V9FS_MAGIC, "9p"},
    {0x19800202, "mqueue"},
    {0x62656570, "configfs"},
    {0x65735543, "fusectl"},
    {0x67596969, "rpc_pipefs"},
};

class DiskWalk {
 public:
  DiskWalk(Walker& walker, std::string_view path) : walker_{walker}, path_{path} {}

  // The folder at path_. The path is one string for all levels: a copy a level would be gigabytes in a deep tree.
  void folder(const Descriptor& node, int depth) {
    struct stat is{};
    if (::fstat(node.get(), &is) != 0) return pass_over(errno);
    if (is.st_dev != device_) {
      if (const char* why = passed_over(node))
        return walker_.pass_over(path_, fmt::format("another kind of file system ({})", why));
      // A bind mount shows the same folder twice, and can be a loop.
      if (!mounts_.emplace(is.st_dev, is.st_ino).second)
        return walker_.pass_over(path_, "this folder was already looked at under another name");
    }
    if (depth > DiskTree::kDepthMax)
      return walker_.pass_over(path_, fmt::format("deeper than {} folders", DiskTree::kDepthMax));
    const dev_t outer = std::exchange(device_, is.st_dev);
    Folder open = open_folder(node);
    if (!open) pass_over(errno);
    while (open && !walker_.ended()) {
      std::vector<Name> names = names_in(open.get(), kNamesAtOnce);
      if (names.size() < kNamesAtOnce) open.reset();  // its buffer is 32 KiB: not to be held on every level
      fetched_ = 0;
      for (std::size_t at = 0; at < names.size() && !walker_.ended(); ++at) {
        if (disk_is_slow()) fetch_ahead(node, names, at);
        const std::size_t fetched = fetched_;
        entry(node, names[at], depth);
        fetched_ = fetched;
      }
    }
    device_ = outer;
  }

 private:
  static constexpr std::size_t kFetchedAhead = 32;        // files
  static constexpr off_t kFetchedBytes = off_t{1} << 20;  // of each: what is more, the kernel reads ahead itself
  static constexpr std::uint64_t kMetBetweenQuestions = 16;
  static constexpr std::size_t kNamesAtOnce = 10'000;  // a folder with more is met in several ordered runs

  void pass_over(int number) { walker_.pass_over(path_, ::strerrordesc_np(number)); }

  void entry(const Descriptor& folder_node, const Name& name, int depth) {
    const std::size_t length = path_.size();
    if (!path_.ends_with('/')) path_ += '/';
    path_ += name.name;
    if (!look_at(folder_node, name)) {
      if (errno != ENOENT) pass_over(errno);
    } else if (const Stat stat = stat_of(met_);
               walker_.meet({path_, stat, open_met_}) && stat.kind == NodeKind::folder) {
      enter(folder_node, name, depth);
    }
    path_.resize(length);
  }

  // What the name is, without opening it; false with errno.
  bool look_at(const Descriptor& folder_node, const Name& name) {
    met_in_ = folder_node.get();
    met_name_ = name.name.c_str();
    return ::fstatat(met_in_, met_name_, &met_, AT_SYMLINK_NOFOLLOW | AT_NO_AUTOMOUNT) == 0;
  }

  void enter(const Descriptor& folder_node, const Name& name, int depth) {
    const Descriptor node{::openat(folder_node.get(), name.name.c_str(), O_PATH | O_NOFOLLOW | O_CLOEXEC)};
    if (node)
      folder(node, depth + 1);
    else if (errno != ENOENT)
      pass_over(errno);
  }

  // Whether one of the last files had to be waited for: our own thread's reads that reached the disk.
  bool disk_is_slow() {
    if (++counted_ % kMetBetweenQuestions == 0) {
      rusage used{};
      ::getrusage(RUSAGE_THREAD, &used);
      slow_ = used.ru_inblock != blocks_read_;
      blocks_read_ = used.ru_inblock;
    }
    return slow_;
  }

  // Lets the disk fetch the next files' bytes while this one is looked at; nothing is read here. No threads are needed
  // for it, and none is there: the order stays the walk's.
  void fetch_ahead(const Descriptor& folder_node, const std::vector<Name>& names, std::size_t at) {
    fetched_ = std::max(fetched_, at + 1);
    for (; fetched_ < names.size() && fetched_ <= at + kFetchedAhead; ++fetched_) {
      const Name& name = names[fetched_];
      if (name.kind != NodeKind::file || !look_at(folder_node, name) || !S_ISREG(met_.st_mode) || met_.st_size == 0)
        continue;
      const std::size_t length = path_.size();
      if (!path_.ends_with('/')) path_ += '/';
      path_ += name.name;
      const bool wanted = walker_.will_read(path_, stat_of(met_));
      path_.resize(length);
      if (!wanted) continue;
      const Descriptor file{::openat(met_in_, met_name_, kReadFlags | O_NOFOLLOW | O_NOATIME)};
      if (file) ::posix_fadvise(file.get(), 0, std::min<off_t>(met_.st_size, kFetchedBytes), POSIX_FADV_WILLNEED);
    }
  }

  // The regular file that was just met, by its name at once: in the fewest calls. Afterwards it must be the very node.
  [[nodiscard]] Result<std::unique_ptr<TreeFile>> open_met() const {
    if (!S_ISREG(met_.st_mode)) return failure(Fault::refused, "{} is {}", path_, kind_says(kind_of(met_.st_mode)));
    Descriptor file{::openat(met_in_, met_name_, kReadFlags | O_NOFOLLOW | O_NOATIME)};
    if (!file && errno == EPERM) file = Descriptor{::openat(met_in_, met_name_, kReadFlags | O_NOFOLLOW)};
    if (!file && errno == ELOOP) return exchanged(path_);
    struct stat now{};
    if (!file || ::fstat(file.get(), &now) != 0) return std::unexpected(error_of(path_, errno));
    if (now.st_ino != met_.st_ino || now.st_dev != met_.st_dev || !S_ISREG(now.st_mode)) return exchanged(path_);
    if (now.st_size > kReadAheadBytes) ::posix_fadvise(file.get(), 0, 0, POSIX_FADV_SEQUENTIAL);
    return std::make_unique<DiskFile>(std::move(file), stat_of(now));
  }

  [[nodiscard]] static const char* passed_over(const Descriptor& node) {
    struct statfs system{};
    if (::fstatfs(node.get(), &system) != 0) return nullptr;
    for (const FileSystem& one : kPassedOver)
      // The magic is unsigned on disk and signed in the structure.
      if (static_cast<std::uint32_t>(system.f_type) == static_cast<std::uint32_t>(one.magic)) return one.name;
    return nullptr;
  }

  Walker& walker_;
  std::string path_;
  // The node that is being met: in which folder, its name there, and what was said of it.
  int met_in_ = -1;
  const char* met_name_ = "";
  struct stat met_{};
  const std::function<Result<std::unique_ptr<TreeFile>>()> open_met_ = [this] { return open_met(); };
  std::size_t fetched_ = 0;  // of this folder's names
  std::uint64_t counted_ = 0;
  long blocks_read_ = 0;
  bool slow_ = false;
  dev_t device_ = 0;
  std::set<std::pair<dev_t, ino_t>> mounts_;
};

}  // namespace

Result<std::unique_ptr<DiskTree>> DiskTree::open_root(const std::string& folder) {
  const int root = ::open(folder.c_str(), O_PATH | O_DIRECTORY | O_CLOEXEC);
  if (root < 0)
    return failure(errno == EACCES ? Fault::refused : Fault::not_found, "--root {}: {}", folder,
                   ::strerrordesc_np(errno));
  std::unique_ptr<DiskTree> tree{new DiskTree{root}};
  errno = 0;
  if (!open_beneath(root, "/", true) && (errno == ENOSYS || errno == EPERM)) tree->walk_carefully();
  return tree;
}

DiskTree::~DiskTree() { ::close(root_); }

int DiskTree::locate(std::string_view path, bool follow) const {
  return (careful_ ? open_beneath_carefully(root_, path, follow) : open_beneath(root_, path, follow)).release();
}

Result<Stat> DiskTree::stat(std::string_view path) const {
  const Descriptor node{locate(path, false)};
  struct stat is{};
  if (!node || ::fstat(node.get(), &is) != 0) return std::unexpected(error_of(path, errno));
  return stat_of(is);
}

Result<Stat> DiskTree::stat_through_links(std::string_view path) const {
  const Descriptor node{locate(path, true)};
  struct stat is{};
  if (!node || ::fstat(node.get(), &is) != 0) return std::unexpected(error_of(path, errno));
  return stat_of(is);
}

Result<std::unique_ptr<TreeFile>> DiskTree::open(std::string_view path) const {
  const Descriptor node{locate(path, true)};
  if (!node) return std::unexpected(error_of(path, errno));
  struct stat is{}, again{};
  if (::fstat(node.get(), &is) != 0) return std::unexpected(error_of(path, errno));
  Result<std::unique_ptr<TreeFile>> file = open_file(node, is, path);
  if (file || file.error().fault != Fault::not_found || careful_) return file;
  // No /proc to reopen the node through (a bare chroot): by its name again, and it must be the same node.
  Descriptor other = open_beneath(root_, path, true, O_RDONLY | O_NONBLOCK | O_NOCTTY);
  if (!other || ::fstat(other.get(), &again) != 0 || is.st_ino != again.st_ino || is.st_dev != again.st_dev)
    return file;
  return std::make_unique<DiskFile>(std::move(other), stat_of(again));
}

Result<std::string> DiskTree::link_target(std::string_view path) const {
  const Descriptor node{locate(path, false)};
  if (!node) return std::unexpected(error_of(path, errno));
  std::array<char, PATH_MAX> target{};
  const ssize_t length = ::readlinkat(node.get(), "", target.data(), target.size());
  if (length < 0)
    return errno == EINVAL || errno == ENOENT ? Result<std::string>{failure(Fault::refused, "{} is not a link", path)}
                                              : std::unexpected(error_of(path, errno));
  return std::string{target.data(), static_cast<std::size_t>(length)};
}

Result<std::vector<Name>> DiskTree::list(std::string_view path) const {
  const Descriptor node{locate(path, true)};
  if (!node) return std::unexpected(error_of(path, errno));
  const Folder folder = open_folder(node);
  if (!folder) return std::unexpected(error_of(path, errno));
  std::vector<Name> names = names_in(folder.get(), kNamesMax + 1);
  if (names.size() > kNamesMax) return failure(Fault::too_big, "{} holds more than {} names", path, kNamesMax);
  return names;
}

std::uint8_t DiskTree::flags(std::string_view path) const {
  const Descriptor node{locate(path, false)};
  struct stat is{};
  if (!node || ::fstat(node.get(), &is) != 0 || (!S_ISREG(is.st_mode) && !S_ISDIR(is.st_mode))) return 0;
  const Descriptor file = reopen(node, 0);
  int bits = 0;
  if (!file || ::ioctl(file.get(), FS_IOC_GETFLAGS, &bits) != 0) return 0;
  std::uint8_t out = 0;
  if ((bits & FS_IMMUTABLE_FL) != 0) out |= static_cast<std::uint8_t>(FileFlag::immutable);
  if ((bits & FS_APPEND_FL) != 0) out |= static_cast<std::uint8_t>(FileFlag::append_only);
  return out;
}

Result<std::string> DiskTree::attribute(std::string_view path, const std::string& name) const {
  const Descriptor node{locate(path, false)};
  if (!node) return std::unexpected(error_of(path, errno));
  const std::string ours = fmt::format("/proc/self/fd/{}", node.get());
  std::string value(kAttributeBytesMax, '\0');
  const ssize_t length = ::getxattr(ours.c_str(), name.c_str(), value.data(), value.size());
  if (length < 0) return failure(Fault::not_found, "{} has no attribute {}", path, name);
  value.resize(static_cast<std::size_t>(length));
  return value;
}

void DiskTree::walk(std::string_view path, Walker& walker) const {
  const Descriptor node{locate(path, true)};
  if (!node) return walker.pass_over(path, ::strerrordesc_np(errno));
  DiskWalk{walker, path}.folder(node, 0);
}

}  // namespace abate::sweep
