// SPDX-License-Identifier: Apache-2.0
#include "sweep/host/logs/records.h"

#include <cstring>

#include "sweep/host/logs/scan.h"

namespace abate::sweep {
namespace {

std::uint32_t u32(const char* at) {
  std::uint32_t value = 0;
  std::memcpy(&value, at, sizeof value);
  return value;
}
std::string_view text_at(const char* at, std::size_t size) {
  const std::string_view all{at, size};
  return all.substr(0, all.find('\0'));
}
// Whole records only; false at the end.
bool read_record(ByteSource& source, std::span<char> record) {
  std::size_t have = 0;
  while (have < record.size()) {
    const std::size_t got = source.read(record.subspan(have));
    if (got == 0) return false;
    have += got;
  }
  return true;
}

}  // namespace

// utmp(5): type@0, pid@4, line@8[32], id@40[4], user@44[32], host@76[256], session@336, sec@340, usec@344, addr@348[16]
void read_login_records(ByteSource& source, std::string_view path, const std::function<void(const Event&)>& to) {
  constexpr std::size_t kRecordBytes = 384;
  std::array<char, kRecordBytes> record{};
  const bool failed = file_name(path).starts_with("btmp");
  for (std::uint64_t number = 1; read_record(source, record); ++number) {
    const auto type = static_cast<std::uint16_t>(u32(record.data()) & 0xffffU);
    Event event;
    event.origin = {path, number};
    event.program = failed ? "btmp" : "wtmp";
    event.pid = u32(record.data() + 4);
    const std::string_view line = text_at(record.data() + 8, 32);
    const std::string_view user = text_at(record.data() + 44, 32);
    const std::string_view from = text_at(record.data() + 76, 256);
    const std::uint32_t seconds = u32(record.data() + 340);
    if (seconds == 0) continue;
    event.at =
        from_micros(std::int64_t{seconds} * 1'000'000 + std::min<std::int64_t>(u32(record.data() + 344), 999'999));
    char text[512];
    const auto said = fmt::format_to_n(text, sizeof text, "{} {} {} {}", event.program, user, line, from);
    event.message = {text, std::min(said.size, sizeof text)};
    if (type == 2) {
      event.what = UnitChange{.unit = {}, .what = "boot"};
    } else if ((type == 7 || type == 6) && !user.empty()) {
      Login login{.service = LoginService::other, .accepted = !failed};
      login.user = user;
      login.client = ip_in_log(from);
      event.what = login;
    } else if (type == 3 || type == 4) {
      event.program = "clock";  // old and new time: the clock was set
    }
    to(event);
  }
}

void read_last_logins(ByteSource& source, const Host& host, std::string_view path,
                      const std::function<void(const Event&)>& to) {
  constexpr std::size_t kRecordBytes = 292;
  constexpr std::uint32_t kUidsMax = 70'000;  // beyond: a hole of gigabytes for one high uid
  std::array<char, kRecordBytes> record{};
  for (std::uint32_t uid = 0; uid < kUidsMax && read_record(source, record); ++uid) {
    const std::uint32_t seconds = u32(record.data());
    if (seconds == 0) continue;
    Event event;
    event.origin = {path, uid + 1};
    event.program = "lastlog";
    event.at = from_micros(std::int64_t{seconds} * 1'000'000);
    const std::string_view from = text_at(record.data() + 36, 256);
    const Account* account = host.account(uid);
    Login login{.service = LoginService::other, .accepted = true};
    login.user = account == nullptr ? std::string_view{} : account->name;
    login.client = ip_in_log(from);
    char text[512];
    const auto said = fmt::format_to_n(text, sizeof text, "last log-in of uid {} {} from {}", uid, login.user, from);
    event.message = {text, std::min(said.size, sizeof text)};
    event.what = login;
    to(event);
  }
}

}  // namespace abate::sweep
