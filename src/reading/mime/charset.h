// SPDX-License-Identifier: Apache-2.0
// reading/mime/charset.h — bytes in some charset become UTF-8, and RFC 2047 words become text.
//
// SECURITY: converters are loaded from files by the C library. A sandboxed worker calls warm_charsets() before it shuts
// itself in; a charset outside that list is then not available and its bytes are read as windows-1252, which the caller
// can say in a warning. Every answer is valid UTF-8 without U+0000. Thread-safe: converters belong to their thread.
#pragma once

#include <string>
#include <string_view>

namespace abate::reading {

// Opens the converters of kCharsets for this thread and keeps them; returns how many there are.
std::size_t warm_charsets();

struct Decoded {
  std::string text;
  bool known = true;  // false: nobody knows this charset here, and windows-1252 was assumed
};
// An empty name, "us-ascii" and "utf-8" take UTF-8 where the bytes are UTF-8, else windows-1252: senders name either
// without looking. What a converter refuses becomes U+FFFD, byte by byte.
Decoded decode_charset(std::string_view bytes, std::string_view charset);

// The value of a header field as people read it: unfolded, RFC 2047 words decoded, trimmed.
std::string decode_header(std::string_view raw);

}  // namespace abate::reading
