// SPDX-License-Identifier: Apache-2.0
#include "reading/mime/charset.h"

#include <algorithm>
#include <array>
#include <cerrno>
#include <map>
#include <memory>
#include <optional>

#include <iconv.h>

#include "base/hash.h"
#include "base/text.h"

namespace abate::reading {
namespace {

// What mail is really written in. utf-7 and utf-16 are here because hostile mail names them.
constexpr std::array kCharsets{
    "iso-8859-2",   "iso-8859-3",   "iso-8859-4",   "iso-8859-5",    "iso-8859-6",   "iso-8859-7",   "iso-8859-8",
    "iso-8859-9",   "iso-8859-10",  "iso-8859-13",  "iso-8859-14",   "iso-8859-15",  "iso-8859-16",  "windows-1250",
    "windows-1251", "windows-1252", "windows-1253", "windows-1254",  "windows-1255", "windows-1256", "windows-1257",
    "windows-1258", "windows-874",  "koi8-r",       "koi8-u",        "ibm437",       "ibm850",       "ibm852",
    "ibm866",       "macintosh",    "iso-2022-jp",  "iso-2022-jp-2", "shift_jis",    "euc-jp",       "iso-2022-kr",
    "euc-kr",       "cp949",        "gb2312",       "gbk",           "gb18030",      "big5",         "big5-hkscs",
    "hz",           "tis-620",      "utf-7",        "utf-16",        "utf-16le",     "utf-16be",     "utf-32"};

struct Alias {
  std::string_view written;
  std::string_view name;
};
constexpr std::array kAliases{
    Alias{"cp1250", "windows-1250"},
    Alias{"cp1251", "windows-1251"},
    Alias{"cp1252", "windows-1252"},
    Alias{"cp1253", "windows-1253"},
    Alias{"cp1254", "windows-1254"},
    Alias{"cp1255", "windows-1255"},
    Alias{"cp1256", "windows-1256"},
    Alias{"cp1257", "windows-1257"},
    Alias{"x-cp1250", "windows-1250"},
    Alias{"x-cp1251", "windows-1251"},
    Alias{"x-mac-roman", "macintosh"},
    Alias{"x-gbk", "gbk"},
    Alias{"x-big5", "big5"},
    Alias{"x-euc-jp", "euc-jp"},
    Alias{"iso8859-1", "iso-8859-1"},
    Alias{"iso8859-2", "iso-8859-2"},
    Alias{"iso8859-15", "iso-8859-15"},
    Alias{"hz-gb-2312", "hz"},
    Alias{"sjis", "shift_jis"},
    Alias{"ks_c_5601-1987", "cp949"},
    Alias{"x-sjis", "shift_jis"},
    Alias{"shift-jis", "shift_jis"},
    Alias{"cp932", "shift_jis"},
    Alias{"windows-31j", "shift_jis"},
    Alias{"windows-949", "cp949"},
    Alias{"iso-8859-8-i", "iso-8859-8"},
    Alias{"unicode-1-1-utf-7", "utf-7"},
    Alias{"latin1", "iso-8859-1"},
    Alias{"ascii", "us-ascii"},
    Alias{"ansi_x3.4-1968", "us-ascii"},
    Alias{"utf8", "utf-8"},
    Alias{"unicode", "utf-16"},
};

std::string canonical_name(std::string_view charset) {
  std::string name = to_lower(trim(charset));
  for (const Alias& alias : kAliases)
    if (alias.written == name) return std::string(alias.name);
  return name;
}

class Converter {  // one iconv descriptor, kept open: closing it would let the C library unload what it needs
 public:
  explicit Converter(const char* name) : handle_{iconv_open("UTF-8", name)} {}
  ~Converter() {
    if (usable()) iconv_close(handle_);
  }
  Converter(const Converter&) = delete;
  Converter& operator=(const Converter&) = delete;
  [[nodiscard]] bool usable() const { return handle_ != reinterpret_cast<iconv_t>(-1); }

