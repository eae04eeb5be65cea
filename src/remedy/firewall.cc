// SPDX-License-Identifier: Apache-2.0
#include "remedy/firewall.h"

#include <algorithm>
#include <charconv>

#include "base/text.h"
#include "remedy/edit.h"
#include "sweep/host/config/open_door.h"
#include "sweep/host/config/sshd.h"

namespace abate::remedy {
namespace {

// Meant for this machine or its own network, whoever listens there.
constexpr std::uint16_t kInner[] = {17,   19,   69,   111,   123,   135,   137,   138,   139,   161,
                                    389,  445,  631,  1433,  1521,  1900,  2049,  2375,  2376,  2379,
                                    2380, 3306, 5353, 5355,  5432,  5672,  5984,  6379,  8086,  9042,
                                    9100, 9200, 9300, 10250, 11211, 15672, 27017, 27018, 27019, 33060};
constexpr std::uint16_t kFirstOfTheMoment = 32768;  // Linux: ports of clients begin here

const sweep::Process* process_of(const sweep::Host& host, const sweep::Socket& socket) {
  const auto found = std::ranges::find(host.processes, socket.pid, &sweep::Process::pid);
  return socket.pid == 0 || found == host.processes.end() ? nullptr : &*found;
}

bool is_sshd(const sweep::Process& process) {
  return process.comm == "sshd" || process.comm == "sshd-session" || process.comm == "dropbear";
}

void add(std::vector<ListeningPort>& ports, ListeningPort port) {
  const auto same = [&](const ListeningPort& other) {
    return other.protocol == port.protocol && other.first <= port.first && port.last <= other.last;
  };
  if (port.first != 0 && std::ranges::none_of(ports, same)) ports.push_back(std::move(port));
}

void add_sshd(const sweep::Host& host, Reach& reach) {
  const auto keep = [&](std::uint16_t port) { add(reach.open, {"tcp", port, port, "sshd"}); };
  for (const sweep::Socket& socket : host.sockets)
    if (const sweep::Process* process = process_of(host, socket);
        process != nullptr && is_sshd(*process) && socket.protocol == "tcp" &&
        (socket.state == "listen" || socket.state == "established"))
      keep(socket.local_port);
  const sweep::Sshd sshd{*host.tree};
  if (sshd.configured())
    for (const std::uint16_t port : sshd.ports()) keep(port);
  // A socket of systemd's listens in sshd's place.
  for (const std::string& path : sweep::glob(*host.tree, "/etc/systemd/system/ssh.socket.d/*.conf"))
    for (const sweep::ConfigLine& line : sweep::config_lines(*host.tree, path))
      if (line.text.starts_with("ListenStream=")) keep(sweep::port_of(line.text.substr(13), 0));
}

// Passive FTP: data come in on ports of their own.
void add_ftp(const sweep::Host& host, Reach& reach) {
  std::string low;
  std::string high;
  for (const std::string_view path : {"/etc/vsftpd.conf", "/etc/vsftpd/vsftpd.conf"}) {
    const auto settings = sweep::ini_settings(*host.tree, path);
    if (const sweep::Setting* one = sweep::last_of(settings, "pasv_min_port")) low = one->value;
    if (const sweep::Setting* one = sweep::last_of(settings, "pasv_max_port")) high = one->value;
  }
  const auto pair = [&](const std::vector<std::string>& words, std::size_t at) {
    if (words.size() < at + 2) return;
    low = words[at];
    high = words[at + 1];
  };
  for (const std::string_view path : {"/etc/proftpd/proftpd.conf", "/etc/proftpd.conf"})
    for (const sweep::ConfigLine& line : sweep::config_lines(*host.tree, path))
      if (starts_with_ignoring_case(line.text, "PassivePorts")) pair(sweep::words_of(line.text), 1);
  for (const sweep::ConfigLine& line : sweep::config_lines(*host.tree, "/etc/pure-ftpd/conf/PassivePortRange"))
    pair(sweep::words_of(line.text), 0);
  const std::uint16_t first = sweep::port_of(low, 0);
  const std::uint16_t last = sweep::port_of(high, 0);
  if (first != 0 && first <= last) add(reach.open, {"tcp", first, last, "passive FTP"});
}

// Why nobody outside is to reach it; false: it stays open.
bool is_inner(const sweep::Host& host, const sweep::Socket& socket, const sweep::Process* process) {
  if (std::ranges::find(kInner, socket.local_port) != std::end(kInner)) return true;
  if (process == nullptr) return false;
  if (host.is_web_user(process->uid) && process->comm != "nginx" && process->comm != "apache2" &&
      process->comm != "httpd" && process->comm != "caddy")
    return true;
  return process->exe_deleted || process->exe_in_memory || process->exe.starts_with("/tmp/") ||
         process->exe.starts_with("/var/tmp/") || process->exe.starts_with("/dev/shm/");
}

std::string load_unit(std::string_view what, const char* file, bool only_kept) {
  return fmt::format(
      "# Written by abate; abate undo takes it away.\n[Unit]\nDescription={}\nDefaultDependencies=no\n"
      "Before=network-pre.target shutdown.target\nWants=network-pre.target\nConflicts=shutdown.target\n"
      "RequiresMountsFor=/usr /var\n{}\n[Service]\nType=oneshot\nRemainAfterExit=yes\nExecStart=/usr/sbin/nft -f {}\n\n"
      "[Install]\nWantedBy=multi-user.target\n",
      what, only_kept ? fmt::format("ConditionPathExists={}\n", kFirewallKept) : "", file);
}

// What loads the rules at the start of the server.
void add_start(const sweep::Host& host, Work& work, const std::string& name, std::string_view what, const char* file,
               bool only_kept) {
  if (has_systemd(host)) {
    const std::string unit = fmt::format("/etc/systemd/system/{}.service", name);
    const std::string wants = "/etc/systemd/system/multi-user.target.wants";
    work.changes.push_back(write_change(unit, load_unit(what, file, only_kept), unit + ": loads it at the start"));
    work.changes.push_back(folder_change(wants));
    work.changes.push_back(link_change(fmt::format("{}/{}.service", wants, name), unit, name + ".service is enabled"));
    work.afterwards = {{"systemctl", "daemon-reload"}};
    work.undo_afterwards = work.afterwards;
  } else if (sweep::exists(*host.tree, "/etc/cron.d")) {
    const std::string path = "/etc/cron.d/" + name;
    work.changes.push_back(
        write_change(path,
                     fmt::format("# Written by abate; abate undo takes it away.\n@reboot root {}/usr/sbin/nft -f {}\n",
                                 only_kept ? fmt::format("test -e {} && ", kFirewallKept) : "", file),
                     path + ": loads it at the start"));
  } else {
    work.by_hand =
        fmt::format("Nothing here starts it after a restart of the server: let your init run nft -f {}", file);
  }
}

std::vector<std::string> away(std::string_view table) {
  // Adding first: taking away what is not there would be an error.
  return {"nft", fmt::format("add table inet {0}; delete table inet {0}", table)};
}

bool has_nft(const sweep::Host& host) {
  return sweep::exists(*host.tree, "/usr/sbin/nft") || sweep::exists(*host.tree, "/sbin/nft");
}

constexpr const char* kNoNft = "apt-get install nftables (or dnf install nftables), then run it again.";

}  // namespace

Reach reach_of(const sweep::Host& host) {
  Reach reach;
  add_sshd(host, reach);
  const std::size_t of_sshd = reach.open.size();
  for (const sweep::Socket& socket : host.sockets) {
    const bool tcp = socket.protocol == "tcp" && socket.state == "listen";
    const bool udp = socket.protocol == "udp" && socket.remote_port == 0;
    if ((!tcp && !udp) || !socket.is_open_to_the_world()) continue;
    const sweep::Process* process = process_of(host, socket);
    // A client's own socket, like a resolver's; of the kernel's own (WireGuard) nobody is seen.
    if (udp && (socket.local_port == 68 || socket.local_port == 546)) continue;
    if (udp && socket.local_port >= kFirstOfTheMoment && process != nullptr && process->comm != "openvpn") continue;
    const ListeningPort port{socket.protocol, socket.local_port, socket.local_port,
                             process == nullptr ? "" : process->comm};
    const bool of_session = std::ranges::any_of(
        reach.open.begin(), reach.open.begin() + static_cast<std::ptrdiff_t>(of_sshd),
        [&](const ListeningPort& one) { return one.protocol == port.protocol && one.first == port.first; });
    if (!of_session) add(is_inner(host, socket, process) ? reach.shut : reach.open, port);
  }
  if (std::ranges::any_of(reach.open, [](const ListeningPort& one) { return one.first == 21; })) add_ftp(host, reach);
  std::ranges::sort(reach.open.begin() + static_cast<std::ptrdiff_t>(of_sshd), reach.open.end(), {},
                    [](const ListeningPort& one) { return std::pair{one.first, one.protocol}; });
  return reach;
}

std::string says_ports(const std::vector<ListeningPort>& ports) {
  std::vector<std::string> words;
  for (const ListeningPort& one : ports)
    words.push_back(fmt::format("{}{}/{}{}", one.first, one.last != one.first ? fmt::format("-{}", one.last) : "",
                                one.protocol, one.of.empty() ? "" : fmt::format(" ({})", shown_name(one.of))));
  return words.empty() ? "nothing" : join(words, ", ");
}

std::string firewall_rules(const Reach& reach, int trial_seconds) {
  const bool trial = trial_seconds > 0;
  std::string text =
      "#!/usr/sbin/nft -f\n"
      "# Written by abate: what is to be reached is named, everything else that comes in is dropped.\n"
      "# abate undo takes it away.\n"
      "add table inet abate\ndelete table inet abate\ntable inet abate {\n";
  if (trial)
    text += fmt::format(
        "\tset trial {{\n\t\ttype inet_proto\n\t\tflags timeout\n\t\telements = {{ tcp timeout {0}s, udp timeout {0}s "
        "}}\n\t}}\n",
        trial_seconds);
  text +=
      fmt::format("\tchain input {{\n\t\ttype filter hook input priority 0; policy {};\n", trial ? "accept" : "drop");
  text += "\t\tiif \"lo\" accept\n";
  const auto rule = [](const ListeningPort& one) {
    return fmt::format("\t\t{} dport {}{} accept\n", one.protocol, one.first,
                       one.last != one.first ? fmt::format("-{}", one.last) : "");
  };
  for (const ListeningPort& one : reach.open)
    if (one.of == "sshd") text += rule(one);  // before anything could refuse the session that asks
  text +=
      "\t\tct state established,related accept\n"
      // Sessions from before these rules, which the kernel did not follow yet: nobody opens one without a SYN.
      "\t\ttcp flags & (fin | syn | rst | ack) == ack accept\n"
      "\t\tct state invalid drop\n"
      "\t\tmeta l4proto { icmp, ipv6-icmp } accept\n"
      "\t\tudp sport 67 udp dport 68 accept\n\t\tudp sport 547 udp dport 546 accept\n";
  for (const ListeningPort& one : reach.open)
    if (one.of != "sshd") text += rule(one);
  if (trial) text += "\t\tmeta l4proto @trial drop\n";
  return text + "\t}\n}\n";
}

std::string egress_rules(const std::vector<std::uint32_t>& mail_uids) {
  std::vector<std::string> words;
  for (const std::uint32_t uid : mail_uids) words.push_back(std::to_string(uid));
  return fmt::format(
      "#!/usr/sbin/nft -f\n# Written by abate: only the mail server sends mail. abate undo takes it away.\n"
      "add table inet abate_egress\ndelete table inet abate_egress\ntable inet abate_egress {{\n"
      "\tchain output {{\n\t\ttype filter hook output priority 0; policy accept;\n\t\toif \"lo\" accept\n"
      "\t\ttcp dport 25 meta skuid {{ {} }} accept\n\t\ttcp dport 25 reject with tcp reset\n\t}}\n}}\n",
      join(words, ", "));
}

std::vector<std::uint32_t> mail_uids(const sweep::Host& host) {
  struct Server {
    std::string_view account, program;
  };
  constexpr Server kServers[] = {
      {"postfix", "/usr/sbin/postfix"}, {"Debian-exim", "/usr/sbin/exim4"},   {"exim", "/usr/sbin/exim"},
      {"mailnull", "/usr/sbin/exim"},   {"root", "/usr/lib/sm.bin/sendmail"}, {"root", "/usr/sbin/sendmail.sendmail"},
      {"opensmtpd", "/usr/sbin/smtpd"}, {"smtpd", "/usr/sbin/smtpd"},         {"qmailr", "/var/qmail/bin/qmail-send"}};
  std::vector<std::uint32_t> uids;
  for (const Server& server : kServers)
    if (const sweep::Account* account = host.account(server.account);
        account != nullptr && sweep::exists(*host.tree, server.program))
      uids.push_back(account->uid);
  std::ranges::sort(uids);
  uids.erase(std::unique(uids.begin(), uids.end()), uids.end());
  return uids;
}

bool is_firewall_kept(const sweep::Host& host) {
  return sweep::exists(*host.tree, kFirewallFile) && sweep::exists(*host.tree, kFirewallKept);
}

std::string other_firewall(const sweep::Host& host) {
  if (std::string seen = sweep::firewall_seen(host); !seen.empty() && seen != kFirewallFile) return seen;
  for (const std::string_view path : {"/proc/net/ip_tables_names", "/proc/net/ip6_tables_names"})
    if (sweep::read_or_nothing(*host.tree, path).find("filter") != std::string::npos) return std::string{path};
  return "";
}

std::string idle_firewall_words(const sweep::Host& host, const Reach& reach) {
  std::vector<std::string> words;
  if (sweep::exists(*host.tree, "/usr/sbin/ufw")) {
    for (const ListeningPort& one : reach.open)
      words.push_back(one.first == one.last ? fmt::format("ufw allow {}/{}", one.first, one.protocol)
                                            : fmt::format("ufw allow {}:{}/{}", one.first, one.last, one.protocol));
    words.emplace_back("ufw enable");
    return join(words, "; ");
  }
  if (!sweep::exists(*host.tree, "/usr/bin/firewall-cmd") && !sweep::exists(*host.tree, "/usr/sbin/firewalld"))
    return "";
  for (const ListeningPort& one : reach.open)
    words.push_back(fmt::format("firewall-offline-cmd --add-port={}{}/{}", one.first,
                                one.first == one.last ? "" : fmt::format("-{}", one.last), one.protocol));
  words.emplace_back("systemctl enable --now firewalld");
  return join(words, "; ");
}

Result<Work> firewall_work(const sweep::Host& host) {
  if (!host.live)
    return Work{.by_hand =
                    "What listens is seen on the running server only: start it, and run abate harden --apply there."};
  const Reach reach = reach_of(host);
  if (const std::string seen = other_firewall(host); !seen.empty())
    return Work{.by_hand = fmt::format("{} filters here already: change that one. To be reached: {}.", seen,
                                       says_ports(reach.open))};
  if (const std::string words = idle_firewall_words(host, reach); !words.empty())
    return Work{.by_hand = "A firewall is installed and off. Switch it on with its own tool: " + words};
  if (!has_nft(host)) return Work{.by_hand = kNoNft};
  Work work;
  const std::string trial = firewall_rules(reach, kTrialSeconds);
  work.changes.push_back(run_change({"nft", "-c", trial}, {}, "nft looks through the rules"));
  work.changes.push_back(write_change(kFirewallFile, firewall_rules(reach, 0),
                                      fmt::format("{}: open are {}; shut are {} and all that does not listen",
                                                  kFirewallFile, says_ports(reach.open), says_ports(reach.shut))));
  add_start(host, work, "abate-firewall", "Firewall written by abate", kFirewallFile, true);
  work.changes.push_back(
      run_change({"nft", trial}, away("abate"),
                 fmt::format("the rules are on for {} seconds, and for good once you confirm that you "
                             "still get in",
                             kTrialSeconds)));
  return work;
}

Result<Work> egress_work(const sweep::Host& host) {
  const std::vector<std::uint32_t> uids = mail_uids(host);
  if (!host.live)
    return Work{.by_hand = "Start the server, and make the plan there: a mounted disk has no rules to load."};
  if (uids.empty())
    return Work{.by_hand =
                    "No mail server that abate knows is installed. If nothing here is to send mail: nft add table "
                    "inet mailguard; nft add chain inet mailguard out '{ type filter hook output priority 0; }'; "
                    "nft add rule inet mailguard out tcp dport 25 reject"};
  if (!has_nft(host)) return Work{.by_hand = kNoNft};
  Work work;
  const std::string rules = egress_rules(uids);
  work.changes.push_back(run_change({"nft", "-c", rules}, {}, "nft looks through the rules"));
  work.changes.push_back(write_change(
      kEgressFile, rules, fmt::format("{}: port 25 elsewhere is for the mail server's account only", kEgressFile)));
  add_start(host, work, "abate-egress", "Only the mail server sends mail (written by abate)", kEgressFile, false);
  work.changes.push_back(run_change({"nft", "-f", kEgressFile}, away("abate_egress"), "the rules are on"));
  return work;
}

}  // namespace abate::remedy
