// SPDX-License-Identifier: Apache-2.0
#include "sweep/host/look.h"

#include <algorithm>

#include <malloc.h>

#include "base/digest.h"
#include "base/text.h"
#include "sweep/host/answer_leads.h"
#include "sweep/host/archives/layers.h"
#include "sweep/host/archives/look_into.h"
#include "sweep/host/code/places.h"
#include "sweep/host/gather.h"
#include "sweep/host/logs/read_logs.h"
#include "sweep/host/raise_together.h"
#include "sweep/host/read_file.h"

namespace abate::sweep {
namespace {

constexpr std::string_view kScripts[] = {
    ".php", ".phtml", ".php3", ".php4",  ".php5", ".php7", ".php8",     ".phar", ".inc",  ".pht", ".shtml", ".js",
    ".mjs", ".html",  ".htm",  ".xhtml", ".svg",  ".cgi",  ".pl",       ".pm",   ".py",   ".sh",  ".rb",    ".lua",
    ".jsp", ".jspx",  ".asp",  ".aspx",  ".ico",  ".txt",  ".htaccess", ".conf", ".json", ".tpl", ".twig"};
constexpr std::string_view kOpenPlaces[] = {"/tmp",     "/var/tmp",   "/dev/shm", "/run/user",
                                            "/run/shm", "/var/crash", "/var/lock"};
constexpr std::string_view kOwnPlaces[] = {"/home",           "/root",       "/opt",           "/srv",
                                           "/usr/local",      "/var/www",    "/etc/cron.d",    "/etc/cron.hourly",
                                           "/etc/cron.daily", "/etc/init.d", "/etc/profile.d", "/var/spool/cron"};

constexpr std::string_view kServicePlaces[] = {"/var/lib", "/var/cache", "/var/spool", "/var/log", "/var/backups"};

bool lies_in_any(std::string_view path, std::span<const std::string_view> folders) {
  return std::ranges::any_of(folders, [&](std::string_view folder) { return lies_in(path, folder); });
}

class LookWalker final : public Walker {
 public:
  LookWalker(const Host& host, std::span<const Detector* const> detectors, const LookOptions& options, Notes& notes,
             Gather& gather, LookStats& stats)
      : host_{host},
        options_{options},
        notes_{notes},
        gather_{gather},
        stats_{stats},
        file_{host, options.ended},
        archives_{host, detectors, notes, options.ended} {
    for (const Detector* detector : detectors)
      if (detector->file != nullptr) detectors_.push_back(detector);
  }

  bool meet(const Node& node) override {
    if (node.stat.kind == NodeKind::folder)
      return !is_joined_layers(node.path) &&
             std::ranges::find(options_.passed_over, node.path) == options_.passed_over.end();
    if (node.stat.kind != NodeKind::file) return true;
    options_.progress(node.path, ++stats_.files);
    if (options_.sought != nullptr) options_.sought->look_at(node, notes_);
    look_unless_unchanged(node);
    return true;
  }

  void pass_over(std::string_view path, std::string_view why) override {
    notes_.add(std::string{path}, std::string{why});
  }
  bool will_read(std::string_view path, const Stat& stat) override {
    choose(path, stat);
    return bytes_wanted_ &&
           (options_.unchanged == nullptr || !options_.unchanged->knows(print_of(path, stat, looking_)));
  }
  [[nodiscard]] bool ended() const override { return options_.ended(); }

 private:
  // Fills in who would look at it.
  void choose(std::string_view path, const Stat& stat) {
    const bool worth = worth_reading(path, stat, host_);
    wanted_.clear();
    bytes_wanted_ = false;
    looking_ = 0;
    for (std::size_t at = 0; at < detectors_.size(); ++at) {
      const Detector* detector = detectors_[at];
      if (detector->wants != nullptr ? !detector->wants(path, stat, host_) : !worth) continue;
      wanted_.push_back(detector);
      looking_ |= std::uint64_t{1} << at % 64;
      bytes_wanted_ |= !detector->stats_only;
    }
    archive_ = archives_.wants(path, stat);
    if (archive_) looking_ = ~looking_;
    bytes_wanted_ |= archive_;
  }

  void look_unless_unchanged(const Node& node) {
    choose(node.path, node.stat);
    if (wanted_.empty() && !archive_) return;
    if (options_.own.inode != 0 && node.stat.inode == options_.own.inode && node.stat.device == options_.own.device)
      return;
    if (options_.unchanged == nullptr || !bytes_wanted_) {
      look_at(node);
      return;
    }
    const FilePrint print = print_of(node.path, node.stat, looking_);
    if (options_.unchanged->knows(print)) {
      options_.unchanged->keep(print);
      ++stats_.files_unchanged;
      return;
    }
    const std::uint64_t before = gather_.added() + notes_.told();
    // Silence is remembered only where it is whole: nothing found, nothing left out, nothing beside it asked.
    if (look_at(node) && gather_.added() + notes_.told() == before && !file_.looked_beside() && !options_.ended())
      options_.unchanged->add(print, node.stat);
  }

  // False where it could not be read.
  bool look_at(const Node& node) {
    file_.begin(node);
    if (bytes_wanted_ && !read(node)) return false;
    if (node.stat.size == options_.own.size && !options_.own.md5.empty() && file_.md5() == options_.own.md5)
      return true;  // a copy
    const FileView view{.path = node.path,
                        .stat = node.stat,
                        .bytes = file_.bytes(),
                        .host = host_,
                        .site = host_.site_of(node.path),
                        .facts = file_};
    const bool known = host_.packages->owns(node.path) && file_.known();  // elsewhere only asked about what is found
    gather_.of_file(&view);
    for (const Detector* detector : wanted_) {
      if (detector->wants == nullptr && known) continue;
      gather_.of(*detector);
      detector->file(view, gather_);
    }
    gather_.of_file(nullptr);
    if (archive_) look_into(node, view);
    stats_.bytes = file_.bytes_read();
    return true;
  }

