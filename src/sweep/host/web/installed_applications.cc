// SPDX-License-Identifier: Apache-2.0
// Which applications lie on the disk: in the sites' docroots, and in the folders right beneath them.
#include <algorithm>
#include <set>

#include "sweep/host/web/sites.h"

namespace abate::sweep {
namespace {

constexpr std::size_t kFoldersMax = 5'000;  // that are looked into

}  // namespace

void load_applications(Host& host, Notes& notes) {
  std::set<std::string> folders;
  for (const Site& site : host.sites) {
    if (folders.size() >= kFoldersMax) break;
    folders.insert(site.docroot);
    for (std::string& folder : glob(*host.tree, join_path(site.docroot, "*"))) {
      const Result<Stat> stat = host.tree->stat(folder);
      if (stat && stat->kind == NodeKind::folder && folders.size() < kFoldersMax) folders.insert(std::move(folder));
    }
  }
  if (folders.size() >= kFoldersMax)
    notes.add("applications in further folders of web sites", fmt::format("more than {} folders", kFoldersMax));
  for (const std::string& folder : folders)
    if (Application found = application_of(*host.tree, folder); !found.name.empty())
      host.applications.push_back({folder, std::move(found.name), std::move(found.version)});
}

}  // namespace abate::sweep
