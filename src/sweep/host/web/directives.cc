// SPDX-License-Identifier: Apache-2.0
#include "sweep/host/web/directives.h"

#include "base/text.h"

namespace abate::sweep {
namespace {

constexpr std::size_t kDirectivesMax = 500'000;

std::vector<std::string> apache_words(std::string_view text) {
  std::vector<std::string> words;
  for (std::size_t at = 0; at < text.size();) {
    if (text[at] == ' ' || text[at] == '\t' || text[at] == '\r') {
      ++at;
      continue;
    }
    std::string word;
    if (text[at] == '"' || text[at] == '\'') {
      const char quote = text[at++];
      for (; at < text.size() && text[at] != quote; ++at) {
        if (text[at] == '\\' && at + 1 < text.size() && (text[at + 1] == quote || text[at + 1] == '\\')) ++at;
        word += text[at];
      }
      ++at;
    } else {
      while (at < text.size() && text[at] != ' ' && text[at] != '\t' && text[at] != '\r') word += text[at++];
    }
    words.push_back(std::move(word));
  }
  return words;
}

}  // namespace

std::vector<Directive> apache_directives(std::string_view text) {
  std::vector<Directive> all;
  std::uint32_t number = 0;
  std::string joined;
  std::uint32_t first = 0;
  while (!text.empty() && all.size() < kDirectivesMax) {
    const std::size_t end = std::min(text.find('\n'), text.size());
    std::string_view line = text.substr(0, end);
    text.remove_prefix(std::min(end + 1, text.size()));
    ++number;
    if (line.ends_with('\r')) line.remove_suffix(1);
    if (joined.empty()) first = number;
    if (line.ends_with('\\')) {
      joined.append(line.substr(0, line.size() - 1)).append(" ");
      continue;
    }
    joined.append(line);
    std::string_view whole = trim(joined);
    Directive directive{.line = first};
    if (!whole.empty() && whole[0] != '#') {
      if (whole.starts_with('<')) {
        directive.kind = whole.starts_with("</") ? Directive::Kind::close : Directive::Kind::open;
        whole.remove_prefix(whole.starts_with("</") ? 2 : 1);
        if (whole.ends_with('>')) whole.remove_suffix(1);
      }
      std::vector<std::string> words = apache_words(whole);
      if (!words.empty()) {
        directive.name = to_lower(words.front());
        words.erase(words.begin());
        directive.words = std::move(words);
        all.push_back(std::move(directive));
      }
    }
    joined.clear();
  }
  return all;
}

std::vector<Directive> nginx_directives(std::string_view text) {
  std::vector<Directive> all;
  Directive current;
  std::uint32_t line = 1;
  const auto finish = [&](Directive::Kind kind) {
    if (current.words.empty() && kind != Directive::Kind::close) return;
    if (!current.words.empty()) {
      current.name = to_lower(current.words.front());
      current.words.erase(current.words.begin());
    }
    current.kind = kind;
    all.push_back(std::move(current));
    current = {};
  };
  for (std::size_t at = 0; at < text.size() && all.size() < kDirectivesMax;) {
    const char c = text[at];
    if (c == '\n') ++line;
    if (c == ' ' || c == '\t' || c == '\r' || c == '\n') {
      ++at;
    } else if (c == '#') {
      at = std::min(text.find('\n', at), text.size());
    } else if (c == ';' || c == '{') {
      finish(c == ';' ? Directive::Kind::plain : Directive::Kind::open);
      ++at;
    } else if (c == '}') {
      finish(Directive::Kind::plain);
      current = {.name = "}", .line = line};
      finish(Directive::Kind::close);
      ++at;
    } else {
      if (current.words.empty()) current.line = line;
      std::string word;
      if (c == '"' || c == '\'') {
        for (++at; at < text.size() && text[at] != c; ++at) {
          if (text[at] == '\\' && at + 1 < text.size()) ++at;
          if (text[at] == '\n') ++line;
          word += text[at];
        }
        ++at;
      } else {
        // "${name}" is part of a word; "{" alone opens a block.
        while (at < text.size() && std::string_view{" \t\r\n;{}"}.find(text[at]) == std::string_view::npos) {
          if (text[at] == '$' && at + 1 < text.size() && text[at + 1] == '{') {
            const std::size_t close = std::min(text.find('}', at), text.size() - 1);
            word.append(text.substr(at, close - at + 1));
            at = close + 1;
          } else {
            word += text[at++];
          }
        }
      }
      current.words.push_back(std::move(word));
    }
  }
  return all;
}

}  // namespace abate::sweep
