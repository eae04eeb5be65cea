// SPDX-License-Identifier: Apache-2.0
#include <charconv>
#include <map>

#include "base/text.h"
#include "remedy/edit.h"
#include "remedy/measure.h"
#include "sweep/host/config/config_text.h"

namespace abate::remedy {

extern const Measure password_rules_measure;

namespace {

constexpr int kLengthMin = 12;
constexpr const char* kMain = "/etc/security/pwquality.conf";

// Length that pam_pwquality asks for: its own default is 8. Drop-ins and the main file may each name one; all must do.
std::vector<sweep::Setting> short_lengths(const sweep::Tree& tree, bool& named) {
  std::vector<std::string> files = sweep::glob(tree, "/etc/security/pwquality.conf.d/*.conf");
  files.emplace_back(kMain);
  std::vector<sweep::Setting> found;
  for (const std::string& path : files)
    for (const sweep::Setting& one : sweep::ini_settings(tree, path, "#")) {
      if (one.key != "minlen") continue;
      named = true;
      int length = 0;
      std::from_chars(one.value.data(), one.value.data() + one.value.size(), length);
      if (length < kLengthMin) found.push_back(one);
    }
  return found;
}

std::string line_of_pam(const sweep::Tree& tree) {
  for (const std::string_view path :
       {"/etc/pam.d/common-password", "/etc/pam.d/system-auth", "/etc/pam.d/password-auth"})
    for (const sweep::ConfigLine& line : sweep::config_lines(tree, path))
      if (line.text.find("pam_pwquality.so") != std::string::npos) return line.text;
  return "";
}

Subject rules() {
  Subject subject = file_subject(kMain);
  subject.kind = SubjectKind::config;
  return subject;
}

void look(const Ground& ground, Advised& out) {
  const sweep::Tree& tree = *ground.host.tree;
  if (!sweep::exists(tree, "/etc/passwd")) return;
  const std::string pam = line_of_pam(tree);
  if (pam.empty())
    return out.by_hand(rules(), "New passwords may be as short and as common as anybody likes",
                       "apt-get install libpam-pwquality (or dnf install libpwquality), then run abate harden again");
  if (pam.find("minlen=") != std::string::npos)
    return out.said("the length of passwords is set in /etc/pam.d itself: " + pam, "Ask for 12 characters at least.");
  bool named = false;
  if (short_lengths(tree, named).empty() && named)
    return out.already(fmt::format("new passwords have {} characters at least", kLengthMin));
  Action& action = out.advise(rules(), "New passwords may have 8 characters, which are guessed in days");
  action.effect = fmt::format("A new password needs {} characters; those of today stay", kLengthMin);
}

Result<Work> work(const Action&, const sweep::Host& host) {
  bool named = false;
  Work work;
  const std::vector<sweep::Setting> too_short = short_lengths(*host.tree, named);
  if (!named) {
    TRY_ASSIGN(Change change, append_line(host, kMain, fmt::format("minlen = {}", kLengthMin)));
    work.changes.push_back(std::move(change));
  }
  std::map<std::string, std::string> seen;
  for (const sweep::Setting& one : too_short) {
    if (seen.contains(one.at.path)) continue;
    seen[one.at.path] = "";
    TRY_ASSIGN(const std::string path, sweep::resolve(*host.tree, one.at.path));
    TRY_ASSIGN(const std::string text, sweep::read_whole(*host.tree, path, kEditedBytesMax));
    std::string edited = map_lines(text, [&](std::string_view line, std::uint32_t number) {
      for (const sweep::Setting& other : too_short)
        if (other.at.path == one.at.path && other.at.line == number) return fmt::format("minlen = {}", kLengthMin);
      return std::string{line};
    });
    work.changes.push_back(write_change(path, std::move(edited), fmt::format("{}: minlen = {}", path, kLengthMin)));
  }
  return work;
}

constexpr MeasureExample kExamples[] = {{"as it comes", R"x(--- /etc/passwd
root:x:0:0::/root:/bin/bash
--- /etc/pam.d/common-password
password	requisite			pam_pwquality.so retry=3
--- /etc/security/pwquality.conf
# minlen = 8
)x",
                                         Standing::advised},
                                        {"a short one in a drop-in", R"x(--- /etc/passwd
root:x:0:0::/root:/bin/bash
--- /etc/pam.d/system-auth
password    requisite     pam_pwquality.so local_users_only
--- /etc/security/pwquality.conf.d/a.conf
minlen=6
--- /etc/security/pwquality.conf
minlen = 14
)x",
                                         Standing::advised},
                                        {"long enough", R"x(--- /etc/passwd
root:x:0:0::/root:/bin/bash
--- /etc/pam.d/common-password
password	requisite			pam_pwquality.so retry=3
--- /etc/security/pwquality.conf
minlen = 14
)x",
                                         Standing::already},
                                        {"not asked at all", R"x(--- /etc/passwd
root:x:0:0::/root:/bin/bash
--- /etc/pam.d/common-password
password	[success=1 default=ignore]	pam_unix.so obscure yescrypt
)x",
                                         Standing::by_hand}};

}  // namespace

constinit const Measure password_rules_measure{
    .name = "password_rules",
    .requirement = "R28",
    .title = "New passwords are long",
    .explain =
        R"TEXT(Asks for 12 characters in new passwords (minlen of pam_pwquality, which also refuses words of dictionaries). Passwords of today stay as they are. Where pam_pwquality is not installed, it says what to install.
Undo: abate undo puts the former lines back.)TEXT",
    .look = look,
    .work = work,
    .examples = kExamples};

}  // namespace abate::remedy
