// SPDX-License-Identifier: Apache-2.0
#include "sweep/host/web/releases.h"

#include <algorithm>
#include <filesystem>
#include <fstream>
#include <iterator>

#include <boost/json/parse.hpp>

#include "base/digest.h"
#include "base/embedded.h"
#include "base/hash.h"
#include "base/json_fields.h"
#include "base/text.h"
#include "sweep/host/web/sites.h"

namespace abate::sweep {

std::span<const EmbeddedFile> release_lists();  // made by cmake/Embed.cmake

namespace {

// Folders in which the release alone puts files.
struct Core {
  std::string_view application;
  std::string_view folder;
};
constexpr Core kCores[] = {
    {"wordpress", "wp-admin"},
    {"wordpress", "wp-includes"},
    {"joomla", "administrator/components"},
    {"joomla", "libraries/src"},
    {"drupal", "core"},
    {"phpmyadmin", "libraries"},
    {"phpmyadmin", "js"},
    {"roundcube", "program"},
    {"nextcloud", "core"},
    {"nextcloud", "lib"},
    {"mediawiki", "includes"},
    {"typo3", "typo3/sysext"},
    {"prestashop", "classes"},
    {"prestashop", "controllers"},
    {"magento", "lib/internal"},
};
// What belongs to a release and is made to be changed, or differs between its translations.
constexpr std::string_view kOwn[] = {
    "wp-content/", "wp-includes/version.php", "wp-config-sample.php", "readme", "license", "config/", ".htaccess",
    "robots.txt"};
// Where Debian's packages put an application.
struct Packaged {
  std::string_view application;
  std::string_view folder;
};
constexpr Packaged kPackaged[] = {{"wordpress", "/usr/share/wordpress"},
                                  {"phpmyadmin", "/usr/share/phpmyadmin"},
                                  {"roundcube", "/usr/share/roundcube"},
                                  {"mediawiki", "/usr/share/mediawiki"}};

bool is_own(std::string_view path) {
  return std::ranges::any_of(kOwn, [&](std::string_view own) { return starts_with_ignoring_case(path, own); });
}

bool is_code(std::string_view path) {
  const std::string suffix = to_lower(suffix_of(path));
  return suffix == ".php" || suffix == ".js" || suffix == ".inc" || suffix == ".html";
}

class Known final : public Releases {
 public:
  [[nodiscard]] std::optional<std::string> md5_of(const InstalledApplication& application,
                                                  std::string_view path) const override {
    const auto list = lists_.find(application.folder);
    if (list == lists_.end()) return std::nullopt;
    const auto found = list->second->md5.find(path);
    return found == list->second->md5.end() ? std::nullopt : std::optional{found->second};
  }
  [[nodiscard]] bool has_list(const InstalledApplication& application) const override {
    return lists_.contains(application.folder);
  }
  [[nodiscard]] bool is_core(const InstalledApplication& application, std::string_view path) const override {
    return std::ranges::any_of(kCores, [&](const Core& core) {
      return core.application == application.name && path.starts_with(core.folder) &&
             path.substr(core.folder.size()).starts_with('/');
    });
  }
  [[nodiscard]] bool may_differ(std::string_view path) const override { return is_own(path); }

  [[nodiscard]] std::string identity() const override {
    Digest digest{"SHA256"};
    for (const auto& [folder, list] : lists_) {
      digest.add(fmt::format("{}\n{} {}\n", folder, list->name, list->version));
      for (const auto& [path, md5] : list->md5) digest.add(fmt::format("{}\t{}\n", md5, path));
    }
    return digest.hex();
  }

  void add(const std::string& folder, std::shared_ptr<const ReleaseList> list) { lists_[folder] = std::move(list); }

