// SPDX-License-Identifier: Apache-2.0
#include "sweep/host/config/sshd.h"

#include <algorithm>

#include "base/text.h"
#include "sweep/host/config/config_text.h"

namespace abate::sweep {
namespace {

constexpr int kDepthMax = 16;  // servconf.c

constexpr std::pair<std::string_view, std::string_view> kDefaults[] = {{"passwordauthentication", "yes"},
                                                                       {"kbdinteractiveauthentication", "yes"},
                                                                       {"permitrootlogin", "prohibit-password"},
                                                                       {"pubkeyauthentication", "yes"},
                                                                       {"permitemptypasswords", "no"},
                                                                       {"maxauthtries", "6"},
                                                                       {"strictmodes", "yes"},
                                                                       {"usepam", "no"}};

std::string name_of_today(std::string key) {
  if (key == "challengeresponseauthentication" || key == "skeyauthentication") return "kbdinteractiveauthentication";
  if (key == "dsaauthentication") return "pubkeyauthentication";
  if (key == "pubkeyacceptedkeytypes") return "pubkeyacceptedalgorithms";
  return key;
}

std::string unquoted(std::string_view value) {
  value = trim(value);
  if (value.size() >= 2 && value.front() == '"' && value.find('"', 1) == value.size() - 1)
    value = value.substr(1, value.size() - 2);
  return std::string{value};
}

// A comment behind a value, as OpenSSH 8.5 and later read it: " # …" outside of quotes.
std::string_view without_remark(std::string_view line) {
  bool quoted = false;
  for (std::size_t at = 0; at < line.size(); ++at) {
    if (line[at] == '"') quoted = !quoted;
    if (!quoted && line[at] == '#' && at > 0 && (line[at - 1] == ' ' || line[at - 1] == '\t'))
      return line.substr(0, at);
  }
  return line;
}

}  // namespace

Sshd::Sshd(const Tree& tree) {
  configured_ = exists(tree, kPath);
  if (configured_) read(tree, std::string{kPath}, "", 0);
}

void Sshd::read(const Tree& tree, const std::string& path, std::string match, int depth) {
  if (depth > kDepthMax || files_++ >= kFilesMax) return;
  std::uint32_t number = 0;
  for (const std::string_view raw : lines_of(tree, path)) {
    ++number;
    if (lines_.size() >= kLinesMax) return;
    const std::string_view line = trim(without_remark(raw));
    if (line.empty() || line[0] == '#') continue;
    const std::size_t end = std::min(line.find_first_of(" \t="), line.size());
    std::string key = name_of_today(to_lower(line.substr(0, end)));
    std::string_view rest = trim(line.substr(end));
    if (rest.starts_with('=')) rest = trim(rest.substr(1));
    if (key == "include") {
      for (std::string pattern : words_of(rest)) {
        if (!pattern.starts_with('/')) pattern = "/etc/ssh/" + pattern;
        if (lines_.empty() && match.empty() && depth == 0) first_includes_.push_back(pattern);
        for (const std::string& one : glob(tree, pattern)) read(tree, one, match, depth + 1);
      }
      continue;
    }
    if (key == "match") match = std::string{rest};
    lines_.push_back({std::move(key), unquoted(rest), match, path, number});
  }
}

const SshdLine* Sshd::global(std::string_view key) const {
  const auto found =
      std::ranges::find_if(lines_, [&](const SshdLine& line) { return line.key == key && line.match.empty(); });
  return found == lines_.end() ? nullptr : &*found;
}

std::string Sshd::value(std::string_view key) const {
  if (const SshdLine* line = global(key)) return to_lower(line->value);
  for (const auto& [name, value] : kDefaults)
    if (name == key) return std::string{value};
  return "";
}

std::vector<const SshdLine*> Sshd::in_matches(std::string_view key) const {
  std::vector<const SshdLine*> found;
  for (const SshdLine& line : lines_)
    if (line.key == key && !line.match.empty()) found.push_back(&line);
  return found;
}

std::vector<std::uint16_t> Sshd::ports() const {
  std::vector<std::uint16_t> ports;
  bool unnamed = false;  // a ListenAddress without a port takes those of Port
  bool listens = false;
  for (const SshdLine& line : lines_) {
    if (line.key != "listenaddress" || !line.match.empty()) continue;
    listens = true;
    const std::string word = line.value.substr(0, line.value.find(' '));
    const bool bare = word.find(':') != word.rfind(':') && !word.starts_with('[');  // an IPv6 address alone
    const std::uint16_t port =
        bare || word.find(':') == std::string::npos || word.ends_with(']') ? 0 : port_of(word, 0);
    if (port != 0) ports.push_back(port);
    unnamed |= port == 0;
  }
  const std::size_t named = ports.size();
  for (const SshdLine& line : lines_)
    if (line.key == "port" && line.match.empty())
      if (const std::uint16_t port = port_of(line.value, 0); port != 0 && (unnamed || !listens)) ports.push_back(port);
  if (ports.size() == named && (unnamed || !listens)) ports.push_back(22);
  std::ranges::sort(ports);
  ports.erase(std::unique(ports.begin(), ports.end()), ports.end());
  return ports;
}

bool Sshd::reads_first(std::string_view path) const {
  return std::ranges::any_of(first_includes_, [&](const std::string& pattern) {
    return folder_of(pattern) == folder_of(path) && matches_pattern(file_name(path), file_name(pattern));
  });
}

}  // namespace abate::sweep
