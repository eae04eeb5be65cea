// SPDX-License-Identifier: Apache-2.0
// Never locks out: a table of configurations of sshd and of keys, and what would still let somebody in. And the real
// sshd reads what we write: the value that counts is ours.
#include <cstdio>
#include <filesystem>

#include <gtest/gtest.h>

#include "remedy/disk.h"
#include "remedy/executor/program.h"
#include "remedy/sshd_edit.h"
#include "sweep/host/disk_tree.h"
#include "sweep/host/open_host.h"
#include "sweep/kit/memory_tree.h"

namespace abate::remedy {
namespace {

constexpr std::string_view kKey =
    "ssh-ed25519 AAAAC3NzaC1lZDI1NTE5AAAAIAABAgMEBQYHCAkKCwwNDg8QERITFBUWFxgZGhscHR4f anna@example.org\n";

struct Case {
  const char* title;
  std::string config;    // sshd_config
  std::string key_line;  // of root's authorized_keys
  std::string more;      // nodes after it
  std::size_t ways = 0;  // by key
};

std::string server(const Case& one) {
  return "--- /etc/passwd\nroot:x:0:0::/root:/bin/bash\nanna:x:1000:1000::/home/anna:/bin/bash\n"
         "--- /etc/shadow\nroot:$y$j9T$x$y:19000:0:99999:7:::\nanna:$y$j9T$x$y:19000:0:99999:7:::\n"
         "--- /etc/group\nroot:x:0:\nanna:x:1000:\nsudo:x:27:anna\nsftponly:x:1001:\n"
         "--- /etc/ssh/sshd_config\n" +
         one.config + "--- /root/ mode=0700\n--- /root/.ssh/ mode=0700\n--- /root/.ssh/authorized_keys mode=0600\n" +
         one.key_line + one.more;
}

std::vector<std::string> ways(const std::string& text, WaysAsked asked = {}) {
  const sweep::MemoryTree tree{text};
  sweep::Notes notes;
  const auto opened = sweep::open_host(tree, {}, Instant{Duration{1'790'000'000'000'000}}, {}, notes);
  return ways_to_root(opened->host, sweep::Sshd{tree}, asked);
}

TEST(NeverLocksOut, a_key_counts_only_where_nothing_could_refuse_it) {
  const std::string key{kKey};
  const Case cases[] = {
      {"a key of root's", "", key, "", 1},
      {"no key", "", "# none\n", "", 0},
      {"half a key", "", "ssh-ed25519\n", "", 0},
      {"an old kind of key", "", "ssh-dss AAAAB3NzaC1kc3MAAACBAAAA old\n", "", 0},
      {"one command only", "", "command=\"/bin/backup\" " + key, "", 0},
      {"from one place only", "", "from=\"192.0.2.1\" " + key, "", 0},
      {"until some day", "", "expiry-time=\"20260101\" " + key, "", 0},
      {"without forwarding", "", "no-agent-forwarding,no-port-forwarding " + key, "", 1},
      {"root may not log in", "PermitRootLogin no\n", key, "", 0},
      {"root runs commands only", "PermitRootLogin forced-commands-only\n", key, "", 0},
      {"the first value wins", "PermitRootLogin prohibit-password\nPermitRootLogin no\n", key, "", 1},
      {"keys are off", "PubkeyAuthentication no\n", key, "", 0},
      {"keys lie elsewhere", "AuthorizedKeysFile /etc/ssh/keys/%u\n", key, "", 0},
      {"keys lie elsewhere, and there", "AuthorizedKeysFile /etc/ssh/keys/%u\n", "",
       "--- /etc/ssh/keys/root mode=0600\n" + key, 1},
      {"an earlier line puts them elsewhere", "AuthorizedKeysFile none\nAuthorizedKeysFile .ssh/authorized_keys\n", key,
       "", 0},
      {"others only", "AllowUsers anna\n", key, "", 0},
      {"root among others", "AllowUsers anna root\n", key, "", 1},
      {"from some places", "AllowUsers root@192.0.2.*\n", key, "", 0},
      {"root is denied", "DenyUsers r*t\n", key, "", 0},
      {"a group that root is not in", "AllowGroups sudo\n", key, "", 0},
      {"two things are asked for", "AuthenticationMethods publickey,password\n", key, "", 0},
      {"a Match that may hold", "Match Address 192.0.2.0/24\n  PubkeyAuthentication no\n", key, "", 0},
      {"a Match for others", "Match Group sftponly\n  AuthenticationMethods password\n", key, "", 1},
      {"a Match for another", "Match User anna\n  PubkeyAuthentication no\n", key, "", 1},
      {"a Match for all", "Match all\n  PubkeyAuthentication no\n", key, "", 0},
      {"only a newer kind is accepted", "PubkeyAcceptedAlgorithms sk-ssh-ed25519@openssh.com\n", key, "", 0},
      {"a drop-in forbids it", "Include /etc/ssh/sshd_config.d/*.conf\nPermitRootLogin yes\n", key,
       "--- /etc/ssh/sshd_config.d/x.conf\nPermitRootLogin no\n", 0},
      {"the folder is open to all", "", key, "--- /root/.ssh/ mode=0777\n", 0},
      {"the key is of somebody else", "", "", "--- /root/.ssh/authorized_keys uid=1000 mode=0600\n" + key, 0},
      {"anna may use sudo with her password", "PermitRootLogin no\n", "",
       "--- /usr/bin/sudo\nx\n--- /etc/sudoers\n%sudo ALL=(ALL:ALL) ALL\n--- /home/anna/ uid=1000\n--- "
       "/home/anna/.ssh/authorized_keys uid=1000 mode=0600\n" +
           key,
       1},
      {"anna may restart one thing", "PermitRootLogin no\n", "",
       "--- /usr/bin/sudo\nx\n--- /etc/sudoers\nanna ALL=(ALL) NOPASSWD: /bin/systemctl restart x\n--- /home/anna/ "
       "uid=1000\n--- /home/anna/.ssh/authorized_keys uid=1000 mode=0600\n" +
           key,
       0},
      {"anna is no administrator", "PermitRootLogin no\n", "",
       "--- /home/anna/ uid=1000\n--- /home/anna/.ssh/authorized_keys uid=1000 mode=0600\n" + key, 0},
      {"the password is due", "", key, "--- /etc/shadow\nroot:$y$j9T$x$y:0:0:99999:7:::\n", 0},
      {"the account has an end", "", key, "--- /etc/shadow\nroot:$y$j9T$x$y:19000:0:99999:7::19900:\n", 0},
      {"locked, and no PAM", "", key, "--- /etc/shadow\nroot:!:19000:0:99999:7:::\n", 0},
      {"locked, with PAM", "UsePAM yes\n", key, "--- /etc/shadow\nroot:!:19000:0:99999:7:::\n", 1},
      {"no shell", "", key, "--- /etc/passwd\nroot:x:0:0::/root:/usr/sbin/nologin\n", 0},
  };
  for (const Case& one : cases) EXPECT_EQ(ways(server(one)).size(), one.ways) << one.title;
}

TEST(NeverLocksOut, roots_password_is_no_way_once_it_is_refused) {
  const Case alone{"", "PermitRootLogin yes\n", "", "", 0};
  EXPECT_TRUE(ways(server(alone), {.passwords = true, .root_password = false}).empty());
  EXPECT_EQ(ways(server(alone), {.passwords = true, .root_password = true}).size(), 1U);
  const Case anna{"", "PermitRootLogin yes\n", "", "--- /usr/bin/sudo\nx\n--- /etc/sudoers\nanna ALL=(ALL) ALL\n", 0};
  EXPECT_EQ(ways(server(anna), {.passwords = true, .root_password = false}).size(), 1U);
}

// What sshd itself says counts: -T prints the values that are in force.
std::string in_force(const std::string& config, std::string_view key) {
  const ProgramEnd end = run_program({"/usr/sbin/sshd", "-T", "-f", config});
  const std::size_t at = end.output.find("\n" + std::string{key} + " ");
  if (at == std::string::npos) return end.output;
  const std::size_t begin = at + key.size() + 2;
  return end.output.substr(begin, end.output.find('\n', begin) - begin);
}

TEST(Sshd, the_value_that_we_set_is_the_one_that_sshd_takes) {
  ASSERT_TRUE(std::filesystem::exists("/usr/sbin/sshd")) << "packaging/test-packages names openssh-server";
  std::error_code none;
  std::filesystem::create_directory("/run/sshd", none);  // as its unit does at the start; without it, it says nothing
  const char* configs[] = {
      "#PermitRootLogin prohibit-password\nX11Forwarding no\n",
      "PermitRootLogin yes # of the installer\nPermitRootLogin no\n",
      "X11Forwarding no\nMatch User git\n  PermitRootLogin yes\n",
      "  permitrootlogin=yes\n",
      "X11Forwarding no",
  };
  for (const char* config : configs) {
    SCOPED_TRACE(config);
    const Disk disk{std::string{"--- /etc/ssh/sshd_config cut\n"} + config};
    const auto tree = sweep::DiskTree::open_root(disk.root());
    ASSERT_TRUE(tree);
    sweep::Host host;
    host.tree = tree->get();
    const Result<Work> work = set_sshd(host, {{"PermitRootLogin", "prohibit-password"}, {"MaxAuthTries", "3"}});
    ASSERT_TRUE(work) << work.error().what;
    ASSERT_EQ(work->changes.size(), 1U);
    // A key of the host's own: without one sshd says nothing.
    const std::string key = disk.root() + "/host_key";
    ASSERT_TRUE(run_program({"/usr/bin/ssh-keygen", "-q", "-t", "ed25519", "-N", "", "-f", key}).good());
    const std::string path = disk.root() + "/etc/ssh/sshd_config";
    disk.write("/etc/ssh/sshd_config", "HostKey " + key + "\nUsePAM no\n" + work->changes[0].bytes);
    EXPECT_EQ(in_force(path, "permitrootlogin"), "without-password");
    EXPECT_EQ(in_force(path, "maxauthtries"), "3");
    EXPECT_EQ(in_force(path, "x11forwarding"), "no") << "the rest stays";
  }
}

TEST(Sshd, where_drop_ins_are_read_first_ours_is_the_first_of_them) {
  const sweep::MemoryTree tree{
      "--- /etc/ssh/sshd_config.d/50-cloud.conf\nPasswordAuthentication yes\n--- /etc/ssh/sshd_config\nInclude "
      "/etc/ssh/sshd_config.d/*.conf\n#PermitRootLogin yes\nPasswordAuthentication no\n"};
  sweep::Host host;
  host.tree = &tree;
  const Result<Work> work = set_sshd(host, {{"PermitRootLogin", "no"}, {"PasswordAuthentication", "no"}});
  ASSERT_TRUE(work);
  ASSERT_EQ(work->changes.size(), 2U);
  EXPECT_EQ(work->changes[0].path, "/etc/ssh/sshd_config.d/00-abate.conf");
  EXPECT_EQ(work->changes[0].bytes, "PermitRootLogin no\n");
  EXPECT_EQ(work->changes[1].path, "/etc/ssh/sshd_config.d/50-cloud.conf") << "the line that counts, not the later one";
  EXPECT_EQ(work->changes[1].bytes, "PasswordAuthentication no\n");
}

TEST(Sshd, ports_are_those_that_it_listens_on) {
  const auto ports = [](const std::string& config) {
    const sweep::MemoryTree tree{"--- /etc/ssh/sshd_config\n" + config};
    return sweep::Sshd{tree}.ports();
  };
  using Ports = std::vector<std::uint16_t>;
  EXPECT_EQ(ports("X11Forwarding no\n"), Ports{22});
  EXPECT_EQ(ports("Port 2222\nPort 22\n"), (Ports{22, 2222}));
  EXPECT_EQ(ports("ListenAddress 192.0.2.1:2200\n"), Ports{2200});
  EXPECT_EQ(ports("Port 2222\nListenAddress 192.0.2.1\nListenAddress [2001:db8::1]:2200\n"), (Ports{2200, 2222}));
  EXPECT_EQ(ports("ListenAddress 2001:db8::1\n"), Ports{22});
  EXPECT_EQ(ports("Match User git\n  Port 9\n"), Ports{22});
}

}  // namespace
}  // namespace abate::remedy
