// SPDX-License-Identifier: Apache-2.0
// passwd(5), shadow(5), group(5). Odd and double lines are kept: they are what detectors look for.
#include <algorithm>
#include <charconv>

#include "base/text.h"
#include "sweep/host/inventory/inventory.h"

namespace abate::sweep {
namespace {

constexpr std::size_t kAccountsMax = 50'000;
constexpr std::size_t kFileBytesMax = std::size_t{8} << 20;

std::optional<std::uint32_t> number(std::string_view text) {
  std::uint32_t value = 0;
  const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), value);
  return error == std::errc{} && end == text.data() + text.size() ? std::optional{value} : std::nullopt;
}

std::string method_of(std::string_view hash) {
  struct Mark {
    std::string_view prefix, name;
  };
  constexpr Mark kMarks[] = {{"$y$", "yescrypt"}, {"$gy$", "gost-yescrypt"}, {"$7$", "scrypt"}, {"$2", "bcrypt"},
                             {"$6$", "sha512"},   {"$5$", "sha256"},         {"$1$", "md5"}};
  for (const Mark& mark : kMarks)
    if (hash.starts_with(mark.prefix)) return std::string{mark.name};
  return hash.size() == 13 ? "des" : "";
}

void read_shadow(Host& host, std::string_view text) {
  for (const std::string_view line : split(text, '\n')) {
    const std::vector<std::string_view> cells = split(line, ':');
    if (cells.size() < 3) continue;
    for (Account& account : host.accounts) {
      if (account.name != cells[0]) continue;
      const std::string_view hash = cells[1];
      account.password = hash.empty()                 ? Account::Password::empty
                         : hash.starts_with('!')      ? Account::Password::locked
                         : hash == "*" || hash == "x" ? Account::Password::none
                                                      : Account::Password::set;
      account.hash_method = method_of(hash);
      if (const std::optional<std::uint32_t> days = number(cells[2]); days && *days > 0 && *days < 100'000)
        account.password_changed_at = from_micros(std::int64_t{*days} * 86'400'000'000);
    }
  }
}

}  // namespace

void load_accounts(Host& host, Notes& notes) {
  const Result<std::string> passwd = read_whole(*host.tree, "/etc/passwd", kFileBytesMax);
  if (!passwd) return notes.add("/etc/passwd", passwd.error().what);
  std::uint32_t number_of_line = 0;
  for (const std::string_view line : split(*passwd, '\n')) {
    ++number_of_line;
    const std::vector<std::string_view> cells = split(line, ':');
    if (cells.size() < 7 || cells[0].empty() || host.accounts.size() >= kAccountsMax) continue;
    Account account{.name = std::string{cells[0]},
                    .uid = number(cells[2]).value_or(65534),
                    .gid = number(cells[3]).value_or(65534),
                    .home = std::string{cells[5]},
                    .shell = std::string{trim(cells[6])},
                    .line = number_of_line};
    if (cells[1].empty()) account.password = Account::Password::empty;
    host.accounts.push_back(std::move(account));
  }
  const Result<std::string> shadow = read_whole(*host.tree, "/etc/shadow", kFileBytesMax);
  if (shadow)
    read_shadow(host, *shadow);
  else
    notes.add("/etc/shadow", shadow.error().what);
  for (const std::string_view line : lines_of(*host.tree, "/etc/group", kFileBytesMax)) {
    const std::vector<std::string_view> cells = split(line, ':');
    if (cells.size() < 4) continue;
    for (const std::string_view member : split(cells[3], ','))
      for (Account& account : host.accounts)
        if (account.name == trim(member)) account.groups.emplace_back(cells[0]);
  }
}

}  // namespace abate::sweep
