// SPDX-License-Identifier: Apache-2.0
#include "sweep/host/archives/look_into.h"

#include <algorithm>
#include <set>

#include "base/digest.h"
#include "base/hash.h"
#include "base/text.h"
#include "sweep/host/archives/members.h"
#include "sweep/host/code/php.h"
#include "sweep/host/code/places.h"

namespace abate::sweep {
namespace {

constexpr std::string_view kArchives[] = {".zip", ".tar", ".tgz",  ".gz",   ".tbz",  ".tbz2", ".bz2",
                                          ".txz", ".xz",  ".zst",  ".7z",   ".tzst", ".rar",  ".cpio",
                                          ".war", ".deb", ".docm", ".xlsm", ".docx", ".xlsx", ".pptm"};
// What distributions, package managers and caches keep packed; and logs, which are read as logs.
constexpr std::string_view kOthers[] = {"/usr/share",
                                        "/usr/lib",
                                        "/usr/src",
                                        "/usr/include",
                                        "/boot",
                                        "/proc",
                                        "/sys",
                                        "/dev",
                                        "/var/log",
                                        "/var/cache",
                                        "/var/lib/apt",
                                        "/var/lib/dpkg",
                                        "/var/lib/rpm",
                                        "/var/lib/snapd",
                                        "/var/lib/docker",
                                        "/var/lib/containers",
                                        "/var/lib/containerd",
                                        "/var/lib/flatpak",
                                        "/snap",
                                        "/lib"};
constexpr std::string_view kCaches[] = {"/.cache/", "/.npm/", "/node_modules/", "/.m2/", "/.cargo/", "/site-packages/"};
constexpr std::string_view kBackups[] = {"backup", "updraft",  "ai1wm",      "bak",
                                         "dump",   "snapshot", "duplicator", "akeeba"};
// Files that only a whole application has.
constexpr std::string_view kApplications[] = {"wp-includes/version.php",
                                              "core/lib/Drupal.php",
                                              "libraries/src/Version.php",
                                              "administrator/manifests/files/joomla.xml",
                                              "app/Mage.php",
                                              "occ",
                                              "libraries/classes/Version.php",
                                              "program/include/iniset.php"};

std::string member_path(std::string_view archive, std::string_view name) {
  return std::string{archive} + normal_path("/" + std::string{name});
}

class MemberFacts final : public FileFacts {
 public:
  MemberFacts(const Member& member, const Host& host) : member_{member}, host_{host} {}
  std::string_view md5() override {
    if (md5_.empty() && member_.whole) {
      Md5 hash;
      hash.add(member_.bytes);
      md5_ = hash.hex();
    }
    return md5_;
  }
  std::string_view packaged_digest() override {
    const std::string algorithm{host_.packages->algorithm()};
    if (algorithm == "MD5") return md5();
    if (packaged_.empty() && member_.whole) {
      Digest hash{algorithm.c_str()};
      hash.add(member_.bytes);
      packaged_ = hash.hex();
    }
    return packaged_;
  }
  bool known() override { return !packaged_digest().empty() && host_.packages->knows_content(packaged_digest()); }
  std::vector<Name> names_beside() override { return {}; }

 private:
  const Member& member_;
  const Host& host_;
  std::string md5_, packaged_;
};

class MemberLook final : public MemberVisitor {
 public:
  MemberLook(const FileView& archive, std::span<const Detector* const> detectors, const std::function<bool()>& ended)
      : archive_{archive}, detectors_{detectors}, ended_{ended} {}

  void see(const Member& member) override {
    ++members_;
    for (const std::string_view file : kApplications)
      application_ |= member.name == file || (member.name.ends_with(file) && member.name.size() > file.size() &&
                                              member.name[member.name.size() - file.size() - 1] == '/');
    const std::string path = member_path(archive_.path, member.name);
    Stat stat = archive_.stat;
    stat.mode = member.mode;
    stat.size = stat.blocks_bytes = member.whole ? member.bytes.size() : member.bytes.size() + 1;
    static_cast<void>(php_file("", ""));  // every member comes in the same buffer, and two may have the same name
    MemberFacts facts{member, archive_.host};
    const FileView view{.path = path, .stat = stat, .bytes = member.bytes, .host = archive_.host, .facts = facts};
    found_.of_file(&view);
    for (const Detector* detector : detectors_) {
      found_.of(*detector);
      detector->file(view, found_);
    }
    found_.of_file(nullptr);
  }
  [[nodiscard]] bool ended() const override { return ended_(); }

