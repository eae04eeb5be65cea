// SPDX-License-Identifier: Apache-2.0
#include "sweep/host/logs/login_databases.h"

#include <charconv>

#include "base/text.h"
#include "sweep/host/inventory/rpm/tree_database.h"
#include "sweep/host/logs/scan.h"

namespace abate::sweep {
namespace {

constexpr std::size_t kMessageBytes = 512;

// One text a row, its cells parted by U+001F. No function of SQLite's is allowed there; `||` is none.
constexpr const char* kWtmp =
    "SELECT Type || '\x1f' || Login || '\x1f' || User || '\x1f' || TTY || '\x1f' || "
    "CASE WHEN RemoteHost IS NULL THEN '' ELSE RemoteHost END FROM wtmp ORDER BY ID DESC";
constexpr const char* kLastlog =
    "SELECT '3' || '\x1f' || Time || '\x1f' || Name || '\x1f' || CASE WHEN TTY IS NULL THEN '' ELSE TTY END || '\x1f' "
    "|| "
    "CASE WHEN RemoteHost IS NULL THEN '' ELSE RemoteHost END FROM Lastlog2";

enum class Type : std::uint8_t { boot = 1, user = 3 };  // wtmpdb.h

Result<void> read_rows(const Tree& tree, std::string_view path, const char* query, std::string_view program,
                       std::int64_t micros_each, const std::function<void(const Event&)>& to) {
  std::size_t number = 0;
  return read_blobs(tree, path, query, [&](std::string_view row) {
    const std::vector<std::string_view> cells = split(row, '\x1f');
    std::int64_t time = 0, type = 0;
    if (cells.size() != 5) return ++number < kLoginRowsMax;  // a cell was empty, or holds what no name holds
    std::from_chars(cells[0].data(), cells[0].data() + cells[0].size(), type);
    std::from_chars(cells[1].data(), cells[1].data() + cells[1].size(), time);
    const std::int64_t latest = to_micros(kDistantFuture) / micros_each;
    Event event;
    event.origin = {path, ++number};
    event.program = program;
    if (time <= 0 || time > latest) return number < kLoginRowsMax;
    event.at = from_micros(time * micros_each);
    char text[kMessageBytes];
    const auto said = fmt::format_to_n(text, sizeof text, "{} {} {} {}", program, cells[2], cells[3], cells[4]);
    event.message = {text, std::min(said.size, sizeof text)};
    if (type == static_cast<std::int64_t>(Type::boot)) {
      event.what = UnitChange{.unit = {}, .what = "boot"};
    } else if (type == static_cast<std::int64_t>(Type::user) && !cells[2].empty()) {
      Login login{.service = LoginService::other, .accepted = true};
      login.user = cells[2];
      login.client = ip_in_log(cells[4]);
      event.what = login;
    }
    to(event);
    return number < kLoginRowsMax;
  });
}

}  // namespace

Result<void> read_wtmpdb(const Tree& tree, std::string_view path, const std::function<void(const Event&)>& to) {
  return read_rows(tree, path, kWtmp, "wtmp", 1, to);
}

Result<void> read_lastlog2(const Tree& tree, std::string_view path, const std::function<void(const Event&)>& to) {
  return read_rows(tree, path, kLastlog, "lastlog", 1'000'000, to);
}

}  // namespace abate::sweep
