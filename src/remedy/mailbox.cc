// SPDX-License-Identifier: Apache-2.0
#include "remedy/mailbox.h"

#include <algorithm>

#include "base/text.h"
#include "remedy/edit.h"

namespace abate::remedy {
namespace {

constexpr std::string_view kWholeNames[] = {"/etc/dovecot/users", "/etc/dovecot/passwd", "/etc/dovecot/passwd.db",
                                            "/etc/exim4/passwd", "/etc/exim/passwd"};
constexpr std::string_view kQueries[] = {"/etc/dovecot/dovecot-sql.conf.ext", "/etc/dovecot/dovecot-sql.conf",
                                         "/etc/dovecot/conf.d/dovecot-sql.conf.ext"};

// Files that name the mailbox by its part before the @, in a folder of its domain.
std::vector<std::string> files_of_domain(const sweep::Host& host, std::string_view domain) {
  if (domain.empty() || domain.find_first_of("/*?[") != std::string_view::npos) return {};
  std::vector<std::string> files = sweep::glob(*host.tree, fmt::format("/home/*/etc/{}/shadow", domain));
  files.push_back(fmt::format("/etc/virtual/{}/passwd", domain));
  return files;
}

// The line of `name` with "!" before its second field; nothing where the file has no such line.
Result<std::optional<Change>> lock_line(const sweep::Host& host, const std::string& file, const std::string& name) {
  if (!sweep::exists(*host.tree, file)) return std::nullopt;
  TRY_ASSIGN(const std::string path, sweep::resolve(*host.tree, file));
  TRY_ASSIGN(const std::string text, sweep::read_whole(*host.tree, path, kEditedBytesMax));
  bool found = false;
  std::string edited = map_lines(text, [&](std::string_view line, std::uint32_t) {
    if (!line.starts_with(name + ":")) return std::string{line};
    found = true;
    std::string locked{line};
    if (!line.substr(name.size() + 1).starts_with('!')) locked.insert(name.size() + 1, "!");
    return locked;
  });
  if (!found) return std::nullopt;
  return write_change(path, std::move(edited),
                      fmt::format("{}: the password of {} fits no more", path, shown_name(name)));
}

// "SELECT username AS user, password FROM mailbox WHERE username = '%u'"
struct Query {
  std::string table = "mailbox";  // as PostfixAdmin, iRedMail and most have it
  std::string password = "password";
  std::string user = "username";
  bool is_known = false;
};

std::string_view word_after(std::string_view text, std::string_view keyword) {
  const std::string lower = to_lower(text);
  const std::size_t at = lower.find(keyword);
  if (at == std::string::npos) return {};
  const std::size_t begin = text.find_first_not_of(" \t", at + keyword.size());
  if (begin == std::string_view::npos) return {};
  return text.substr(begin, std::min(text.find_first_of(" \t,;=\"'\\", begin), text.size()) - begin);
}

bool is_column(std::string_view word) {
  return !word.empty() && std::ranges::all_of(word, [](unsigned char c) {
    return c < 128 && (std::isalnum(c) != 0 || c == '_' || c == '.');
  });
}

Query query_of(const sweep::Host& host) {
  Query query;
  for (const std::string_view path : kQueries)
    for (const std::string_view line : sweep::lines_of(*host.tree, path)) {
      if (!trim(line).starts_with("password_query")) continue;
      const std::string_view table = word_after(line, " from ");
      const std::string_view user = word_after(line, " where ");
      if (!is_column(table) || !is_column(user)) continue;
      query = {.table = std::string{table}, .password = "password", .user = std::string{user}, .is_known = true};
      // "crypt AS password": the column has another name.
      const std::string lower = to_lower(line);
      const std::size_t as = lower.find(" as password");
      const std::size_t begin = as == std::string::npos ? as : lower.find_last_of(" ,", as - 1);
      if (begin != std::string::npos && is_column(line.substr(begin + 1, as - begin - 1)))
        query.password = line.substr(begin + 1, as - begin - 1);
    }
  return query;
}

std::string in_a_database(const sweep::Host& host, const std::string& mailbox) {
  const Query query = query_of(host);
  // A name that a statement could be broken out of is not put into one.
  const bool is_plain = std::ranges::none_of(
      mailbox, [](unsigned char c) { return c < ' ' || c == '\'' || c == '\\' || c == '"' || c == 127; });
  if (!is_plain) return "Set a new password for this mailbox where mailboxes are kept (panel, database).";
  return fmt::format(
      "Set a new password for {0} in the panel. Where mailboxes are kept in a database{1}: UPDATE {2} SET {3} = "
      "CONCAT('!', {3}) WHERE {4} = '{0}';  Then end its sessions: doveadm kick {0}",
      mailbox, query.is_known ? " (so says Dovecot's password_query)" : "", query.table, query.password, query.user);
}

}  // namespace

Result<Work> lock_mailbox_work(const sweep::Host& host, const std::string& mailbox) {
  if (host.account(mailbox) != nullptr) {
    TRY_ASSIGN(Change change, edit_shadow(host, mailbox, lock_password));
    return Work{.changes = {std::move(change)}};
  }
  Work work;
  const std::size_t at = mailbox.find('@');
  const std::string user = mailbox.substr(0, at);
  const auto lock = [&](const std::string& file, const std::string& name) -> Result<void> {
    TRY_ASSIGN(std::optional<Change> change, lock_line(host, file, name));
    if (change) work.changes.push_back(std::move(*change));
    return {};
  };
  if (!user.empty() && mailbox.find_first_of(":\n") == std::string::npos) {
    for (const std::string_view file : kWholeNames) TRY(lock(std::string{file}, mailbox));
    if (at != std::string::npos)
      for (const std::string& file : files_of_domain(host, std::string_view{mailbox}.substr(at + 1)))
        TRY(lock(file, user));
  }
  if (work.changes.empty()) work.by_hand = in_a_database(host, mailbox);
  return work;
}

}  // namespace abate::remedy
