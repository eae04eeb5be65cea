// SPDX-License-Identifier: Apache-2.0
#include "sweep/host/config/sudoers.h"

#include <algorithm>
#include <map>

#include "base/text.h"

namespace abate::sweep {
namespace {

constexpr std::size_t kRulesMax = 5000;

class Reader {
 public:
  explicit Reader(const Tree& tree) : tree_{tree} {}

  void read(const std::string& path) {
    if (files_.size() >= kSudoFilesMax || std::ranges::find(files_, path) != files_.end()) return;
    files_.push_back(path);
    std::string joined;
    std::uint32_t number = 0;
    for (std::string_view line : lines_of(tree_, path)) {
      ++number;
      line = trim(line);
      if (line.ends_with('\\')) {
        joined.append(line.substr(0, line.size() - 1)).append(" ");
        continue;
      }
      joined.append(line);
      take(trim(joined), path, number);
      joined.clear();
    }
  }

  // sudo passes over names that hold a dot or end in a tilde: editors' and package managers' leavings.
  void read_folder(std::string_view folder) {
    for (const std::string& path : glob(tree_, join_path(folder, "*")))
      if (const std::string_view name = file_name(path);
          name.find('.') == std::string_view::npos && !name.ends_with('~'))
        read(path);
  }

  std::vector<SudoRule> take_rules() {
    std::vector<SudoRule> all;
    for (SudoRule& rule : rules_) {
      const auto alias = aliases_.find(rule.who);
      if (alias == aliases_.end()) {
        all.push_back(std::move(rule));
        continue;
      }
      for (const std::string_view member : split(alias->second, ',')) {
        SudoRule one = rule;
        one.who = trim(member);
        if (!one.who.empty() && all.size() < kRulesMax) all.push_back(std::move(one));
      }
    }
    return all;
  }
  std::vector<std::string> take_files() { return std::move(files_); }

 private:
  void take(std::string_view line, const std::string& path, std::uint32_t number) {
    for (const std::string_view word : {"#includedir", "@includedir", "#include", "@include"}) {
      if (!line.starts_with(word) || line.size() <= word.size() ||
          (line[word.size()] != ' ' && line[word.size()] != '\t'))
        continue;
      const std::string_view named = trim(line.substr(word.size()));
      const std::string where = named.starts_with('/') ? std::string{named} : join_path("/etc", named);
      if (word.ends_with("dir"))
        read_folder(where);
      else
        read(where);
      return;
    }
    if (line.empty() || line.front() == '#' || rules_.size() >= kRulesMax) return;
    const std::size_t end = std::min(line.find_first_of(" \t"), line.size());
    const std::string_view first = line.substr(0, end);
    const std::string_view rest = trim(line.substr(end));
    if (first == "User_Alias") {
      for (const std::string_view one : split(rest, ':'))
        if (const std::size_t equals = one.find('='); equals != std::string_view::npos)
          aliases_[std::string{trim(one.substr(0, equals))}] = trim(one.substr(equals + 1));
      return;
    }
    if (first.ends_with("_Alias")) return;
    if (first.starts_with("Defaults")) {
      const std::string_view who = first.size() > 9 && first[8] == ':' ? first.substr(9) : "ALL";
      rules_.push_back({std::string{who}, std::string{rest}, true, path, number});
      return;
    }
    for (const std::string_view who : split(first, ','))
      if (!who.empty()) rules_.push_back({std::string{who}, std::string{rest}, false, path, number});
  }

  const Tree& tree_;
  std::vector<std::string> files_;
  std::vector<SudoRule> rules_;
  std::map<std::string, std::string, std::less<>> aliases_;
};

Reader read_all(const Tree& tree) {
  Reader reader{tree};
  reader.read("/etc/sudoers");
  reader.read_folder("/etc/sudoers.d");
  return reader;
}

}  // namespace

std::vector<SudoRule> read_sudoers(const Tree& tree) { return read_all(tree).take_rules(); }
std::vector<std::string> sudoers_files(const Tree& tree) { return read_all(tree).take_files(); }

}  // namespace abate::sweep
