// SPDX-License-Identifier: Apache-2.0
// What dpkg says about files: /var/lib/dpkg/{status,diversions} and info/*.{list,md5sums}.
//
// A server has some hundred thousand packaged files: paths and contents are kept as 64-bit hashes with the package's
// number and the 16 bytes of MD5, sorted; that is 32 bytes a file. A collision of 64 bits between a stranger's path and
// a packaged one is a matter of 1 in 10^14.
#include <algorithm>
#include <array>
#include <cstring>
#include <map>

#include "base/digest.h"
#include "base/hash.h"
#include "base/text.h"
#include "sweep/host/inventory/inventory.h"
#include "sweep/host/inventory/packaged_path.h"

namespace abate::sweep {
namespace {

constexpr std::size_t kListBytesMax = std::size_t{32} << 20;
constexpr std::size_t kFilesMax = 2'000'000;
constexpr std::size_t kStatusBytesMax = std::size_t{64} << 20;

using Md5Bytes = std::array<std::uint8_t, 16>;

std::optional<Md5Bytes> md5_bytes(std::string_view hex) {
  const Result<std::string> bytes = from_hex(hex);
  if (!bytes || bytes->size() != 16) return std::nullopt;
  Md5Bytes out{};
  std::ranges::copy(*bytes, out.begin());
  return out;
}

struct PackagedFile {
  std::uint64_t path;  // hash
  std::uint32_t package;
  bool has_md5 = false;
  bool configuration = false;
  Md5Bytes md5{};
};

class Dpkg final : public Packages {
 public:
  [[nodiscard]] std::string_view system() const override { return "dpkg"; }
  [[nodiscard]] bool has(std::string_view package) const override { return versions_.contains(package); }
  [[nodiscard]] std::string version(std::string_view package) const override {
    const auto found = versions_.find(package);
    return found == versions_.end() ? std::string{} : found->second;
  }
  [[nodiscard]] bool owns(std::string_view path) const override { return find(path) != nullptr; }
  [[nodiscard]] std::optional<std::string> digest_of(std::string_view path) const override {
    const PackagedFile* file = find(path);
    return file != nullptr && file->has_md5 ? std::optional{to_hex(file->md5)} : std::nullopt;
  }
  [[nodiscard]] bool is_configuration(std::string_view path) const override {
    const PackagedFile* file = find(path);
    return file != nullptr && file->configuration;
  }
  [[nodiscard]] bool knows_content(std::string_view md5_hex) const override {
    const std::optional<Md5Bytes> md5 = md5_bytes(md5_hex);
    return md5 && std::ranges::binary_search(contents_, *md5);
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
    for (const auto& [name, version] : versions_) digest.add(fmt::format("{} {}\n", name, version));
    for (const PackagedFile& file : files_) {
      std::array<char, 32> bytes{};  // without what lies between the fields
      std::memcpy(bytes.data(), &file.path, sizeof file.path);
      bytes[8] = file.has_md5 ? 1 : 0;
      bytes[9] = file.configuration ? 1 : 0;
      std::ranges::copy(file.md5, bytes.begin() + 16);
      digest.add({bytes.data(), bytes.size()});
    }
    for (const Md5Bytes& content : contents_)
      digest.add({reinterpret_cast<const char*>(content.data()), content.size()});
    return digest.hex();
  }

  void read(const Tree& tree, Notes& notes) {
    read_status(tree, notes);
    const Result<std::vector<Name>> names = tree.list("/var/lib/dpkg/info");
    if (!names) return notes.add("/var/lib/dpkg/info", names.error().what);
    for (const Name& name : *names) {
      if (name.name.ends_with(".list")) read_list(tree, name.name);
      if (name.name.ends_with(".md5sums")) read_md5sums(tree, name.name);
    }
    for (const auto& [path, md5] : conffiles_)
      files_.push_back({.path = packaged_path_hash(path_as_packaged(path)),
                        .package = 0,
                        .has_md5 = true,
                        .configuration = true,
                        .md5 = md5});
    conffiles_.clear();
    // Of one path: a line with a sum before one without; a conffile's sum stands in the status alone.
    std::ranges::sort(files_, [](const PackagedFile& a, const PackagedFile& b) {
      return a.path != b.path ? a.path < b.path : a.has_md5 > b.has_md5;
    });
    read_diversions(tree);
    std::ranges::sort(contents_);
    const auto [first, last] = std::ranges::unique(contents_);
    contents_.erase(first, last);
    contents_.shrink_to_fit();
  }

 private:
  [[nodiscard]] const PackagedFile* find(std::string_view path) const {
    const std::uint64_t hash = packaged_path_hash(path_as_packaged(path));
    const auto found = std::ranges::lower_bound(files_, hash, {}, &PackagedFile::path);
    return found != files_.end() && found->path == hash ? &*found : nullptr;
  }

