// SPDX-License-Identifier: Apache-2.0
#include <set>

#include "remedy/edit.h"
#include "remedy/measure.h"

namespace abate::remedy {

extern const Measure docroot_permissions_measure;

namespace {

constexpr std::size_t kNodesMax = 500'000;  // of one docroot
constexpr std::size_t kChangesMax = 500;    // more are for chmod

class OpenNodes final : public sweep::Walker {  // what every account may write to
 public:
  bool meet(const sweep::Node& node) override {
    ++nodes_;
    const bool sticky = (node.stat.mode & 01000U) != 0;
    const bool counts =
        node.stat.kind == sweep::NodeKind::file || (node.stat.kind == sweep::NodeKind::folder && !sticky);
    if (!counts || (node.stat.mode & 02U) == 0) return true;
    ++count_;
    if (found_.size() < kChangesMax) found_.emplace_back(node.path, node.stat.mode);
    return true;
  }
  void pass_over(std::string_view, std::string_view) override {}
  [[nodiscard]] bool ended() const override { return nodes_ >= kNodesMax; }
  [[nodiscard]] std::size_t count() const { return count_; }
  [[nodiscard]] const std::vector<std::pair<std::string, std::uint16_t>>& found() const { return found_; }

 private:
  std::size_t nodes_ = 0;
  std::size_t count_ = 0;
  std::vector<std::pair<std::string, std::uint16_t>> found_;
};

void look(const Ground& ground, Advised& out) {
  std::set<std::string> seen;
  std::size_t weak = 0;
  for (const sweep::Site& site : ground.host.sites) {
    if (site.docroot.empty() || site.docroot == "/" || !seen.insert(site.docroot).second) continue;
    OpenNodes open;
    ground.host.tree->walk(site.docroot, open);
    if (open.count() == 0) continue;
    ++weak;
    const std::string why =
        fmt::format("Every account of this server may write to {} files or folders of this site", open.count());
    if (open.count() > kChangesMax) {
      out.by_hand(file_subject(site.docroot), why, fmt::format("chmod -R o-w -- {}", shown_name(site.docroot)));
      continue;
    }
    Action& action = out.advise(file_subject(site.docroot), why);
    action.effect = "Only owner and group write there, as before; others read";
    action.risk = "Uploads stop where the web server is neither owner nor group of the folder: make it so (chgrp)";
    // Where the web server's account owns nothing there, it may have written as "everybody" until now.
    action.is_default = false;
  }
  if (weak == 0 && !seen.empty()) out.already("no folder of a site is open to every account");
}

Result<Work> work(const Action& action, const sweep::Host& host) {
  OpenNodes open;
  host.tree->walk(action.subject.path, open);
  Work work;
  for (const auto& [path, mode] : open.found())
    work.changes.push_back(mode_change(path, static_cast<std::uint16_t>(mode & ~02U)));
  return work;
}

constexpr MeasureExample kExamples[] = {{"open to all", R"x(--- /etc/apache2/sites-enabled/a.conf
<VirtualHost *:80>
DocumentRoot /var/www/a
</VirtualHost>
--- /var/www/a/ mode=0755
--- /var/www/a/up/ mode=0777 uid=33
--- /var/www/a/up/x.php mode=0666 uid=33
<?php
)x",
                                         Standing::advised},
                                        {"closed", R"x(--- /etc/apache2/sites-enabled/a.conf
<VirtualHost *:80>
DocumentRoot /var/www/a
</VirtualHost>
--- /var/www/a/index.php
<?php
)x",
                                         Standing::already}};

}  // namespace

constinit const Measure docroot_permissions_measure{
    .name = "docroot_permissions",
    .requirement = "R30",
    .title = "Not everybody writes to the sites",
    .explain =
        R"TEXT(Takes away the right to write for "others" (chmod o-w) from files and folders of the sites: with it, whoever gets into one account of this server writes into every site. Owner, group and all other rights stay.
What can go wrong: uploads stop where the web server's account is neither owner nor group of a folder. It is not recommended blindly for that reason; give the folder to the right group first. Undo: abate undo puts each mode back.)TEXT",
    .look = look,
    .work = work,
    .examples = kExamples};

}  // namespace abate::remedy
