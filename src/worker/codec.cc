// SPDX-License-Identifier: Apache-2.0
#include "worker/codec.h"

#include <cmath>
#include <cstring>

#include "base/hash.h"
#include "base/text.h"

namespace abate::worker {
namespace {

constexpr std::size_t kShortBytesMax = 64 * 1024;  // of any string but text and evidence
constexpr std::size_t kListMax = 4'096;            // recipients, references, reasons
constexpr std::size_t kNamesMax = 64;
constexpr std::size_t kReportBytesMax = std::size_t{4} << 30;

class Writer {
 public:
  template <class T>
  void number(T value) {
    static_assert(std::is_integral_v<T>);
    for (std::size_t i = 0; i < sizeof(T); ++i)
      out_ += static_cast<char>((static_cast<std::uint64_t>(value) >> (8 * i)) & 0xff);
  }
  void real(double value) {
    std::uint64_t bits = 0;
    std::memcpy(&bits, &value, sizeof bits);
    number(bits);
  }
  void flag(bool value) { out_ += value ? '\1' : '\0'; }
  void text(std::string_view value) {
    number(static_cast<std::uint32_t>(value.size()));
    out_ += value;
  }
  template <class T, class Write>
  void optional(const std::optional<T>& value, Write write) {
    flag(value.has_value());
    if (value) write(*value);
  }
  void texts(const std::vector<std::string>& values) {
    number(static_cast<std::uint32_t>(values.size()));
    for (const std::string& value : values) text(value);
  }
  std::string out_;
};

// Every read tells whether it went well; after the first that did not, all fail.
class Cursor {
 public:
  explicit Cursor(std::string_view bytes) : rest_{bytes} {}
  [[nodiscard]] bool good() const { return good_; }
  [[nodiscard]] bool at_end() const { return rest_.empty(); }
  [[nodiscard]] std::size_t left() const { return rest_.size(); }
  void fail() { good_ = false; }

  template <class T>
  T number() {
    const std::string_view bytes = take(sizeof(T));
    std::uint64_t value = 0;
    for (std::size_t i = 0; i < bytes.size(); ++i)
      value |= std::uint64_t{static_cast<unsigned char>(bytes[i])} << (8 * i);
    return static_cast<T>(value);
  }
  double real() {
    const auto bits = number<std::uint64_t>();
    double value = 0;
    std::memcpy(&value, &bits, sizeof value);
    return value;
  }
  bool flag() {
    const auto value = number<std::uint8_t>();
    if (value > 1) fail();
    return value == 1;
  }
  std::string bytes(std::size_t bytes_max) {
    const auto size = number<std::uint32_t>();
    if (size > bytes_max) fail();
    return good_ ? std::string(take(size)) : std::string();
  }
  std::string text(std::size_t bytes_max = kShortBytesMax) {
    std::string value = bytes(bytes_max);
    if (value.find('\0') != std::string::npos || !is_valid_utf8(value)) fail();
    return value;
  }
  // A count of things that each take at least `each_bytes_min`: no allocation before that is possible.
  std::size_t count(std::size_t count_max, std::size_t each_bytes_min) {
    const auto value = number<std::uint32_t>();
    if (value > count_max || value > rest_.size() / each_bytes_min) fail();
    return good_ ? value : 0;
  }
  std::vector<std::string> texts(std::size_t count_max) {
    const std::size_t size = count(count_max, 4);
    std::vector<std::string> values;
    values.reserve(size);
    for (std::size_t i = 0; i < size && good_; ++i) values.push_back(text());
    return values;
  }
  template <class Read>
  auto optional(Read read) -> std::optional<decltype(read())> {
    if (!flag() || !good_) return std::nullopt;
    return read();
  }