  std::uint32_t number_of(std::string_view file) {
    // "libc6:amd64.list": the package without its architecture.
    const std::string_view package =
        file.substr(0, file.find_first_of(file.find(':') != std::string_view::npos ? ":" : "."));
    std::string name{file.find(':') != std::string_view::npos ? package : file.substr(0, file.rfind('.'))};
    if (!names_.empty() && names_.back() == name) return static_cast<std::uint32_t>(names_.size() - 1);
    names_.push_back(std::move(name));
    return static_cast<std::uint32_t>(names_.size() - 1);
  }

  void read_list(const Tree& tree, const std::string& file) {
    const std::uint32_t package = number_of(file);
    for (const std::string_view line : lines_of(tree, "/var/lib/dpkg/info/" + file, kListBytesMax))
      if (line.starts_with('/') && line.size() > 1 && files_.size() < kFilesMax)
        files_.push_back({.path = packaged_path_hash(path_as_packaged(line)), .package = package});
  }

  void read_md5sums(const Tree& tree, const std::string& file) {
    const std::uint32_t package = number_of(file);
    std::string path;
    for (const std::string_view line : lines_of(tree, "/var/lib/dpkg/info/" + file, kListBytesMax)) {
      if (line.size() < 35 || files_.size() >= kFilesMax) continue;
      const std::optional<Md5Bytes> md5 = md5_bytes(line.substr(0, 32));
      if (!md5) continue;
      path = "/";
      path += line.substr(34);
      files_.push_back(
          {.path = packaged_path_hash(path_as_packaged(path)), .package = package, .has_md5 = true, .md5 = *md5});
      contents_.push_back(*md5);
    }
  }

  void read_status(const Tree& tree, Notes& notes) {
    const Result<std::string> text = read_whole(tree, "/var/lib/dpkg/status", kStatusBytesMax);
    if (!text) return notes.add("/var/lib/dpkg/status", text.error().what);
    names_.emplace_back();  // conffiles' package is not kept: number 0
    std::string package, version;
    bool installed = false, in_conffiles = false;
    const auto flush = [&] {
      if (!package.empty() && installed) versions_.emplace(package, version);
      package.clear();
      version.clear();
      installed = false;
    };
    for (const std::string_view line : split(*text, '\n')) {
      if (line.empty()) {
        flush();
        in_conffiles = false;
      } else if (in_conffiles && line.starts_with(' ')) {
        const std::size_t end = line.find(' ', 1);
        if (end == std::string_view::npos || line.ends_with("obsolete")) continue;
        if (const std::optional<Md5Bytes> md5 = md5_bytes(line.substr(end + 1, 32))) {
          conffiles_.emplace_back(line.substr(1, end - 1), *md5);
          contents_.push_back(*md5);
        }
      } else {
        in_conffiles = line == "Conffiles:";
        if (line.starts_with("Package: ")) package = line.substr(9);
        if (line.starts_with("Version: ")) version = line.substr(9);
        if (line.starts_with("Status: ")) installed = line.ends_with(" installed");
      }
    }
    flush();
  }

  // Three lines each: the path, where it was moved to, by which package. What stands at the path is the diverter's.
  void read_diversions(const Tree& tree) {
    const std::string text = read_or_nothing(tree, "/var/lib/dpkg/diversions");
    const std::vector<std::string_view> lines = split(text, '\n');
    for (std::size_t i = 0; i + 2 < lines.size(); i += 3) {
      const std::uint64_t from = packaged_path_hash(path_as_packaged(lines[i]));
      const auto found = std::ranges::lower_bound(files_, from, {}, &PackagedFile::path);
      if (found == files_.end() || found->path != from) continue;
      // Both names are known then, and neither has one certain content.
      for (auto same = found; same != files_.end() && same->path == from; ++same) same->has_md5 = false;
      moved_.push_back({.path = packaged_path_hash(path_as_packaged(lines[i + 1])), .package = found->package});
    }
    files_.insert(files_.end(), moved_.begin(), moved_.end());
    std::ranges::sort(files_, [](const PackagedFile& a, const PackagedFile& b) {
      return a.path != b.path ? a.path < b.path : a.has_md5 > b.has_md5;
    });
  }

  std::vector<std::string> names_;
  std::map<std::string, std::string, std::less<>> versions_;
  std::vector<PackagedFile> files_, moved_;
  std::vector<std::pair<std::string, Md5Bytes>> conffiles_;
  std::vector<Md5Bytes> contents_;
};

}  // namespace

std::unique_ptr<Packages> load_dpkg(const Tree& tree, Notes& notes) {
  if (!exists(tree, "/var/lib/dpkg/status")) return nullptr;
  auto dpkg = std::make_unique<Dpkg>();
  dpkg->read(tree, notes);
  return dpkg;
}

bool is_unchanged_from_package(const Host& host, std::string_view path) {
  const std::optional<std::string> expected = host.packages->digest_of(path);
  if (!expected) return false;
  constexpr std::size_t kBytesMax = std::size_t{16} << 20;
  const Result<std::string> bytes = read_whole(*host.tree, path, kBytesMax);
  if (!bytes) return false;
  Digest hash{std::string{host.packages->algorithm()}.c_str()};
  hash.add(*bytes);
  return hash.hex() == *expected;
}

}  // namespace abate::sweep
