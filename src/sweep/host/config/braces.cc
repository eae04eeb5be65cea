// SPDX-License-Identifier: Apache-2.0
#include "sweep/host/config/braces.h"

#include <set>

namespace abate::sweep {
namespace {

constexpr std::size_t kStatementsMax = 50'000;
constexpr int kBlockDepthMax = 16;

class Reader {
 public:
  Reader(const Tree& tree, char end) : tree_{tree}, end_{end} {}

  void read(std::string_view path, std::vector<Statement>& out) {
    if (files_.size() >= kIncludesMax || !files_.insert(std::string{path}).second) return;
    const std::string text = read_or_nothing(tree_, path);
    std::size_t at = 0;
    std::uint32_t line = 1;
    while (at < text.size()) block(text, at, line, path, out, 0);
  }

 private:
  void finish(Statement& now, std::string_view path, std::vector<Statement>& out) {
    if (now.words.empty() && now.block.empty()) return;
    if (now.words.size() == 2 && now.words[0] == "include" && now.block.empty()) {
      const std::string named = now.words[1];
      const std::string wanted = named.starts_with('/') ? named : join_path(folder_of(path), named);
      for (const std::string& one : glob(tree_, wanted)) read(one, out);
    } else if (++count_ <= kStatementsMax) {
      out.push_back(std::move(now));
    }
    now = {};
  }

  static bool skip_comment(const std::string& text, std::size_t& at, std::uint32_t& line) {
    const bool to_line_end = text[at] == '#' || text.compare(at, 2, "//") == 0;
    if (!to_line_end && text.compare(at, 2, "/*") != 0) return false;
    const std::size_t end = to_line_end ? text.find('\n', at) : text.find("*/", at + 2);
    const std::size_t stop = end == std::string::npos ? text.size() : end + (to_line_end ? 0U : 2U);
    for (; at < stop; ++at) line += text[at] == '\n' ? 1U : 0U;
    return true;
  }

  // To the closing brace, or the text's end.
  void block(const std::string& text, std::size_t& at, std::uint32_t& line, std::string_view path,
             std::vector<Statement>& out, int depth) {
    Statement now;
    while (at < text.size()) {
      const char c = text[at];
      if (skip_comment(text, at, line)) continue;
      if (c == '}') {
        ++at;
        break;
      }
      if (c == '{') {
        ++at;
        if (now.line == 0) now.line = line;
        now.path = path;
        if (depth < kBlockDepthMax) block(text, at, line, path, now.block, depth + 1);
        if (end_ == '\n') finish(now, path, out);
      } else if (c == end_ || c == ';') {
        ++at;
        finish(now, path, out);
        line += c == '\n' ? 1U : 0U;
      } else if (c == ' ' || c == '\t' || c == '\r' || c == '\n') {
        line += c == '\n' ? 1U : 0U;
        ++at;
      } else {
        if (now.line == 0) now.line = line;
        now.path = path;
        word(text, at, line, now);
      }
    }
    finish(now, path, out);
  }

  static void word(const std::string& text, std::size_t& at, std::uint32_t& line, Statement& now) {
    std::string out;
    if (text[at] == '"') {
      for (++at; at < text.size() && text[at] != '"'; ++at) {
        line += text[at] == '\n' ? 1U : 0U;
        out.push_back(text[at]);
      }
      if (at < text.size()) ++at;
    } else {
      while (at < text.size() && std::string_view{" \t\r\n;{}\""}.find(text[at]) == std::string_view::npos)
        out.push_back(text[at++]);
    }
    now.words.push_back(std::move(out));
  }

  const Tree& tree_;
  char end_;
  std::set<std::string> files_;
  std::size_t count_ = 0;
};

}  // namespace

std::vector<Statement> statements_of(const Tree& tree, std::string_view path, char end) {
  std::vector<Statement> out;
  Reader{tree, end}.read(path, out);
  return out;
}

}  // namespace abate::sweep
