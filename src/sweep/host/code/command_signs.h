// SPDX-License-Identifier: Apache-2.0
// sweep/host/code/command_signs.h — what a command line does that an administrator's does not. Pure.
#pragma once

#include <string>
#include <string_view>

#include "sweep/kit/host.h"

namespace abate::sweep {

struct CommandSigns {
  bool downloads_and_runs = false;  // curl … | sh, wget -O /tmp/x …; sh /tmp/x
  bool decodes_and_runs = false;    // base64 -d | sh, php -r 'eval(base64_decode(…))', python -c exec(…decode)
  bool opens_shell = false;         // /dev/tcp/, nc -e, socat exec:, mkfifo … | sh -i
  bool from_open_place = false;     // a program in /tmp, /var/tmp, /dev/shm
  bool hidden_program =
      false;  // a program whose name, or a folder of whose, begins with a dot (not in a home's usual ones)
  bool runs_library = false;  // /lib/libudev.so.6 as a program: nobody starts a library
  bool mines = false;         // stratum+tcp, xmrig, --donate-level
  std::string says;           // the worst of them in plain words, "" for none

  [[nodiscard]] bool bad() const {
    return downloads_and_runs || decodes_and_runs || opens_shell || runs_library || mines;
  }
};
CommandSigns command_signs(std::string_view command);

// A name, or a folder's, that begins with a dot; not those that every home has (.local, .nvm, .venv, …).
bool has_hidden_name(std::string_view path);

// The same for a script that the command starts, where it can be read and is small: its text.
CommandSigns script_signs(const Tree& tree, const Autostart& start);

}  // namespace abate::sweep
