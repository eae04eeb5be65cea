// SPDX-License-Identifier: Apache-2.0
// apps/abate/confine.h — gives up every right that looking does not need, before anything of the server is read.
//
// SECURITY: logs, archives, mails and scripts of a broken-into server are hostile, and their parsers are large. From
// here on this process cannot start a program, open a network connection, trace or signal others, change owner, mode,
// times or attributes of a file, or write anywhere but in the folders named (Landlock where the kernel has it; the rest
// by seccomp and capabilities). What this kernel lacks is told to the caller, who says it.
#pragma once

#include <functional>
#include <string>
#include <vector>

namespace abate::apps {

struct Confinement {
  std::vector<std::string>
      writable;          // folders of the outputs, the state folder; those that are not there are passed over
  bool live = false;     // keeps the right to look at other accounts' processes
  bool fast = false;     // keeps the usual priority for processor and disk
  bool network = false;  // may open connections
  // Called when all else was given up and before Landlock holds the writing: Landlock hides the programs, files and
  // memory maps of other processes, from root too. Here and only here can they be seen.
  std::function<void()> see_processes = [] {};
};

// What could not be given up, in plain words; empty: all was. Call once, with one thread.
std::vector<std::string> confine(const Confinement& wanted);

}  // namespace abate::apps
