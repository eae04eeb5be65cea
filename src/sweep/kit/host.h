// SPDX-License-Identifier: Apache-2.0
// sweep/kit/host.h — the server as the sweep knows it before it looks for anything: who it is, its accounts, what
// starts by itself, its sites, packages, processes and sockets. Filled once by sweep/host, then only read: thread-safe.
#pragma once

#include <cstdint>
#include <optional>
#include <set>
#include <string>
#include <string_view>
#include <vector>

#include "base/ip.h"
#include "base/time.h"
#include "model/lead.h"
#include "sweep/kit/tree.h"

namespace abate::sweep {

struct NotExamined {
  std::string what;
  std::string why;
};

struct Account {
  std::string name;
  std::uint32_t uid = 0;
  std::uint32_t gid = 0;
  std::string home;
  std::string shell;
  std::uint32_t line = 0;  // in /etc/passwd
  enum class Password : std::uint8_t { unknown, none, empty, locked, set } password = Password::unknown;
  std::string hash_method;                     // "yescrypt", "sha512", "md5", "des"
  std::optional<Instant> password_changed_at;  // to the day
  std::vector<std::string> groups;
  [[nodiscard]] bool can_log_in() const;  // by its shell
};

struct Key {  // a line of an authorized_keys
  std::string account;
  std::string path;
  std::uint32_t line = 0;
  std::string type;         // "ssh-ed25519"
  std::string fingerprint;  // "SHA256:…", as sshd logs it
  std::string comment;
  std::string options;  // command="…", from="…"
};

enum class AutostartKind : std::uint8_t {
  cron,
  at,
  unit,
  timer,
  user_unit,
  generator,
  init,
  rc_local,
  profile,
  shell_rc,
  preload,
  pam,
  udev,
  package_hook,
  motd,
  network_hook,
  module,
  container,
  web_prepend,
  web_plugin,
  ssh_command,
  git_hook,
  inetd,
  kernel_hook,
  log_rotation,
  supervised,
  desktop,
  mail_pipe,
  other
};
std::string_view autostart_kind_name(AutostartKind kind);

struct Autostart {  // one way in which something comes back by itself
  AutostartKind kind = AutostartKind::other;
  std::string path;  // where it is written
  std::uint32_t line = 0;
  std::string name;                   // the unit, the crontab's account
  std::string account;                // as whom it runs
  std::string command;                // what it runs, as written
  std::vector<std::string> programs;  // absolute paths that the command names
  std::string schedule;               // "*/15 * * * *", "@reboot", "OnBootSec=…"
  bool enabled = true;
  Instant modified;       // of the file
  bool packaged = false;  // unchanged from a package
};

struct Container {       // of Docker or Podman, as their files on the disk say
  std::string engine;    // "docker", "podman"
  std::string id;        // 64 hex digits
  std::string name;      // "web"
  std::string image;     // "redis:7"
  std::string path;      // of the file that describes it
  std::string account;   // whose engine: "root", or of a rootless one
  std::string command;   // what it runs, its arguments by blanks
  std::string restart;   // "always", "unless-stopped", "on-failure"; "": the engine does not start it again
  bool running = false;  // when its engine last wrote
  bool privileged = false;
  bool host_network = false;
  bool host_processes = false;
  std::vector<std::string> capabilities;  // that were added
  struct Mount {
    std::string source;  // on the server
    std::string target;  // in the container
    bool writable = true;
  };
  struct Port {
    std::string address;  // of the server; "": all
    std::uint16_t port = 0;
    std::uint16_t inside = 0;
    std::string protocol;
  };
  std::vector<Mount> mounts;
  std::vector<Port> ports;             // published
  std::vector<std::string> variables;  // names only: their values are secrets
  std::string layer;                   // the folder of what it changed of its image; "": not known
  std::string log;
  std::optional<Instant> created_at;
  std::optional<Instant> started_at;
};

struct Site {                      // a web site: a virtual host of Apache, nginx, LiteSpeed, Caddy or a panel
  std::vector<std::string> names;  // "www.example.org", lower case; "*.example.org"; empty: the default
  std::string docroot;
  std::string server;  // "apache", "nginx", …
  std::string config;  // file that says so
  std::uint32_t line = 0;
  std::vector<std::pair<std::string, std::string>> aliases;  // URL prefix -> folder
  std::vector<std::string> access_logs;
  std::vector<std::string> error_logs;
  std::vector<std::uint16_t> ports;
  std::string account;      // as whom its scripts run, where known
  std::string application;  // "wordpress", "joomla", …, of the docroot
  std::string application_version;
  bool is_default = false;
};

struct Socket {
  std::string protocol;  // "tcp", "udp", "raw", "packet", "icmp", "unix"
  std::string state;     // "listen", "established", "syn_sent", …
  IpAddress local;
  std::uint16_t local_port = 0;
  IpAddress remote;
  std::uint16_t remote_port = 0;
  std::uint32_t uid = 0;
  std::uint64_t inode = 0;
  std::uint32_t pid = 0;                            // 0: nobody that we could see
  bool hidden = false;                              // the kernel names it by netlink, /proc does not
  [[nodiscard]] bool is_open_to_the_world() const;  // listens on more than loopback
};

struct Process {
  std::uint32_t pid = 0;
  std::uint32_t parent = 0;
  std::uint32_t uid = 0;
  std::uint32_t gid = 0;
  std::string comm;
  std::vector<std::string> arguments;
  std::string exe;  // what /proc/PID/exe says, without " (deleted)"
  bool exe_deleted = false;
  bool exe_in_memory = false;  // memfd
  bool kernel_thread = false;
  std::string cwd;
  std::string cgroup;  // "/system.slice/ssh.service"
  std::string unit;    // "ssh.service"
  std::string container;
  std::uint64_t capabilities = 0;  // effective
  std::optional<Instant> started_at;
  std::vector<std::pair<std::string, std::string>> environment;  // only named variables, never secrets
  std::vector<std::string> maps;                                 // files mapped executable
  std::vector<std::string> open_files;                           // paths, bounded
  bool hidden = false;                                           // seen otherwise, but not in /proc's listing
};

struct InstalledApplication {  // a content management system or its like, on the disk
  std::string folder;          // "/var/www/html/blog"
  std::string name;            // "wordpress"
  std::string version;         // "6.1.1"; "" where it does not say
};

// The files of known releases of applications: what a vendor put there, and what somebody else did.
class Releases {
 public:
  virtual ~Releases() = default;
  [[nodiscard]] virtual bool has_list(const InstalledApplication& application) const = 0;
  // Hex, as released; `path` beneath the application's folder. Nothing for a file that the release does not have.
  [[nodiscard]] virtual std::optional<std::string> md5_of(const InstalledApplication& application,
                                                          std::string_view path) const = 0;
  // In a folder where the release alone puts files?
  [[nodiscard]] virtual bool is_core(const InstalledApplication& application, std::string_view path) const = 0;
  [[nodiscard]] virtual std::string identity() const = 0;  // another one where any of these answers may differ
  // Made to be changed, or different in a translated release.
  [[nodiscard]] virtual bool may_differ(std::string_view path) const = 0;
};

// What the packages say about files: paths and checksums as installed. Bounded memory: hashes, not strings.
class Packages {
 public:
  virtual ~Packages() = default;
  [[nodiscard]] virtual std::string_view system() const = 0;  // "dpkg", "rpm", ""
  // Of all checksums here: "MD5" with dpkg, "SHA256" with rpm.
  [[nodiscard]] virtual std::string_view algorithm() const { return "MD5"; }
  [[nodiscard]] virtual bool has(std::string_view package) const = 0;
  [[nodiscard]] virtual std::string version(std::string_view package) const = 0;
  [[nodiscard]] virtual bool owns(std::string_view path) const = 0;  // diversions and usrmerge considered
  [[nodiscard]] virtual std::optional<std::string> digest_of(
      std::string_view path) const = 0;  // hex, as installed; conffiles too
  [[nodiscard]] virtual bool is_configuration(std::string_view path) const = 0;
  [[nodiscard]] virtual bool knows_content(
      std::string_view digest_hex) const = 0;  // some package holds such a file, wherever
  [[nodiscard]] virtual std::string package_of(std::string_view path) const = 0;
  [[nodiscard]] virtual std::vector<std::pair<std::string, std::string>> installed() const = 0;  // name, version
  [[nodiscard]] virtual std::string identity() const = 0;  // another one where any of these answers may differ
};

class ContentRules;

struct Host {
  const Tree* tree = nullptr;
  std::string root = "/";  // as given on the command line
  bool live = false;       // the running server itself
  Instant now;             // of the sweep; on a disk: when it was last written to, as its logs say
  std::string os_id;       // "debian"
  std::string os_version;  // "12"
  std::string os_name;     // "Debian GNU/Linux 12 (bookworm)"
  std::string hostname;
  std::string machine_id;
  std::string zone_name;  // "Europe/Vienna"
  std::optional<Instant> first_boot_at;
  Case ticket;                   // empty without --ticket
  std::optional<Instant> since;  // events of the logs before it are passed over

