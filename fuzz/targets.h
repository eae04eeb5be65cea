// SPDX-License-Identifier: Apache-2.0
// fuzz/targets.h — what each fuzz target does with its bytes. The libFuzzer programs and the replaying test share it.
// A broken rule ends the process (CHECK).
#pragma once

#include <string>
#include <string_view>

#include "base/check.h"
#include "base/text.h"
#include "base/time.h"
#include "reading/archive.h"
#include "reading/format.h"
#include "reading/mime/authentication.h"
#include "reading/prose/tokens.h"
#include "reading/read.h"
#include "reading/rows/cells.h"
#include "reading/stix_pattern.h"
#include "reading/values.h"
#include "reading/when.h"
#include "reading/xml.h"
#include "reading/yaml.h"
#include "sweep/host/archives/layers.h"
#include "sweep/host/archives/members.h"
#include "sweep/host/logs/access.h"
#include "sweep/host/logs/grammars/grammars.h"
#include "sweep/host/logs/journal/journal.h"
#include "sweep/host/logs/zone.h"
#include "worker/codec.h"

namespace abate::fuzz {

inline void check_texts(const Reading& reading) {
  CHECK(is_valid_utf8(reading.format) && is_valid_utf8(reading.reporter.address) &&
        is_valid_utf8(reading.reporter.name.value_or("")));
  CHECK(reading.warnings.size() <= kWarningsPerReportMax);
  for (const std::string& sentence : reading.warnings) CHECK(is_valid_utf8(sentence));
  for (const Incident& incident : reading.incidents) {
    CHECK(incident.confidence >= 0 && incident.confidence <= 1);
    CHECK(is_valid_utf8(incident.type) && is_valid_utf8(incident.url.value_or("")) &&
          is_valid_utf8(incident.domain.value_or("")) && is_valid_utf8(incident.read_from));
  }
}

// Any bytes give a Reading that keeps the rules and comes whole through the worker's codec.
inline void read_any(std::string_view bytes, std::string_view content_type) {
  const Reading reading = reading::read_report(bytes, content_type, "");
  CHECK((reading.outcome == Outcome::read) == !reading.incidents.empty());
  check_texts(reading);
  const auto encoded = worker::encode_reading(reading);
  CHECK(encoded.has_value());
  const auto decoded = worker::decode_reading(*encoded, bytes);
  CHECK(decoded.has_value());
  CHECK(*decoded == reading);
}

inline void mail(std::string_view bytes) {
  read_any(bytes, "message/rfc822");
  CHECK(reading::names_wanted(bytes).size() <= reading::kNamesWantedMax);
  const reading::Proof proof =
      reading::prove(bytes, {.records = {{"s._domainkey.d.example", "v=DKIM1; p="}}, .trusted = {"mx.hoster.example"}});
  CHECK(proof.keys.empty());  // no key was given
  for (const std::string& sentence : proof.warnings) CHECK(is_valid_utf8(sentence));
}

// The fuzzed bytes are the fields of a feedback report: the way there need not be found again and again.
inline void arf(std::string_view bytes) {
  const std::string report =
      "From: fbl@reporter.example\nMIME-Version: 1.0\nContent-Type: multipart/report;"
      " report-type=feedback-report; boundary=b\n\n--b\nContent-Type: message/feedback-report\n\n" +
      std::string(bytes) + "\n--b--\n";
  read_any(report, "message/rfc822");
}

inline void xarf4(std::string_view bytes) { read_any(bytes, "application/json"); }

// MISP and STIX: the bytes as a report, and as the pattern of an indicator.
inline void intel(std::string_view bytes) {
  read_any(bytes, "application/json");
  std::size_t count = 0;
  for (const auto& group : reading::pattern_groups(bytes)) count += group.size();
  CHECK(count <= reading::kComparisonsMax);
}

// Free text, tokens and links included.
// What is taken for a URL is one for every other reader of URLs too, and unwrapping it comes to an end.
inline void urls(std::string_view bytes) {
  const std::string text = make_valid_utf8(bytes);
  if (const auto url = reading::url_of(text)) {
    CHECK(is_valid_utf8(*url) && url->size() <= 2 * reading::kUrlBytesMax);
    CHECK(reading::url_of(*url).has_value());  // not the same: "[[.]]" loses a pair of brackets each time
    (void)reading::host_of(*url);
    CHECK(is_valid_utf8(make_valid_utf8(reading::prose::unwrap_link(*url))));
  }
  (void)reading::domain_of(text);
  for (const auto& token : reading::prose::tokens_in(text))
    if (token.kind == reading::prose::TokenKind::url && !token.value.empty()) CHECK(reading::host_of(token.value));
}

inline void prose(std::string_view bytes) {
  read_any(bytes, "text/plain");
  const std::string mail =
      "From: ann@victim.example\nDate: Sat, 10 Oct 2026 10:00:00 +0200\nSubject: Abuse from 192.0.2.1\n\n" +
      std::string(bytes);
  read_any(mail, "message/rfc822");
  for (const auto& token : reading::prose::tokens_in(bytes, 1'000))
    CHECK(token.begin < token.end && token.end <= bytes.size());
}

// The fuzzed bytes are the fields behind the ones that make it a report.
inline void xarf3(std::string_view bytes) {
  read_any(bytes, "application/json");
  read_any(R"({"Version":"3","Report":{"ReportType":"Spam","SourceIp":"192.0.2.1",)" + std::string(bytes), "");
}

// The form of an X-ARF mail: by itself, and read as a report.
inline void yaml(std::string_view bytes) {
  const reading::Yaml yaml = reading::read_yaml(bytes);
  CHECK(yaml.documents.size() <= reading::kYamlDocumentsMax);
  for (const reading::YamlDocument& document : yaml.documents) {
    CHECK(!document.fields.empty() && document.fields.size() <= reading::kYamlFieldsMax);
    for (const reading::YamlField& field : document.fields)
      CHECK(is_valid_utf8(field.name) && is_valid_utf8(field.value));
  }
  read_any(
      "From: a@reporter.example\nX-XARF: PLAIN\nMIME-Version: 1.0\nContent-Type: multipart/mixed; boundary=b\n\n"
      "--b\nContent-Type: text/plain\n\nSee http://a.example/ [192.0.2.1]\n--b\nContent-Type: text/plain\n\n" +
          std::string(bytes) + "\n--b--\n",
      "message/rfc822");
}

inline void xml(std::string_view bytes) {
  if (const auto xml = reading::parse_xml(bytes)) {
    for (const reading::XmlNode& node : xml->document().descendants("a", 100))
      CHECK(is_valid_utf8(node.text()) && is_valid_utf8(node.attribute("b")));
  }
  read_any(bytes, "application/xml");
}

inline void acns(std::string_view bytes) {
  read_any("<Infringement><Source>" + std::string(bytes), "application/xml");
  read_any("From: a@reporter.example\n\n- ----Start ACNS XML\n" + std::string(bytes), "message/rfc822");
}

inline void iodef(std::string_view bytes) {
  read_any("<IODEF-Document><Incident>" + std::string(bytes), "application/xml");
}

// A feed: as it is, and as rows behind a header that names somebody.
inline void table(std::string_view bytes) {
  read_any(bytes, "text/csv");
  read_any("timestamp,ip,port,tag,url\n" + std::string(bytes), "text/csv");
  reading::Cells cells;
  CHECK(cells.split(bytes, ',').size() <= reading::kCellsMax);
}

inline void archive(std::string_view bytes) {
  reading::Warnings warnings;
  std::size_t total = 0;
  for (const reading::ArchivedFile& file : reading::open_archive(bytes, warnings)) {
    CHECK(is_valid_utf8(file.name));
    total += file.bytes.size();
  }
  CHECK(total <= reading::kArchiveBytesMax);
}

// Any bytes as an archive that the sweep meets: what it hands out stays within the limits.
inline void members(std::string_view bytes) {
  class Count final : public sweep::MemberVisitor {
   public:
    void see(const sweep::Member& member) override {
      CHECK(member.bytes.size() <= sweep::kMemberBytesMax && !member.bytes.empty());
      CHECK(member.name.size() <= 2 * sweep::kMemberNameBytesMax);
      bytes += member.bytes.size();
    }
    [[nodiscard]] bool ended() const override { return false; }
    std::uint64_t bytes = 0;
  } count;
  sweep::BytesInMemory file{bytes};
  const sweep::Unpacked done = sweep::unpack(file, "a.zip", count);
  CHECK(done.members <= sweep::kArchiveMembersMax + 1);
  CHECK(done.bytes <= sweep::kArchiveUnpackedBytesMax + (std::uint64_t{1} << 20));
}

// The first byte says where the report that is spoken of ends.
inline void codec(std::string_view bytes) {
  if (bytes.empty()) return;
  const std::string report(static_cast<unsigned char>(bytes.front()) * 16U, 'r');
  const auto decoded = worker::decode_reading(bytes.substr(1), report);
  if (!decoded) return;
  const auto again = worker::encode_reading(*decoded);
  CHECK(again.has_value());
  const auto twice = worker::decode_reading(*again, report);
  CHECK(twice.has_value());
  check_texts(*decoded);
}

inline void dates(std::string_view bytes) {
  if (const auto time = parse_rfc3339(bytes)) CHECK(parse_rfc3339(format_rfc3339(*time)) == *time);
  if (const auto time = parse_rfc3339_lenient(bytes)) CHECK(time->at >= kDistantPast);
  if (const auto time = parse_rfc5322(bytes)) CHECK(parse_rfc3339(format_rfc3339(time->at)).has_value());
  (void)parse_duration(bytes);
  const auto hints = reading::hints_of(bytes, from_micros(1'760'104'536'000'000));
  for (const auto& found : reading::times_in(bytes, hints, 100)) {
    CHECK(found.begin < found.end && found.end <= bytes.size());
    CHECK(found.time.at > kDistantPast && found.time.at < kDistantFuture);
  }
  (void)reading::time_of(bytes);
  (void)reading::epoch_of(bytes);
  (void)reading::ip_in(bytes);
  if (const auto url = reading::url_of(bytes)) CHECK(is_valid_utf8(*url) && reading::host_of(*url).has_value());
  if (const auto domain = reading::domain_of(bytes)) CHECK(is_valid_utf8(*domain));
}

// Lines of every log: the first byte says nothing, each line goes to each grammar.
inline void logs(std::string_view bytes) {
  using namespace sweep;
  constexpr LineReader kReaders[] = {read_syslog_line,  read_exim_line,    read_web_error_line, read_vsftpd_line,
                                     read_xferlog_line, read_proftpd_line, read_squid_line,     read_tinyproxy_line,
                                     read_3proxy_line,  read_dante_line,   read_fail2ban_line,  read_audit_line,
                                     read_package_line, read_panel_line,   read_dovecot_line};
  Stamps stamps{Zone{}};
  Sessions sessions;
  const AccessFormat formats[] = {{},
                                  AccessFormat::parse_apache("%v:%p %{X-Forwarded-For}i %h %l %u %t \"%r\" %>s %b"),
                                  AccessFormat::parse_nginx(bytes.substr(0, 200)),
                                  AccessFormat::parse_apache(bytes.substr(0, 200))};
  stamps.start(from_micros(1'790'000'000'000'000));
  for (const std::string_view line : split(bytes, '\n')) {
    const std::string exact{line};  // so that a read beyond its end is seen
    for (const LineReader reader : kReaders) {
      Event event;
      event.message = exact;
      if (reader(exact, stamps, sessions, event) && event.at)
        CHECK(*event.at >= kDistantPast && *event.at <= kDistantFuture + std::chrono::hours{24 * 400});
      CHECK(event.message.size() <= exact.size() && event.program.size() <= std::max<std::size_t>(exact.size(), 16));
    }
    for (const AccessFormat& format : formats) {
      Event event;
      (void)format.read(exact, stamps, event);
    }
  }
  (void)Zone::parse(bytes);
}

class BytesTree final : public sweep::Tree {  // one file, whatever the name
 public:
  explicit BytesTree(std::string_view bytes) : bytes_{bytes} {}
  [[nodiscard]] Result<sweep::Stat> stat(std::string_view) const override { return stat_of(); }
  [[nodiscard]] Result<sweep::Stat> stat_through_links(std::string_view) const override { return stat_of(); }
  [[nodiscard]] Result<std::unique_ptr<sweep::TreeFile>> open(std::string_view) const override {
    return std::make_unique<File>(bytes_, stat_of());
  }
  [[nodiscard]] Result<std::string> link_target(std::string_view) const override { return std::string{}; }
  [[nodiscard]] Result<std::vector<sweep::Name>> list(std::string_view) const override {
    return std::vector<sweep::Name>{};
  }
  [[nodiscard]] std::uint8_t flags(std::string_view) const override { return 0; }
  [[nodiscard]] Result<std::string> attribute(std::string_view, const std::string&) const override {
    return std::string{};
  }
  void walk(std::string_view, sweep::Walker&) const override {}

 private:
  class File final : public sweep::TreeFile {
   public:
    File(std::string_view bytes, sweep::Stat stat) : bytes_{bytes}, stat_{stat} {}
    [[nodiscard]] const sweep::Stat& stat() const override { return stat_; }
    Result<std::size_t> read_at(std::uint64_t offset, std::span<char> into) override {
      if (offset >= bytes_.size()) return 0;
      return bytes_.substr(offset).copy(into.data(), into.size());
    }

   private:
    std::string_view bytes_;
    sweep::Stat stat_;
  };
  [[nodiscard]] sweep::Stat stat_of() const {
    sweep::Stat stat;
    stat.kind = sweep::NodeKind::file;
    stat.size = bytes_.size();
    return stat;
  }
  std::string_view bytes_;
};

// A journal, and the same bytes as a packed log.
inline void journal(std::string_view bytes) {
  const BytesTree tree{bytes};
  sweep::Notes notes;
  std::size_t entries = 0;
  (void)sweep::read_journal(
      tree, "/j", notes,
      [&](const sweep::JournalEntry& entry) {
        ++entries;
        CHECK(entry.message.size() <= sweep::kLineBytesMax && entry.identifier.size() <= 64);
      },
      [] { return false; });
  CHECK(entries <= bytes.size() / 64 + 1);
  sweep::LogLines lines{tree, "/l", notes};
  while (lines.next() && lines.bytes() < (std::uint64_t{4} << 20)) CHECK(lines.line().size() <= sweep::kLineBytesMax);
}

}  // namespace abate::fuzz
