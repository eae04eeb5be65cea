// SPDX-License-Identifier: Apache-2.0
// What rpm says about files: the table Packages of /var/lib/rpm/rpmdb.sqlite or /usr/lib/sysimage/rpm/rpmdb.sqlite
// (RHEL 9 and Fedora 33 and newer), else Packages.db (ndb, SUSE), else Packages (Berkeley DB, RHEL 8 and older). librpm
// comes as no archive in Debian, so the static program cannot hold it: the headers are read by rpm/header.h.
//
// As with dpkg, paths are kept as 64-bit hashes; beside them 32 bytes of digest.
#include <algorithm>
#include <array>
#include <map>

#include "base/digest.h"
#include "base/hash.h"
#include "sweep/host/inventory/inventory.h"
#include "sweep/host/inventory/packaged_path.h"
#include "sweep/host/inventory/rpm/header.h"
#include "sweep/host/inventory/rpm/older_databases.h"
#include "sweep/host/inventory/rpm/tree_database.h"

namespace abate::sweep {
namespace {

constexpr std::size_t kFilesMax = 1'000'000;
constexpr std::string_view kFolders[] = {"/usr/lib/sysimage/rpm", "/var/lib/rpm"};

struct Form {  // of the database
  std::string_view name;
  Result<void> (*read)(const Tree& tree, std::string_view path, const TakeBlob& take);
};

Result<void> read_sqlite_blobs(const Tree& tree, std::string_view path, const TakeBlob& take) {
  return read_blobs(tree, path, "SELECT blob FROM Packages", take);
}

// The newest first: a server that was upgraded may keep the former one.
constexpr Form kForms[] = {
    {"rpmdb.sqlite", read_sqlite_blobs}, {"Packages.db", read_ndb_blobs}, {"Packages", read_berkeley_blobs}};

struct PackagedFile {
  std::uint64_t path = 0;  // hash
  std::uint32_t package = 0;
  bool configuration = false;
  std::uint8_t digest_bytes = 0;  // 0: rpm has none; 32: SHA-256; others cannot be compared
  std::array<std::uint8_t, 32> digest{};
};

class Rpm final : public Packages {
 public:
  [[nodiscard]] std::string_view system() const override { return "rpm"; }
  [[nodiscard]] std::string_view algorithm() const override { return algorithm_ == kRpmMd5 ? "MD5" : "SHA256"; }
  [[nodiscard]] bool has(std::string_view package) const override { return versions_.contains(package); }
  [[nodiscard]] std::string version(std::string_view package) const override {
    const auto found = versions_.find(package);
    return found == versions_.end() ? std::string{} : found->second;
  }
  [[nodiscard]] bool owns(std::string_view path) const override { return find(path) != nullptr; }
  [[nodiscard]] std::optional<std::string> digest_of(std::string_view path) const override {
    const PackagedFile* file = find(path);
    if (file == nullptr || file->digest_bytes == 0) return std::nullopt;
    return to_hex(std::span{file->digest}.first(file->digest_bytes));
  }
  [[nodiscard]] bool is_configuration(std::string_view path) const override {
    const PackagedFile* file = find(path);
    return file != nullptr && file->configuration;
  }
  [[nodiscard]] bool knows_content(std::string_view digest_hex) const override {
    const Result<std::string> bytes = from_hex(digest_hex);
    return bytes && std::ranges::binary_search(contents_, packaged_path_hash(*bytes));
  }
  [[nodiscard]] std::string package_of(std::string_view path) const override {
    const PackagedFile* file = find(path);
    return file != nullptr ? names_[file->package] : std::string{};
  }
  [[nodiscard]] std::vector<std::pair<std::string, std::string>> installed() const override {
    return {versions_.begin(), versions_.end()};
  }