  void look_into(const Node& node, const FileView& view) {
    if (packing_of(view.bytes.substr(0, kPackingHeadBytes)) == Packing::none) return;
    if (view.bytes.size() == view.stat.size) {
      BytesInMemory whole{view.bytes};
      return archives_.look(view, whole, gather_);
    }
    const Result<std::unique_ptr<TreeFile>> file = node.open();
    if (file) archives_.look(view, **file, gather_);
  }

  bool read(const Node& node) {
    const Result<void> done = file_.read();
    if (!done && done.error().fault != Fault::not_found) notes_.add(std::string{node.path}, done.error().what);
    if (!done && file_.bytes().empty()) return false;
    ++stats_.files_read;
    return !options_.ended();
  }

  const Host& host_;
  const LookOptions& options_;
  Notes& notes_;
  Gather& gather_;
  LookStats& stats_;
  std::vector<const Detector*> detectors_, wanted_;
  bool bytes_wanted_ = false;  // by any of wanted_
  std::uint64_t looking_ = 0;  // wanted_ as bits
  ReadFile file_;
  ArchiveLook archives_;
  bool archive_ = false;  // the file that is being looked at may be one
};

// Every log once, for all watchers together.
void watch_logs(const Host& host, std::span<const Detector* const> detectors, const LookOptions& options, Notes& notes,
                Gather& gather, LookStats& stats) {
  std::vector<std::pair<const Detector*, std::unique_ptr<LogWatcher>>> watching;
  std::vector<LogWatcher*> watchers = options.watching;
  for (const Detector* detector : detectors) {
    if (detector->watch == nullptr) continue;
    watching.emplace_back(detector, detector->watch(host));
    watchers.push_back(watching.back().second.get());
  }
  if (watchers.empty()) return;
  stats.log_lines = read_logs(host, watchers, notes, options.ended, options.progress).lines;
  for (const auto& [detector, watcher] : watching) {
    gather.of(*detector);
    watcher->finish(gather);
  }
}

// Compiling rules and reading packages and logs leaves holes that the walk, which takes little at a time, does not
// fill.
void give_memory_back() {
#ifdef __GLIBC__
  ::malloc_trim(0);
#endif
}

}  // namespace

bool is_program_file(std::string_view path) {
  constexpr std::string_view kFolders[] = {"/usr/bin",     "/usr/sbin",      "/bin",           "/sbin",
                                           "/usr/lib",     "/lib",           "/lib64",         "/usr/lib64",
                                           "/usr/libexec", "/usr/local/bin", "/usr/local/sbin"};
  return lies_in_any(path, kFolders);
}

bool worth_reading(std::string_view path, const Stat& stat, const Host& host) {
  if (stat.size == 0) return false;
  const std::string_view whole = path;
  path = path_in_container(path);
  if (lies_in_any(path, kOpenPlaces)) return true;
  if (lies_in(path, "/usr/share/doc") || lies_in(path, "/usr/share/man") || lies_in(path, "/proc") ||
      lies_in(path, "/sys"))
    return false;
  const std::string suffix = to_lower(suffix_of(path));
  const std::string_view name = file_name(path);
  const bool script = std::ranges::find(kScripts, suffix) != std::end(kScripts) || name == ".htaccess" ||
                      name == ".user.ini" || name == "crontab";
  if (host.site_of(whole) != nullptr)  // pictures too: a shell hides in one; but not films
    return script || stat.size <= (std::uint64_t{1} << 20);
  if (lies_in_any(path, kOwnPlaces)) return script || (stat.mode & 0111) != 0 || suffix.empty() || suffix == name;
  // Data of services: nothing there is a program unless somebody put one.
  const bool of_services = lies_in_any(path, kServicePlaces) && !lies_in(path, "/var/lib/dpkg");
  if ((stat.mode & 0111) != 0 && (is_program_file(whole) || of_services)) return !host.packages->owns(path);
  return script && !lies_in(path, "/usr/share") && !lies_in(path, "/usr/lib") && !lies_in(path, "/etc") &&
         !lies_in(path, "/var/lib/dpkg");
}

LookResult look(const Host& host, std::span<const Detector* const> detectors, const LookOptions& options,
                Notes& notes) {
  std::vector<const Detector*> chosen;
  for (const Detector* detector : detectors)
    if (options.areas.empty() || options.areas.contains(detector->area)) chosen.push_back(detector);
  LookResult result;
  Gather gather;
  for (const Detector* detector : chosen) {
    if (detector->host == nullptr || options.ended()) continue;
    options.progress(detector->id, 0);
    gather.of(*detector);
    detector->host(host, gather);
  }
  watch_logs(host, chosen, options, notes, gather, result.stats);
  give_memory_back();
  LookWalker walker{host, chosen, options, notes, gather, result.stats};
  const auto of_files = [](const Detector* detector) { return detector->file != nullptr; };
  if (std::ranges::any_of(chosen, of_files)) host.tree->walk("/", walker);
  result.ended_early = options.ended();
  if (result.ended_early) notes.add("the rest of the server", "the sweep was interrupted");
  result.findings = gather.take(notes);
  answer_leads(host, result.findings);
  raise_together(host, result.findings);
  return result;
}

}  // namespace abate::sweep
