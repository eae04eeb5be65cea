// SPDX-License-Identifier: Apache-2.0
// sweep/host/inventory/start_lines.h — which lines of a start-up file name a command, by the form of the file. Pure.
//
//   each_start(text, StartForm::udev, [](std::uint32_t line, std::string_view command) { … });
#pragma once

#include <cstdint>
#include <functional>
#include <string_view>

namespace abate::sweep {

enum class StartForm : std::uint8_t {
  whole,             // the file itself is the program
  commands,          // shell: every line
  libraries,         // ld.so.preload
  preload_variable,  // LD_PRELOAD=… of environment files
  pam,               // a PAM stack; @include lines left out
  udev,              // RUN+="…", PROGRAM="…"
  hooks,             // apt's Pre-Invoke { "…"; }, dpkg's hooks
  actions,           // dnf and yum: package:state:command
  interfaces,        // up …, post-up …, PostUp = …, up "…" of OpenVPN
  modules,           // a module a line
  modprobe,          // install NAME command
  sysctl,            // kernel.core_pattern=|…, or the pattern itself
  binfmt,            // :name:M::magic::/interpreter:flags
  xinetd,            // server = …, server_args = …
  inittab,           // id:levels:action:command
  logrotate,         // between postrotate and endscript
  settings,          // command=…, Exec=… of supervisor and desktop entries
  monit,             // exec "…", start program = "…"
  pipes,             // name: "|command", |command
  python,            // .pth: lines that begin with import are run
  prepend,           // auto_prepend_file, auto_append_file
  git_settings,      // fsmonitor = …, hooksPath = …, pager = !…
  pm2,               // "pm_exec_path": "…"
};

using StartTaker = std::function<void(std::uint32_t line, std::string_view command)>;
void each_start(std::string_view text, StartForm form, const StartTaker& take);

}  // namespace abate::sweep
