// SPDX-License-Identifier: Apache-2.0
// sweep/host/config/config_text.h — configuration files as lines, words, sections and flattened YAML and JSON.
//
// Every reader is bounded, takes hostile bytes, never throws and skips what it does not understand: a detector then
// stays silent rather than guesses. A missing file reads as an empty one. Pure but for reading; thread-safe.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "base/ip.h"
#include "sweep/kit/tree.h"

namespace abate::sweep {

constexpr std::size_t kConfigLinesMax = 50'000;
constexpr std::size_t kIncludesMax = 200;  // files of one configuration
constexpr std::size_t kIncludeDepthMax = 8;

struct ConfigLine {
  std::string text;  // trimmed, without its comment
  std::string path;
  std::uint32_t line = 0;
  [[nodiscard]] std::string origin() const;  // "path:line: text"
};

// Lines with something on them. `comments`: bytes that begin a comment at the line's start or after a blank. A
// backslash at the end joins lines where `joined`.
std::vector<ConfigLine> config_lines(const Tree& tree, std::string_view path, std::string_view comments = "#",
                                     bool joined = false);
// The same, following `include PATTERN` (word given, compared ignoring case) where it stands. Relative patterns start
// at `folder`, or at the including file's where that is empty.
std::vector<ConfigLine> config_lines_with_includes(const Tree& tree, std::string_view path, std::string_view include,
                                                   std::string_view folder = {}, std::string_view comments = "#");

// Split at blanks; '…' and "…" keep blanks together and lose their quotes.
std::vector<std::string> words_of(std::string_view text);
// Split at any of `separators`, trimmed, empty ones dropped.
std::vector<std::string> parts_of(std::string_view text, std::string_view separators);

struct Setting {
  std::string section;  // of an ini file: lower case; of YAML and JSON: ""
  std::string key;      // lower case; of YAML and JSON: "net.bindip", "inbounds.0.port"
  std::string value;
  ConfigLine at;
};
// [section] key = value (also "key: value" and bare keys); later ones follow.
std::vector<Setting> ini_settings(const Tree& tree, std::string_view path, std::string_view comments = "#;");
// Block mappings by indentation, "a.b: c" too; lists as key.0, key.1; [a, b] likewise.
std::vector<Setting> yaml_settings(const Tree& tree, std::string_view path);
// JSON with // comments tolerated; lines are those on which the key's name first stands.
std::vector<Setting> json_settings(const Tree& tree, std::string_view path);
std::vector<Setting> json_settings_of(std::string_view text, std::string_view path);

// The last setting of that key (in that section, where one is given); null: none.
const Setting* last_of(const std::vector<Setting>& settings, std::string_view key, std::string_view section = {});
std::string value_of(const std::vector<Setting>& settings, std::string_view key, std::string_view otherwise = {},
                     std::string_view section = {});

bool is_yes(std::string_view value);  // yes, true, on, 1, enable(d)
bool is_no(std::string_view value);

// Address ranges as administrators write them: "0.0.0.0/0", "0/0", "10.0.0.0/255.0.0.0", "[::]/0", "10.", "any".
std::optional<IpRange> network_of(std::string_view text);
bool is_everybody(const IpRange& range);            // all of a family, or so much of it that it holds strangers
bool is_everybody(std::string_view text);           // network_of, or "any", "all", "*"
bool is_private_address(const IpAddress& address);  // RFC 1918, loopback, link-local, ULA
bool is_loopback_name(std::string_view host);       // "127.0.0.1", "localhost", "::1", a socket's path
// Of a listening address: "0.0.0.0", "*", "::", "" or a public address: strangers reach it.
bool faces_the_world(std::string_view address);
std::uint16_t port_of(std::string_view text, std::uint16_t otherwise);  // "8080", "host:8080", "[::]:8080"
std::string host_part(std::string_view text);                           // "host" of "host:8080"

}  // namespace abate::sweep