 private:
  std::string_view take(std::size_t size) {
    if (!good_ || size > rest_.size()) {
      good_ = false;
      return {};
    }
    const std::string_view taken = rest_.substr(0, size);
    rest_.remove_prefix(size);
    return taken;
  }
  std::string_view rest_;
  bool good_ = true;
};

void write_ip(Writer& out, const IpAddress& address) {
  for (const std::uint8_t byte : address.bytes()) out.number(byte);
}
IpAddress read_ip(Cursor& in) {
  std::array<std::uint8_t, 16> bytes{};
  for (std::uint8_t& byte : bytes) byte = in.number<std::uint8_t>();
  return IpAddress::from_bytes(bytes);
}
void write_time(Writer& out, Instant at) { out.number(to_micros(at)); }
Instant read_time(Cursor& in) {
  const auto micros = in.number<std::int64_t>();
  if (micros < to_micros(kDistantPast) || micros > to_micros(kDistantFuture) + 999'999) {
    in.fail();
    return {};
  }
  return from_micros(micros);
}

void write_evidence(Writer& out, const Evidence& evidence) {
  out.text(evidence.content_type);
  out.text(evidence.description);
  out.optional(evidence.range, [&](const ByteRange& range) {
    out.number(std::uint64_t{range.offset});
    out.number(std::uint64_t{range.length});
  });
  if (!evidence.range) out.text(evidence.bytes);
}

Evidence read_evidence(Cursor& in, std::string_view report) {
  Evidence evidence;
  evidence.content_type = in.text();
  evidence.description = in.text();
  evidence.range = in.optional([&] {
    const auto offset = in.number<std::uint64_t>();
    const auto length = in.number<std::uint64_t>();
    return ByteRange{offset, length};
  });
  if (evidence.range) {
    const auto [offset, length] = *evidence.range;
    if (length > kEvidenceBytesMax || offset > report.size() || length > report.size() - offset) {
      in.fail();
      return {};
    }
    evidence.bytes = report.substr(offset, length);
  } else {
    evidence.bytes = in.bytes(kEvidenceBytesMax);
  }
  if (in.good()) evidence.sha256 = sha256_hex(evidence.bytes);
  return evidence;
}

void write_incident(Writer& out, const Incident& incident) {
  const auto ip = [&](const IpAddress& address) { write_ip(out, address); };
  const auto port = [&](std::uint16_t value) { out.number(value); };
  const auto text = [&](const std::string& value) { out.text(value); };
  const auto time = [&](Instant at) { write_time(out, at); };
  out.number(static_cast<std::uint8_t>(incident.category));
  out.text(incident.type);
  out.optional(incident.source_ip, ip);
  out.optional(incident.source_port, port);
  out.optional(incident.destination_ip, ip);
  out.optional(incident.destination_port, port);
  out.optional(incident.protocol, text);
  out.optional(incident.url, text);
  out.optional(incident.domain, text);
  out.optional(incident.started_at, time);
  out.optional(incident.ended_at, time);
  out.optional(incident.started_unzoned, time);
  out.real(incident.confidence);
  out.number(incident.count);
  out.number(static_cast<std::uint32_t>(incident.evidence.size()));
  for (const Evidence& evidence : incident.evidence) write_evidence(out, evidence);
  out.texts(incident.reasons);
  out.text(incident.read_from);
  out.optional(incident.read_range, [&](const ByteRange& range) {
    out.number(std::uint64_t{range.offset});
    out.number(std::uint64_t{range.length});
  });
  out.text(incident.read_text);
}

Incident read_incident(Cursor& in, std::string_view report) {
  const auto ip = [&] { return read_ip(in); };
  const auto port = [&] { return in.number<std::uint16_t>(); };
  const auto text = [&] { return in.text(); };
  const auto time = [&] { return read_time(in); };
  Incident incident;
  const auto category = in.number<std::uint8_t>();
  if (category >= kCategories.size())
    in.fail();
  else
    incident.category = static_cast<Category>(category);
  incident.type = in.text();
  incident.source_ip = in.optional(ip);
  incident.source_port = in.optional(port);
  incident.destination_ip = in.optional(ip);
  incident.destination_port = in.optional(port);
  incident.protocol = in.optional(text);
  incident.url = in.optional(text);
  incident.domain = in.optional(text);
  incident.started_at = in.optional(time);
  incident.ended_at = in.optional(time);
  incident.started_unzoned = in.optional(time);
  incident.confidence = in.real();
  if (!(incident.confidence >= 0 && incident.confidence <= 1)) in.fail();
  incident.count = in.number<std::uint32_t>();
  const std::size_t evidence = in.count(kEvidencePerIncidentMax, 9);
  for (std::size_t i = 0; i < evidence && in.good(); ++i) incident.evidence.push_back(read_evidence(in, report));
  incident.reasons = in.texts(kListMax);
  incident.read_from = in.text();
  incident.read_range = in.optional([&] {
    const auto offset = in.number<std::uint64_t>();
    const auto length = in.number<std::uint64_t>();
    return ByteRange{offset, length};
  });
  if (incident.read_range && (incident.read_range->offset > report.size() ||
                              incident.read_range->length > report.size() - incident.read_range->offset))
    in.fail();
  incident.read_text = in.text(kReadTextBytesMax);
  return incident;
}

void write_mail(Writer& out, const MailFacts& mail) {
  out.text(mail.from_address);
  out.text(mail.from_name);
  out.texts(mail.recipients);
  out.text(mail.subject);
  out.text(mail.message_id);
  out.texts(mail.references);
  out.texts(mail.held_ids);
  out.text(mail.text);
  out.flag(mail.automatic);
  out.optional(mail.bounce, [&](const Bounce& bounce) {
    out.text(bounce.recipient);
    out.text(bounce.action);
    out.text(bounce.status);
    out.text(bounce.diagnostic);
  });
}

MailFacts read_mail(Cursor& in) {
  MailFacts mail;
  mail.from_address = in.text();
  mail.from_name = in.text();
  mail.recipients = in.texts(kListMax);
  mail.subject = in.text();
  mail.message_id = in.text();
  mail.references = in.texts(kListMax);
  mail.held_ids = in.texts(kListMax);
  mail.text = in.text(kMailTextBytesMax);
  mail.automatic = in.flag();
  mail.bounce = in.optional([&] {
    Bounce bounce;
    bounce.recipient = in.text();
    bounce.action = in.text();
    bounce.status = in.text();
    bounce.diagnostic = in.text();
    return bounce;
  });
  return mail;
}

void write_records(Writer& out, const std::vector<DnsText>& records) {
  out.number(static_cast<std::uint32_t>(records.size()));
  for (const DnsText& record : records) {
    out.text(record.name);
    out.text(record.text);
  }
}

std::vector<DnsText> read_records(Cursor& in) {
  std::vector<DnsText> records;
  const std::size_t size = in.count(kNamesMax, 8);
  for (std::size_t i = 0; i < size && in.good(); ++i) {
    std::string name = in.text();
    records.push_back({std::move(name), in.text()});
  }
  return records;
}

}  // namespace

std::string encode_witnesses(const Witnesses& witnesses) {
  std::vector<DnsText> records;
  std::size_t bytes = 0;
  for (const DnsText& record : witnesses.records) {
    bytes += record.name.size() + record.text.size() + 8;
    const bool fits = record.text.size() <= kShortBytesMax && record.text.find('\0') == std::string::npos &&
                      is_valid_utf8(record.text) && bytes <= kWitnessBytesMax / 2;
    if (fits && records.size() < kNamesMax) records.push_back(record);
  }
  Writer out;
  write_records(out, records);
  out.texts(witnesses.trusted);
  return std::move(out.out_);
}

Result<Witnesses> decode_witnesses(std::string_view bytes) {
  Cursor in(bytes);
  Witnesses witnesses;
  witnesses.records = read_records(in);
  witnesses.trusted = in.texts(kNamesMax);
  if (!in.good() || !in.at_end()) return failure(Fault::malformed, "The parent speaks nonsense");
  return witnesses;
}

Result<std::string> encode_reading(const Reading& reading) {
  Writer out;
  out.text(reading.format);
  out.number(static_cast<std::uint8_t>(reading.outcome));
  out.number(static_cast<std::uint32_t>(reading.incidents.size()));
  for (const Incident& incident : reading.incidents) {
    write_incident(out, incident);
    if (out.out_.size() > kAnswerBytesMax) return failure(Fault::too_big, "What was read is too much to hand on");
  }
  out.text(reading.reporter.address);
  out.optional(reading.reporter.name, [&](const std::string& name) { out.text(name); });
  out.text(reading.reporter.authenticated);
  out.flag(reading.reporter.disclosure);
  write_records(out, reading.reporter.keys);
  out.texts(reading.names_wanted);
  out.texts(reading.warnings);
  out.optional(reading.mail, [&](const MailFacts& mail) { write_mail(out, mail); });
  if (out.out_.size() > kAnswerBytesMax) return failure(Fault::too_big, "What was read is too much to hand on");
  return std::move(out.out_);
}

Result<Reading> decode_reading(std::string_view bytes, std::string_view report) {
  Cursor in(bytes);
  Reading reading;
  reading.format = in.text();
  const auto outcome = in.number<std::uint8_t>();
  if (outcome > static_cast<std::uint8_t>(Outcome::unreadable))
    in.fail();
  else
    reading.outcome = static_cast<Outcome>(outcome);
  constexpr std::size_t kIncidentBytesMin = 40;
  const std::size_t incidents = in.count(kIncidentsPerReportMax, kIncidentBytesMin);
  for (std::size_t i = 0; i < incidents && in.good(); ++i) reading.incidents.push_back(read_incident(in, report));
  reading.reporter.address = in.text();
  reading.reporter.name = in.optional([&] { return in.text(); });
  reading.reporter.authenticated = in.text();
  reading.reporter.disclosure = in.flag();
  reading.reporter.keys = read_records(in);
  reading.names_wanted = in.texts(kNamesMax);
  reading.warnings = in.texts(kWarningsPerReportMax);
  reading.mail = in.optional([&] { return read_mail(in); });
  if (!in.good() || !in.at_end()) return failure(Fault::malformed, "The reader's answer is damaged");
  if ((reading.outcome == Outcome::read) == reading.incidents.empty())
    return failure(Fault::malformed, "The reader's answer contradicts itself");
  return reading;
}

std::string encode_head(const ToChildHead& head) {
  Writer out;
  out.number(head.prove ? kProveMagic : kReadMagic);
  out.number(head.content_type_bytes);
  out.number(head.domain_bytes);
  out.number(head.report_bytes);
  return std::move(out.out_);
}

Result<ToChildHead> decode_head(std::string_view bytes) {
  Cursor in(bytes);
  const auto magic = in.number<std::uint32_t>();
  if (magic != kReadMagic && magic != kProveMagic) in.fail();
  ToChildHead head;
  head.prove = magic == kProveMagic;
  head.content_type_bytes = in.number<std::uint32_t>();
  head.domain_bytes = in.number<std::uint32_t>();
  head.report_bytes = in.number<std::uint64_t>();
  const bool fits = head.content_type_bytes <= (head.prove ? kWitnessBytesMax : kContentTypeBytesMax) &&
                    head.domain_bytes <= kDomainBytesMax && head.report_bytes <= kReportBytesMax;
  if (!in.good() || !in.at_end() || !fits) return failure(Fault::malformed, "The parent speaks nonsense");
  return head;
}

}  // namespace abate::worker
