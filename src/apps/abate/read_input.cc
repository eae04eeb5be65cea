// SPDX-License-Identifier: Apache-2.0
#include "apps/abate/read_input.h"

#include <array>
#include <filesystem>
#include <fstream>
#include <iostream>

namespace abate::apps {

Result<std::string> read_input(const std::string& name, const std::string& file, std::size_t bytes_max) {
  std::ifstream opened;
  if (file != "-") opened.open(file, std::ios::binary);
  std::istream& in = file == "-" ? std::cin : opened;
  std::error_code ignored;
  if (!in || std::filesystem::is_directory(file, ignored))
    return failure(Fault::not_found, "{} {}: cannot be opened; does it exist, and may this user read it?", name, file);
  std::string bytes;
  std::array<char, 65536> chunk{};
  while (in.read(chunk.data(), chunk.size()), in.gcount() > 0) {
    bytes.append(chunk.data(), static_cast<std::size_t>(in.gcount()));
    if (bytes.size() > bytes_max) return failure(Fault::too_big, "{} {}: larger than {} bytes", name, file, bytes_max);
  }
  return bytes;
}

}  // namespace abate::apps
