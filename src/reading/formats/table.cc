// SPDX-License-Identifier: Apache-2.0
// Feeds: tables, lists, JSON and XML rows; alone, packed, or attached to a mail.
#include "reading/rows/table.h"

#include <algorithm>

#include "base/text.h"
#include "reading/archive.h"
#include "reading/format.h"
#include "reading/mime/charset.h"
#include "reading/passages.h"
#include "reading/rows/objects.h"
#include "reading/xml.h"

namespace abate::reading {

extern const Format table_format;

namespace {

constexpr std::size_t kJsonLinesMax = kIncidentsPerReportMax;

struct Piece {  // something that may hold rows
  std::string_view bytes;
  std::string context;  // file name, subject
  TableOrigin origin;
};

// Objects with a line end between them and no comma.
bool is_json_lines(std::string_view bytes) {
  if (!trim(bytes.substr(0, 4'096)).starts_with('{')) return false;
  for (auto at = bytes.find('}'); at != bytes.npos; at = bytes.find('}', at + 1)) {
    const auto next = bytes.find_first_not_of(" \t\r\n", at + 1);
    if (next != bytes.npos && bytes[next] == '{' && bytes.substr(at, next - at).find('\n') != bytes.npos) return true;
  }
  return false;
}

std::optional<Xml> xml_rows(std::string_view bytes) {
  if (!trim(bytes.substr(0, 256)).starts_with('<') && !bytes.starts_with("\xef\xbb\xbf<")) return std::nullopt;
  auto xml = parse_xml(bytes);
  return xml && rows_in(xml->root()) > 0 ? std::optional{std::move(*xml)} : std::nullopt;
}

bool holds_rows(const Piece& piece) {
  if (looks_like_json(piece.bytes)) {
    if (is_json_lines(piece.bytes)) return true;
    const auto json = parse_json(piece.bytes);
    return json && rows_in(json->root()) > 0;
  }
  return xml_rows(piece.bytes).has_value() || find_table(piece.bytes, piece.context).has_value();
}

void read_json_lines(const Piece& piece, Reading& reading, Warnings& warnings) {
  const Passages passages(piece.bytes, piece.origin.offset);
  std::size_t number = 0;
  for (std::size_t at = 0; at < piece.bytes.size() && number < kJsonLinesMax;) {
    const std::size_t end = std::min(piece.bytes.find('\n', at), piece.bytes.size());
    const ByteRange place{at, end - at};
    const std::string_view line = trim(piece.bytes.substr(at, place.length));
    at = end + 1;
    ++number;
    if (line.empty()) continue;
    const auto json = parse_json(line);
    if (!json) {
      warnings.add("Line {} cannot be read as JSON", number);
      continue;
    }
    const auto mark = [&](Incident& incident, std::size_t, JsonValue) {
      passages.mark(incident, piece.origin.part, place);
    };
    read_objects(json->root(), piece.context, mark, reading, warnings);
  }
}

std::string row_name(const Piece& piece, std::size_t number) {
  return fmt::format("{}{}row {}", piece.origin.part, piece.origin.part.empty() ? "" : ", ", number);
}

void read_piece(const Piece& piece, bool utc, Reading& reading, Warnings& warnings) {
  const Passages text(piece.bytes, piece.origin.offset);
  if (looks_like_json(piece.bytes)) {
    if (is_json_lines(piece.bytes)) return read_json_lines(piece, reading, warnings);
    const auto json = parse_json(piece.bytes);
    if (!json) return;
    const JsonPassages passages(*json, text);
    const auto mark = [&](Incident& incident, std::size_t number, JsonValue row) {
      passages.mark(incident, row_name(piece, number), row);
    };
    return read_objects(json->root(), piece.context, mark, reading, warnings);
  }
  if (const auto xml = xml_rows(piece.bytes)) {
    const auto mark = [&](Incident& incident, std::size_t number, XmlNode row) {
      text.mark(incident, row_name(piece, number), xml->range_of(row, piece.bytes));
    };
    return read_elements(xml->root(), piece.context, mark, reading, warnings);
  }
  auto table = find_table(piece.bytes, piece.context);
  if (!table) return;
  table->feed.utc = table->feed.utc || utc;
  read_table(*table, piece.bytes, piece.origin, reading, warnings);
}

// ---- what there is to look into ----

bool may_hold_rows(const Part& part) {
  if (part.inside_message) return false;
  const std::string name = to_lower(part.name);
  for (const std::string_view end : {".csv", ".tsv", ".json", ".jsonl", ".xml", ".zip", ".gz", ".bz2", ".xz", ".txt"})
    if (name.ends_with(end)) return true;
  for (const std::string_view type :
       {"text/csv", "text/tab-separated-values", "application/csv", "application/json", "application/xml", "text/xml",
        "application/zip", "application/x-zip-compressed", "application/gzip", "application/x-gzip"})
    if (part.type == type) return true;
  return false;
}

bool is_utf16(std::string_view bytes) { return bytes.starts_with("\xff\xfe") || bytes.starts_with("\xfe\xff"); }

// Opens archives; `unpacked` holds what their pieces point to.
void add_piece(Piece piece, std::vector<Piece>& pieces, std::vector<std::vector<ArchivedFile>>& unpacked,
               Warnings& warnings) {
  if (!looks_like_archive(piece.bytes)) {
    if (is_utf16(piece.bytes)) {  // as spreadsheets save "Unicode text"
      auto& own = unpacked.emplace_back();
      own.push_back({"", decode_charset(piece.bytes, "utf-16").text});
      piece.bytes = own.back().bytes;
      piece.origin.offset.reset();
    }
    pieces.push_back(std::move(piece));
    return;
  }
  auto& files = unpacked.emplace_back(open_archive(piece.bytes, warnings));
  for (ArchivedFile& file : files)
    if (is_utf16(file.bytes)) file.bytes = decode_charset(file.bytes, "utf-16").text;
  for (const ArchivedFile& file : files)
    pieces.push_back(
        {file.bytes,
         piece.context + " " + file.name,
         {fmt::format("{}{}{}", piece.origin.part, piece.origin.part.empty() ? "" : ", ", file.name), {}}});
}

struct Pieces {
  std::vector<std::vector<ArchivedFile>> unpacked;
  std::vector<Piece> all;
};

Pieces pieces_of(const Input& input, Warnings& warnings) {
  Pieces out;
  out.unpacked.reserve(kPartsMax + 1);  // pieces point into it
  const Message* mail = input.message();
  if (mail == nullptr) {
    add_piece({input.bytes(), "", {"", 0}}, out.all, out.unpacked, warnings);
    return out;
  }
  const std::string subject = mail->header("Subject");
  for (std::size_t i = 0; i < mail->parts().size(); ++i) {
    const Part& part = mail->parts()[i];
    if (!may_hold_rows(part)) continue;
    const auto offset =
        part.transfer == Transfer::verbatim && part.range ? std::optional{part.range->offset} : std::nullopt;
    const std::string name =
        part.name.empty() ? fmt::format("part {}", i + 1) : fmt::format("part {} ({})", i + 1, part.name);
    add_piece({mail->content(i), part.name + " " + subject, {name, offset}}, out.all, out.unpacked, warnings);
  }
  return out;
}

int recognise(const Input& input) {
  if (input.message() == nullptr && input.content_type() == "message/rfc822") return 0;
  Warnings unheard;
  const Pieces pieces = pieces_of(input, unheard);
  if (std::ranges::none_of(pieces.all, holds_rows)) return 0;
  if (input.message() != nullptr) return 58;
  return input.content_type() == "text/csv" ? 70 : 45;
}

Result<Reading> read(const Input& input) {
  Reading reading;
  Warnings warnings;
  const Pieces pieces = pieces_of(input, warnings);
  const std::string text = input.message() == nullptr ? "" : to_lower(input.facts().text);
  const bool utc = std::ranges::any_of(std::array{" utc", "(utc", " gmt", "(gmt"},
                                       [&](std::string_view zone) { return text.find(zone) != text.npos; });
  for (const Piece& piece : pieces.all) read_piece(piece, utc, reading, warnings);
  if (reading.incidents.empty()) return failure(Fault::malformed, "no row names an address, a URL or a domain");
  reading.outcome = Outcome::read;
  reading.warnings = std::move(warnings).take();
  return reading;
}

constexpr std::string_view kScan =
    "\"timestamp\",\"ip\",\"protocol\",\"port\",\"hostname\",\"tag\",\"asn\",\"geo\",\"region\",\"city\"\n"
    "\"2026-03-01 09:18:27\",\"192.0.2.7\",\"udp\",\"123\",\"host.example\",\"ntp\",\"64496\",\"ZZ\",\"R\",\"C\"\n"
    "\"2026-03-01 09:18:29\",\"192.0.2.9\",\"udp\",\"123\",,\"ntp\",\"64496\",\"ZZ\",\"R\",\"C, with "
    "\"\"quotes\"\"\"\n";
constexpr std::string_view kEvents =
    "timestamp;source.ip;source.port;destination.ip;classification.type;malware.name\n"
    "2026-03-01T09:18:27+00:00;192.0.2.7;4711;198.51.100.2;infected-system;family\n"
    "this row is broken\n"
    "2026-03-01T09:20:00+00:00;2001:db8::7;4712;198.51.100.2;brute-force;\n";
constexpr std::string_view kComments =
    "# Data of the last day\n# Format: category|address|asn|timestamp|comment\n"
    "openresolvers|192.0.2.7|64496|2026-03-01 10:00:01|\nphishing|192.0.2.8|64496|2026-03-01 "
    "10:00:02|http://www.example.com/a\n";
constexpr std::string_view kBareList =
    "# addresses that attacked us (ssh brute force)\n192.0.2.7\n192.0.2.8\n2001:db8::1\n";
constexpr std::string_view kNoHeader =
    "2026-03-01 13:36:27,192.0.2.7,447,online,2026-03-02,Family\n2026-03-01 "
    "13:36:28,192.0.2.8,443,offline,2026-03-02,Family\n";
constexpr std::string_view kIdea =
    "[{\"Format\": \"IDEA0\", \"DetectTime\": \"2026-03-01T15:34:41Z\", \"Category\": [\"Recon.Scanning\"],"
    " \"Source\": [{\"IP4\": [\"192.0.2.7\"], \"Proto\": [\"tcp\"]}], \"Target\": [{\"IP4\": [\"198.51.100.1\"], "
    "\"Port\": [22]}]}]";
constexpr std::string_view kN6 =
    "{\"source\": \"feed.channel\", \"category\": \"bots\", \"time\": \"2026-03-01T15:34:41Z\","
    " \"address\": [{\"ip\": \"192.0.2.7\", \"cc\": \"ZZ\"}], \"name\": \"family\", \"dport\": 80}\n"
    "{\"source\": \"feed.channel\", \"category\": \"phish\", \"time\": \"2026-03-01T15:34:42Z\","
    " \"url\": \"http://www.example.com/login\", \"address\": [{\"ip\": \"192.0.2.8\"}]}\n";
constexpr std::string_view kXml =
    "<?xml version=\"1.0\"?><output><entries><entry><first>1772372067</first><url>http://www.example.com/i/</url>"
    "<ip>192.0.2.7</ip><domain>example.com</domain></entry></entries></output>";
constexpr std::string_view kAttached =
    "From: autoreports@reporter.example\nSubject: scan_ntp report\nMIME-Version: 1.0\n"
    "Content-Type: multipart/mixed; boundary=b\n\n--b\nContent-Type: text/plain\n\nSee the file.\n"
    "--b\nContent-Type: text/csv; name=\"2026-03-01-scan_ntp.csv\"\n\n"
    "timestamp,ip,port,asn,geo\n2026-03-01 09:18:27,192.0.2.7,123,64496,ZZ\n--b--\n";

constexpr Example kExamples[] = {
    {"a scan report of Shadowserver", "text/csv", kScan, Outcome::read, 2, "vulnerability/open_service", "192.0.2.7"},
    {"IntelMQ's names, semicolons and a broken row", "text/csv", kEvents, Outcome::read, 2, "infrastructure/botnet",
     "192.0.2.7"},
    {"the header stands in a comment", "text/plain", kComments, Outcome::read, 2, "vulnerability/open_service",
     "192.0.2.7"},
    {"a bare list", "text/plain", kBareList, Outcome::read, 3, "connection/login_attack", "192.0.2.7"},
    {"no header: what the cells hold", "text/csv", kNoHeader, Outcome::read, 2, "infrastructure/botnet", "192.0.2.7"},
    {"IDEA events", "application/json", kIdea, Outcome::read, 1, "connection/port_scan", "192.0.2.7"},
    {"n6 events, one a line", "application/json", kN6, Outcome::read, 2, "infrastructure/botnet", "192.0.2.7"},
    {"elements of XML that repeat", "application/xml", kXml, Outcome::read, 1, "content/phishing", "192.0.2.7"},
    {"a table attached to a mail", "message/rfc822", kAttached, Outcome::read, 1, "vulnerability/open_service",
     "192.0.2.7"},
};

}  // namespace

constinit const Format table_format{
    .name = "table",
    .title = "a feed: rows of a table, of JSON or of XML",
    .explain =
        R"(Rows that each name somebody: CSV with commas, semicolons, tabs or bars; a header, a header in a comment, or
none; bare lists of addresses, networks, URLs or domains; JSON arrays, objects that hold one, JSON lines; XML elements that
repeat. Alone, zipped or gzipped, or attached to a mail. Columns are known by their names (Shadowserver, IntelMQ, n6, IDEA,
abuse.ch, Spamhaus, Team Cymru and many more), else by what their cells hold. One row is one incident; a bad row is named in
a warning and spoils nothing. Times of feeds whose makers say so are UTC; others without a zone stay uncertain. Where only a
destination is named (lists of C2 servers), it is the accused; where a source is named, the destination never is.)",
    .recognise = recognise,
    .sure_max = 70,
    .read = read,
    .examples = kExamples,
};

}  // namespace abate::reading
