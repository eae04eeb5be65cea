// SPDX-License-Identifier: Apache-2.0
#include "store/postgres_copy.h"

#include <endian.h>

#include "base/text.h"

namespace abate::store {
namespace {

constexpr std::size_t kPieceBytes = std::size_t{256} << 10U;

template <class T>
void add_raw(std::string& out, T big_endian) {
  out.append(reinterpret_cast<const char*>(&big_endian), sizeof big_endian);
}
void add_size(std::string& out, std::size_t size) { add_raw(out, htobe32(static_cast<std::uint32_t>(size))); }

void add_value(std::string& out, const Value& value) {
  if (value.null) return add_size(out, 0xffffffffU);
  if (value.kind == Value::Kind::integer) {
    add_size(out, 8);
    return add_raw(out, htobe64(static_cast<std::uint64_t>(value.integer)));
  }
  if (value.kind == Value::Kind::text && (!is_valid_utf8(value.bytes) || value.bytes.find('\0') != value.bytes.npos)) {
    const std::string valid = make_valid_utf8(value.bytes);
    add_size(out, valid.size());
    out += valid;
    return;
  }
  add_size(out, value.bytes.size());
  out += value.bytes;
}

}  // namespace

void CopyStream::add_row() {
  fill_(row_++, values_);
  add_raw(piece_, htobe16(static_cast<std::uint16_t>(values_.size())));
  for (const Value& value : values_) add_value(piece_, value);
}

std::string_view CopyStream::next() {
  piece_.clear();
  if (!begun_) {
    piece_.append("PGCOPY\n\377\r\n\0", 11);
    piece_.append(8, '\0');  // no flags, no extension
    begun_ = true;
  }
  while (row_ < rows_ && piece_.size() < kPieceBytes) add_row();
  if (row_ == rows_ && !ended_) {
    add_raw(piece_, std::uint16_t{0xffff});
    ended_ = true;
  }
  return piece_;
}

}  // namespace abate::store
