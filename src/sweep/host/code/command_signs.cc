// SPDX-License-Identifier: Apache-2.0
#include "sweep/host/code/command_signs.h"

#include <algorithm>

#include "base/text.h"
#include "sweep/host/code/places.h"
#include "sweep/host/inventory/inventory.h"

namespace abate::sweep {
namespace {

constexpr std::size_t kScriptBytesMax = std::size_t{64} << 10;

bool has(std::string_view text, std::string_view part) { return text.find(part) != std::string_view::npos; }
bool has_any(std::string_view text, std::initializer_list<std::string_view> parts) {
  return std::ranges::any_of(parts, [&](std::string_view part) { return has(text, part); });
}

// "| sh", "|bash -s", "| sudo bash", "| /bin/sh": what comes in is run.
bool pipes_into_shell(std::string_view text) {
  for (std::size_t at = text.find('|'); at != std::string_view::npos; at = text.find('|', at + 1)) {
    std::string_view rest = trim(text.substr(at + 1));
    for (const std::string_view before : {"sudo ", "nohup ", "exec "})
      if (rest.starts_with(before)) rest = trim(rest.substr(before.size()));
    const std::string_view word = rest.substr(0, rest.find_first_of(" \t\n;&|)'\"`"));
    const std::string_view name = file_name(word);
    if (name == "sh" || name == "bash" || name == "dash" || name == "zsh" || name == "ksh" || name == "php" ||
        name == "perl" || name == "python" || name == "python3")
      return true;
  }
  return has_any(text, {"bash <(curl", "bash <(wget", "sh -c \"$(curl", "sh -c \"$(wget", "bash -c \"$(curl",
                        "eval \"$(curl", "eval $(curl", "eval `curl", "eval $(wget", "source <(curl"});
}

bool fetches(std::string_view text) {
  return has_any(text, {"curl ", "wget ", "lwp-download ", "fetch http", "ftpget "});
}

// Fetched into a place that anybody can write to, or made runnable right away.
bool fetches_to_run(std::string_view text) {
  if (!fetches(text) || !has(text, "://")) return false;
  if (pipes_into_shell(text)) return true;
  const bool open = has_any(text, {"/tmp/", "/var/tmp/", "/dev/shm/"});
  const bool runs =
      has_any(text, {"chmod +x", "chmod 7", "chmod a+x", "chmod u+x", "&& sh ", "; sh ", "&& bash ", "; bash ",
                     "&& /tmp/", "; /tmp/", "; ./", "&& ./", "&& php ", "; php ", "&& perl ", "; perl "});
  return (open && runs) || (has(text, "chmod") && runs && has_any(text, {"; ./", "&& ./"}));
}

bool decodes(std::string_view text) {
  if (has_any(text, {"base64 -d", "base64 --decode", "base64 -D", "xxd -r", "openssl enc -d", "openssl base64 -d"}) &&
      (pipes_into_shell(text) || has(text, "eval")))
    return true;
  const bool inline_code =
      has_any(text, {"php -r", "python -c", "python3 -c", "perl -e", "perl -M", "ruby -e", "php5 -r", "php8"});
  return inline_code &&
         has_any(text, {"base64", "b64decode", "gzinflate", "unhexlify", "str_rot13", "decode_base64", "pack(\"H",
                        "hex2bin"}) &&
         has_any(text, {"eval", "exec", "system", "assert"});
}

bool opens_shell(std::string_view text) {
  if (has_any(text, {"/dev/tcp/", "/dev/udp/"})) return has_any(text, {"bash", "sh ", ">&", "exec "});
  if (has_any(text, {"nc -e", "ncat -e", "nc.traditional -e", "netcat -e", "exec:/bin/sh", "exec:'bash",
                     "EXEC:/bin/bash", "exec:\"bash"}))
    return true;
  if (has(text, "mkfifo") && has_any(text, {"nc ", "ncat ", "telnet ", "openssl s_client"}) && has(text, "sh -i"))
    return true;
  return has_any(text, {"pty.spawn(\"/bin/", "pty.spawn('/bin/"}) && has(text, "socket");
}

// A command that is a shared library: "/lib/libx.so.6". The loader itself (ld-linux…, ld.so) is one that people do
// start.
bool runs_library(std::string_view text) {
  while (!text.empty()) {
    const std::size_t end = text.find_first_of(";&|\n");
    std::string_view part = trim(text.substr(0, end));
    text = end == std::string_view::npos ? std::string_view{} : text.substr(end + 1);
    for (const std::string_view before : {"then ", "do ", "else ", "nohup ", "exec ", "sudo "})
      if (part.starts_with(before)) part = trim(part.substr(before.size()));
    const std::string_view word = part.substr(0, part.find_first_of(" \t<>"));
    const std::string_view name = file_name(word);
    const std::size_t so = name.find(".so");
    if (!word.starts_with('/') || so == std::string_view::npos || so == 0 || name.starts_with("ld")) continue;
    if (name.find_first_not_of(".0123456789", so + 3) == std::string_view::npos) return true;
  }
  return false;
}

// A folder of the system, where nobody keeps settings of their own: whatever begins with a dot there is hidden.
bool is_system_folder(std::string_view folder) {
  constexpr std::string_view kFolders[] = {
      "",           "/bin",           "/sbin",      "/boot",    "/dev",     "/etc",      "/lib",     "/lib64",
      "/mnt",       "/opt",           "/srv",       "/usr",     "/usr/bin", "/usr/sbin", "/usr/lib", "/var",
      "/usr/local", "/usr/local/bin", "/usr/games", "/var/lib", "/var/log", "/var/spool"};
  return std::ranges::find(kFolders, folder) != std::end(kFolders);
}

}  // namespace

bool has_hidden_name(std::string_view path) {
  if (const std::size_t dot = path.find("/."); dot != std::string_view::npos && is_system_folder(path.substr(0, dot)))
    return true;
  constexpr std::string_view kUsual[] = {
      "/.local/",    "/.config/",  "/.cargo/",  "/.nvm/",         "/.rbenv/", "/.pyenv/",      "/.npm/",
      "/.composer/", "/.acme.sh/", "/.ssh/",    "/.virtualenvs/", "/.venv/",  "/.bun/",        "/.deno/",
      "/.go/",       "/.sdkman/",  "/.cpanel/", "/.bin/",         "/.git/",   "/.well-known/", "/.bash",
      "/.profile",   "/.zsh",      "/.cache/",  "/.dotfiles/",    "/.asdf/",  "/.gem/"};
  for (std::size_t dot = path.find("/."); dot != std::string_view::npos; dot = path.find("/.", dot + 1))
    if (std::ranges::none_of(kUsual, [&](std::string_view usual) { return path.substr(dot).starts_with(usual); }))
      return true;
  return false;
}

CommandSigns command_signs(std::string_view command) {
  CommandSigns signs;
  signs.mines = has_any(command, {"stratum+tcp", "stratum+ssl", "xmrig", "--donate-level", "minerd ", "cpuminer",
                                  "--coin=monero", "randomx"});
  signs.opens_shell = opens_shell(command);
  signs.decodes_and_runs = decodes(command);
  signs.downloads_and_runs = fetches_to_run(command);
  signs.runs_library = runs_library(command);
  for (const std::string& path : programs_of(command)) {
    signs.from_open_place |= is_open_place(path);
    signs.hidden_program |= has_hidden_name(path);
  }
  signs.says = signs.mines                ? "it mines for somebody"
               : signs.opens_shell        ? "it opens a shell for somebody outside"
               : signs.decodes_and_runs   ? "it unpacks hidden code and runs it"
               : signs.downloads_and_runs ? "it fetches a program from outside and runs it"
               : signs.runs_library       ? "it starts a program that poses as a library"
               : signs.from_open_place    ? "it runs a program from a folder that anybody can write to"
               : signs.hidden_program     ? "it runs a program with a hidden name"
                                          : "";
  return signs;
}

CommandSigns script_signs(const Tree& tree, const Autostart& start) {
  CommandSigns all;
  for (const std::string& path : start.programs) {
    const Result<std::string> text = read_whole(tree, path, kScriptBytesMax);
    if (!text || text->find('\0') != std::string::npos) continue;
    CommandSigns signs;
    for (const std::string_view line : split(*text, '\n')) {
      if (trim(line).starts_with('#')) continue;
      signs = command_signs(line);
      if (signs.bad()) break;
    }
    if (signs.bad() || all.says.empty()) all = signs;
    if (all.bad()) break;
  }
  return all;
}

}  // namespace abate::sweep
