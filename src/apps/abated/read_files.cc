// SPDX-License-Identifier: Apache-2.0
// `abated read --json FILE...`: reads reports without keeping them, in the same sandbox as the desk.
#include <cstdio>
#include <filesystem>
#include <fstream>
#include <iostream>
#include <iterator>

#include "apps/abated/commands.h"
#include "apps/abated/setup.h"
#include "wire/reading_json.h"
#include "worker/workers.h"

namespace abate::apps {
namespace {

std::string_view content_type_of(const std::string& file) {
  const std::string suffix = std::filesystem::path{file}.extension().string();
  if (suffix == ".json") return "application/json";
  if (suffix == ".csv") return "text/csv";
  if (suffix == ".eml") return "message/rfc822";
  return "application/octet-stream";  // a mail where it begins like one
}

// At most one byte more than `bytes_max`: then it is too big.
Result<std::string> bytes_of(const std::string& file, std::size_t bytes_max) {
  std::ifstream opened;
  if (file != "-") opened.open(file, std::ios::binary);
  std::istream& in = file == "-" ? std::cin : opened;
  if (!in || std::filesystem::is_directory(file))
    return failure(Fault::not_found, "{}: cannot be opened; does it exist, and may this user read it?", file);
  std::string bytes;
  std::array<char, 65536> chunk;
  while (bytes.size() <= bytes_max && (in.read(chunk.data(), chunk.size()), in.gcount() > 0))
    bytes.append(chunk.data(), static_cast<std::size_t>(in.gcount()));
  if (bytes.size() > bytes_max) bytes.resize(bytes_max + 1);
  return bytes;
}

Reading too_big(std::size_t bytes_max) {
  Reading reading;
  reading.format = "unknown";
  reading.warnings = {fmt::format("It is larger than message_max ({} bytes) and was not read", bytes_max)};
  return reading;
}

}  // namespace

int read_files(const std::string& config_file, const std::vector<std::string>& files) {
  Config config;  // reading needs no configuration; where there is one, its limits hold
  if (const std::string path = config_path(config_file); !config_file.empty() || std::filesystem::exists(path)) {
    Result<Config> found = read_config(path);
    if (!found) return complain(found.error());
    config = std::move(*found);
  }
  const auto reader = worker::start_workers({.count = 1,
                                             .memory_max_bytes = config.reading_memory_max_bytes,
                                             .time_max = config.reading_time_max,
                                             .command = {}});
  if (!reader) return complain(reader.error());
  int status = kOk;
  for (const std::string& file : files) {
    const Result<std::string> bytes = bytes_of(file, config.message_max_bytes);
    if (!bytes) {
      status = complain(bytes.error());
      continue;
    }
    const desk::ToRead one{*bytes, content_type_of(file), {}};
    const bool fits = bytes->size() <= config.message_max_bytes;
    const Reading reading = fits ? (*reader)->read({&one, 1}).front() : too_big(config.message_max_bytes);
    std::cout << wire::reading_line(file, reading) << '\n';
  }
  std::cout.flush();
  return status;
}

}  // namespace abate::apps
