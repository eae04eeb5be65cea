// SPDX-License-Identifier: Apache-2.0
#include "worker/sandbox.h"

#include <array>
#include <cerrno>
#include <cstring>
#include <fstream>
#include <memory>

#include <fcntl.h>
#include <seccomp.h>
#include <sys/mman.h>
#include <sys/prctl.h>
#include <sys/resource.h>
#include <unistd.h>

namespace abate::worker {
namespace {

#if defined(__SANITIZE_ADDRESS__) || defined(__SANITIZE_THREAD__)
constexpr bool kSanitized = true;  // a sanitizer maps terabytes, and says on descriptor 2 what it found
#else
constexpr bool kSanitized = false;
#endif

using Filter = std::unique_ptr<void, void (*)(scmp_filter_ctx)>;

std::size_t mapped_bytes() {
  std::size_t pages = 0;
  std::ifstream("/proc/self/statm") >> pages;
  return pages * static_cast<std::size_t>(sysconf(_SC_PAGESIZE));
}

Result<void> limit(__rlimit_resource what, std::size_t value, std::string_view name) {
  const rlimit both{value, value};
  if (setrlimit(what, &both) == 0) return {};
  return failure(Fault::unavailable, "The limit {} cannot be set: {}", name, std::strerror(errno));
}

Result<void> set_limits(std::size_t memory_max_bytes) {
  TRY(limit(RLIMIT_CORE, 0, "RLIMIT_CORE"));
  TRY(limit(RLIMIT_FSIZE, 0, "RLIMIT_FSIZE"));
  TRY(limit(RLIMIT_CPU, kCpuSecondsMax, "RLIMIT_CPU"));
  if constexpr (!kSanitized) TRY(limit(RLIMIT_AS, mapped_bytes() + memory_max_bytes, "RLIMIT_AS"));
  TRY(limit(RLIMIT_NOFILE, kSanitized ? 3 : 2, "RLIMIT_NOFILE"));
  return {};
}

// What only works on memory, time and the process itself.
constexpr std::array kAllowed{SCMP_SYS(munmap),          SCMP_SYS(brk),           SCMP_SYS(mremap),
                              SCMP_SYS(madvise),         SCMP_SYS(futex),         SCMP_SYS(exit),
                              SCMP_SYS(exit_group),      SCMP_SYS(clock_gettime), SCMP_SYS(gettimeofday),
                              SCMP_SYS(rt_sigreturn),    SCMP_SYS(getrandom),     SCMP_SYS(rt_sigprocmask),
                              SCMP_SYS(restart_syscall), SCMP_SYS(sched_yield),   SCMP_SYS(getpid),
                              SCMP_SYS(gettid),          SCMP_SYS(sigaltstack)};
// Libraries look for files without harm (a charset, a time zone): they are told that they may not.
constexpr std::array kRefused{SCMP_SYS(open),       SCMP_SYS(openat),    SCMP_SYS(openat2),    SCMP_SYS(stat),
                              SCMP_SYS(lstat),      SCMP_SYS(fstat),     SCMP_SYS(newfstatat), SCMP_SYS(statx),
                              SCMP_SYS(access),     SCMP_SYS(faccessat), SCMP_SYS(faccessat2), SCMP_SYS(readlink),
                              SCMP_SYS(readlinkat), SCMP_SYS(getcwd),    SCMP_SYS(close),      SCMP_SYS(ioctl),
                              SCMP_SYS(fcntl),      SCMP_SYS(lseek)};

scmp_arg_cmp equals(unsigned argument, std::uint64_t value) {
  return {.arg = argument, .op = SCMP_CMP_EQ, .datum_a = value, .datum_b = 0};
}
scmp_arg_cmp has_bits(unsigned argument, std::uint64_t mask, std::uint64_t bits) {
  return {.arg = argument, .op = SCMP_CMP_MASKED_EQ, .datum_a = mask, .datum_b = bits};
}

struct Rule {
  std::uint32_t action;
  int call;
  std::vector<scmp_arg_cmp> arguments;
};

std::vector<Rule> rules_on_arguments() {
  const std::uint32_t no_such_file = SCMP_ACT_ERRNO(EBADF);
  return {
      {SCMP_ACT_ALLOW, SCMP_SYS(read), {equals(0, 0)}},
      {SCMP_ACT_ALLOW, SCMP_SYS(write), {equals(0, 1)}},
      // A library's last words, on a descriptor that is closed.
      {kSanitized ? SCMP_ACT_ALLOW : no_such_file, SCMP_SYS(write), {equals(0, 2)}},
      {no_such_file, SCMP_SYS(writev), {}},
      // Memory of no file, never executable.
      {SCMP_ACT_ALLOW, SCMP_SYS(mmap), {has_bits(2, PROT_EXEC, 0), has_bits(3, MAP_ANONYMOUS, MAP_ANONYMOUS)}},
      {SCMP_ACT_ALLOW, SCMP_SYS(mprotect), {has_bits(2, PROT_EXEC, 0)}},
      // abort() signals itself, and nobody else.
      {SCMP_ACT_ALLOW, SCMP_SYS(tgkill), {equals(0, static_cast<std::uint64_t>(getpid()))}},
  };
}

int add_rules(scmp_filter_ctx filter) {
  int error = 0;
  const auto note = [&](int result) { error = error == 0 ? result : error; };
  for (const int call : kAllowed) note(seccomp_rule_add_array(filter, SCMP_ACT_ALLOW, call, 0, nullptr));
  for (const int call : kRefused) note(seccomp_rule_add_array(filter, SCMP_ACT_ERRNO(EACCES), call, 0, nullptr));
  for (const Rule& rule : rules_on_arguments())
    note(seccomp_rule_add_array(filter, rule.action, rule.call, static_cast<unsigned>(rule.arguments.size()),
                                rule.arguments.data()));
  return error;
}

Result<void> load_filter() {
  const Filter filter(seccomp_init(SCMP_ACT_KILL_PROCESS), seccomp_release);
  if (!filter) return failure(Fault::unavailable, "The system-call filter cannot be made");
  if (const int error = add_rules(filter.get()); error != 0)
    return failure(Fault::unavailable, "The system-call filter cannot be made: {}", std::strerror(-error));
  if (const int error = seccomp_load(filter.get()); error != 0)
    return failure(Fault::unavailable, "The system-call filter cannot be loaded: {}", std::strerror(-error));
  return {};
}

}  // namespace

Result<void> enter_sandbox(std::size_t memory_max_bytes) {
  if (close_range(kSanitized ? 3 : 2, ~0U, 0) != 0)
    return failure(Fault::unavailable, "Descriptors cannot be closed: {}", std::strerror(errno));
  if (prctl(PR_SET_NO_NEW_PRIVS, 1, 0, 0, 0) != 0 || prctl(PR_SET_DUMPABLE, 0, 0, 0, 0) != 0)
    return failure(Fault::unavailable, "Rights cannot be given away: {}", std::strerror(errno));
  TRY(set_limits(memory_max_bytes));
  return load_filter();
}

}  // namespace abate::worker
