// SPDX-License-Identifier: Apache-2.0
#include <algorithm>

#include "base/text.h"
#include "remedy/measure.h"
#include "remedy/sshd_edit.h"
#include "sweep/host/config/config_text.h"

namespace abate::remedy {

extern const Measure ssh_keys_only_measure;

namespace {

// A log says that sshd let somebody in by one of these keys: then its other half is in somebody's hands.
bool was_used(const sweep::Host& host) {
  for (const std::string_view path : {"/var/log/auth.log", "/var/log/auth.log.1", "/var/log/secure"})
    for (const std::string_view line : sweep::lines_of(*host.tree, path, std::size_t{16} << 20)) {
      if (line.find("Accepted publickey for ") == std::string_view::npos) continue;
      for (const sweep::Key& key : host.keys)
        if (!key.fingerprint.empty() && line.find(key.fingerprint) != std::string_view::npos) return true;
    }
  return false;
}

void look(const Ground& ground, Advised& out) {
  const sweep::Host& host = ground.host;
  const sweep::Sshd sshd{*host.tree};
  if (!sshd.configured()) return out.already("no OpenSSH server is set up here");
  const std::string methods = sshd.value("authenticationmethods");
  const auto parts = sweep::parts_of(methods, " \t");
  const bool key_needed = !parts.empty() && std::ranges::all_of(parts, [](const std::string& one) {
    return one.find("publickey") != std::string::npos;
  });
  if (key_needed ||
      (sshd.value("passwordauthentication") == "no" && sshd.value("kbdinteractiveauthentication") == "no"))
    return out.already("SSH asks for a key");
  const std::vector<std::string> ways = ways_to_root(host, sshd, {});
  Subject subject = file_subject(sweep::Sshd::kPath);
  subject.kind = SubjectKind::config;
  if (!methods.empty() || ways.empty())
    return out.by_hand(
        subject, "SSH takes passwords, which strangers guess day and night",
        "Put your public key into ~/.ssh/authorized_keys of an account that is root or may use sudo (ssh-copy-id), log "
        "in "
        "with it once, then run abate harden again. Abate switches passwords off only where a key surely lets you in.");
  Action& action = out.advise(subject, "SSH takes passwords, which strangers guess day and night");
  action.effect = "Logging in over SSH needs a key; open sessions stay";
  action.risk = fmt::format("Accounts without a key cannot log in any more. These stay: {}", join(ways, "; "));
  action.is_default = was_used(host);
  if (!action.is_default)
    action.risk += ". No log here shows that this key was ever used: try it in a second window first";
}

Result<Work> work(const Action&, const sweep::Host& host) {
  if (ways_to_root(host, sweep::Sshd{*host.tree}, {}).empty())
    return failure(Fault::refused, "no key surely lets anybody in who can become root: passwords stay on");
  return set_sshd(host, {{"PasswordAuthentication", "no"}, {"KbdInteractiveAuthentication", "no"}});
}

constexpr MeasureExample kExamples[] = {{"a key of root's that was used", R"x(--- /etc/passwd
root:x:0:0::/root:/bin/bash
--- /etc/shadow
root:$y$j9T$x$y:19000:0:99999:7:::
--- /root/ mode=0700
--- /root/.ssh/ mode=0700
--- /root/.ssh/authorized_keys mode=0600
ssh-ed25519 AAAAC3NzaC1lZDI1NTE5AAAAIAABAgMEBQYHCAkKCwwNDg8QERITFBUWFxgZGhscHR4f anna@example.org
--- /etc/ssh/sshd_config.d/
--- /etc/ssh/sshd_config
Include /etc/ssh/sshd_config.d/*.conf
UsePAM yes
)x",
                                         Standing::advised},
                                        {"nobody has a key", R"x(--- /etc/passwd
root:x:0:0::/root:/bin/bash
--- /etc/ssh/sshd_config
PermitRootLogin yes
)x",
                                         Standing::by_hand},
                                        {"a drop-in said so before", R"x(--- /etc/passwd
root:x:0:0::/root:/bin/bash
--- /etc/ssh/sshd_config.d/50-cloud.conf
PasswordAuthentication no
KbdInteractiveAuthentication no
--- /etc/ssh/sshd_config
Include /etc/ssh/sshd_config.d/*.conf
PasswordAuthentication yes
)x",
                                         Standing::already}};

}  // namespace

constinit const Measure ssh_keys_only_measure{
    .name = "ssh_keys_only",
    .requirement = "R28",
    .title = "SSH by key only",
    .explain =
        R"TEXT(Switches passwords off for SSH (PasswordAuthentication and KbdInteractiveAuthentication no), so that there is nothing to guess. It is done only where a key surely lets in an account that is root or may use sudo: its type is accepted, no option or Match could refuse it, owner and modes are as sshd wants them. sshd -t checks the result before it counts; open sessions stay.
What can go wrong: accounts without a key cannot log in any more. Undo: abate undo puts the former lines back.)TEXT",
    .look = look,
    .work = work,
    .examples = kExamples};

}  // namespace abate::remedy
