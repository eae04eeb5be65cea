// SPDX-License-Identifier: Apache-2.0
// Copyright notices after ACNS 1.x and 2.0 (an XML element Infringement): alone, attached, or in the text of a mail,
// also inside a PGP signature.
#include "base/text.h"
#include "reading/format.h"
#include "reading/passages.h"
#include "reading/values.h"
#include "reading/xml.h"

namespace abate::reading {
extern const Format acns_format;
namespace {

constexpr std::size_t kPiecesMax = 1'000;  // Infringement elements of one report
constexpr std::size_t kSearchBytesMax = std::size_t{8} << 20;
constexpr std::size_t kSubPlacesMax = 200;
constexpr std::size_t kWorksNamedMax = 5;

struct Piece {
  std::string xml;
  std::string where;
  Incident read;        // where: read_from and what goes with it
  bool quoted = false;  // its text is not that of the report any more
};

// Where "<Infringement" or "<acns:Infringement" begins, from `at`; npos where there is none.
std::size_t find_begin(std::string_view text, std::size_t at) {
  for (at = text.find('<', at); at != std::string_view::npos; at = text.find('<', at + 1)) {
    std::string_view name = text.substr(at + 1, 64);
    if (const auto colon = name.find(':'); colon != std::string_view::npos && colon < name.find_first_of(" >/\r\n\t="))
      name.remove_prefix(colon + 1);
    if (starts_with_ignoring_case(name, "Infringement") && name.size() > 12 &&
        std::string_view(" >\t\r\n").find(name[12]) != std::string_view::npos)
      return at;
  }
  return std::string_view::npos;
}

// Behind "</Infringement>", or the end of the text.
std::size_t find_end(std::string_view text, std::size_t at) {
  for (at = text.find("</", at); at != std::string_view::npos; at = text.find("</", at + 2)) {
    std::string_view name = text.substr(at + 2, 64);
    const auto close = name.find('>');
    if (close == std::string_view::npos) continue;
    name = name.substr(0, close);
    if (const auto colon = name.find(':'); colon != std::string_view::npos) name.remove_prefix(colon + 1);
    if (equals_ignoring_case(trim(name), "Infringement")) return at + 2 + close + 1;
  }
  return text.size();
}

// A forwarded or clear-signed text: "> " of a quotation and "- " of RFC 4880 section 7.1 before the lines.
std::string without_line_marks(std::string_view xml) {
  std::string plain;
  for (std::size_t at = 0; at < xml.size();) {
    auto end = xml.find('\n', at);
    end = end == std::string_view::npos ? xml.size() : end + 1;
    std::string_view line = xml.substr(at, end - at);
    while (line.starts_with("> ") || line.starts_with(">")) line.remove_prefix(line.starts_with("> ") ? 2 : 1);
    if (line.starts_with("- -") || line.starts_with("- <")) line.remove_prefix(2);
    plain += line;
    at = end;
  }
  return plain;
}

bool is_quoted(std::string_view text, std::size_t begin) {
  const auto line = text.rfind('\n', begin);
  return text.substr(line == std::string_view::npos ? 0 : line + 1).starts_with('>');
}

void add_pieces(std::vector<Piece>& pieces, const Passages& passages, const std::string& where) {
  const std::string_view text = passages.text().substr(0, kSearchBytesMax);
  for (std::size_t at = find_begin(text, 0); at != std::string_view::npos && pieces.size() < kPiecesMax;) {
    const std::size_t end = find_end(text, at);
    const std::string_view xml = text.substr(at, end - at);
    Incident read;
    passages.mark(read, where, ByteRange{at, xml.size()});
    const bool quoted = is_quoted(text, at);
    pieces.push_back({quoted ? without_line_marks(xml) : std::string(xml), where, std::move(read), quoted});
    at = find_begin(text, end);
  }
}

std::vector<Piece> pieces_of(const Input& input) {
  std::vector<Piece> pieces;
  const Message* mail = input.message();
  if (mail == nullptr) {
    add_pieces(pieces, {input.bytes(), 0}, "XML");
    return pieces;
  }
  for (std::size_t i = 0; i < mail->parts().size(); ++i) {
    const Part& part = mail->parts()[i];
    if (part.type == "message/rfc822") continue;  // its parts follow
    const std::string where = fmt::format("part {}", i + 1);
    const std::size_t before = pieces.size();
    add_pieces(pieces, {*mail, i}, where);
    // In HTML the XML stands escaped.
    if (pieces.size() == before && part.type == "text/html" &&
        contains_ignoring_case(mail->content(i), "infringement&gt;"))
      add_pieces(pieces, {mail->text(i, kSearchBytesMax), std::nullopt}, where);
  }
  return pieces;
}

int recognise(const Input& input) {
  const Message* mail = input.message();
  const auto speaks = [](std::string_view text) {
    return text.substr(0, kSearchBytesMax).find("nfringement") != std::string_view::npos;
  };
  if (mail == nullptr) {
    if (!looks_like_xml(input.bytes()) && input.content_type() != "text/plain") return 0;
    const std::string_view text = input.bytes().substr(0, kSearchBytesMax);
    return speaks(text) && find_begin(text, 0) != std::string_view::npos ? 95 : 0;
  }
  if (mail->find("message/feedback-report")) return 0;
  bool any = false;
  for (std::size_t i = 0; i < mail->parts().size() && !any; ++i) any = speaks(mail->content(i));
  return any && !pieces_of(input).empty() ? 93 : 0;
}

struct Way {
  std::string_view word;
  std::string_view type;
};
constexpr std::array kWays{
    Way{"torrent", "copyright/p2p"},        Way{"p2p", "copyright/p2p"},
    Way{"donkey", "copyright/p2p"},         Way{"edk", "copyright/p2p"},
    Way{"gnutella", "copyright/p2p"},       Way{"kad", "copyright/p2p"},
    Way{"fasttrack", "copyright/p2p"},      Way{"ares", "copyright/p2p"},
    Way{"direct connect", "copyright/p2p"}, Way{"usenet", "copyright/usenet"},
    Way{"nntp", "copyright/usenet"},        Way{"newsgroup", "copyright/usenet"},
    Way{"ugc", "copyright/ugc_platform"},   Way{"cyberlocker", "copyright/cyberlocker"},
};

std::string_view type_of(const XmlNode& source) {
  const XmlNode subtype = source.child("SubType");
  const std::string words = source.text("Type") + " " + subtype.attribute("BaseType") + " " +
                            subtype.attribute("Protocol") + " " + subtype.attribute("Application") + " " +
                            subtype.text();
  for (const Way& way : kWays)
    if (contains_ignoring_case(words, way.word)) return way.type;
  return "copyright/copyright";
}

std::optional<std::uint16_t> port_in(const std::string& text, Warnings& warnings) {
  std::int64_t value = 0;
  for (const char c : text) {
    if (c < '0' || c > '9' || value > 1'000'000)
      value = 10'000'000;
    else
      value = value * 10 + (c - '0');
  }
  const auto port = text.empty() ? std::nullopt : port_of(value);
  if (!text.empty() && !port && value != 0) warnings.add("Port is no port: {}", in_quotes(text));
  return port;
}

void add_place(Incident& incident, const XmlNode& source, Warnings& warnings) {
  for (const char* name : {"IP_Address", "IPAddress", "IP", "Address"})
    if (!incident.source_ip) {
      incident.source_ip = address_of(source.text(name), name, warnings);
      if (incident.source_ip) incident.reasons.push_back(fmt::format("address: {} of the notice's Source", name));
    }
  incident.source_port = port_in(source.text("Port"), warnings);
  for (const char* name : {"URL", "URL_Base", "URLBase", "Link"})
    if (!incident.url) incident.url = url_of(source.text(name));
  if (incident.url)
    if (const auto host = host_of(*incident.url)) {
      incident.domain = domain_of(*host);
      if (const auto address = parse_ip(*host); address && !incident.source_ip && !is_impossible(*address)) {
        incident.source_ip = *address;
        incident.reasons.emplace_back("address: the host of the URL");
      }
    }
  if (!incident.domain) incident.domain = domain_of(source.text("DNS_Name"));
  if (const std::string protocol = source.child("SubType").attribute("Protocol"); !protocol.empty())
    incident.reasons.push_back("protocol: " + shorten(protocol, 60));
}

// The works, and when they were seen. Returns the last time that is named.
std::optional<Instant> add_works(Incident& incident, const XmlNode& notice, std::string& first_time) {
  std::optional<Instant> last;
  const auto items = notice.child("Content").descendants("Item", kSubPlacesMax);
  std::size_t named = 0;
  for (const XmlNode& item : items) {
    if (first_time.empty()) first_time = item.text("TimeStamp");
    for (const XmlNode& seen : item.children("AlsoSeen"))
      if (const auto end = time_of(seen.attribute("End")); end && end->zoned && (!last || end->at > *last))
        last = end->at;
    if (const auto at = time_of(item.text("TimeStamp")); at && at->zoned && (!last || at->at > *last)) last = at->at;
    if (!incident.url)
      for (const char* name : {"URL", "FileURL"})
        if (!incident.url) incident.url = url_of(item.text(name));
    if (++named > kWorksNamedMax) continue;
    if (const std::string title = item.text("Title"); !title.empty())
      incident.reasons.push_back("work: " + shorten(title, 160));
    if (const std::string file = item.text("FileName"); !file.empty())
      incident.reasons.push_back("file: " + shorten(file, 200));
    for (const XmlNode& hash : item.children("Hash")) {
      const bool infohash = incident.type == "copyright/p2p" && hash.text().size() == 40;
      incident.reasons.push_back(
          fmt::format("{}: {}", infohash ? "infohash" : "hash", shorten(to_lower(hash.text()), 140)));
    }
  }
  if (items.size() > 1) incident.count = static_cast<std::uint32_t>(items.size());
  return last;
}

bool is_retraction(const XmlNode& notice) {
  for (const XmlNode& type : notice.children("Type"))
    if (equals_ignoring_case(type.attribute("Retraction"), "true") || type.attribute("Retraction") == "1") return true;
  return contains_ignoring_case(notice.child("Case").text("Status"), "retract") ||
         contains_ignoring_case(notice.child("Case").text("Status"), "withdrawn");
}

void add_reporter(Reading& reading, const XmlNode& notice) {
  const XmlNode complainant = notice.child("Complainant");
  if (reading.reporter.address.empty())
    if (const auto found = parse_addresses(shorten(complainant.text("Email"), 1'000)); !found.empty())
      reading.reporter.address = found.front().mail;
  if (!reading.reporter.name)
    if (const std::string entity = complainant.text("Entity"); !entity.empty())
      reading.reporter.name = shorten(entity, 200);
}

// One incident a Source: a notice may name several.
void read_notice(Reading& reading, const XmlNode& notice, const Piece& piece, Warnings& warnings) {
  std::vector<XmlNode> sources = notice.descendants("Source", kSubPlacesMax);
  for (const XmlNode& source : sources) {
    Incident incident;
    incident.type = type_of(source);
    incident.category = category_of_type(incident.type);
    incident.confidence = 0.9;
    add_place(incident, source, warnings);
    std::string time = source.text("TimeStamp");
    const auto last = add_works(incident, notice, time);
    if (!incident.source_ip && !incident.url && !incident.domain) {
      warnings.add("{}: a Source names no place", piece.where);
      continue;
    }
    if (time.empty())
      warnings.add_sentence("TimeStamp is missing");
    else
      set_started(incident, time, "TimeStamp", warnings);
    if (incident.started_at && last && *last > *incident.started_at && *last <= kDistantFuture)
      incident.ended_at = last;
    if (const std::string id = notice.child("Case").text("ID"); !id.empty())
      incident.reasons.push_back("case " + shorten(id, 100));
    incident.read_from = piece.read.read_from;
    incident.read_range = piece.read.read_range;
    incident.read_text = piece.read.read_text;
    const auto& range = piece.read.read_range;
    const bool verbatim = range && !piece.quoted && range->length == piece.xml.size();
    incident.evidence.push_back(
        evidence_of(piece.xml, verbatim ? range : std::nullopt, "application/xml", "ACNS notice", warnings));
    reading.incidents.push_back(std::move(incident));
  }
  if (sources.empty()) warnings.add("{}: the notice names no Source", piece.where);
}

// The text and the attachment hold the same notice.
bool is_same(const Incident& a, const Incident& b) {
  return a.source_ip == b.source_ip && a.source_port == b.source_port && a.url == b.url &&
         a.started_at == b.started_at && a.started_unzoned == b.started_unzoned && a.reasons == b.reasons;
}

Result<Reading> read(const Input& input) {
  Reading reading;
  Warnings warnings;
  std::vector<Piece> pieces = pieces_of(input);
  if (pieces.size() >= kPiecesMax) warnings.add("More than {} notices: the rest was not taken", kPiecesMax - 1);
  bool retracted = false;
  for (const Piece& piece : pieces) {
    const auto xml = parse_xml(piece.xml);
    if (!xml || !xml->root().is("Infringement")) {
      warnings.add("{}: the notice cannot be read", piece.where);
      continue;
    }
    if (!xml->ok()) warnings.add("{}: the XML is broken: read up to the break", piece.where);
    add_reporter(reading, xml->root());
    if (is_retraction(xml->root()))
      retracted = true;
    else
      read_notice(reading, xml->root(), piece, warnings);
  }
  std::vector<Incident> unique;
  for (Incident& incident : reading.incidents)
    if (std::none_of(unique.begin(), unique.end(), [&](const Incident& other) { return is_same(other, incident); }))
      unique.push_back(std::move(incident));
  reading.incidents = std::move(unique);
  if (reading.incidents.empty() && !retracted) return failure(Fault::malformed, "no notice can be read");
  if (retracted) warnings.add_sentence("The sender takes a notice back: it opens nothing");
  reading.outcome = reading.incidents.empty() ? Outcome::not_a_report : Outcome::read;
  reading.warnings = std::move(warnings).take();
  return reading;
}

constexpr std::string_view kAlone =
    "<?xml version=\"1.0\" encoding=\"UTF-8\"?>\n<!DOCTYPE Infringement [<!ENTITY x \"y\">]>\n"
    "<Infringement xmlns=\"http://acns.example/ACNS\"><Case><ID>77</ID><Status>Open</Status></Case>\n"
    "<Complainant><Entity>Films &amp; Songs</Entity><Email>Notice@films.example</Email></Complainant>\n"
    "<Service_Provider><Entity>Hoster</Entity></Service_Provider>\n"
    "<Source><TimeStamp>2026-01-13T20:35:03Z</TimeStamp><IP_Address>192.0.2.200</IP_Address><Port>35657</Port>\n"
    "<Type>BitTorrent</Type><SubType BaseType=\"P2P\" Protocol=\"BITTORRENT\"/></Source>\n"
    "<Content><Item><TimeStamp>2026-01-13T20:35:03Z</TimeStamp>\n"
    "<AlsoSeen Start=\"2026-01-13T20:35:03Z\" End=\"2026-01-13T22:00:00Z\"/>\n"
    "<Title>A & B</Title><FileName>a.b.mkv</FileName>\n"
    "<Hash Type=\"SHA1\">00112233445566778899AABBCCDDEEFF00112233</Hash></Item></Content></Infringement>\n";
constexpr std::string_view kSigned =
    "From: notices@films.example\nSubject: Notice\nMIME-Version: 1.0\n"
    "Content-Type: multipart/mixed; boundary=b\n\n--b\nContent-Type: text/plain\n\n"
    "-----BEGIN PGP SIGNED MESSAGE-----\nHash: SHA1\n\nDate of the notice: 14/01/2026\n- ----Start ACNS XML\n"
    "<?xml version=\"1.0\"?>\n<Infringement><Source><TimeStamp>2026-01-13T20:35:03+01:00</TimeStamp>\n"
    "<IP_Address>2001:db8::9</IP_Address><Type>HTTP</Type><URL_Base>http://files.example.net/x</URL_Base></Source>\n"
    "<Content><Item><Title>Song</Title></Item></Content></Infringement>\n- ----End ACNS XML\n"
    "-----BEGIN PGP SIGNATURE-----\n\nAAAA\n-----END PGP SIGNATURE-----\n"
    "--b\nContent-Type: application/xml; name=a.xml\n\n<?xml version=\"1.0\"?>\n<Infringement><Source>"
    "<TimeStamp>2026-01-13T20:35:03+01:00</TimeStamp>\n"
    "<IP_Address>2001:db8::9</IP_Address><Type>HTTP</Type><URL_Base>http://files.example.net/x</URL_Base></Source>\n"
    "<Content><Item><Title>Song</Title></Item></Content></Infringement>\n--b--\n";
constexpr std::string_view kQuoted =
    "From: staff@hoster.example\nSubject: Fwd: Notice\n\nPlease look.\n\n"
    "> <Infringement><Source>\n> <TimeStamp>2026-01-13T20:35:03</TimeStamp><IP_Address>192.0.2.3</IP_Address>\n"
    "> <Type>eDonkey</Type></Source></Infringement>\n> <Infringement><Source>\n"
    "> <TimeStamp>2026-01-13T20:35:03Z</TimeStamp><IP_Address>192.0.2.4</IP_Address>\n";
constexpr std::string_view kBack =
    "<Infringement><Source><IP_Address>192.0.2.3</IP_Address></Source><Type Retraction=\"true\">INFO</Type>"
    "</Infringement>";

constexpr Example kExamples[] = {
    {"alone; a stray ampersand", "application/xml", kAlone, Outcome::read, 1, "copyright/p2p", "192.0.2.200"},
    {"clear-signed and attached: one", "message/rfc822", kSigned, Outcome::read, 1, "copyright/copyright",
     "2001:db8::9"},
    {"quoted, two notices, the second cut off", "message/rfc822", kQuoted, Outcome::read, 2, "copyright/p2p",
     "192.0.2.3"},
    {"taken back", "application/xml", kBack, Outcome::not_a_report, 0, "", ""},
};

}  // namespace

constinit const Format acns_format{
    .name = "acns",
    .title = "an ACNS copyright notice",
    .explain =
        R"(XML after the Automated Copyright Notice System (1.x, 2.0): alone, as a part of a mail of any type, in its
text between "Start ACNS XML" and "End ACNS XML", quoted, or inside a PGP signature (which is not verified). The same
notice in text and attachment is one incident; several notices or several Source elements are several. TimeStamp, which
the standard writes as RFC 3339, settles the time: dates in the text, in whatever order, are not read. Port and address
are Source's. A hash of 40 digits of a peer-to-peer notice is the torrent's infohash. A notice with Retraction opens
nothing. Broken XML is read up to the break.)",
    .recognise = recognise,
    .sure_max = 95,
    .read = read,
    .examples = kExamples,
};

}  // namespace abate::reading
