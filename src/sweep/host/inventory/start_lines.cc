// SPDX-License-Identifier: Apache-2.0
#include "sweep/host/inventory/start_lines.h"

#include <algorithm>
#include <initializer_list>

#include "base/text.h"

namespace abate::sweep {
namespace {

std::string_view unquoted(std::string_view text) {
  text = trim(text);
  if (text.empty() || (text.front() != '"' && text.front() != '\'')) return text;
  const std::size_t end = text.find(text.front(), 1);
  return text.substr(1, end == std::string_view::npos ? end : end - 1);
}

// "key = value" in any case; "" for another key.
std::string_view value_of(std::string_view line, std::string_view key) {
  if (!starts_with_ignoring_case(line, key)) return {};
  const std::string_view rest = trim(line.substr(key.size()));
  return rest.starts_with('=') ? unquoted(rest.substr(1)) : std::string_view{};
}

std::string_view first_value(std::string_view line, std::initializer_list<std::string_view> keys) {
  for (const std::string_view key : keys)
    if (const std::string_view value = value_of(line, key); !value.empty()) return value;
  return {};
}

// Behind the first `words` words, when the first is one of `keys`.
std::string_view after_word(std::string_view line, std::initializer_list<std::string_view> keys, int words = 1) {
  const std::string_view first = line.substr(0, line.find_first_of(" \t"));
  if (std::ranges::find(keys, first) == keys.end()) return {};
  for (int n = 0; n < words; ++n) {
    const std::size_t end = line.find_first_of(" \t");
    if (end == std::string_view::npos) return {};
    line = trim(line.substr(end));
  }
  return unquoted(line);
}

std::string_view after_colons(std::string_view line, int colons) {
  for (int n = 0; n < colons; ++n) {
    const std::size_t colon = line.find(':');
    if (colon == std::string_view::npos) return {};
    line.remove_prefix(colon + 1);
  }
  return trim(line);
}

std::string_view udev_command(std::string_view line) {
  for (const std::string_view key : {"RUN+=\"", "RUN=\"", "PROGRAM=\"", "PROGRAM==\"", "RUN{program}+=\"",
                                     "IMPORT{program}=\"", "IMPORT{program}==\""})
    if (const std::size_t at = line.find(key); at != std::string_view::npos)
      return line.substr(at + key.size(), line.find('"', at + key.size()) - at - key.size());
  return {};
}

std::string_view interface_command(std::string_view line) {
  const std::string_view named = first_value(line, {"PostUp", "PreUp", "PostDown", "PreDown"});
  if (!named.empty()) return named;
  return after_word(line, {"up", "post-up", "pre-up", "down", "post-down", "pre-down", "route-up", "client-connect",
                           "auth-user-pass-verify", "tls-verify", "learn-address"});
}

std::string_view modprobe_command(std::string_view line) {
  const std::string_view command = after_word(line, {"install", "remove"}, 2);
  return command == "/bin/true" || command == "/bin/false" || command == "true" || command == "false"
             ? std::string_view{}
             : command;
}

std::string_view core_pattern(std::string_view line) {
  if (!line.starts_with('|')) line = first_value(line, {"kernel.core_pattern", "kernel/core_pattern"});
  return line.starts_with('|') ? trim(line.substr(1)) : std::string_view{};
}

// Between quotes behind exec, start program, stop program, check program … path.
std::string_view monit_command(std::string_view line) {
  if (line.find("exec ") == std::string_view::npos && line.find("program") == std::string_view::npos) return {};
  const std::size_t open = line.find('"');
  return open == std::string_view::npos ? std::string_view{} : unquoted(line.substr(open));
}

std::string_view pipe_command(std::string_view line) {
  const std::size_t pipe = line.find('|');
  if (pipe == std::string_view::npos) return {};
  const bool starts = trim(line.substr(0, pipe)).empty() || line[pipe - 1] == '"' || line[pipe - 1] == ' ' ||
                      line[pipe - 1] == ':' || line[pipe - 1] == '\t';
  std::string_view command = trim(line.substr(pipe + 1));
  if (command.ends_with('"')) command.remove_suffix(1);
  return starts ? command : std::string_view{};
}

std::string_view prepended(std::string_view line) {
  for (const std::string_view key : {"auto_prepend_file", "auto_append_file"})
    if (const std::size_t at = line.find(key); at != std::string_view::npos && !line.starts_with(';')) {
      std::string_view value = trim(line.substr(at + key.size()));
      if (value.starts_with('=')) value = trim(value.substr(1));
      value = unquoted(value);
      if (!value.empty() && value != "none") return value;
    }
  return {};
}

std::string_view pm2_command(std::string_view line) {
  for (const std::string_view key : {"\"pm_exec_path\":", "\"script\":"})
    if (const std::size_t at = line.find(key); at != std::string_view::npos)
      return unquoted(line.substr(at + key.size()));
  return {};
}

// The command of a line by itself; forms that go over several lines are Reader's.
std::string_view command_of(std::string_view line, StartForm form) {
  switch (form) {
    case StartForm::preload_variable: {
      if (line.starts_with("export ")) line = trim(line.substr(7));
      const std::string_view pam_env = after_word(line, {"LD_PRELOAD"});  // pam_env.conf: NAME DEFAULT=value
      return pam_env.empty() ? value_of(line, "LD_PRELOAD") : value_of(pam_env, "DEFAULT");
    }
    case StartForm::pam: return line.starts_with('@') ? std::string_view{} : line;
    case StartForm::udev: return udev_command(line);
    case StartForm::actions: return after_colons(line, 2);
    case StartForm::interfaces: return interface_command(line);
    case StartForm::modprobe: return modprobe_command(line);
    case StartForm::sysctl: return core_pattern(line);
    case StartForm::binfmt: {
      const std::string_view rest = after_colons(line, 6);
      return rest.substr(0, rest.find(':'));
    }
    case StartForm::xinetd: return first_value(line, {"server_args", "server"});
    case StartForm::inittab: return after_colons(line, 3);
    case StartForm::settings: return first_value(line, {"command", "Exec"});
    case StartForm::monit: return monit_command(line);
    case StartForm::pipes: return pipe_command(line);
    case StartForm::prepend: return prepended(line);
    case StartForm::git_settings: {
      const std::string_view value =
          first_value(line, {"fsmonitor", "hooksPath", "sshCommand", "editor", "pager", "helper"});
      return value == "true" || value == "false" ? std::string_view{} : value;
    }
    case StartForm::pm2: return pm2_command(line);
    default: return line;
  }
}

}  // namespace

void each_start(std::string_view text, StartForm form, const StartTaker& take) {
  std::uint32_t number = 0;
  bool inside = false;  // of an apt hook's braces, of logrotate's scripts
  std::string python;
  for (std::string_view line : split(text, '\n')) {
    ++number;
    line = trim(line);
    if (line.empty() || line.starts_with('#') || line.starts_with("//")) continue;
    std::string_view command;
    if (form == StartForm::logrotate) {
      const bool begins = line == "postrotate" || line == "prerotate" || line == "firstaction" ||
                          line == "lastaction" || line == "preremove";
      if (begins || line == "endscript")
        inside = begins;
      else if (inside)
        command = line;
    } else if (form == StartForm::hooks) {
      const bool begins = contains_ignoring_case(line, "invoke") || contains_ignoring_case(line, "hook") ||
                          contains_ignoring_case(line, "Pre-Install-Pkgs");
      if (begins || inside) command = line;
      if (begins) inside = line.find('}') == std::string_view::npos && line.find(';') == std::string_view::npos;
      if (line.find('}') != std::string_view::npos) inside = false;
    } else if (form == StartForm::python) {
      // Judged as what it is: a program handed to the interpreter.
      if (line.starts_with("import ")) command = python.assign("python3 -c ").append(line);
    } else {
      command = command_of(line, form);
    }
    if (!command.empty()) take(number, command);
  }
}

}  // namespace abate::sweep
