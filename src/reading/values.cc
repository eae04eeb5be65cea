// SPDX-License-Identifier: Apache-2.0
#include "reading/values.h"

#include "base/text.h"
#include "reading/when.h"

namespace abate::reading {
namespace {

constexpr std::size_t kQuotedBytesMax = 80;

bool is_hex(char c) { return (c >= '0' && c <= '9') || (c >= 'a' && c <= 'f') || (c >= 'A' && c <= 'F'); }
bool is_digit(char c) { return c >= '0' && c <= '9'; }
bool is_letter(char c) { return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z'); }

// "192.0.2.1:25" and "192.0.2.1." are addresses with something behind.
std::optional<IpAddress> address_in_token(std::string_view token) {
  while (!token.empty() && (token.back() == '.' || token.back() == ':') && !token.ends_with("::"))
    token.remove_suffix(1);
  if (auto whole = parse_ip(token)) return *whole;
  if (const auto colon = token.find(':'); colon != std::string_view::npos && token.find('.') < colon)
    if (auto before = parse_ip(token.substr(0, colon))) return *before;
  return std::nullopt;
}

void replace_all(std::string& text, std::string_view from, std::string_view to) {
  auto at = text.find(from);
  if (at == std::string::npos) return;
  std::string out;  // a new string: replacing in place would move the rest each time
  std::size_t done = 0;
  for (; at != std::string::npos; at = text.find(from, done)) {
    out.append(text, done, at - done).append(to);
    done = at + from.size();
  }
  text = out.append(text, done);
}

std::string refang(std::string_view value) {
  std::string url(trim(value));
  if (url.size() >= 2 && url.front() == '<' && url.back() == '>') url = url.substr(1, url.size() - 2);
  if (starts_with_ignoring_case(url, "hxxp")) url.replace(1, 2, "tt");
  if (starts_with_ignoring_case(url, "fxp:")) url.replace(1, 1, "t");
  if (url.find_first_of("[({") == std::string::npos) return url;
  for (const std::string_view dot : {"[.]", "(.)", "{.}", "[dot]"}) replace_all(url, dot, ".");
  replace_all(url, "[/]", "/");
  replace_all(url, "[:]", ":");
  replace_all(url, "[://]", "://");
  return url;
}

std::size_t scheme_length(std::string_view url) {
  static constexpr std::string_view kSchemes[] = {"http://", "https://", "ftp://"};
  for (const std::string_view scheme : kSchemes)
    if (starts_with_ignoring_case(url, scheme)) return scheme.size();
  return 0;
}

// The host as it stands in a URL without user and port; "" where there is none. Of a literal what the brackets hold.
std::string_view host_within(std::string_view url) {
  const std::size_t scheme = scheme_length(url);
  if (scheme == 0) return {};
  std::string_view host = url.substr(scheme);
  host = host.substr(0, host.find_first_of("/?#\\"));
  if (const auto at = host.rfind('@'); at != std::string_view::npos) host.remove_prefix(at + 1);
  if (host.starts_with('[')) {
    const auto close = host.find(']');
    if (close == std::string_view::npos || !parse_ip(host.substr(1, close - 1))) return {};
    return host.substr(1, close - 1);
  }
  host = host.substr(0, host.find(':'));
  while (host.ends_with('.')) host.remove_suffix(1);
  return host;
}

// Nine URLs of ten in feeds: nothing hides in them, so nothing is to be mended.
bool is_plain_url(std::string_view value) {
  return scheme_length(value) > 0 && std::all_of(value.begin(), value.end(), [](char c) {
           return c > ' ' && c < 0x7f && c != '<' && c != '>' && c != '"' && c != '[' && c != '(' && c != '{';
         });
}

}  // namespace

void Warnings::add_sentence(std::string sentence) {
  if (sentences_.size() >= kWarningsPerReportMax) return;
  if (std::find(sentences_.begin(), sentences_.end(), sentence) != sentences_.end()) return;
  if (sentences_.size() + 1 == kWarningsPerReportMax)
    sentence = fmt::format("More than {} warnings: the rest was not kept", kWarningsPerReportMax - 1);
  sentences_.push_back(std::move(sentence));
}

std::string in_quotes(std::string_view value) {
  std::string text = make_valid_utf8(value.substr(0, kQuotedBytesMax * 2));
  for (char& c : text)
    if (static_cast<unsigned char>(c) < ' ' || c == 0x7f) c = ' ';
  return '"' + shorten(trim(text), kQuotedBytesMax) + '"';
}

std::vector<IpAddress> ips_in(std::string_view text, std::size_t count_max) {
  std::vector<IpAddress> found;
  for (std::size_t i = 0; i < text.size() && found.size() < count_max;) {
    const bool starts = is_hex(text[i]) || (text[i] == ':' && i + 1 < text.size() && text[i + 1] == ':');
    const bool glued = i > 0 && (is_letter(text[i - 1]) || is_digit(text[i - 1]) || text[i - 1] == '.');
    if (!starts || glued) {
      ++i;
      continue;
    }
    std::size_t end = i;
    while (end < text.size() && (is_hex(text[end]) || text[end] == '.' || text[end] == ':')) ++end;
    const bool whole = end == text.size() || (!is_letter(text[end]) && text[end] != '_');
    const auto address = whole && end - i <= 60 ? address_in_token(text.substr(i, end - i)) : std::nullopt;
    if (address) found.push_back(*address);
    i = end > i ? end : i + 1;
  }
  return found;
}

std::optional<IpAddress> ip_in(std::string_view text) {
  std::string_view bare = trim(text);
  if (auto exact = parse_ip(bare)) return *exact;
  if (bare.starts_with('[')) bare.remove_prefix(1);
  if (starts_with_ignoring_case(bare, "ipv6:")) bare.remove_prefix(5);
  const auto found = ips_in(bare, 1);
  return found.empty() ? std::nullopt : std::optional(found.front());
}

bool is_impossible(const IpAddress& address) {
  if (address.is_v4()) {
    const std::uint32_t value = address.v4_value();
    const std::uint32_t first = value >> 24;
    return first == 0 || first == 127 || (first >= 224 && first <= 239) || value == 0xffffffffU;
  }
  const auto& bytes = address.bytes();
  if (bytes[0] == 0xff) return true;  // multicast
  const bool zeros = std::all_of(bytes.begin(), bytes.begin() + 15, [](std::uint8_t b) { return b == 0; });
  return zeros && bytes[15] <= 1;  // "::" and "::1"
}

bool is_private(const IpAddress& address) {
  if (address.is_v4()) {
    const std::uint32_t value = address.v4_value();
    return (value >> 24) == 10 || (value >> 20) == 0xac1 || (value >> 16) == 0xc0a8 || (value >> 16) == 0xa9fe ||
           (value >> 22) == (0x64400000U >> 22);
  }
  const auto& bytes = address.bytes();
  return (bytes[0] & 0xfeU) == 0xfc || (bytes[0] == 0xfe && (bytes[1] & 0xc0U) == 0x80);
}

std::optional<IpAddress> address_of(std::string_view value, std::string_view field, Warnings& warnings) {
  if (trim(value).empty()) return std::nullopt;
  const auto address = ip_in(value);
  if (!address) {
    warnings.add("{} holds no IP address: {}", field, in_quotes(value));
    return std::nullopt;
  }
  if (is_impossible(*address)) {
    warnings.add("{} names {}, which no server can have", field, address->to_string());
    return std::nullopt;
  }
  return address;
}

std::optional<std::string> url_of(std::string_view value) {
  if (value.size() > kUrlBytesMax) return std::nullopt;
  std::string url = is_plain_url(value) ? std::string(value) : make_valid_utf8(refang(value));
  const std::size_t scheme = scheme_length(url);
  if (scheme == 0 || url.size() <= scheme) return std::nullopt;
  for (const char c : url)
    if (static_cast<unsigned char>(c) <= ' ' || c == 0x7f || c == '<' || c == '>' || c == '"') return std::nullopt;
  for (std::size_t i = 0; i < scheme; ++i)
    if (url[i] >= 'A' && url[i] <= 'Z') url[i] = static_cast<char>(url[i] + 32);
  return host_within(url).empty() ? std::nullopt : std::optional(std::move(url));
}

std::optional<std::string> host_of(std::string_view url) {
  const std::string_view host = host_within(url);
  return host.empty() ? std::nullopt : std::optional(to_lower(host));
}

std::optional<std::string> domain_of(std::string_view value) {
  if (value.size() > 4 * kDomainBytesMax) return std::nullopt;
  std::string name = refang(value);
  while (name.ends_with('.')) name.pop_back();
  name = to_lower(name);
  if (name.size() > kDomainBytesMax || name.find('.') == std::string::npos || name.starts_with('.'))
    return std::nullopt;
  if (name.find("..") != std::string::npos || !is_valid_utf8(name)) return std::nullopt;
  if (is_digit(name.back()) && parse_ip(name)) return std::nullopt;  // a refusal costs a sentence: not for every name
  for (const char c : name)
    if (!is_letter(c) && !is_digit(c) && c != '-' && c != '.' && c != '_' && static_cast<unsigned char>(c) < 0x80)
      return std::nullopt;
  return name;
}

std::optional<std::uint16_t> port_of(std::int64_t value) {
  if (value < 1 || value > 65535) return std::nullopt;
  return static_cast<std::uint16_t>(value);
}

std::optional<ParsedTime> time_of(std::string_view value) {
  const std::string_view text = trim(value);
  if (text.empty() || text.size() > 200) return std::nullopt;
  if (auto mail = parse_rfc5322(text)) return *mail;
  if (auto iso = parse_rfc3339_lenient(text)) return *iso;
  const std::string_view bare = text.front() == '[' || text.front() == '*' ? text.substr(1) : text;
  const auto found = time_at(bare, 0, {});
  if (!found) return std::nullopt;
  for (const char c : bare.substr(found->end))  // only what closes it may be left
    if (c != ' ' && c != ']' && c != ')' && c != '.' && c != ',') return std::nullopt;
  return found->time;
}

bool set_started(Incident& incident, std::string_view value, std::string_view field, Warnings& warnings) {
  const auto time = time_of(value);
  if (!time) {
    warnings.add("{} is no time: {}", field, in_quotes(value));
    return false;
  }
  if (time->at < kDistantPast || time->at > kDistantFuture) return false;
  if (time->zoned) {
    incident.started_at = time->at;
  } else {
    incident.started_unzoned = time->at;
    warnings.add("{} names no zone", field);
  }
  return true;
}

Evidence evidence_of(std::string_view bytes, std::optional<ByteRange> range, std::string_view content_type,
                     std::string_view description, Warnings& warnings) {
  if (bytes.size() > kEvidenceBytesMax) {
    warnings.add("Evidence was cut to {} bytes: {}", kEvidenceBytesMax, in_quotes(description));
    bytes = bytes.substr(0, kEvidenceBytesMax);
  }
  if (range) range->length = bytes.size();
  return {.content_type = make_valid_utf8(content_type),
          .description = make_valid_utf8(description),
          .bytes = std::string(bytes),
          .sha256 = {},
          .range = range};
}

}  // namespace abate::reading
