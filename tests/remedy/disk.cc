// SPDX-License-Identifier: Apache-2.0
#include "remedy/disk.h"

#include <filesystem>
#include <fstream>
#include <iterator>

#include <gtest/gtest.h>
#include <sys/stat.h>
#include <unistd.h>

#include "sweep/kit/memory_tree.h"

namespace abate::remedy {
namespace {

namespace fs = std::filesystem;

class Copy final : public sweep::Walker {
 public:
  Copy(const sweep::Tree& tree, std::string root) : tree_{tree}, root_{std::move(root)} {}
  bool meet(const sweep::Node& node) override {
    const std::string to = root_ + std::string{node.path};
    if (node.stat.kind == sweep::NodeKind::folder) {
      fs::create_directories(to);
    } else if (node.stat.kind == sweep::NodeKind::link) {
      fs::create_symlink(*tree_.link_target(node.path), to);
      return true;
    } else {
      std::ofstream{to, std::ios::binary} << sweep::read_or_nothing(tree_, node.path, std::size_t{64} << 20);
    }
    if (::geteuid() == 0) {
      EXPECT_EQ(::chown(to.c_str(), node.stat.uid, node.stat.gid), 0);
    }
    ::chmod(to.c_str(), node.stat.mode);
    return true;
  }
  void pass_over(std::string_view, std::string_view) override {}

 private:
  const sweep::Tree& tree_;
  std::string root_;
};

}  // namespace

Disk::Disk(std::string_view text) {
  std::string name = (fs::temp_directory_path() / "abate-disk-XXXXXX").string();
  folder_ = ::mkdtemp(name.data());
  fs::create_directory(root());
  const sweep::MemoryTree tree{text};
  Copy copy{tree, root()};
  tree.walk("/", copy);
}

Disk::~Disk() { fs::remove_all(folder_); }

Where Disk::where() const { return {.root = root(), .state_folder = folder_ + "/state", .live = false, .at_step = {}}; }

std::string Disk::read(const std::string& path) const {
  std::ifstream in{root() + path, std::ios::binary};
  return std::string{std::istreambuf_iterator<char>{in}, {}};
}

void Disk::write(const std::string& path, std::string_view bytes) const {
  fs::create_directories(fs::path{root() + path}.parent_path());
  std::ofstream{root() + path, std::ios::binary} << bytes;
}

std::map<std::string, std::string> Disk::picture() const {
  std::map<std::string, std::string> seen;
  std::vector<fs::path> all{root()};
  for (const fs::directory_entry& entry : fs::recursive_directory_iterator{root()}) all.push_back(entry.path());
  for (const fs::path& path : all) {
    struct stat node{};
    ::lstat(path.c_str(), &node);
    std::string bytes;
    if (S_ISLNK(node.st_mode)) bytes = fs::read_symlink(path).string();
    if (S_ISREG(node.st_mode)) {
      std::ifstream in{path, std::ios::binary};
      bytes.assign(std::istreambuf_iterator<char>{in}, {});
    }
    seen[path.string()] = fmt::format("{:o} {} {} {}.{} {}", node.st_mode, node.st_uid, node.st_gid,
                                      node.st_mtim.tv_sec, node.st_mtim.tv_nsec, bytes);
  }
  return seen;
}

}  // namespace abate::remedy