  [[nodiscard]] std::string identity() const override {
    Digest digest{"SHA256"};
    digest.add(algorithm());
    for (const auto& [name, version] : versions_) digest.add(fmt::format("{} {}\n", name, version));
    for (const PackagedFile& file : files_) {
      digest.add({reinterpret_cast<const char*>(&file.path), sizeof file.path});
      digest.add(file.configuration ? "c" : "f");
      digest.add({reinterpret_cast<const char*>(file.digest.data()), file.digest_bytes});
    }
    return digest.hex();
  }

  void read(const Tree& tree, const std::string& database, const Form& form, Notes& notes) {
    std::size_t unread = 0;
    const Result<void> done = form.read(tree, database, [&](std::string_view blob) {
      Result<RpmPackage> package = read_rpm_header(blob);
      if (package)
        add(*package);
      else
        ++unread;
      return files_.size() < kFilesMax;
    });
    if (!done) notes.add(database, done.error().what);
    if (unread != 0) notes.add(database, fmt::format("{} entries of packages are damaged", unread));
    if (files_.size() >= kFilesMax) notes.add(database, fmt::format("more than {} files in packages", kFilesMax));
    std::ranges::sort(files_, [](const PackagedFile& a, const PackagedFile& b) {
      return a.path != b.path ? a.path < b.path : a.digest_bytes > b.digest_bytes;
    });
    std::ranges::sort(contents_);
    const auto [first, last] = std::ranges::unique(contents_);
    contents_.erase(first, last);
    files_.shrink_to_fit();
    contents_.shrink_to_fit();
  }

 private:
  [[nodiscard]] const PackagedFile* find(std::string_view path) const {
    const std::uint64_t hash = packaged_path_hash(path_as_packaged(path));
    const auto found = std::ranges::lower_bound(files_, hash, {}, &PackagedFile::path);
    return found != files_.end() && found->path == hash ? &*found : nullptr;
  }

  void add(const RpmPackage& package) {
    if (package.name == "gpg-pubkey") return;  // a key that was imported, not a package
    // Several versions of one package (kernels) stand beside each other: the newest by rpm's order is not asked for.
    versions_.insert_or_assign(package.name, package.version);
    names_.push_back(package.name);
    if (files_.empty()) algorithm_ = package.algorithm;
    for (const RpmFile& file : package.files) {
      if (file.path.size() < 2 || files_.size() >= kFilesMax) continue;
      PackagedFile kept{.path = packaged_path_hash(path_as_packaged(file.path)),
                        .package = static_cast<std::uint32_t>(names_.size() - 1),
                        .configuration = (file.flags & kRpmConfig) != 0};
      const Result<std::string> digest = from_hex(file.digest);
      // All digests of a database are of one kind, but for a rare package of somebody else's.
      if (digest && !digest->empty() && digest->size() <= kept.digest.size() && package.algorithm == algorithm_ &&
          (file.flags & kRpmGhost) == 0) {
        kept.digest_bytes = static_cast<std::uint8_t>(digest->size());
        std::ranges::copy(*digest, kept.digest.begin());
        contents_.push_back(packaged_path_hash(*digest));
      }
      files_.push_back(kept);
    }
  }

  std::uint32_t algorithm_ = kRpmSha256;
  std::vector<std::string> names_;
  std::map<std::string, std::string, std::less<>> versions_;
  std::vector<PackagedFile> files_;
  std::vector<std::uint64_t> contents_;  // hashes of digests
};

}  // namespace

std::unique_ptr<Packages> load_rpm(const Tree& tree, Notes& notes) {
  for (const Form& form : kForms)
    for (const std::string_view folder : kFolders) {
      const std::string database = join_path(folder, form.name);
      if (!exists(tree, database)) continue;
      auto rpm = std::make_unique<Rpm>();
      rpm->read(tree, database, form, notes);
      if (rpm->installed().empty()) continue;
      if (const Result<Stat> log = tree.stat_through_links(database + "-wal"); log && log->size > 0)
        notes.add(database + "-wal", "what was installed last may stand here only, and is not read");
      return rpm;
    }
  return nullptr;
}

}  // namespace abate::sweep
