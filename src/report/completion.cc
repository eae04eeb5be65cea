// SPDX-License-Identifier: Apache-2.0
#include <functional>

#include "base/text.h"
#include "report/program_words.h"

namespace abate::report {
namespace {

// Within single quotes: bash and zsh close, escape and open again; fish escapes.
std::string sh_quoted(std::string_view text) {
  std::string out = "'";
  for (const char c : text) out += c == '\'' ? std::string{"'\\''"} : std::string{c};
  return out + "'";
}
std::string fish_quoted(std::string_view text) {
  std::string out = "'";
  for (const char c : text) {
    if (c == '\'' || c == '\\') out += '\\';
    out += c;
  }
  return out + "'";
}

using Visit = std::function<void(const CommandWords&, const std::string& path)>;
void walk(const CommandWords& command, const std::string& path, const Visit& visit) {
  visit(command, path);
  for (const CommandWords& one : command.commands) walk(one, path.empty() ? one.name : path + " " + one.name, visit);
}

std::vector<std::string> names_of(const CommandWords& command) {
  std::vector<std::string> names;
  for (const CommandWords& one : command.commands) names.push_back(one.name);
  return names;
}

std::string bash(const ProgramWords& words) {
  const std::string& name = words.command.name;
  std::string paths, values, lists;
  walk(words.command, "", [&](const CommandWords& command, const std::string& path) {
    if (!path.empty()) paths += (paths.empty() ? "" : "|") + sh_quoted(path);
    std::vector<std::string> all = names_of(command);
    bool wants_file = false;
    for (const ArgumentWords& argument : command.arguments) {
      all.insert(all.end(), argument.choices.begin(), argument.choices.end());
      wants_file |= argument.choices.empty();
    }
    for (const OptionWords& option : command.options) {
      all.insert(all.end(), option.names.begin(), option.names.end());
      if (option.value.empty()) continue;
      for (const std::string& one : option.names) {
        values += fmt::format("    {}) ", sh_quoted(path + " " + one));
        if (!option.choices.empty())
          values += fmt::format("COMPREPLY=($(compgen -W {} -- \"$cur\"))", sh_quoted(join(option.choices, " ")));
        else
          values += option.is_folder() ? "compopt -o filenames; COMPREPLY=($(compgen -d -- \"$cur\"))"
                                       : "compopt -o filenames; COMPREPLY=($(compgen -f -- \"$cur\"))";
        values += "; return ;;\n";
      }
    }
    lists +=
        fmt::format("    {}) words={} files={} ;;\n", sh_quoted(path), sh_quoted(join(all, " ")), wants_file ? 1 : 0);
  });
  return fmt::format(R"(# bash completion of {0}; made by `{0} completion bash`. SPDX-License-Identifier: Apache-2.0
# To /usr/share/bash-completion/completions/{0}, or: source <({0} completion bash)
_{0}() {{
  local cur=${{COMP_WORDS[COMP_CWORD]}} prev=${{COMP_WORDS[COMP_CWORD-1]}} path= word words files i
  for ((i = 1; i < COMP_CWORD; i++)); do
    word=${{path:+$path }}${{COMP_WORDS[i]}}
    case $word in
    {1}) path=$word ;;
    esac
  done
  COMPREPLY=()
  case "$path $prev" in
{2}  esac
  case $path in
{3}  esac
  if [[ $files == 1 && $cur != -* ]]; then
    compopt -o filenames
    COMPREPLY=($(compgen -f -- "$cur"))
    return
  fi
  COMPREPLY=($(compgen -W "$words" -- "$cur"))
}}
complete -F _{0} {0}
)",
                     name, paths, values, lists);
}

std::string zsh_escaped(std::string_view text, std::string_view special) {
  std::string out;
  for (const char c : text) {
    if (special.find(c) != special.npos) out += '\\';
    out += c;
  }
  return out;
}

std::string zsh_spec(const OptionWords& option, const std::string& name) {
  std::string spec = fmt::format("{}[{}]", name, zsh_escaped(option.does, "[]:\\"));
  if (option.value.empty()) return spec;
  spec += ":" + zsh_escaped(option.value, ":\\") + ":";
  if (!option.choices.empty()) return spec + "(" + join(option.choices, " ") + ")";
  return spec + (option.is_folder() ? "_files -/" : "_files");
}

