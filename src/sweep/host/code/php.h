// SPDX-License-Identifier: Apache-2.0
// sweep/host/code/php.h — PHP as its own scanner cuts it, and what flows where: what a person reads in a suspicious
// file.
//
// A scanner that searches bytes calls every signature list a shell. Here strings are data and code is code: `'eval('`
// in quotes is one token. The flow is followed from one assignment to the next within the file, in their order, and
// through user functions not at all. Linear in the bytes; kPhpTokensMax. Pure.
#pragma once

#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

namespace abate::sweep {

constexpr std::size_t kPhpTokensMax = 400'000;

struct PhpToken {
  enum class Kind : std::uint8_t { name, variable, text, shell, number, sign, html } kind = Kind::sign;
  std::string_view text;  // of a text: without its quotes, escapes as written
  std::uint32_t line = 1;
};

// "<?php" or "<?=" anywhere; a short "<?" only where nothing else is XML.
bool holds_php(std::string_view bytes);
std::vector<PhpToken> php_tokens(std::string_view bytes);

struct PhpFlow {
  enum class What : std::uint8_t {
    decoded_run,    // eval and its like of something that was unpacked here: base64, gzip, hex, rot13, chr() by chr()
    request_run,    // eval and its like, or a shell command, of what the visitor sent
    request_call,   // the visitor says which function is called: $_GET['f']($_POST['a'])
    request_write,  // a file is written whose bytes the visitor sent
    upload_kept,    // move_uploaded_file or copy of $_FILES
    request_include,
    mail_to_request,  // mail() whose recipient the visitor sent
    secrets_sent,  // passwords, cards, codes that the visitor typed are mailed, posted to a messenger or appended to a
                   // file
    built_call,    // a function whose name is put together from pieces is called
  } what;
  std::uint32_t line = 0;
  std::string sink;    // "eval"
  std::string detail;  // "base64_decode", "$_POST"
};
std::vector<PhpFlow> php_flows(const std::vector<PhpToken>& tokens);

// A file read as PHP once for all detectors that ask in turn.
struct PhpFile {
  bool is_php = false;  // by its name, or because it begins as PHP (perhaps behind a picture's first bytes)
  std::vector<PhpToken> tokens;
  std::vector<PhpFlow> flows;
  bool checks_who_asks = false;
};
// Valid until the next call in this thread.
const PhpFile& php_file(std::string_view path, std::string_view bytes);

// Words that say a person was checked before: current_user_can, check_admin_referer, session_start with a test, …
bool checks_who_asks(const std::vector<PhpToken>& tokens);
// Calls of this function (lower case), by count.
std::size_t calls_of(const std::vector<PhpToken>& tokens, std::string_view function);

}  // namespace abate::sweep
