// SPDX-License-Identifier: Apache-2.0
#include "sweep/host/config/config_text.h"

#include <algorithm>
#include <charconv>
#include <set>

#include "base/text.h"

namespace abate::sweep {
namespace {

constexpr std::size_t kWordsMax = 4'096;

std::string_view without_comment(std::string_view line, std::string_view comments) {
  char quote = 0;
  for (std::size_t at = 0; at < line.size(); ++at) {
    const char c = line[at];
    if (quote != 0) {
      if (c == quote) quote = 0;
      continue;
    }
    if (c == '"' || (c == '\'' && (at == 0 || line[at - 1] == ' ' || line[at - 1] == '='))) quote = c;
    const bool begins = at == 0 || line[at - 1] == ' ' || line[at - 1] == '\t';
    if (begins && comments.find(c) != std::string_view::npos) return line.substr(0, at);
  }
  return line;
}

void follow(const Tree& tree, std::string_view path, std::string_view include, std::string_view folder,
            std::string_view comments, std::size_t depth, std::set<std::string>& seen, std::vector<ConfigLine>& out) {
  if (depth > kIncludeDepthMax || seen.size() >= kIncludesMax || !seen.insert(std::string{path}).second) return;
  for (ConfigLine& line : config_lines(tree, path, comments)) {
    if (out.size() >= kConfigLinesMax) return;
    const auto words = words_of(line.text);
    if (words.size() >= 2 && equals_ignoring_case(words[0], include)) {
      for (std::size_t at = 1; at < words.size(); ++at) {
        std::string wanted = words[at];
        if (wanted.ends_with(';')) wanted.pop_back();
        if (!wanted.starts_with('/')) wanted = join_path(folder.empty() ? folder_of(path) : folder, wanted);
        for (const std::string& one : glob(tree, wanted))
          follow(tree, one, include, folder, comments, depth + 1, seen, out);
      }
      continue;
    }
    out.push_back(std::move(line));
  }
}

std::optional<IpAddress> address_of(std::string_view text) {
  if (text.starts_with('[') && text.ends_with(']')) text = text.substr(1, text.size() - 2);
  const auto address = parse_ip(text);
  return address ? std::optional{*address} : std::nullopt;
}

std::optional<unsigned> number_of(std::string_view text) {
  unsigned value = 0;
  const auto end = std::from_chars(text.data(), text.data() + text.size(), value);
  if (text.empty() || end.ec != std::errc{} || end.ptr != text.data() + text.size()) return std::nullopt;
  return value;
}

IpRange range_of(const IpAddress& address, unsigned bits) {  // bits of the 128
  auto first = address.bytes();
  auto last = first;
  for (unsigned bit = bits; bit < 128; ++bit) {
    const auto mask = static_cast<std::uint8_t>(0x80U >> (bit % 8));
    first[bit / 8] = static_cast<std::uint8_t>(first[bit / 8] & ~mask);
    last[bit / 8] = static_cast<std::uint8_t>(last[bit / 8] | mask);
  }
  return {IpAddress::from_bytes(first), IpAddress::from_bytes(last)};
}

// "10.", "10.1", "0": a leading part of an IPv4 address.
std::optional<IpRange> partial_range(std::string_view text, std::optional<unsigned> bits) {
  if (text.ends_with('.')) text.remove_suffix(1);
  std::uint32_t value = 0;
  unsigned octets = 0;
  for (const std::string_view part : split(text, '.')) {
    const auto octet = number_of(part);
    if (!octet || *octet > 255 || octets == 4) return std::nullopt;
    value = (value << 8) | *octet;
    ++octets;
  }
  if (octets == 0) return std::nullopt;
  if (octets < 4) value <<= 8 * (4 - octets);
  return range_of(IpAddress::v4(value), 96 + std::min(bits.value_or(8 * octets), 32U));
}

}  // namespace

std::string ConfigLine::origin() const { return fmt::format("{}:{}: {}", path, line, text); }

std::vector<ConfigLine> config_lines(const Tree& tree, std::string_view path, std::string_view comments, bool joined) {
  std::vector<ConfigLine> out;
  const std::string text = read_or_nothing(tree, path);
  std::uint32_t number = 0;
  bool joining = false;
  for (const std::string_view raw : split(text, '\n')) {
    ++number;
    if (out.size() >= kConfigLinesMax) break;
    std::string_view line = trim(without_comment(trim(raw), comments));
    const bool goes_on = joined && line.ends_with('\\');
    if (goes_on) line = trim(line.substr(0, line.size() - 1));
    if (joining && !out.empty())
      out.back().text.append(" ").append(line);
    else if (!line.empty())
      out.push_back({std::string{line}, std::string{path}, number});
    joining = goes_on && (joining || !line.empty());
  }
  return out;
}

std::vector<ConfigLine> config_lines_with_includes(const Tree& tree, std::string_view path, std::string_view include,
                                                   std::string_view folder, std::string_view comments) {
  std::vector<ConfigLine> out;
  std::set<std::string> seen;
  follow(tree, path, include, folder, comments, 0, seen, out);
  return out;
}

std::vector<std::string> words_of(std::string_view text) {
  std::vector<std::string> out;
  bool open = false;
  char quote = 0;
  for (const char c : text) {
    if (quote != 0) {
      if (c == quote)
        quote = 0;
      else
        out.back().push_back(c);
      continue;
    }
    if (c == ' ' || c == '\t' || c == '\r' || c == '\n') {
      open = false;
      continue;
    }
    if (!open) {
      if (out.size() >= kWordsMax) return out;
      out.emplace_back();
      open = true;
    }
    if (c == '"' || c == '\'')
      quote = c;
    else
      out.back().push_back(c);
  }
  return out;
}

std::vector<std::string> parts_of(std::string_view text, std::string_view separators) {
  std::vector<std::string> out;
  std::size_t at = 0;
  while (at < text.size() && out.size() < kWordsMax) {
    const std::size_t end = std::min(text.find_first_of(separators, at), text.size());
    const std::string_view part = trim(text.substr(at, end - at));
    if (!part.empty()) out.emplace_back(part);
    at = end + 1;
  }
  return out;
}

std::vector<Setting> ini_settings(const Tree& tree, std::string_view path, std::string_view comments) {
  std::vector<Setting> out;
  std::string section;
  for (ConfigLine& line : config_lines(tree, path, comments)) {
    const std::string_view text = line.text;
    if (text.starts_with('[')) {
      section =
          to_lower(trim(text.substr(1, text.find(']') == std::string_view::npos ? text.size() : text.find(']') - 1)));
      continue;
    }
    const std::size_t sign = text.find_first_of("=:");
    Setting setting{.section = section, .key = to_lower(trim(text.substr(0, sign)))};
    if (sign != std::string_view::npos) setting.value = trim(text.substr(sign + 1));
    if (setting.value.size() >= 2 && setting.value.front() == '"' && setting.value.back() == '"')
      setting.value = setting.value.substr(1, setting.value.size() - 2);
    setting.at = std::move(line);
    out.push_back(std::move(setting));
  }
  return out;
}

const Setting* last_of(const std::vector<Setting>& settings, std::string_view key, std::string_view section) {
  for (auto one = settings.rbegin(); one != settings.rend(); ++one)
    if (one->key == key && (section.empty() || one->section == section)) return &*one;
  return nullptr;
}

std::string value_of(const std::vector<Setting>& settings, std::string_view key, std::string_view otherwise,
                     std::string_view section) {
  const Setting* setting = last_of(settings, key, section);
  return setting == nullptr ? std::string{otherwise} : setting->value;
}

bool is_yes(std::string_view value) {
  const std::string low = to_lower(value);
  return low == "yes" || low == "true" || low == "on" || low == "1" || low == "enable" || low == "enabled" ||
         low == "y";
}

bool is_no(std::string_view value) {
  const std::string low = to_lower(value);
  return low == "no" || low == "false" || low == "off" || low == "0" || low == "disable" || low == "disabled" ||
         low == "n";
}

std::optional<IpRange> network_of(std::string_view text) {
  text = trim(text);
  const std::size_t slash = text.find('/');
  const std::string_view name = text.substr(0, slash);
  std::optional<unsigned> bits;
  if (slash != std::string_view::npos) {
    const std::string_view mask = text.substr(slash + 1);
    bits = number_of(mask);
    if (const auto dotted = bits ? std::nullopt : address_of(mask); dotted && dotted->is_v4())
      bits = static_cast<unsigned>(std::popcount(dotted->v4_value()));
    if (!bits) return std::nullopt;
  }
  const auto address = address_of(name);
  if (!address) return partial_range(name, bits);
  if (address->is_v4()) return range_of(*address, 96 + std::min(bits.value_or(32), 32U));
  return range_of(*address, std::min(bits.value_or(128), 128U));
}

// /0 to /7 of IPv4 hold strangers wherever they start, but 10.0.0.0/8 does not.
bool is_everybody(const IpRange& range) {
  const bool same_octet = !range.first.is_v4() || range.first.bytes()[12] == range.last.bytes()[12];
  if (same_octet && is_private_address(range.first) && is_private_address(range.last)) return false;
  if (!range.first.is_v4()) return range.first.bytes()[1] != range.last.bytes()[1];
  return (range.last.v4_value() - range.first.v4_value()) >= 0x00ffffffU;
}

bool is_everybody(std::string_view text) {
  const std::string low = to_lower(trim(text));
  if (low == "any" || low == "all" || low == "*" || low == "0.0.0.0" || low == "::") return true;
  const auto range = network_of(low);
  return range && is_everybody(*range);
}

bool is_private_address(const IpAddress& address) {
  if (!address.is_v4()) {
    const auto& bytes = address.bytes();
    return address.to_string() == "::1" || (bytes[0] & 0xfeU) == 0xfcU ||
           (bytes[0] == 0xfe && (bytes[1] & 0xc0U) == 0x80U);
  }
  const std::uint32_t value = address.v4_value();
  return value >> 24 == 10 || value >> 24 == 127 || value >> 20 == 0xac1 || value >> 16 == 0xc0a8 ||
         value >> 16 == 0xa9fe || value >> 22 == (0x64400000U >> 22);
}

bool is_loopback_name(std::string_view host) {
  if (host.starts_with('[') && host.ends_with(']')) host = host.substr(1, host.size() - 2);
  const std::string low = to_lower(host);
  return low.starts_with("127.") || low == "::1" || low == "localhost" || low == "ip6-localhost" || low == "lo" ||
         low == "loopback" || low == "_local_" || low == "loopback-only" || low.starts_with('/') ||
         low.starts_with("unix:");
}

bool faces_the_world(std::string_view address) {
  address = trim(address);
  if (address.empty() || address == "*" || address == "0" || address == "any" || address == "all") return true;
  if (is_loopback_name(address)) return false;
  const auto parsed = address_of(address);
  if (!parsed) return false;  // a name: nobody can say
  return parsed->to_string() == "0.0.0.0" || parsed->to_string() == "::" || !is_private_address(*parsed);
}

std::uint16_t port_of(std::string_view text, std::uint16_t otherwise) {
  const std::size_t colon = text.rfind(':');
  const auto number = number_of(colon == std::string_view::npos ? text : text.substr(colon + 1));
  return number && *number > 0 && *number < 65536 ? static_cast<std::uint16_t>(*number) : otherwise;
}

std::string host_part(std::string_view text) {
  const std::size_t colon = text.rfind(':');
  if (colon == std::string_view::npos) return number_of(text) ? std::string{} : std::string{text};
  std::string_view host = text.substr(0, colon);
  if (host.starts_with('[') && host.ends_with(']')) host = host.substr(1, host.size() - 2);
  return std::string{host};
}

}  // namespace abate::sweep
