// SPDX-License-Identifier: Apache-2.0
// model/finding.h — something that the sweep found, with its area, severity, subject and proof.
//
// Names and excerpts hold what the server holds: hostile bytes. They are kept raw here and made safe in one place,
// where they are written (wire/sweep_json, the terminal report, the HTML report).
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "base/ip.h"
#include "base/time.h"

namespace abate {

enum class Area : std::uint8_t { logs, processes, web, accounts, malware, mail_network };
std::string_view area_name(Area area);
std::optional<Area> parse_area(std::string_view name);

enum class Severity : std::uint8_t {
  note,        // worth knowing: a fact that diagnosis joins
  weak,        // an open door that nobody may have used
  suspicious,  // a person looks
  malicious,   // a careful responder would act without asking
};
std::string_view severity_name(Severity severity);

enum class SubjectKind : std::uint8_t {
  file,
  process,
  account,
  key,
  cron,
  unit,
  package,
  port,
  config,
  mailbox,
  queue,
  log,
  container
};
std::string_view subject_kind_name(SubjectKind kind);

struct Subject {
  SubjectKind kind = SubjectKind::file;
  std::string path;        // as seen inside the root; of a key: the authorized_keys; of a cron job: the crontab
  std::string name;        // account, unit, package, mailbox, queue id, container
  std::uint32_t line = 0;  // counted from 1; 0: the whole file
  std::string sha256;      // of the file's bytes, lower-case hex
  std::uint32_t pid = 0;
  std::uint16_t port = 0;
  std::string address;   // with a port; or the outsider that a log tells of
  std::string protocol;  // of a port: "tcp" or "udp"

  friend bool operator==(const Subject&, const Subject&) = default;
};

struct Finding {
  std::string id;        // of detector and subject: the same in every run
  std::string detector;  // "php_decoded_eval"
  Area area = Area::malware;
  Severity severity = Severity::note;
  Subject subject;
  std::optional<Instant> at;          // when it happened, or the file was last written
  std::string why;                    // one sentence in plain words
  std::vector<std::string> evidence;  // "path:line: text"; at most kEvidenceMax of kEvidenceBytesMax each
  std::vector<std::string> leads;     // of the ticket's leads, those that it answers: "url:http://…"

  // What diagnosis joins it with; not written to reports.
  std::optional<std::uint32_t> uid;    // owner of the file or process
  std::vector<std::string> addresses;  // outsiders that it names
  std::vector<std::string> paths;      // other files that it names: a cron job's script, a unit's program
  std::vector<std::string> ids;        // queue ids, Message-IDs, account names
  std::string role;                    // "shell", "mailer", "kit", "miner", …: what it does, where known

  static constexpr std::size_t kEvidenceMax = 8;
  static constexpr std::size_t kEvidenceBytesMax = 512;
};

// "f" and 12 hex digits of SHA-256 over detector and subject (not its hash, not a pid): stable between runs.
std::string finding_id(std::string_view detector, const Subject& subject);

// Contract: bytes that are not UTF-8, control characters, DEL and bidirectional controls as \xNN, a backslash as \\.
std::string shown_name(std::string_view raw);
// For excerpts: as shown_name, but a backslash stays one; at most `bytes_max`, cut between characters.
std::string shown_text(std::string_view raw, std::size_t bytes_max);

Subject file_subject(std::string_view path, std::uint32_t line = 0);

}  // namespace abate
