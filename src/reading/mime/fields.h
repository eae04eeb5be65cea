// SPDX-License-Identifier: Apache-2.0
// reading/mime/fields.h — "Name: value" blocks: the bodies of feedback reports (RFC 5965), delivery reports (RFC 3464)
// and text/rfc822-headers. Line ends may be CRLF, LF or CR; folded lines are joined; a line that is no field is passed
// over. Views into the given bytes: they must outlive the result. Thread-safe: no state.
#pragma once

#include <cstddef>
#include <string>
#include <string_view>
#include <vector>

namespace abate::reading {

constexpr std::size_t kFieldsMax = 2'000;
constexpr std::size_t kFieldBytesMax = 64 * 1024;  // longer values are cut

struct Field {
  std::string_view name;
  std::string_view raw;  // with its folding
};

class Fields {
 public:
  // All blocks of `block`; with `first_block_only`, only up to the first empty line behind a field.
  static Fields parse(std::string_view block, bool first_block_only);

  [[nodiscard]] const std::vector<Field>& all() const { return fields_; }
  [[nodiscard]] bool has(std::string_view name) const;
  // Decoded text of the first field called so (any case), or "".
  [[nodiscard]] std::string get(std::string_view name) const;
  [[nodiscard]] std::string_view get_raw(std::string_view name) const;
  [[nodiscard]] std::vector<std::string> get_all(std::string_view name) const;

 private:
  std::vector<Field> fields_;
};

// "rfc822; user@example.org" -> "user@example.org": RFC 3464 leads values by a type.
std::string_view after_semicolon(std::string_view value);

}  // namespace abate::reading
