// SPDX-License-Identifier: Apache-2.0
#include "remedy/sshd_edit.h"

#include <algorithm>
#include <map>

#include "base/text.h"
#include "remedy/edit.h"
#include "sweep/host/config/config_text.h"

namespace abate::remedy {
namespace {

constexpr const char* kDropIn = "/etc/ssh/sshd_config.d/00-abate.conf";

class Texts {  // files as they will be
 public:
  explicit Texts(const sweep::Tree& tree) : tree_{tree} {}
  Result<std::string*> at(const std::string& path) {
    const auto found = texts_.find(path);
    if (found != texts_.end()) return &found->second;
    std::string text;
    if (sweep::exists(tree_, path)) {
      TRY_ASSIGN(text, sweep::read_whole(tree_, path, kEditedBytesMax));
    }
    return &texts_.emplace(path, std::move(text)).first->second;
  }
  [[nodiscard]] const std::map<std::string, std::string>& all() const { return texts_; }

 private:
  const sweep::Tree& tree_;
  std::map<std::string, std::string> texts_;
};

// Blanks before it, the keyword as it stood, and a remark behind it stay.
std::string with_value(std::string_view line, std::string_view key, std::string_view value) {
  const std::size_t begin = std::min(line.find_first_not_of(" \t"), line.size());
  std::string out{line.substr(0, begin)};
  out.append(key).append(" ").append(value);
  for (std::size_t at = begin + 1; at < line.size(); ++at)
    if (line[at] == '#' && (line[at - 1] == ' ' || line[at - 1] == '\t'))
      return out.append(" ").append(line.substr(at));
  if (line.ends_with('\r')) out += '\r';
  return out;
}

// "#PermitRootLogin prohibit-password" before any Match: the number of the line, 0 where there is none.
std::uint32_t commented_default(std::string_view text, std::string_view key) {
  std::uint32_t number = 0;
  for (const std::string_view raw : split(text, '\n')) {
    ++number;
    std::string_view line = trim(raw);
    if (starts_with_ignoring_case(line, "match")) return 0;
    if (!line.starts_with('#')) continue;
    line = line.substr(1);
    const std::size_t end = line.find_first_of(" \t");
    if (end != std::string_view::npos && equals_ignoring_case(line.substr(0, end), key) &&
        sweep::parts_of(line, " \t").size() == 2)
      return number;
  }
  return 0;
}

std::string unit_of(const sweep::Host& host) {
  for (const std::string_view path : {"/lib/systemd/system/ssh.service", "/usr/lib/systemd/system/ssh.service"})
    if (sweep::exists(*host.tree, path)) return "ssh.service";
  return "sshd.service";
}

Result<void> set_one(const sweep::Host& host, const sweep::Sshd& sshd, Texts& texts, const std::string& key,
                     const std::string& value, std::vector<std::string>& says) {
  const std::string main{sweep::Sshd::kPath};
  if (const sweep::SshdLine* line = sshd.global(to_lower(key))) {
    TRY_ASSIGN(const std::string path, sweep::resolve(*host.tree, line->path));
    TRY_ASSIGN(std::string* const text, texts.at(path));
    *text = map_lines(*text, [&](std::string_view old, std::uint32_t number) {
      return number == line->line ? with_value(old, key, value) : std::string{old};
    });
    says.push_back(fmt::format("{}:{}: {} {} becomes {}", path, line->line, key, line->value, value));
    return {};
  }
  const bool has_folder = sweep::exists(*host.tree, "/etc/ssh/sshd_config.d");
  if (has_folder && sshd.reads_first(kDropIn)) {
    TRY_ASSIGN(std::string* const text, texts.at(kDropIn));
    if (!text->empty() && !text->ends_with('\n')) *text += '\n';
    *text += fmt::format("{} {}\n", key, value);
    says.push_back(fmt::format("{}: {} {}", kDropIn, key, value));
    return {};
  }
  TRY_ASSIGN(const std::string path, sweep::resolve(*host.tree, main));
  TRY_ASSIGN(std::string* const text, texts.at(path));
  const std::uint32_t at = commented_default(*text, key);
  if (at == 0) {
    *text = fmt::format("{} {}\n", key, value) + *text;
  } else {
    *text = map_lines(*text, [&](std::string_view old, std::uint32_t number) {
      return number == at ? fmt::format("{} {}", key, value) : std::string{old};
    });
  }
  says.push_back(fmt::format("{}: {} {}", path, key, value));
  return {};
}

bool is_listed(std::string_view patterns, std::string_view name) {
  return std::ranges::any_of(sweep::parts_of(patterns, " \t,"), [&](const std::string& one) {
    return sweep::matches_pattern(name, one.substr(0, one.find('@')));
  });
}

// May this account log in, by the lists of sshd_config? Where a list is hard to read the answer is no.
bool is_let_in(const sweep::Account& account, const sweep::Sshd& sshd) {
  for (const sweep::SshdLine& line : sshd.lines()) {
    if ((line.key == "denyusers" && is_listed(line.value, account.name)) ||
        (line.key == "denygroups" && !line.value.empty()))
      return false;
    if (line.key == "allowgroups") {
      const auto words = sweep::parts_of(line.value, " \t");
      if (std::ranges::none_of(
              account.groups, [&](const std::string& group) { return std::ranges::find(words, group) != words.end(); }))
        return false;
    }
  }
  bool asked = false;
  for (const sweep::SshdLine& line : sshd.lines()) {
    if (line.key != "allowusers") continue;
    asked = true;
    const auto words = sweep::parts_of(line.value, " \t");
    if (std::ranges::find(words, account.name) != words.end()) return true;
  }
  return !asked;
}

// "who host=(as) TAGS: commands" that gives all; words of aliases are not followed.
bool may_become_root(const sweep::Host& host, const sweep::Account& account) {
  if (account.uid == 0) return true;
  if (!sweep::exists(*host.tree, "/usr/bin/sudo")) return false;
  std::vector<std::string> files = sweep::glob(*host.tree, "/etc/sudoers.d/*");
  files.insert(files.begin(), "/etc/sudoers");
  for (const std::string& path : files) {
    if (path != "/etc/sudoers" && sweep::file_name(path).find_first_of(".~") != std::string_view::npos) continue;
    for (std::string_view line : sweep::lines_of(*host.tree, path)) {
      line = trim(line);
      const std::size_t end = line.find_first_of(" \t");
      if (line.empty() || line[0] == '#' || end == std::string_view::npos || !line.ends_with("ALL")) continue;
      const std::string_view who = line.substr(0, end);
      const bool is_meant =
          who == account.name ||
          (who.starts_with('%') &&
           std::ranges::find(account.groups, who.substr(std::min<std::size_t>(1, who.size()))) != account.groups.end());
      std::string rest;
      for (const char c : line.substr(end))
        if (c != ' ' && c != '\t') rest += c;
      const std::size_t close = rest.find(')');
      const bool as_root = close == std::string::npos || rest.find("(ALL") != std::string::npos ||
                           rest.find("(root") != std::string::npos;
      const std::string tail = close == std::string::npos ? rest.substr(rest.find('=') + 1) : rest.substr(close + 1);
      const bool asks_none = tail == "NOPASSWD:ALL";
      if (!is_meant || !rest.starts_with("ALL=") || !as_root || (!asks_none && tail != "ALL")) continue;
      if (asks_none || account.password == sweep::Account::Password::set) return true;
    }
  }
  return false;
}

// Nobody but root and its owner may write here, else sshd passes the key over (StrictModes).
bool is_strict(const sweep::Host& host, const sweep::Account& account, const std::string& path) {
  for (std::string at = path;; at = std::string{sweep::folder_of(at)}) {
    const Result<sweep::Stat> stat = host.tree->stat_through_links(at);
    if (!stat || (stat->uid != 0 && stat->uid != account.uid) || (stat->mode & 022U) != 0) return false;
    if (at == account.home || at == "/") return true;
  }
}

bool is_harmless(std::string_view options) {
  constexpr std::string_view kHarmless[] = {"no-agent-forwarding", "no-port-forwarding", "no-x11-forwarding",
                                            "no-user-rc",          "agent-forwarding",   "port-forwarding"};
  return std::ranges::all_of(sweep::parts_of(options, ", \t"), [&](const std::string& option) {
    return std::ranges::find(kHarmless, to_lower(option)) != std::end(kHarmless);
  });
}

bool is_key_file(const sweep::Sshd& sshd, const sweep::Account& account, const std::string& path) {
  std::string files = ".ssh/authorized_keys .ssh/authorized_keys2";
  if (const sweep::SshdLine* line = sshd.global("authorizedkeysfile")) files = line->value;
  for (std::string file : sweep::words_of(files)) {
    for (const auto& [mark, value] : {std::pair{std::string_view{"%h"}, account.home}, {"%u", account.name}})
      if (const std::size_t at = file.find(mark); at != std::string::npos) file.replace(at, 2, value);
    if (path == (file.starts_with('/') ? sweep::normal_path(file) : sweep::join_path(account.home, file))) return true;
  }
  return false;
}

bool is_accepted_type(const sweep::Sshd& sshd, const sweep::Key& key) {
  if (key.type == "ssh-dss" || key.type == "cert-authority" || key.fingerprint.empty()) return false;
  const std::string accepted = sshd.value("pubkeyacceptedalgorithms");
  if (accepted.empty() || accepted[0] == '+' || accepted[0] == '^') return true;
  return accepted[0] != '-' && std::ranges::any_of(sweep::parts_of(accepted, ","), [&](const std::string& pattern) {
           return sweep::matches_pattern(key.type == "ssh-rsa" ? "rsa-sha2-512" : key.type, pattern);
         });
}

// Its entry in /etc/shadow lets it in: neither locked for good, nor at its end, nor due for a change.
bool is_alive(const sweep::Host& host, const sweep::Account& account, const sweep::Sshd& sshd) {
  if (account.password == sweep::Account::Password::locked && sshd.value("usepam") != "yes") return false;
  for (const std::string_view line : sweep::lines_of(*host.tree, "/etc/shadow", kEditedBytesMax)) {
    const std::vector<std::string_view> fields = split(line, ':');
    if (fields.size() < 8 || fields[0] != account.name) continue;
    const bool ages = !fields[4].empty() && fields[4].size() < 5;  // 99999 days: never
    return fields[kShadowEndsOn].empty() && fields[kShadowChangedOn] != "0" && !ages;
  }
  return true;
}

std::vector<std::string> groups_of(const sweep::Host& host, const sweep::Account& account) {
  std::vector<std::string> groups = account.groups;
  for (const std::string_view line : sweep::lines_of(*host.tree, "/etc/group", kEditedBytesMax)) {
    const std::vector<std::string_view> cells = split(line, ':');
    if (cells.size() >= 3 && cells[2] == std::to_string(account.gid)) groups.emplace_back(cells[0]);
  }
  return groups;
}

// Could this Match hold for a session of the account? No only where its User or Group plainly names others.
bool may_match(std::string_view match, const sweep::Host& host, const sweep::Account& account) {
  const std::vector<std::string> words = sweep::words_of(match);
  for (std::size_t at = 0; at + 1 < words.size(); at += 2) {
    const std::string criterion = to_lower(words[at]);
    if (words[at + 1].find('!') != std::string::npos) continue;
    if (criterion == "user" && !is_listed(words[at + 1], account.name)) return false;
    if (criterion != "group") continue;
    const std::vector<std::string> groups = groups_of(host, account);
    if (std::ranges::none_of(groups, [&](const std::string& group) { return is_listed(words[at + 1], group); }))
      return false;
  }
  return true;
}

// Something that counts for some sessions only could refuse this account.
bool is_certain(const sweep::Sshd& sshd, const sweep::Host& host, const sweep::Account& account) {
  constexpr std::string_view kDeciding[] = {"pubkeyauthentication",    "authorizedkeysfile", "authenticationmethods",
                                            "permitrootlogin",         "forcecommand",       "passwordauthentication",
                                            "pubkeyacceptedalgorithms"};
  for (const std::string_view key : kDeciding)
    for (const sweep::SshdLine* line : sshd.in_matches(key))
      if (may_match(line->match, host, account)) return false;
  return sshd.value("authenticationmethods").empty() && sshd.value("forcecommand").empty();
}

}  // namespace

Result<Work> set_sshd(const sweep::Host& host, const SshdSettings& settings) {
  const sweep::Sshd sshd{*host.tree};
  if (!sshd.configured()) return failure(Fault::not_found, "{}: is not there", sweep::Sshd::kPath);
  Texts texts{*host.tree};
  std::vector<std::string> says;
  for (const auto& [key, value] : settings)
    if (sshd.global(to_lower(key)) != nullptr) TRY(set_one(host, sshd, texts, key, value, says));
  // New lines last: those before keep their numbers.
  for (const auto& [key, value] : settings)
    if (sshd.global(to_lower(key)) == nullptr) TRY(set_one(host, sshd, texts, key, value, says));
  Work work;
  for (const auto& [path, text] : texts.all()) work.changes.push_back(write_change(path, text, ""));
  for (Change& change : work.changes)
    for (const std::string& one : says)
      if (one.starts_with(change.path + ":")) change.says += (change.says.empty() ? "" : "; ") + one;
  work.check = {"sshd", "-t"};
  work.afterwards = reload(host, unit_of(host));
  if (work.afterwards.empty() && host.live && sweep::exists(*host.tree, "/etc/init.d/ssh"))
    work.afterwards = {{"/etc/init.d/ssh", "reload"}};
  work.undo_afterwards = work.afterwards;
  return work;
}

std::vector<std::string> ways_to_root(const sweep::Host& host, const sweep::Sshd& sshd, const WaysAsked& asked) {
  std::vector<std::string> ways;
  const std::string root_may = sshd.value("permitrootlogin");
  const auto fits = [&](const sweep::Account& account, bool by_password) {
    const bool root = account.uid == 0;
    if (root && root_may != "yes" &&
        (by_password || (root_may != "prohibit-password" && root_may != "without-password")))
      return false;
    return account.can_log_in() && is_certain(sshd, host, account) && is_let_in(account, sshd) &&
           is_alive(host, account, sshd) && may_become_root(host, account);
  };
  for (const sweep::Key& key : host.keys) {
    const sweep::Account* account = host.account(key.account);
    if (account == nullptr || sshd.value("pubkeyauthentication") != "yes" || !is_accepted_type(sshd, key) ||
        !is_harmless(key.options) || !is_key_file(sshd, *account, key.path) || !fits(*account, false))
      continue;
    if (sshd.value("strictmodes") != "no" && !is_strict(host, *account, key.path)) continue;
    ways.push_back(fmt::format("{}, by the key in {}:{}", account->name, key.path, key.line));
  }
  if (!asked.passwords || sshd.value("passwordauthentication") != "yes") return ways;
  for (const sweep::Account& account : host.accounts)
    if (account.password == sweep::Account::Password::set && (account.uid != 0 || asked.root_password) &&
        fits(account, true))
      ways.push_back(fmt::format("{}, by password", account.name));
  return ways;
}

}  // namespace abate::remedy
