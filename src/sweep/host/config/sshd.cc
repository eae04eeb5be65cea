// SPDX-License-Identifier: Apache-2.0
#include "sweep/host/config/sshd.h"

#include <algorithm>

#include "base/text.h"

namespace abate::sweep {
namespace {

std::string_view unquoted(std::string_view text) {
  text = trim(text);
  if (text.size() >= 2 && text.front() == '"' && text.back() == '"') text = text.substr(1, text.size() - 2);
  return text;
}

class Reader {
 public:
  explicit Reader(const Tree& tree) : tree_{tree} {}

  // A Match in an included file ends with that file.
  void read(const std::string& path, std::string match) {
    if (++files_ > kSshdFilesMax) return;
    std::uint32_t number = 0;
    for (std::string_view line : lines_of(tree_, path)) {
      ++number;
      line = trim(line);
      if (line.empty() || line.front() == '#' || lines_.size() >= kSshdLinesMax) continue;
      const std::size_t end = std::min(line.find_first_of(" \t="), line.size());
      const std::string keyword = to_lower(line.substr(0, end));
      std::string_view value = trim(line.substr(end));
      if (value.starts_with('=')) value = trim(value.substr(1));
      if (keyword == "match") {
        match = equals_ignoring_case(value, "all") ? "" : value;
        continue;
      }
      if (keyword == "include") {
        for (const std::string_view word : split(value, ' '))
          if (const std::string_view pattern = unquoted(word); !pattern.empty())
            for (const std::string& file :
                 glob(tree_, pattern.starts_with('/') ? std::string{pattern} : join_path("/etc/ssh", pattern)))
              read(file, match);
        continue;
      }
      lines_.push_back({keyword, std::string{unquoted(value)}, match, path, number});
    }
  }
  std::vector<SshdLine> take() { return std::move(lines_); }

 private:
  const Tree& tree_;
  std::vector<SshdLine> lines_;
  std::size_t files_ = 0;
};

}  // namespace

std::vector<SshdLine> read_sshd(const Tree& tree, std::string_view path) {
  Reader reader{tree};
  reader.read(std::string{path}, "");
  return reader.take();
}

std::string_view sshd_value(const std::vector<SshdLine>& lines, std::string_view keyword) {
  const auto found =
      std::ranges::find_if(lines, [&](const SshdLine& line) { return line.keyword == keyword && line.match.empty(); });
  return found == lines.end() ? std::string_view{} : std::string_view{found->value};
}

}  // namespace abate::sweep
