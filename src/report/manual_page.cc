// SPDX-License-Identifier: Apache-2.0
#include "base/text.h"
#include "report/program_words.h"

namespace abate::report {
namespace {

// For roff: a backslash, a hyphen that is to be copied, quotes and a line that begins with a control character.
std::string roff(std::string_view text) {
  std::string out;
  bool line_begins = true;
  for (const char c : text) {
    if (line_begins && (c == '.' || c == '\'')) out += "\\&";
    line_begins = c == '\n';
    switch (c) {
      case '\\': out += "\\e"; break;
      case '-': out += "\\-"; break;
      case '\'': out += "\\(aq"; break;
      case '`': out += "\\(ga"; break;
      case '~': out += "\\(ti"; break;
      case '^': out += "\\(ha"; break;
      default: out += c;
    }
  }
  return out;
}

std::string quoted(std::string_view text) {  // as one argument of a macro
  std::string out = "\"";
  for (const char c : roff(text)) out += c == '"' ? std::string{"\\(dq"} : std::string{c};
  return out + "\"";
}

std::string upper(std::string_view text) {
  std::string out{text};
  for (char& c : out)
    if (c >= 'a' && c <= 'z') c = static_cast<char>(c - 'a' + 'A');
  return out;
}

std::string decapitalised(std::string_view text) {  // as NAME sections have it, for apropos
  std::string out{text};
  if (!out.empty() && out[0] >= 'A' && out[0] <= 'Z') out[0] = static_cast<char>(out[0] - 'A' + 'a');
  return out;
}

std::string usage_of(const CommandWords& command) {
  std::string out;
  for (const OptionWords& option : command.options)
    if (option.required) out += fmt::format(" {} {}", option.names.front(), option.value);
  for (const OptionWords& option : command.options)
    if (!option.required) {
      out += " [options]";
      break;
    }
  for (const ArgumentWords& argument : command.arguments)
    out += fmt::format(" {}{}{}{}", argument.required ? "" : "[", argument.name, argument.many ? "..." : "",
                       argument.required ? "" : "]");
  return out;
}

std::string sentence(std::string_view text) {
  std::string out{text};
  if (!out.empty() && !out.ends_with('.')) out += '.';
  return out;
}

void put_options(std::string& out, const CommandWords& command) {
  for (const OptionWords& option : command.options) {
    out += ".TP\n\\fB" + roff(join(option.names, ", ")) + "\\fP";
    if (!option.value.empty()) out += " \\fI" + roff(option.value) + "\\fP";
    out += "\n" + roff(sentence(option.does)) + "\n";
    if (!option.choices.empty()) out += "One of " + roff(join(option.choices, ", ")) + ".\n";
  }
}

void put_command(std::string& out, const CommandWords& command, const std::string& path) {
  if (command.commands.empty()) {
    out += ".SS " + quoted(path + usage_of(command)) + "\n" + roff(sentence(command.does)) + "\n";
    put_options(out, command);
    return;
  }
  for (const CommandWords& one : command.commands) put_command(out, one, path + " " + one.name);
}

void put_paragraphs(std::string& out, std::string_view text) {
  for (std::size_t at = 0; at < text.size();) {
    const std::size_t end = std::min(text.find("\n\n", at), text.size());
    if (at > 0) out += ".PP\n";
    out += roff(trim(text.substr(at, end - at))) + "\n";
    at = end + 2;
  }
}

}  // namespace

std::string manual_page(const ProgramWords& words) {
  const std::string& name = words.command.name;
  std::string out = fmt::format(
      ".\\\" SPDX-License-Identifier: Apache-2.0\n.\\\" Made by `{0} man` from the words of `{0} --help`.\n", name);
  out += fmt::format(".TH {} {} \"\" {}\n.nh\n.ad l\n", quoted(upper(name)), words.section,
                     quoted(name + " " + words.version));
  out += fmt::format(".SH NAME\n{} \\- {}\n", name, roff(decapitalised(words.command.does)));
  out += fmt::format(".SH SYNOPSIS\n.B {}\n.I command\n[\\fIoptions\\fP]\n", name);
  out += ".SH DESCRIPTION\n";
  put_paragraphs(out, words.description);
  out += ".SH OPTIONS\n";
  put_options(out, words.command);
  out += ".SH COMMANDS\n";
  for (const CommandWords& command : words.command.commands) put_command(out, command, name + " " + command.name);
  for (const auto& [heading, rows] : words.chapters) {
    out += ".SH " + quoted(heading) + "\n";
    for (const auto& [term, meaning] : rows) out += ".TP\n\\fB" + roff(term) + "\\fP\n" + roff(meaning) + "\n";
  }
  if (!words.see_also.empty()) {
    out += ".SH SEE ALSO\n";
    for (std::size_t i = 0; i < words.see_also.size(); ++i)
      out += roff(words.see_also[i]) + (i + 1 < words.see_also.size() ? ",\n" : "\n");
  }
  return out;
}

}  // namespace abate::report
