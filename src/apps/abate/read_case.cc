// SPDX-License-Identifier: Apache-2.0
#include "apps/abate/read_case.h"

#include <array>
#include <filesystem>
#include <fstream>
#include <iostream>

#include "reading/read.h"

namespace abate::apps {
namespace {

Result<std::string> bytes_of(const std::string& file) {
  std::ifstream opened;
  if (file != "-") opened.open(file, std::ios::binary);
  std::istream& in = file == "-" ? std::cin : opened;
  std::error_code ignored;
  if (!in || std::filesystem::is_directory(file, ignored))
    return failure(Fault::not_found, "--ticket {}: cannot be opened; does it exist, and may this user read it?", file);
  std::string bytes;
  std::array<char, 65536> chunk{};
  while (in.read(chunk.data(), chunk.size()), in.gcount() > 0) {
    bytes.append(chunk.data(), static_cast<std::size_t>(in.gcount()));
    if (bytes.size() > kTicketFileBytesMax)
      return failure(Fault::too_big, "--ticket {}: larger than {} bytes", file, kTicketFileBytesMax);
  }
  return bytes;
}

std::string_view content_type_of(const std::string& file) {
  const std::string suffix = std::filesystem::path{file}.extension().string();
  if (suffix == ".json") return "application/json";
  if (suffix == ".csv") return "text/csv";
  if (suffix == ".eml") return "message/rfc822";
  return "application/octet-stream";  // a mail where it begins like one
}

}  // namespace

Result<wire::TicketCase> read_case(const std::string& ticket) {
  TRY_ASSIGN(const std::string bytes, bytes_of(ticket));
  if (wire::looks_like_ticket(bytes)) return wire::read_ticket(bytes);
  Reading reading = reading::read_report(bytes, content_type_of(ticket), "");
  if (reading.incidents.empty())
    return failure(
        Fault::malformed,
        "--ticket {}: no incident could be read from it. Save the whole report, or name an address and a time in it.",
        ticket);
  wire::TicketCase found;
  found.found = case_of("", std::move(reading.incidents));
  return found;
}

}  // namespace abate::apps