  std::vector<Account> accounts;
  std::vector<Key> keys;
  std::vector<Autostart> autostarts;
  std::vector<Site> sites;
  std::vector<Container> containers;
  std::vector<InstalledApplication> applications;
  std::vector<Process> processes;       // live only
  std::vector<Socket> sockets;          // live only
  std::vector<IpAddress> addresses;     // its own, from configuration or the kernel
  const Packages* packages = nullptr;   // never null after opening
  const Releases* releases = nullptr;   // null: no list was loaded
  const ContentRules* rules = nullptr;  // malware rules; null where there are none

  [[nodiscard]] const Account* account(std::string_view name) const;
  [[nodiscard]] const Account* account(std::uint32_t uid) const;
  [[nodiscard]] const Site* site_of(std::string_view path) const;            // deepest docroot that holds it
  [[nodiscard]] const Container* container_of(std::string_view path) const;  // in whose own layer it lies
  [[nodiscard]] const InstalledApplication* application_of(std::string_view path) const;    // deepest that holds it
  [[nodiscard]] bool is_of_release(std::string_view path, std::string_view md5_hex) const;  // unchanged
  [[nodiscard]] bool is_own_address(const IpAddress& address) const;                        // also loopback
  // A uid that web scripts run as: www-data, apache, nginx, nobody, a pool's user, a panel account with a site.
  [[nodiscard]] bool is_web_user(std::uint32_t uid) const;
};

}  // namespace abate::sweep
