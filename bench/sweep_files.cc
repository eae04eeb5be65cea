// SPDX-License-Identifier: Apache-2.0
// A web root looked through with 200 malware rules, against yara with the same rules and clamscan with the same as its
// own signatures. Each must find the very files that were planted. Everything counts: compiling the rules, walking,
// reading, matching. Of clamscan, which is slow, every fifth site is looked at, where it is installed at all.
//   sweep_files [--quick]
#include <sstream>

#include "measure.h"
#include "sweep/host/disk_tree.h"
#include "sweep/host/look.h"
#include "sweep/host/no_packages.h"
#include "sweep/host/rules/rule_set.h"
#include "web_tree.h"

namespace {

using namespace abate;

using Paths = std::set<std::string>;

struct Measured {
  double seconds = 0;  // of the processor
  Paths found;
};

Measured look_ourselves(const bench::WebTree& web) {
  Measured out;
  const double before = bench::used(RUSAGE_SELF);
  const auto tree = sweep::DiskTree::open_root(web.root());
  if (!tree) return out;
  sweep::Notes notes;
  const sweep::RuleSet rules{{{"bench.yar", bench::yara_rules()}}, notes};
  const sweep::NoPackages packages;
  sweep::Host host;
  host.tree = tree->get();
  host.packages = &packages;
  host.rules = &rules;
  host.sites.push_back({.docroot = bench::WebTree::kDocroot});
  std::vector<const sweep::Detector*> one;
  for (const sweep::Detector* detector : sweep::detectors())
    if (detector->id == "content_rules") one.push_back(detector);
  const sweep::LookResult result = sweep::look(host, one, {}, notes);
  out.seconds = bench::used(RUSAGE_SELF) - before;
  for (const Finding& finding : result.findings) out.found.insert(finding.subject.path);
  return out;
}

// `path_of` a line of its output; "" for a line that names no file.
template <class PathOf>
Measured run(const bench::WebTree& web, const std::string& command, PathOf path_of) {
  const std::string output = web.folder() + "/output";
  Measured out;
  const double before = bench::used(RUSAGE_CHILDREN);
  const int status = std::system((command + " >" + output + " 2>/dev/null").c_str());
  out.seconds = bench::used(RUSAGE_CHILDREN) - before;
  if (status == -1 || WEXITSTATUS(status) > 1) return {};  // clamscan ends with 1 when it finds something
  std::ifstream in{output};
  for (std::string line; std::getline(in, line);)
    if (const std::string path = path_of(line); path.starts_with(web.root()))
      out.found.insert(path.substr(web.root().size()));
  return out;
}

// Those of every fifth site.
bool is_fifth(const std::string& path) { return std::atoi(path.c_str() + path.find("/site") + 5) % 5 == 0; }

}  // namespace

int main(int argc, char** argv) {
  const bool quick = argc > 1 && std::string_view{argv[1]} == "--quick";
  const int files = quick ? 3000 : 100'000;
  bench::WebTree web;
  web.grow(files);
  const Measured warm = look_ourselves(web);  // the first reading fills the kernel's cache for all
  Measured ours = warm;
  for (int i = 0; i < (quick ? 0 : 3); ++i)
    if (Measured again = look_ourselves(web); again.seconds < ours.seconds) ours = std::move(again);
  bool right = ours.found == web.planted() && warm.found == web.planted();

  std::ofstream{web.folder() + "/rules.yar"} << bench::yara_rules();
  const Measured yara =
      run(web, fmt::format("yara -r -p 1 -f {0}/rules.yar {1}", web.folder(), web.root()),
          [](const std::string& line) { return line.substr(std::min(line.size(), line.find(' ') + 1)); });
  right &= yara.found == web.planted();
  const double each = files / ours.seconds;

  if (std::system("command -v clamscan >/dev/null") == 0) {
    bench::write_clamav_rules(web.folder());
    std::ofstream list{web.folder() + "/list"};
    int listed = 0;
    for (const auto& entry : std::filesystem::recursive_directory_iterator{web.root()})
      if (entry.is_regular_file() && is_fifth(entry.path())) list << entry.path().string() << '\n', ++listed;
    list.close();
    Paths expected;
    for (const std::string& path : web.planted())
      if (is_fifth(path)) expected.insert(path);
    const Measured clam =
        run(web,
            fmt::format("clamscan --no-summary --infected -d {0}/rules.ndb -d {0}/rules.ldb -f {0}/list", web.folder()),
            [](const std::string& line) { return line.substr(0, line.rfind(": ")); });
    right &= clam.found == expected;
    bench::tell("sweep_files", "files", each, listed / clam.seconds, "clamscan", 60, clam.found == expected);
  } else {
    std::printf("clamscan is not installed: not compared\n");
  }
  std::printf("%d files, %.0f MB, %zu planted; ours %zu, yara %zu\n", files, static_cast<double>(web.bytes()) / 1e6,
              web.planted().size(), ours.found.size(), yara.found.size());
  return bench::tell("sweep_files", "files", each, yara.seconds > 0 ? files / yara.seconds : 0, "yara", 7.6, right);
}
