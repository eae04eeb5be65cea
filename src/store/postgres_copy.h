// SPDX-License-Identifier: Apache-2.0
// store/postgres_copy.h — rows in the binary form of COPY (PostgreSQL manual, "COPY", Binary Format), piece by piece.
#pragma once

#include <cstddef>
#include <string>
#include <string_view>
#include <vector>

#include "store/connection.h"

namespace abate::store {

class CopyStream {
 public:
  CopyStream(std::size_t rows, std::size_t columns, const FillRow& fill) : rows_{rows}, values_(columns), fill_{fill} {}
  // The next piece, valid until the next call; empty after the last.
  std::string_view next();

 private:
  void add_row();
  std::size_t rows_;
  std::size_t row_ = 0;
  bool begun_ = false;
  bool ended_ = false;
  std::vector<Value> values_;
  const FillRow& fill_;
  std::string piece_;
};

}  // namespace abate::store
