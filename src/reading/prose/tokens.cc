// SPDX-License-Identifier: Apache-2.0
#include "reading/prose/tokens.h"

#include "base/text.h"
#include "reading/values.h"

namespace abate::reading::prose {
namespace {

constexpr std::size_t kNameBytesMax = 253;
constexpr std::size_t kRunBytesMax = 2 * kNameBytesMax;
constexpr std::size_t kPlainRunMax = 64;  // longer runs of words and hyphens are passed over at once

bool is_digit(char c) { return c >= '0' && c <= '9'; }
bool is_upper(char c) { return c >= 'A' && c <= 'Z'; }
bool is_letter(char c) { return (c >= 'a' && c <= 'z') || is_upper(c); }
bool is_alnum(char c) { return is_digit(c) || is_letter(c); }
bool is_hex(char c) { return is_digit(c) || ((c | 32) >= 'a' && (c | 32) <= 'f'); }
bool is_high(char c) { return static_cast<unsigned char>(c) >= 0x80; }

char at_or_nul(std::string_view text, std::size_t i) { return i < text.size() ? text[i] : '\0'; }

struct Span {
  std::size_t end = 0;
  bool ok = false;
};

// A dot, however it is hidden.
Span dot_at(std::string_view text, std::size_t i) {
  const std::string_view rest = text.substr(std::min(i, text.size()));
  if (rest.empty()) return {};
  if (rest.front() == '.') return {i + 1, true};
  if (std::string_view("[({ \\.").find(rest.front()) == std::string_view::npos) return {};
  for (const std::string_view form :
       {"[.]", "(.)", "{.}", "[dot]", "(dot)", " [.] ", " dot ", "[DOT]", "[.", ".]", "\\."})
    if (rest.starts_with(form)) return {i + form.size(), true};
  if (rest.size() > 2 && rest[0] == ' ' && rest[1] == '.' && is_digit(rest[2])) return {i + 2, true};
  if (rest.size() > 3 && rest.starts_with(" . ") && is_digit(rest[3])) return {i + 3, true};
  return {};
}

Span octet_at(std::string_view text, std::size_t i, std::uint32_t& value) {
  std::size_t end = i;
  std::uint32_t number = 0;
  while (end < text.size() && is_digit(text[end]) && end - i < 4)
    number = number * 10 + static_cast<std::uint32_t>(text[end++] - '0');
  if (end == i || end - i > 3 || number > 255 || (end - i > 1 && text[i] == '0')) return {};
  value = number;
  return {end, true};
}

bool is_mask(char c) { return c == 'x' || c == 'X' || c == '*'; }

std::string_view word_before(std::string_view text, std::size_t at) {
  while (at > 0 && (text[at - 1] == ' ' || text[at - 1] == ':')) --at;
  std::size_t begin = at;
  while (begin > 0 && is_letter(text[begin - 1])) --begin;
  return text.substr(begin, at - begin);
}

// "version 1.2.3.4", "Chrome/120.0.0.0", "curl/7.1.2.3"
bool is_version(std::string_view text, std::size_t begin) {
  if (begin > 0 && text[begin - 1] == '/') {
    const std::string_view product = word_before(text, begin - 1);
    for (const std::string_view protocol : {"TCP", "UDP", "TLS"})  // Asterisk: "IPV4/UDP/192.0.2.1/5079"
      if (product == protocol) return false;
    return product.size() >= 3 && (is_upper(product[0]) || product == "curl" || product == "wget");
  }
  const std::string word = to_lower(word_before(text, begin));
  for (const std::string_view known : {"version", "ver", "build", "release", "firmware", "oid", "kernel"})
    if (word == known) return true;
  return false;
}

// Words that were written on without a blank.
bool may_be_glued(std::string_view text, std::size_t at) {
  std::size_t end = at;
  while (end < text.size() && is_letter(text[end])) ++end;
  const std::string_view word = text.substr(at, end - at);
  if (word.size() < 2) return false;
  if (std::all_of(word.begin(), word.end(), is_upper)) return true;
  const std::string lower = to_lower(word);
  for (const std::string_view known : {"is", "has", "was", "on", "at", "from", "to", "port", "and", "in", "by"})
    if (lower == known) return true;
  return false;
}

bool ends_name(std::string_view text, std::size_t i) {  // nothing that would make a host name of it
  const char c = at_or_nul(text, i);
  const char next = at_or_nul(text, i + 1);
  if (c == '.') return !is_alnum(next);
  if (c == '-') return !is_letter(next);
  return c != '@' && c != '_';
}

std::optional<std::uint16_t> port_behind(std::string_view text, std::size_t& end) {
  const char mark = at_or_nul(text, end);
  if ((mark != ':' && mark != '/' && mark != '#') || !is_digit(at_or_nul(text, end + 1))) return std::nullopt;
  std::int64_t value = 0;
  std::size_t i = end + 1;
  while (i < text.size() && is_digit(text[i]) && i - end < 7) value = value * 10 + (text[i++] - '0');
  const auto port = port_of(value);
  if (!port || is_letter(at_or_nul(text, i))) return std::nullopt;
  end = i;
  return port;
}

// "/24" behind an address whose host bits are not set, or "-192.0.2.9": a network. A port where host bits are set.
bool is_network(std::string_view text, std::size_t& end, const IpAddress& address) {
  if (at_or_nul(text, end) != '/') return false;
  std::size_t i = end + 1;
  while (i < text.size() && is_digit(text[i]) && i - end < 5) ++i;
  if (i == end + 1 || is_alnum(at_or_nul(text, i))) return false;
  const std::string_view bits = text.substr(end + 1, i - end - 1);
  if (bits == (address.is_v4() ? "32" : "128")) {
    end = i;
    return false;
  }
  if (!address.is_v4() || parse_prefix(fmt::format("{}/{}", address.to_string(), bits))) {
    end = i;
    return true;
  }
  return false;
}

std::optional<Token> v4_at(std::string_view text, std::size_t begin) {
  std::uint32_t value = 0;
  std::size_t i = begin;
  bool masked = false;
  for (int n = 0; n < 4; ++n) {
    if (n > 0) {
      const Span dot = dot_at(text, i);
      if (!dot.ok) return std::nullopt;
      i = dot.end;
    }
    std::uint32_t octet = 0;
    const Span span = octet_at(text, i, octet);
    if (span.ok && !masked) {
      value = (value << 8) | octet;
      i = span.end;
    } else if (is_mask(at_or_nul(text, i)) || (masked && span.ok)) {
      masked = true;
      if (span.ok) i = span.end;
      while (is_mask(at_or_nul(text, i))) ++i;
    } else {
      return std::nullopt;
    }
  }
  Token token{.kind = TokenKind::address, .begin = begin, .end = i, .address = {}, .port = {}, .value = {}};
  if (masked) {
    token.kind = TokenKind::masked;
    while (at_or_nul(text, token.end) == '.' && is_digit(at_or_nul(text, token.end + 1)))
      for (++token.end; is_digit(at_or_nul(text, token.end));) ++token.end;
    return token;
  }
  token.address = IpAddress::v4(value);
  if (at_or_nul(text, i) == '.' && is_digit(at_or_nul(text, i + 1))) {  // tcpdump: "192.0.2.1.123 > "
    std::size_t end = i + 1;
    std::int64_t number = 0;
    while (end < text.size() && is_digit(text[end]) && end - i < 7) number = number * 10 + (text[end++] - '0');
    const std::string_view behind = text.substr(end, 3);
    const bool arrow = behind.starts_with(" >") || behind.starts_with(" <") || behind.starts_with(":") ||
                       behind.starts_with(" ->") || (begin > 1 && text.substr(0, begin).ends_with("> "));
    if (!arrow || !port_of(number)) return std::nullopt;
    token.port = port_of(number);
    token.end = end;
    return token;
  }
  if (is_version(text, begin)) return std::nullopt;
  const char next = at_or_nul(text, i);
  if (is_digit(next) || (is_letter(next) && !may_be_glued(text, i)) || !ends_name(text, i)) return std::nullopt;
  if (is_network(text, token.end, *token.address)) {
    token.kind = TokenKind::network;
    return token;
  }
  if (next == '-' && is_digit(at_or_nul(text, i + 1)))
    if (const auto last = v4_at(text, i + 1)) {
      token.kind = TokenKind::network;
      token.end = last->end;
      return token;
    }
  token.port = port_behind(text, token.end);
  return token;
}

std::optional<Token> v6_at(std::string_view text, std::size_t begin) {
  std::size_t end = begin;
  std::size_t colons = 0;
  bool digit = false;
  while (end < text.size() && end - begin < 50 &&
         (is_hex(text[end]) || text[end] == ':' || (text[end] == '.' && colons > 2))) {
    colons += text[end] == ':' ? 1U : 0U;
    digit = digit || is_digit(text[end]);
    ++end;
  }
  if (colons < 2 || !digit) return std::nullopt;
  while (end > begin && (text[end - 1] == '.' || (text[end - 1] == ':' && !text.substr(0, end).ends_with("::")))) --end;
  const auto address = parse_ip(text.substr(begin, end - begin));
  if (!address || is_letter(at_or_nul(text, end)) || at_or_nul(text, end) == '_') return std::nullopt;
  Token token{.kind = TokenKind::address, .begin = begin, .end = end, .address = *address, .port = {}, .value = {}};
  if (is_network(text, token.end, *address)) {
    token.kind = TokenKind::network;
  } else if (at_or_nul(text, end) == ']') {
    std::size_t behind = end + 1;
    token.port = port_behind(text, behind);
  }
  return token;
}

// The length of "https://" and its disguises at `at`, and what it means.
std::size_t scheme_at(std::string_view text, std::size_t at, std::string_view& means) {
  struct Scheme {
    std::string_view written;
    std::string_view means;
  };
  constexpr std::array kSchemes{Scheme{"https", "https://"}, Scheme{"http", "http://"},   Scheme{"hxxps", "https://"},
                                Scheme{"hxxp", "http://"},   Scheme{"htxps", "https://"}, Scheme{"htxp", "http://"},
                                Scheme{"h**ps", "https://"}, Scheme{"h**p", "http://"},   Scheme{"httx", "http://"},
                                Scheme{"ftp", "ftp://"},     Scheme{"fxp", "ftp://"},     Scheme{"http(s)", "http://"}};
  const std::string_view rest = text.substr(at);
  for (const Scheme& scheme : kSchemes) {
    if (!starts_with_ignoring_case(rest, scheme.written)) continue;
    for (const std::string_view mark : {"://", "[:]//", "[://]", ": //", ":\\\\", "(:)//", "[:]\\/\\/", ":\\/\\/"})
      if (rest.substr(scheme.written.size()).starts_with(mark)) {
        means = scheme.means;
        return scheme.written.size() + mark.size();
      }
  }
  return 0;
}

std::size_t url_end(std::string_view text, std::size_t begin) {
  std::size_t end = begin;
  while (end < text.size() && end - begin<kUrlBytesMax&& static_cast<unsigned char>(text[end])> ' ' &&
         std::string_view("<>\"'`|{}^\x7f").find(text[end]) == std::string_view::npos)
    ++end;
  const std::string_view body = text.substr(begin, end - begin);
  const auto count = [&](char c) { return std::count(body.begin(), body.end(), c); };
  for (bool more = true; more && end > begin;) {
    const char last = text[end - 1];
    more = std::string_view(".,;:!?*_\\").find(last) != std::string_view::npos ||
           (last == ')' && count('(') < count(')')) || (last == ']' && count('[') < count(']'));
    if (more) --end;
  }
  return end;
}

std::optional<Token> url_at(std::string_view text, std::size_t at) {
  std::string_view means;
  const std::size_t length = scheme_at(text, at, means);
  if (length == 0) return std::nullopt;
  const std::size_t end = url_end(text, at + length);
  Token token{.kind = TokenKind::url, .begin = at, .end = end, .address = {}, .port = {}, .value = {}};
  if (auto url = url_of(std::string(means) + std::string(text.substr(at + length, end - at - length)))) {
    const auto host = host_of(*url);
    if (host && (host->find('.') != std::string::npos || host->find(':') != std::string::npos))
      token.value = unwrap_link(std::move(*url));
  }
  return token;
}

bool is_name_byte(char c) {
  return is_alnum(c) || c == '-' || c == '_' || c == '.' || c == '+' || c == '@' || c == '=';
}

// A mail address, or a host name (also "bad[.]example"); what has no dot is a word and no token.
Token word_at(std::string_view text, std::size_t begin) {
  std::size_t end = begin;
  std::string value;
  while (end < text.size() && (is_name_byte(text[end]) || is_high(text[end])) && end - begin < kRunBytesMax) {
    if (text[end] == '=' && value.find('@') == std::string::npos) break;
    value += text[end++];
    const char next = at_or_nul(text, end);
    if (next != '[' && next != '(' && next != '{') continue;
    for (const std::string_view dot : {"[.]", "(.)", "{.}", "[dot]", "(dot)"})
      if (text.substr(end).starts_with(dot) && is_alnum(at_or_nul(text, end + dot.size()))) {
        value += '.';
        end += dot.size();
      }
  }
  Token token{.kind = TokenKind::name, .begin = begin, .end = end, .address = {}, .port = {}, .value = {}};
  if (value.find('@') != std::string::npos) {
    token.kind = TokenKind::mail;
    if (value.ends_with('@') && at_or_nul(text, end) == '[') {  // user@[192.0.2.1]
      const auto close = text.substr(end, 60).find(']');
      if (close != std::string_view::npos) token.end = end + close + 1;
    }
    return token;
  }
  if (auto name = domain_of(value)) {
    const std::string_view last = std::string_view(*name).substr(name->rfind('.') + 1);
    if (last.size() >= 2 && !is_digit(last.front())) token.value = std::move(*name);
  }
  return token;
}

bool starts_word(std::string_view text, std::size_t i) {
  if (i == 0) return true;
  const char before = text[i - 1];
  return !is_alnum(before) && before != '_' && !(before == '.' && i > 1 && is_alnum(text[i - 2])) && !is_high(before);
}

// "IP192.0.2.1", "ip_192.0.2.1", "src192.0.2.1"
bool glued_in_front(std::string_view text, std::size_t i) {
  const std::string before = to_lower(text.substr(i > 4 ? i - 4 : 0, std::min<std::size_t>(i, 4)));
  for (const std::string_view known : {"ip", "ip_", "src", "from", "host"})
    if (before.ends_with(known)) return true;
  return false;
}

}  // namespace

std::vector<Token> tokens_in(std::string_view text, std::size_t count_max) {
  std::vector<Token> all;
  for (std::size_t i = 0; i < text.size() && all.size() < count_max;) {
    const char c = text[i];
    const bool starts = starts_word(text, i);
    std::optional<Token> token;
    if ((c == 'h' || c == 'H' || c == 'f' || c == 'F') && (i == 0 || !is_letter(text[i - 1]))) token = url_at(text, i);
    if (!token && is_digit(c) && (starts || glued_in_front(text, i) || (i > 0 && is_high(text[i - 1]))))
      token = v4_at(text, i);
    if (!token && starts && (is_hex(c) || c == ':')) token = v6_at(text, i);
    if (!token && starts && (is_mask(c)) && dot_at(text, i + 1).ok) token = v4_at(text, i);
    if (!token && starts && (is_alnum(c) || is_high(c))) {
      Token word = word_at(text, i);
      const std::size_t end = word.end;
      if (word.kind == TokenKind::mail || !word.value.empty()) {
        all.push_back(std::move(word));
        i = std::max(end, i + 1);
        continue;
      }
      if (end - i >= kRunBytesMax) {  // longer than any name: not looked at from each of its letters again
        i = end;
        continue;
      }
      // Without dots no address is in it; what is glued to its end may be one, or a URL.
      const std::string_view run = text.substr(i, end - i);
      const char next = at_or_nul(text, end);
      if (run.find('.') == std::string_view::npos && run.find('[') == std::string_view::npos &&
          run.size() > kPlainRunMax && next != ':' && next != ' ' && next != '[' && next != '(') {
        i = end;
        continue;
      }
      // Of a plain word only the letters are passed over: "ip=192.0.2.1".
      while (i < end && !is_digit(text[i]) && (is_alnum(text[i]) || is_high(text[i]))) {
        std::string_view means;  // scripts without blanks: a URL right behind a letter
        if (is_high(text[i++]) && i < text.size() && (text[i] | 32) == 'h' && scheme_at(text, i, means) > 0) break;
      }
      if (i < end && is_digit(text[i]) && !glued_in_front(text, i) && (i == 0 || !is_high(text[i - 1])))
        while (i < text.size() && is_alnum(text[i])) ++i;
      continue;
    }
    if (token) {
      i = std::max(token->end, i + 1);
      all.push_back(std::move(*token));
    } else {
      ++i;
    }
  }
  return all;
}

}  // namespace abate::reading::prose
