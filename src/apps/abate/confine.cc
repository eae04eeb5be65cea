// SPDX-License-Identifier: Apache-2.0
#include "apps/abate/confine.h"

#include <array>
#include <cerrno>
#include <cstdint>
#include <initializer_list>

#include <fcntl.h>
#include <linux/capability.h>
#include <linux/landlock.h>
#include <seccomp.h>
#include <sys/prctl.h>
#include <sys/resource.h>
#include <sys/socket.h>
#include <sys/syscall.h>
#include <unistd.h>

namespace abate::apps {
namespace {

constexpr std::uint64_t kWrites =
    LANDLOCK_ACCESS_FS_WRITE_FILE | LANDLOCK_ACCESS_FS_REMOVE_DIR | LANDLOCK_ACCESS_FS_REMOVE_FILE |
    LANDLOCK_ACCESS_FS_MAKE_CHAR | LANDLOCK_ACCESS_FS_MAKE_DIR | LANDLOCK_ACCESS_FS_MAKE_REG |
    LANDLOCK_ACCESS_FS_MAKE_SOCK | LANDLOCK_ACCESS_FS_MAKE_FIFO | LANDLOCK_ACCESS_FS_MAKE_BLOCK |
    LANDLOCK_ACCESS_FS_MAKE_SYM | LANDLOCK_ACCESS_FS_EXECUTE;

// Reading stays free; writing and running only beneath the folders named.
bool forbid_writing(const std::vector<std::string>& writable) {
  const landlock_ruleset_attr rules{.handled_access_fs = kWrites};
  const int ruleset = static_cast<int>(::syscall(SYS_landlock_create_ruleset, &rules, sizeof rules, 0));
  if (ruleset < 0) return false;
  for (const std::string& folder : writable) {
    const int opened = ::open(folder.c_str(), O_PATH | O_DIRECTORY | O_CLOEXEC);
    if (opened < 0) continue;
    const landlock_path_beneath_attr rule{
        .allowed_access = LANDLOCK_ACCESS_FS_WRITE_FILE | LANDLOCK_ACCESS_FS_MAKE_REG | LANDLOCK_ACCESS_FS_REMOVE_FILE |
                          LANDLOCK_ACCESS_FS_MAKE_DIR,
        .parent_fd = opened};
    ::syscall(SYS_landlock_add_rule, ruleset, LANDLOCK_RULE_PATH_BENEATH, &rule, 0);
    ::close(opened);
  }
  const bool done = ::syscall(SYS_landlock_restrict_self, ruleset, 0) == 0;
  ::close(ruleset);
  return done;
}

bool refuse_calls(bool network) {
  scmp_filter_ctx filter = ::seccomp_init(SCMP_ACT_ALLOW);
  if (filter == nullptr) return false;
  bool ok = true;
  for (const int call : {SCMP_SYS(execve),        SCMP_SYS(execveat),     SCMP_SYS(fork),
                         SCMP_SYS(vfork),         SCMP_SYS(ptrace),       SCMP_SYS(process_vm_writev),
                         SCMP_SYS(kill),          SCMP_SYS(tkill),        SCMP_SYS(mount),
                         SCMP_SYS(umount2),       SCMP_SYS(pivot_root),   SCMP_SYS(chroot),
                         SCMP_SYS(chmod),         SCMP_SYS(fchmod),       SCMP_SYS(fchmodat),
                         SCMP_SYS(chown),         SCMP_SYS(fchown),       SCMP_SYS(lchown),
                         SCMP_SYS(fchownat),      SCMP_SYS(link),         SCMP_SYS(linkat),
                         SCMP_SYS(symlink),       SCMP_SYS(symlinkat),    SCMP_SYS(mknod),
                         SCMP_SYS(mknodat),       SCMP_SYS(truncate),     SCMP_SYS(utimensat),
                         SCMP_SYS(utime),         SCMP_SYS(utimes),       SCMP_SYS(futimesat),
                         SCMP_SYS(setxattr),      SCMP_SYS(lsetxattr),    SCMP_SYS(fsetxattr),
                         SCMP_SYS(removexattr),   SCMP_SYS(lremovexattr), SCMP_SYS(fremovexattr),
                         SCMP_SYS(init_module),   SCMP_SYS(finit_module), SCMP_SYS(delete_module),
                         SCMP_SYS(kexec_load),    SCMP_SYS(reboot),       SCMP_SYS(swapon),
                         SCMP_SYS(swapoff),       SCMP_SYS(bpf),          SCMP_SYS(perf_event_open),
                         SCMP_SYS(keyctl),        SCMP_SYS(add_key),      SCMP_SYS(request_key),
                         SCMP_SYS(setns),         SCMP_SYS(unshare),      SCMP_SYS(settimeofday),
                         SCMP_SYS(clock_settime), SCMP_SYS(sethostname),  SCMP_SYS(setdomainname),
                         SCMP_SYS(ioperm),        SCMP_SYS(iopl),         SCMP_SYS(io_uring_setup)})
    ok &= ::seccomp_rule_add(filter, SCMP_ACT_ERRNO(EPERM), call, 0) == 0;
  for (const int call : {SCMP_SYS(connect), SCMP_SYS(bind), SCMP_SYS(listen), SCMP_SYS(accept), SCMP_SYS(accept4)})
    ok &= network || ::seccomp_rule_add(filter, SCMP_ACT_ERRNO(EPERM), call, 0) == 0;
  // A thread of ours is a clone with CLONE_THREAD; without it, it would be a new process. Netlink alone asks the
  // kernel.
  constexpr std::uint64_t kCloneThread = 0x10000;
  const scmp_arg_cmp no_thread{0, SCMP_CMP_MASKED_EQ, kCloneThread, 0};
  ok &= ::seccomp_rule_add_array(filter, SCMP_ACT_ERRNO(EPERM), SCMP_SYS(clone), 1, &no_thread) == 0;
  ok &= ::seccomp_rule_add(filter, SCMP_ACT_ERRNO(ENOSYS), SCMP_SYS(clone3), 0) == 0;  // the C library then uses clone
  const scmp_arg_cmp no_netlink{0, SCMP_CMP_NE, AF_NETLINK, 0};
  ok &= network || ::seccomp_rule_add_array(filter, SCMP_ACT_ERRNO(EPERM), SCMP_SYS(socket), 1, &no_netlink) == 0;
  ok &= ::seccomp_load(filter) == 0;
  ::seccomp_release(filter);
  return ok;
}

constexpr std::uint64_t bit(int capability) { return std::uint64_t{1} << capability; }

// Of root's rights. Looking needs to read what others own, to see their processes (live), and to leave a file's access
// time alone.
bool keep_capabilities(std::uint64_t kept) {
  for (int capability = 0; capability <= CAP_LAST_CAP; ++capability)
    static_cast<void>(::prctl(PR_CAPBSET_DROP, capability, 0, 0, 0));
  __user_cap_header_struct header{.version = _LINUX_CAPABILITY_VERSION_3, .pid = 0};
  std::array<__user_cap_data_struct, 2> now{};
  if (::syscall(SYS_capget, &header, now.data()) != 0) return false;
  for (std::size_t i = 0; i < now.size(); ++i) {
    const auto mask = static_cast<std::uint32_t>(kept >> (32 * i));
    now[i].permitted &= mask;
    now[i].effective = now[i].permitted;
    now[i].inheritable = 0;
  }
  return ::syscall(SYS_capset, &header, now.data()) == 0;
}

// Behind the server's own work, but never starved: a miner keeps every processor busy, and the sweep must come to an
// end beside it. Nice 5 is about a quarter of a processor against a busy one; nice 19 is a seventieth.
void step_back() {
  static_cast<void>(::setpriority(PRIO_PROCESS, 0, 5));
  constexpr int kWhoProcess = 1;
  constexpr int kLastOfBestEffort = (2 << 13) | 7;  // IOPRIO_CLASS_BE
  static_cast<void>(::syscall(SYS_ioprio_set, kWhoProcess, 0, kLastOfBestEffort));
}

}  // namespace

std::vector<std::string> confine(const Confinement& wanted) {
  std::vector<std::string> lacking;
  if (!wanted.fast) step_back();
  const rlimit none{0, 0};  // a core file would hold what was read
  static_cast<void>(::setrlimit(RLIMIT_CORE, &none));
  if (::prctl(PR_SET_NO_NEW_PRIVS, 1, 0, 0, 0) != 0) lacking.emplace_back("no_new_privs");
  constexpr std::uint64_t kLooking = bit(CAP_DAC_READ_SEARCH) | bit(CAP_FOWNER);
  const std::uint64_t seeing = wanted.live ? bit(CAP_SYS_PTRACE) : 0;
  bool dropped = keep_capabilities(kLooking | bit(CAP_DAC_OVERRIDE) | seeing);
  if (!refuse_calls(wanted.network)) lacking.emplace_back("seccomp");
  wanted.see_processes();
  // Where Landlock holds the writing, the outputs may go into a folder of somebody else's, as root is used to.
  const bool held = forbid_writing(wanted.writable);
  if (!held) lacking.emplace_back("Landlock (Linux 5.13)");
  dropped &= keep_capabilities(kLooking | seeing | (held ? bit(CAP_DAC_OVERRIDE) : 0));
  if (!dropped) lacking.emplace_back("dropping of capabilities");
  return lacking;
}

}  // namespace abate::apps
