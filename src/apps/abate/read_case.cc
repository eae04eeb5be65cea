// SPDX-License-Identifier: Apache-2.0
#include "apps/abate/read_case.h"

#include <filesystem>

#include "apps/abate/read_input.h"
#include "reading/read.h"
#include "talk/desk.h"

namespace abate::apps {
namespace {

std::string_view content_type_of(const std::string& file) {
  const std::string suffix = std::filesystem::path{file}.extension().string();
  if (suffix == ".json") return "application/json";
  if (suffix == ".csv") return "text/csv";
  if (suffix == ".eml") return "message/rfc822";
  return "application/octet-stream";  // a mail where it begins like one
}

}  // namespace

Result<wire::TicketCase> read_case(const std::string& ticket, const Talker* talker) {
  if (talker != nullptr && talk::looks_like_link(ticket)) {
    TRY_ASSIGN(const std::string fetched, talker->fetch_ticket(ticket));
    return wire::read_ticket(fetched);
  }
  TRY_ASSIGN(const std::string bytes, read_input("--ticket", ticket, kTicketFileBytesMax));
  if (wire::looks_like_ticket(bytes)) {
    TRY_ASSIGN(wire::TicketCase saved, wire::read_ticket(bytes));
    if (talker != nullptr && !saved.desk.url.empty())
      TRY(talker->name_desk(saved.desk.url, saved.found.ticket, saved.desk.token));
    return saved;
  }
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