 private:
  std::map<std::string, std::shared_ptr<const ReleaseList>, std::less<>> lists_;  // by the application's folder
};

// Is what lies there this release, but for what somebody changed?
bool fits(const Tree& tree, const std::string& folder, const ReleaseList& list) {
  constexpr std::size_t kFileBytesMax = std::size_t{1} << 20;
  std::vector<std::string_view> code;
  for (const auto& [path, md5] : list.md5)
    if (is_code(path) && !is_own(path)) code.push_back(path);
  if (code.empty()) return false;
  const std::size_t step = std::max<std::size_t>(1, code.size() / kReleaseSample);
  std::size_t there = 0, same = 0;
  for (std::size_t i = 0; i < code.size(); i += step) {
    const Result<std::string> bytes = read_whole(tree, join_path(folder, code[i]), kFileBytesMax);
    if (!bytes) continue;
    Md5 hash;
    hash.add(*bytes);
    ++there;
    if (hash.hex() == list.md5.find(code[i])->second) ++same;
  }
  return there > 0 && same * 10 >= there * kReleaseSampleShare;
}

// The release that a package of this server holds: its files by the packages' own sums, not by what lies there.
std::shared_ptr<ReleaseList> packaged_release(const Host& host, const InstalledApplication& wanted) {
  if (host.packages->algorithm() != "MD5") return nullptr;
  for (const Packaged& place : kPackaged) {
    if (place.application != wanted.name || wanted.folder == place.folder) continue;
    const std::string folder{place.folder};
    if (application_of(*host.tree, folder).version != wanted.version) continue;
    auto list = std::make_shared<ReleaseList>();
    list->name = wanted.name;
    list->version = wanted.version;
    class Collect final : public Walker {
     public:
      Collect(const Host& host, const std::string& folder, ReleaseList& list)
          : host_{host}, folder_{folder}, list_{list} {}
      bool meet(const Node& node) override {
        if (node.stat.kind == NodeKind::file && list_.md5.size() < kReleaseFilesMax)
          if (const auto md5 = host_.packages->digest_of(node.path))
            list_.md5.emplace(node.path.substr(folder_.size() + 1), *md5);
        return true;
      }
      void pass_over(std::string_view, std::string_view) override {}

     private:
      const Host& host_;
      const std::string& folder_;
      ReleaseList& list_;
    } collect{host, folder, *list};
    host.tree->walk(folder, collect);
    return list;
  }
  return nullptr;
}

struct Source {
  std::string file_name;
  std::string text;
};

// The lists of `folder`, whose name is wanted here; the text of others is not read.
std::vector<Source> lists_in(const std::string& folder, const std::function<bool(std::string_view)>& wanted,
                             Notes& notes) {
  std::vector<Source> sources;
  if (folder.empty()) return sources;
  std::error_code error;
  for (const auto& entry : std::filesystem::directory_iterator{folder + "/checksums", error}) {
    const std::string name = entry.path().filename().string();
    if (!wanted(name) || !entry.is_regular_file(error)) continue;
    std::ifstream in{entry.path(), std::ios::binary};
    if (entry.file_size(error) > kReleaseListBytesMax || error || !in)
      notes.add(entry.path().string(), fmt::format("larger than {} MiB, or unreadable", kReleaseListBytesMax >> 20));
    else
      sources.push_back({name, std::string{std::istreambuf_iterator<char>{in}, {}}});
  }
  return sources;
}

}  // namespace

Result<ReleaseList> parse_release_list(std::string_view text, std::string_view file_name) {
  ReleaseList list;
  const std::string_view stem = file_name.substr(0, file_name.size() - suffix_of(file_name).size());
  const std::size_t dash = stem.find('-');
  if (dash == std::string_view::npos)
    return failure(Fault::malformed, "its name is not NAME-VERSION.tsv or NAME-VERSION.json");
  list.name = to_lower(stem.substr(0, dash));
  list.version = stem.substr(dash + 1);
  const auto add = [&](std::string_view path, std::string_view md5) {
    const Result<std::string> bytes = from_hex(md5);
    if (bytes && bytes->size() == 16 && !path.empty() && list.md5.size() < kReleaseFilesMax)
      list.md5.emplace(normal_path("/" + std::string{path}).substr(1), to_lower(md5));
  };
  if (file_name.ends_with(".json")) {
    boost::system::error_code error;
    const boost::json::value value = boost::json::parse(std::string_view{text}, error);
    if (error || !value.is_object()) return failure(Fault::malformed, "it is no JSON object");
    for (const auto& [path, md5] : object_of(value.as_object(), "checksums"))
      if (md5.is_string()) add(path, std::string_view{md5.as_string()});
  } else {
    for (const std::string_view line : split(text, '\n'))
      if (const std::size_t tab = line.find('\t'); tab == 32 && !line.starts_with('#'))
        add(trim(line.substr(tab + 1)), line.substr(0, tab));
  }
  if (list.md5.empty()) return failure(Fault::malformed, "it holds no checksum");
  return list;
}

std::unique_ptr<Releases> load_releases(const Host& host, const std::string& folder, Notes& notes) {
  auto known = std::make_unique<Known>();
  const auto starts = [&](std::string_view file, const InstalledApplication& one) {
    const std::string stem = one.name + "-" + one.version;
    return file.starts_with(stem) && file.substr(stem.size()).starts_with('.') &&
           file.substr(stem.size() + 1).find('.') == std::string_view::npos;
  };
  const auto wanted = [&](std::string_view file) {
    return std::ranges::any_of(host.applications, [&](const InstalledApplication& one) { return starts(file, one); });
  };
  std::vector<Source> sources = lists_in(folder, wanted, notes);
  for (const EmbeddedFile& file : release_lists())
    if (wanted(file.name)) sources.push_back({std::string{file.name}, std::string{file.bytes}});
  std::vector<std::shared_ptr<const ReleaseList>> lists;
  for (const Source& source : sources) {
    Result<ReleaseList> list = parse_release_list(source.text, source.file_name);
    if (list)
      lists.push_back(std::make_shared<const ReleaseList>(std::move(*list)));
    else
      notes.add(source.file_name, list.error().what);
  }
  for (const InstalledApplication& one : host.applications) {
    if (one.version.empty()) continue;
    bool done = false;
    for (const auto& list : lists)
      if (!done && list->name == one.name && list->version == one.version && fits(*host.tree, one.folder, *list)) {
        known->add(one.folder, list);
        done = true;
      }
    if (done) continue;
    if (auto list = packaged_release(host, one); list != nullptr && fits(*host.tree, one.folder, *list))
      known->add(one.folder, std::move(list));
  }
  return known;
}

}  // namespace abate::sweep
