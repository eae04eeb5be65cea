// SPDX-License-Identifier: Apache-2.0
// authorized_keys(5) of everyone, where sshd_config(5) says they are: AuthorizedKeysFile with %h and %u, Include,
// Match.
#include <algorithm>
#include <array>

#include "base/hash.h"
#include "base/text.h"
#include "sweep/host/config/sshd.h"
#include "sweep/host/inventory/inventory.h"

namespace abate::sweep {
namespace {

constexpr std::size_t kKeysMax = 20'000;
constexpr std::size_t kKeyFileBytesMax = std::size_t{1} << 20;

// Of every Match too: whose keys lie where only one of them says is an account like any other.
std::vector<std::string> key_files(const Tree& tree) {
  std::vector<std::string> files;
  bool usual = true;
  const Sshd sshd{tree};
  for (const SshdLine& line : sshd.lines()) {
    if (line.key != "authorizedkeysfile") continue;
    usual &= !line.match.empty();
    for (const std::string_view word : split(line.value, ' '))
      if (const std::string_view name = trim(word); !name.empty() && name != "none") files.emplace_back(name);
  }
  if (usual) files.insert(files.end(), {".ssh/authorized_keys", ".ssh/authorized_keys2"});
  return files;
}

std::string place(std::string pattern, const Account& account) {
  for (const auto& [mark, value] :
       {std::pair{std::string_view{"%h"}, account.home}, std::pair{std::string_view{"%u"}, account.name}})
    if (const std::size_t at = pattern.find(mark); at != std::string::npos) pattern.replace(at, 2, value);
  return pattern.starts_with('/') ? normal_path(pattern) : join_path(account.home, pattern);
}

// Options come first and may hold blanks within quotes; the type tells where the key begins.
void read_line(std::string_view line, Key key, std::vector<Key>& keys) {
  constexpr std::string_view kTypes[] = {"ssh-ed25519", "ssh-rsa",   "ssh-dss",       "ecdsa-sha2-",
                                         "sk-ssh-",     "sk-ecdsa-", "cert-authority"};
  line = trim(line);
  if (line.empty() || line.starts_with('#')) return;
  std::size_t begin = 0;
  bool quoted = false;
  const auto is_type = [&](std::string_view rest) {
    return std::ranges::any_of(kTypes, [&](std::string_view type) { return rest.starts_with(type); });
  };
  if (!is_type(line))
    for (std::size_t i = 0; i + 1 < line.size(); ++i) {
      if (line[i] == '"' && (i == 0 || line[i - 1] != '\\')) quoted = !quoted;
      if (!quoted && line[i] == ' ' && is_type(line.substr(i + 1))) {
        begin = i + 1;
        break;
      }
    }
  if (begin == 0 && !is_type(line)) return;
  key.options = trim(line.substr(0, begin));
  const std::string_view rest = line.substr(begin);
  const std::size_t blob = rest.find(' ');
  if (blob == std::string_view::npos) return;
  key.type = rest.substr(0, blob);
  const std::string_view after = trim(rest.substr(blob));
  const std::size_t end = std::min(after.find(' '), after.size());
  key.comment = trim(after.substr(end));
  if (const Result<std::string> bytes = base64_decode(after.substr(0, end))) {
    const Sha256 hash = sha256(*bytes);
    std::string text = base64_encode({reinterpret_cast<const char*>(hash.data()), hash.size()});
    while (text.ends_with('=')) text.pop_back();
    key.fingerprint = "SHA256:" + text;
  }
  if (keys.size() < kKeysMax) keys.push_back(std::move(key));
}

}  // namespace

void load_keys(Host& host, Notes& notes) {
  const std::vector<std::string> patterns = key_files(*host.tree);
  std::vector<std::string> read;
  for (const Account& account : host.accounts)
    for (const std::string& pattern : patterns) {
      const std::string path = place(pattern, account);
      if (std::ranges::find(read, account.name + path) != read.end()) continue;
      read.push_back(account.name + path);
      const Result<std::string> text = read_whole(*host.tree, path, kKeyFileBytesMax);
      if (!text) {
        if (text.error().fault != Fault::not_found) notes.add(path, text.error().what);
        continue;
      }
      std::uint32_t number = 0;
      for (const std::string_view line : split(*text, '\n'))
        read_line(line, {.account = account.name, .path = path, .line = ++number}, host.keys);
    }
}

}  // namespace abate::sweep
