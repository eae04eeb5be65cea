// SPDX-License-Identifier: Apache-2.0
#include "model/finding.h"

#include <array>

#include "base/hash.h"
#include "base/text.h"
#include "model/words.h"

namespace abate {
namespace {

constexpr std::array kAreas{Word{Area::logs, "logs"},       Word{Area::processes, "processes"},
                            Word{Area::web, "web"},         Word{Area::accounts, "accounts"},
                            Word{Area::malware, "malware"}, Word{Area::mail_network, "mail_network"}};
constexpr std::array kSeverities{Word{Severity::note, "note"}, Word{Severity::weak, "weak"},
                                 Word{Severity::suspicious, "suspicious"}, Word{Severity::malicious, "malicious"}};
constexpr std::array kKinds{Word{SubjectKind::file, "file"},          Word{SubjectKind::process, "process"},
                            Word{SubjectKind::account, "account"},    Word{SubjectKind::key, "key"},
                            Word{SubjectKind::cron, "cron"},          Word{SubjectKind::unit, "unit"},
                            Word{SubjectKind::package, "package"},    Word{SubjectKind::port, "port"},
                            Word{SubjectKind::config, "config"},      Word{SubjectKind::mailbox, "mailbox"},
                            Word{SubjectKind::queue, "queue"},        Word{SubjectKind::log, "log"},
                            Word{SubjectKind::container, "container"}};

}  // namespace

std::string_view area_name(Area area) { return word_of(kAreas, area); }
std::optional<Area> parse_area(std::string_view name) { return find_word(kAreas, name); }
std::string_view severity_name(Severity severity) { return word_of(kSeverities, severity); }
std::string_view subject_kind_name(SubjectKind kind) { return word_of(kKinds, kind); }

std::string finding_id(std::string_view detector, const Subject& subject) {
  // NUL parts the fields: no name can hold one. A process is known by what it runs, as its number is another each time.
  std::string text{detector};
  for (const std::string_view part :
       {subject_kind_name(subject.kind), std::string_view{subject.path}, std::string_view{subject.name},
        std::string_view{subject.address}, std::string_view{subject.protocol}}) {
    text += '\0';
    text += part;
  }
  text += fmt::format("{}{}{}{}", '\0', subject.line, '\0', subject.port);
  return "f" + sha256_hex(text).substr(0, 12);
}

std::string shown_name(std::string_view raw) { return escape_terminal(raw); }

std::string shown_text(std::string_view raw, std::size_t bytes_max) {
  std::string out;
  for (const char c : escape_terminal(raw.substr(0, bytes_max))) {
    if (c == '\\' && out.ends_with('\\')) continue;  // "\\" is one backslash again: an excerpt is not parsed back
    out += c;
  }
  return shorten(out, bytes_max);
}

Subject file_subject(std::string_view path, std::uint32_t line) {
  Subject subject;
  subject.path = path;
  subject.line = line;
  return subject;
}

}  // namespace abate