  // Of this archive, a detector's worst; each still with the member as its subject.
  std::vector<Finding> take() {
    Notes more;  // how many more there are of a kind: not worth saying of one archive
    return found_.take(more);
  }
  [[nodiscard]] std::size_t members() const { return members_; }
  [[nodiscard]] bool holds_application() const { return application_; }

 private:
  const FileView& archive_;
  std::span<const Detector* const> detectors_;
  const std::function<bool()>& ended_;
  Gather found_;
  std::size_t members_ = 0;
  bool application_ = false;
};

bool is_hidden(std::string_view path) { return path_in_container(path).find("/.") != std::string_view::npos; }

bool is_backup(std::string_view path, bool holds_application) {
  const std::string lower = to_lower(path);
  return holds_application ||
         std::ranges::any_of(kBackups, [&](std::string_view word) { return lower.find(word) != std::string::npos; });
}

}  // namespace

ArchiveLook::ArchiveLook(const Host& host, std::span<const Detector* const> detectors, Notes& notes,
                         std::function<bool()> ended)
    : host_{host}, notes_{notes}, ended_{std::move(ended)} {
  for (const Detector* detector : detectors)
    if (detector->file != nullptr && detector->wants == nullptr && !detector->stats_only)
      detectors_.push_back(detector);
}

bool ArchiveLook::wants(std::string_view path, const Stat& stat) const {
  constexpr std::uint64_t kSmallest = 20;  // an empty gzip
  if (detectors_.empty() || stat.size < kSmallest) return false;
  if (is_open_place(path)) return true;
  const std::string_view inside = path_in_container(path);
  const bool lent =
      path.find("/volumes/") != std::string_view::npos;  // of containers: an engine's folder, a site's files
  for (const std::string_view folder : kOthers)
    if (lies_in(inside, folder) && !lent) return false;
  for (const std::string_view part : kCaches)
    if (path.find(part) != std::string_view::npos) return false;
  const std::string suffix = to_lower(suffix_of(path));
  if (std::ranges::find(kArchives, suffix) != std::end(kArchives)) return true;
  return host_.site_of(path) != nullptr && (suffix.empty() || is_hidden(path));
}

void ArchiveLook::look(const FileView& view, TreeFile& file, Gather& out) {
  if (host_.packages->owns(view.path) && view.facts.known()) return;
  if (view.stat.size > kArchiveBytesMax)
    return notes_.add(std::string{view.path},
                      fmt::format("archives larger than {} MiB are not looked into", kArchiveBytesMax >> 20));
  if (unpacked_ > kArchivesUnpackedBytesMax)
    return notes_.add("further archives", fmt::format("{} GiB were unpacked already, and all that is more is left out",
                                                      kArchivesUnpackedBytesMax >> 30));
  MemberLook inside{view, detectors_, ended_};
  const Unpacked done = unpack(file, file_name(view.path), inside);
  unpacked_ += done.bytes;
  for (const std::string& why : done.left_out) notes_.add(std::string{view.path}, why);
  std::vector<Finding> found = inside.take();
  if (found.empty() || view.facts.known()) return;  // dear to know: asked only here
  std::set<std::string> bad;
  for (const Finding& finding : found)
    if (finding.severity == Severity::malicious) bad.insert(finding.subject.path);
  const bool backup = is_backup(view.path, inside.holds_application());
  const bool placed = is_open_place(view.path) || is_hidden(view.path) || view.site != nullptr;
  const bool acted_on = placed && !backup && bad.size() * kBadShare >= inside.members();
  const std::string whole_hash = view.bytes.size() == view.stat.size ? sha256_hex(view.bytes) : std::string{};
  std::set<std::string> said;
  for (Finding& finding : found) {  // the worst of each detector first
    if (!said.insert(finding.detector).second) continue;
    const std::string member{finding.subject.path.substr(std::min(view.path.size() + 1, finding.subject.path.size()))};
    if (!acted_on) finding.severity = std::min(finding.severity, Severity::suspicious);
    if (!finding.subject.sha256.empty()) finding.ids.push_back(std::move(finding.subject.sha256));
    finding.subject = file_subject(view.path);
    finding.subject.sha256 = whole_hash;
    finding.why =
        fmt::format("{} {}: {}", backup ? "In this backup lies" : "In this archive lies", member, finding.why);
    if (bad.size() > 1)
      finding.evidence.push_back(fmt::format("{} of {} members of the archive are bad", bad.size(), inside.members()));
    out.add_whole(std::move(finding));
  }
}

}  // namespace abate::sweep