  std::string run(std::string_view bytes) {
    iconv(handle_, nullptr, nullptr, nullptr, nullptr);  // back to the first shift state
    std::string text;
    std::array<char, 4096> chunk;
    char* in = const_cast<char*>(bytes.data());  // iconv's signature; it does not write there
    std::size_t in_left = bytes.size();
    while (in_left > 0) {
      char* out = chunk.data();
      std::size_t out_left = chunk.size();
      const std::size_t done = iconv(handle_, &in, &in_left, &out, &out_left);
      text.append(chunk.data(), chunk.size() - out_left);
      if (done != static_cast<std::size_t>(-1) || errno == E2BIG) continue;
      text += "\xef\xbf\xbd";
      if (errno == EINVAL) break;  // cut off inside a character
      ++in;
      --in_left;
    }
    return text;
  }

 private:
  iconv_t handle_;
};

using Converters = std::map<std::string, std::unique_ptr<Converter>, std::less<>>;

Converter* converter_for(const std::string& name) {
  thread_local Converters converters;
  if (const auto found = converters.find(name); found != converters.end()) return found->second.get();
  if (std::find(kCharsets.begin(), kCharsets.end(), name) == kCharsets.end()) return nullptr;
  auto made = std::make_unique<Converter>(name.c_str());
  if (!made->usable()) made = nullptr;
  return converters.emplace(name, std::move(made)).first->second.get();
}

// Where windows-1252 differs from ISO 8859-1: 0x80 to 0x9f.
constexpr std::array<char32_t, 32> kWindows1252{0x20ac, 0x81,   0x201a, 0x0192, 0x201e, 0x2026, 0x2020, 0x2021,
                                                0x02c6, 0x2030, 0x0160, 0x2039, 0x0152, 0x8d,   0x017d, 0x8f,
                                                0x90,   0x2018, 0x2019, 0x201c, 0x201d, 0x2022, 0x2013, 0x2014,
                                                0x02dc, 0x2122, 0x0161, 0x203a, 0x0153, 0x9d,   0x017e, 0x0178};

std::string from_windows1252(std::string_view bytes) {
  std::string text;
  text.reserve(bytes.size() + bytes.size() / 8);
  for (const char c : bytes) {
    const auto byte = static_cast<unsigned char>(c);
    if (byte < 0x80) {
      text += c;
      continue;
    }
    const char32_t code = byte < 0xa0 ? kWindows1252[byte - 0x80U] : byte;
    if (code >= 0x800) text += static_cast<char>(0xe0 | (code >> 12));
    text += static_cast<char>(code >= 0x800 ? 0x80 | ((code >> 6) & 0x3f) : 0xc0 | (code >> 6));
    text += static_cast<char>(0x80 | (code & 0x3f));
  }
  return text;
}

std::string without_nul(std::string text) {
  return text.find('\0') == std::string::npos && is_valid_utf8(text) ? text : make_valid_utf8(text);
}

int hex_digit(char c) {
  if (c >= '0' && c <= '9') return c - '0';
  if (c >= 'A' && c <= 'F') return c - 'A' + 10;
  if (c >= 'a' && c <= 'f') return c - 'a' + 10;
  return -1;
}

std::string decode_q(std::string_view text) {  // RFC 2047 section 4.2
  std::string bytes;
  for (std::size_t i = 0; i < text.size(); ++i) {
    if (text[i] == '=' && i + 2 < text.size() && hex_digit(text[i + 1]) >= 0 && hex_digit(text[i + 2]) >= 0) {
      bytes += static_cast<char>(hex_digit(text[i + 1]) * 16 + hex_digit(text[i + 2]));
      i += 2;
    } else {
      bytes += text[i] == '_' ? ' ' : text[i];
    }
  }
  return bytes;
}

struct Word {  // "=?charset*language?B?text?="
  std::string charset;
  std::string bytes;
  std::size_t end = 0;
};

// RFC 2047 allows 75 bytes; senders exceed it. A bound, so that "=?a?Q? =?a?Q? ..." is not searched over and over.
constexpr std::size_t kWordBytesMax = 2'048;

std::optional<Word> word_at(std::string_view whole, std::size_t at) {
  const std::string_view text = whole.substr(0, at + kWordBytesMax);
  const auto charset_end = text.find('?', at + 2);
  if (charset_end == std::string_view::npos || charset_end + 2 >= text.size() || text[charset_end + 2] != '?')
    return std::nullopt;
  const char coding = text[charset_end + 1];
  const auto end = text.find("?=", charset_end + 3);
  if (end == std::string_view::npos) return std::nullopt;
  const std::string_view payload = text.substr(charset_end + 3, end - charset_end - 3);
  Word word{.charset = std::string(text.substr(at + 2, charset_end - at - 2)), .bytes = {}, .end = end + 2};
  if (const auto star = word.charset.find('*'); star != std::string::npos) word.charset.resize(star);
  if (coding == 'Q' || coding == 'q') {
    word.bytes = decode_q(payload);
  } else if (coding == 'B' || coding == 'b') {
    auto bytes = base64_decode(payload);
    if (!bytes) return std::nullopt;
    word.bytes = std::move(*bytes);
  } else {
    return std::nullopt;
  }
  return word;
}

std::string unfold(std::string_view raw) {
  std::string line;
  line.reserve(raw.size());
  for (const char c : trim(raw)) {
    if (c == '\r' || c == '\n') continue;
    line += c == '\t' ? ' ' : c;
  }
  return line;
}

}  // namespace

std::size_t warm_charsets() {
  std::size_t usable = 0;
  for (const char* name : kCharsets) usable += converter_for(name) != nullptr ? 1U : 0U;
  return usable;
}

Decoded decode_charset(std::string_view bytes, std::string_view charset) {
  const std::string name = canonical_name(charset);
  const bool plain = name.empty() || name == "us-ascii" || name == "utf-8";
  if (plain) {
    if (is_valid_utf8(bytes)) return {without_nul(std::string(bytes)), true};
    if (name.starts_with("utf")) return {make_valid_utf8(bytes), true};
    return {without_nul(from_windows1252(bytes)), true};
  }
  if (name == "iso-8859-1" || name == "windows-1252") return {without_nul(from_windows1252(bytes)), true};
  if (Converter* converter = converter_for(name)) return {without_nul(converter->run(bytes)), true};
  return {without_nul(is_valid_utf8(bytes) ? std::string(bytes) : from_windows1252(bytes)), false};
}

std::string decode_header(std::string_view raw) {
  const std::string line = unfold(raw);
  const bool plain = line.find("=?") == std::string::npos;
  if (plain && std::ranges::all_of(line, [](char c) { return (c >= ' ' && c <= '~') || c == '\t'; }))
    return std::string(trim(line));  // nearly every header: no charset to find
  if (plain) return std::string(trim(decode_charset(line, "").text));
  std::string text;
  std::string pending;  // bytes of neighbouring words of one charset: a character may be cut between them
  std::string charset;
  const auto flush = [&] {
    if (!pending.empty()) text += decode_charset(pending, charset).text;
    pending.clear();
  };
  for (std::size_t at = 0; at < line.size();) {
    const auto next = line.find("=?", at);
    const std::string_view between = std::string_view(line).substr(at, next == std::string::npos ? next : next - at);
    const bool blank_between_words = !pending.empty() && trim(between).empty() && next != std::string::npos;
    const auto word = next == std::string::npos ? std::nullopt : word_at(line, next);
    if (!blank_between_words || !word) {
      flush();
      text += decode_charset(between, "").text;
    }
    if (next == std::string::npos) break;
    if (!word) {
      text += "=?";
      at = next + 2;
      continue;
    }
    if (!pending.empty() && word->charset != charset) flush();
    charset = word->charset;
    pending += word->bytes;
    at = word->end;
  }
  flush();
  for (char& c : text)
    if (c == '\r' || c == '\n') c = ' ';  // a word may hide a line end
  return std::string(trim(text));
}

}  // namespace abate::reading