std::string zsh_function(const CommandWords& command, const std::string& function) {
  std::string out = fmt::format("{}() {{\n", function);
  std::string specs;
  for (const OptionWords& option : command.options)
    for (const std::string& name : option.names) specs += " \\\n    " + sh_quoted(zsh_spec(option, name));
  if (!command.commands.empty()) {
    out += "  local -a commands=(\n";
    for (const CommandWords& one : command.commands)
      out += "    " + sh_quoted(zsh_escaped(one.name, ":\\") + ":" + zsh_escaped(one.does, "\\")) + "\n";
    out += fmt::format(
        "  )\n  if (( CURRENT > 2 )) && (( $+functions[{0}_${{words[2]}}] )); then\n"
        "    local next={0}_${{words[2]}}\n    shift words\n    (( CURRENT-- ))\n    $next\n    return\n  fi\n",
        function);
    out += fmt::format(
        "  _arguments{} \\\n    '1:command:->command' && return\n  [[ $state == command ]] && _describe -t commands "
        "command commands\n}}\n",
        specs);
    return out;
  }
  for (const ArgumentWords& argument : command.arguments) {
    const std::string what = argument.choices.empty() ? "_files" : "(" + join(argument.choices, " ") + ")";
    specs += " \\\n    " + sh_quoted(fmt::format("{}:{}:{}", argument.many ? "*" : "1", argument.name, what));
  }
  return out + "  _arguments" + specs + "\n}\n";
}

std::string zsh(const ProgramWords& words) {
  const std::string& name = words.command.name;
  std::string functions;
  walk(words.command, "", [&](const CommandWords& command, const std::string& path) {
    std::string function = "_" + name;
    for (const std::string_view part : split(path, ' '))
      if (!part.empty()) (function += "_") += part;
    functions += zsh_function(command, function);
  });
  return fmt::format(
      "#compdef {0}\n# Made by `{0} completion zsh`. SPDX-License-Identifier: Apache-2.0\n# To a folder of $fpath, as "
      "_{0}.\n{1}"
      "if [[ $funcstack[1] == _{0} ]]; then\n  _{0} \"$@\"\nelse\n  compdef _{0} {0}\nfi\n",
      name, functions);
}

std::string fish(const ProgramWords& words) {
  const std::string& name = words.command.name;
  std::string out = fmt::format(
      "# fish completion of {0}; made by `{0} completion fish`. SPDX-License-Identifier: Apache-2.0\n"
      "# To ~/.config/fish/completions/{0}.fish\ncomplete -c {0} -f\n",
      name);
  walk(words.command, "", [&](const CommandWords& command, const std::string& path) {
    std::string when;
    for (const std::string_view part : split(path, ' '))
      if (!part.empty()) when += fmt::format("{}__fish_seen_subcommand_from {}", when.empty() ? "" : "; and ", part);
    if (!command.commands.empty()) {
      std::string before =
          when.empty() ? "__fish_use_subcommand"
                       : fmt::format("{}; and not __fish_seen_subcommand_from {}", when, join(names_of(command), " "));
      for (const CommandWords& one : command.commands)
        out += fmt::format("complete -c {} -n {} -a {} -d {}\n", name, fish_quoted(before), one.name,
                           fish_quoted(one.does));
    }
    if (when.empty()) when = "__fish_use_subcommand";
    const std::string head = fmt::format("complete -c {} -n {}", name, fish_quoted(when));
    for (const OptionWords& option : command.options) {
      out += head;
      for (const std::string& one : option.names)
        out += one.starts_with("--") ? " -l " + one.substr(2) : " -s " + one.substr(1);
      if (!option.value.empty()) {
        if (!option.choices.empty())
          out += " -x -a " + fish_quoted(join(option.choices, " "));
        else
          out += option.is_folder() ? " -x -a '(__fish_complete_directories)'" : " -r -F";
      }
      out += " -d " + fish_quoted(option.does) + "\n";
    }
    for (const ArgumentWords& argument : command.arguments)
      out +=
          argument.choices.empty() ? head + " -F\n" : head + " -a " + fish_quoted(join(argument.choices, " ")) + "\n";
  });
  return out;
}

}  // namespace

Result<std::string> completion(const ProgramWords& words, std::string_view shell) {
  if (shell == "bash") return bash(words);
  if (shell == "zsh") return zsh(words);
  if (shell == "fish") return fish(words);
  return failure(Fault::malformed, "completion {}: unknown shell; bash, zsh or fish", shell);
}

}  // namespace abate::report
