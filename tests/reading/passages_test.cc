// SPDX-License-Identifier: Apache-2.0
// Where each incident was read: the part, the lines, and what stands there.
#include "reading/passages.h"

#include <gtest/gtest.h>

#include "base/hash.h"
#include "base/text.h"
#include "reading/read.h"

namespace abate::reading {
namespace {

std::string shown(const Incident& incident, std::string_view report) {
  return incident.read_range ? std::string(report.substr(incident.read_range->offset, incident.read_range->length))
                             : incident.read_text;
}

// Lines `first` to `last` of a text, counted from 1, without blanks around them.
std::string lines_of(std::string_view text, std::size_t first, std::size_t last) {
  std::string out;
  std::size_t number = 0;
  for (const std::string_view line : split(text, '\n'))
    if (++number >= first && number <= last) out += std::string(line) + "\n";
  return std::string(trim(out));
}

std::string quoted_printable(std::string_view text) {
  std::string out;
  for (const char c : text) out += c == '=' ? "=3D" : c == '{' ? "=7B" : std::string(1, c);
  return out;
}

std::string mail_with(std::string_view headers, std::string_view body) {
  return fmt::format(
      "From: a@watch.example\nTo: abuse@hoster.example\nSubject: report\nMIME-Version: 1.0\nContent-Type: "
      "multipart/mixed; boundary=b\n\n--b\nContent-Type: text/plain\n\nSee the file.\n--b\n{}\n\n{}\n--b--\n",
      headers, body);
}

constexpr std::string_view kXarf =
    "{\n  \"xarf_version\": \"4.2.0\",\n  \"category\": \"connection\", \"type\": \"port_scan\",\n"
    "  \"source_identifier\": \"192.0.2.7\",\n  \"timestamp\": \"2026-10-09T08:00:00Z\"\n}";

TEST(Passages, of_an_encoded_part_are_lines_of_what_came_out) {
  const std::string head = "Content-Type: application/json; name=xarf.json\nContent-Transfer-Encoding: ";
  for (const std::string& mail : {mail_with(head + "base64", base64_encode(kXarf)),
                                  mail_with(head + "quoted-printable", quoted_printable(kXarf))}) {
    const Reading reading = read_report(mail, "message/rfc822", "");
    ASSERT_EQ(reading.incidents.size(), 1U);
    const Incident& one = reading.incidents[0];
    EXPECT_EQ(one.read_from, "part 2, lines 1-6");
    EXPECT_FALSE(one.read_range);
    EXPECT_EQ(one.read_text, kXarf);
  }
}

TEST(Passages, of_a_part_as_people_read_it_are_a_stretch_of_the_report) {
  const std::string mail = mail_with("Content-Type: application/json; name=xarf.json", kXarf);
  const Reading reading = read_report(mail, "message/rfc822", "");
  ASSERT_EQ(reading.incidents.size(), 1U);
  EXPECT_EQ(reading.incidents[0].read_from, "part 2, lines 1-6");
  ASSERT_TRUE(reading.incidents[0].read_range);
  EXPECT_EQ(shown(reading.incidents[0], mail), kXarf);
  EXPECT_TRUE(reading.incidents[0].read_text.empty());
}

TEST(Passages, follow_a_forwarded_mail) {
  const std::string mail =
      mail_with("Content-Type: message/rfc822", mail_with("Content-Type: application/json; name=xarf.json", kXarf));
  std::string inner = mail;  // one boundary for each depth
  for (auto at = inner.rfind("boundary=b\n"); at < inner.size(); ++at)
    if (inner.compare(at, 11, "boundary=b\n") == 0) inner.replace(at, 11, "boundary=c\n");
  const auto begin = inner.find("boundary=c");
  const auto end = inner.find("--b--");
  for (auto at = inner.find("\n--b", begin); at < end; at = inner.find("\n--b", at + 1)) inner[at + 3] = 'c';
  inner[end + 2] = 'c';
  inner.replace(end, 5, "--c--");
  const Reading reading = read_report(inner, "message/rfc822", "");
  ASSERT_EQ(reading.incidents.size(), 1U);
  EXPECT_NE(shown(reading.incidents[0], inner).find("192.0.2.7"), std::string::npos) << inner;
}

TEST(Passages, of_yaml_are_the_lines_of_the_form) {
  const std::string yaml =
      "Our form:\n\n---\nReported-From: a@watch.example\nCategory: abuse\nReport-Type: login-attack\nService: ssh\n"
      "Date: 2026-10-09T08:00:00Z\nSource-Type: ip-address\nSource: 192.0.2.7\nReport-ID: 1@watch.example\n"
      "---\nReported-From: a@watch.example\nCategory: abuse\nReport-Type: portscan\n"
      "Date: 2026-10-09T08:00:00Z\nSource-Type: ip-address\nSource: 192.0.2.8\nReport-ID: 2@watch.example\n";
  const std::string head = "Content-Type: text/plain; name=report.txt";
  for (const std::string& mail :
       {mail_with(head, yaml), mail_with(head + "\nContent-Transfer-Encoding: base64", base64_encode(yaml))}) {
    const Reading reading = read_report(mail, "message/rfc822", "");
    ASSERT_EQ(reading.incidents.size(), 2U);
    EXPECT_EQ(reading.format, "xarf_mail");
    EXPECT_EQ(reading.incidents[0].read_from, "part 2, lines 4-11");
    EXPECT_EQ(shown(reading.incidents[0], mail), lines_of(yaml, 4, 11));
    EXPECT_EQ(reading.incidents[1].read_from, "part 2, lines 13-19");
    EXPECT_EQ(shown(reading.incidents[1], mail), lines_of(yaml, 13, 19));
  }
}

TEST(Passages, of_yaml_that_is_none_are_the_lines_all_the_same) {
  const std::string yaml =
      "---\nReported-From: a@watch.example\nCategory: abuse\nReport-Type: login-attack\nSchema-URL: http: //x\n"
      "\tDate: 2026-10-09T08:00:00Z\nSource-Type: ip-address\nSource: 192.0.2.7\nReport-ID: \"1\n";
  const std::string mail = mail_with("Content-Type: text/plain; name=report.txt", yaml);
  const Reading reading = read_report(mail, "message/rfc822", "");
  ASSERT_EQ(reading.incidents.size(), 1U);
  EXPECT_EQ(reading.incidents[0].read_from, "part 2, lines 2-9");
  EXPECT_EQ(shown(reading.incidents[0], mail), lines_of(yaml, 2, 9));
}

struct RowsCase {
  std::string_view title;
  std::string_view content_type;
  std::string_view text;
  std::string_view format;
  std::vector<std::pair<std::size_t, std::size_t>> lines;  // of each incident
};
const RowsCase kRows[] = {
    {"a JSON array",
     "application/json",
     "[\n  {\"ip\": \"192.0.2.7\", \"note\": \"a } and \\\" in it\",\n   \"category\": \"spam\"},\n\n"
     "  {\"ip\": \"192.0.2.8\", \"category\": \"spam\", \"more\": {\"x\": [{}, {}]}}\n]\n",
     "table",
     {{2, 3}, {5, 5}}},
    {"rows beneath a name",
     "application/json",
     "{\"meta\": {\"n\": 2},\n \"data\": [\n  {\"ip\": \"192.0.2.7\",\n   \"category\": \"spam\"},\n"
     "  {\"ip\": \"192.0.2.8\", \"category\": \"spam\"}]}\n",
     "table",
     {{3, 4}, {5, 5}}},
    {"JSON lines",
     "application/json",
     "{\"ip\": \"192.0.2.7\", \"category\": \"spam\"}\n\n{\"ip\": \"192.0.2.8\", \"category\": \"spam\"}\n",
     "table",
     {{1, 1}, {3, 3}}},
    {"n6",
     "application/json",
     "{\"source\": \"feed.channel\", \"category\": \"bots\", \"time\": \"2026-10-09T08:00:00Z\","
     " \"address\": [{\"ip\": \"192.0.2.7\"}]}\n"
     "{\"source\": \"feed.channel\", \"category\": \"bots\", \"time\": \"2026-10-09T08:00:00Z\","
     " \"address\": [{\"ip\": \"192.0.2.8\"}]}\n",
     "table",
     {{1, 1}, {2, 2}}},
    {"elements of XML",
     "application/xml",
     "<?xml version=\"1.0\"?>\n<feed>\n <row>\n  <ip>192.0.2.7</ip>\n  <category>spam</category>\n </row>\n"
     " <row><ip>192.0.2.8</ip><category>spam</category><empty/></row>\n</feed>\n",
     "table",
     {{3, 6}, {7, 7}}},
    {"IODEF",
     "application/xml",
     "<?xml version=\"1.0\"?>\n<IODEF-Document version=\"1.00\">\n<Incident purpose=\"reporting\">\n"
     "<Description>port scan</Description>\n<EventData><Flow>\n<System category=\"source\">\n"
     "<Node><Address category=\"ipv4-addr\">192.0.2.7</Address></Node>\n</System>\n"
     "<System category=\"source\"><Node><Address category=\"ipv4-addr\">192.0.2.8</Address></Node></System>\n"
     "</Flow></EventData>\n</Incident>\n</IODEF-Document>\n",
     "iodef",
     {{6, 8}, {9, 9}}},
    {"MISP",
     "application/json",
     "{\"Event\": {\"info\": \"botnet\",\n\"Attribute\": [\n{\"type\": \"ip-dst\",\n \"category\": \"Network "
     "activity\", "
     "\"to_ids\": true, \"value\": \"192.0.2.7\"},\n{\"type\": \"ip-dst\", \"category\": \"Network activity\", "
     "\"to_ids\": true, \"value\": \"192.0.2.8\"}]}}\n",
     "misp",
     {{3, 4}, {5, 5}}},
    {"STIX",
     "application/json",
     "{\"type\": \"bundle\", \"id\": \"bundle--1\", \"objects\": [\n{\"type\": \"indicator\", \"id\": "
     "\"indicator--1\",\n"
     "\"pattern_type\": \"stix\", \"pattern\": \"[ipv4-addr:value = '192.0.2.7']\",\n\"valid_from\": "
     "\"2026-10-09T08:00:00Z\"},\n{\"type\": \"indicator\", \"id\": \"indicator--2\", \"pattern_type\": \"stix\", "
     "\"pattern\": \"[ipv4-addr:value = '192.0.2.8']\", \"valid_from\": \"2026-10-09T08:00:00Z\"}]}\n",
     "stix",
     {{2, 4}, {5, 5}}},
    {"XARF, two in one",
     "application/json",
     "[\n{\"xarf_version\": \"4.2.0\", \"category\": \"messaging\", \"type\": \"spam\",\n \"source_identifier\": "
     "\"192.0.2.7\"},\n{\"xarf_version\": \"4.2.0\", \"category\": \"messaging\", \"type\": \"spam\", "
     "\"source_identifier\": \"192.0.2.8\"}]\n",
     "xarf4",
     {{2, 3}, {4, 4}}},
    {"XARF before version 4",
     "application/json",
     "[{\"Version\": \"3\",\n\"ReporterInfo\": {\"ReporterOrgEmail\": \"a@watch.example\"},\n\"Report\": "
     "{\"ReportClass\": \"Activity\", \"ReportType\": \"Spam\", \"SourceIp\": \"192.0.2.7\"}},\n"
     "{\"Version\": \"3\", \"Report\": {\"ReportClass\": \"Activity\", \"ReportType\": \"Spam\", \"SourceIp\": "
     "\"192.0.2.8\"}}]\n",
     "xarf3",
     {{1, 3}, {4, 4}}},
    {"a list of Safe Browsing",
     "application/xml",
     "<notification_message asn=\"64500\">\n<list type=\"malware\">\n<url_info url=\"http://a.example/\"\n "
     "ip=\"192.0.2.7\"/>\n<url_info url=\"http://b.example/\" ip=\"192.0.2.8\"/>\n</list>\n</notification_message>\n",
     "safe_browsing_xml",
     {{3, 4}, {5, 5}}},
    {"ACNS",
     "application/xml",
     "<?xml version=\"1.0\"?>\n<Infringement>\n<Source><IP_Address>192.0.2.7</IP_Address>"
     "<TimeStamp>2026-10-09T08:00:00Z</TimeStamp></Source>\n</Infringement>\n",
     "acns",
     {{2, 4}}},
};

TEST(Passages, of_rows_and_elements_are_those_alone) {
  for (const RowsCase& each : kRows) {
    SCOPED_TRACE(each.title);
    const std::string head = fmt::format("Content-Type: {}; name=f.{}", each.content_type,
                                         each.content_type.substr(each.content_type.find('/') + 1));
    const std::string plain_mail = mail_with(head, each.text);
    const std::string packed_mail = mail_with(head + "\nContent-Transfer-Encoding: base64", base64_encode(each.text));
    for (const std::string& report : {std::string(each.text), plain_mail, packed_mail}) {
      const Reading reading =
          read_report(report, report == each.text ? each.content_type : std::string_view{"message/rfc822"}, "");
      EXPECT_EQ(reading.format, each.format);
      ASSERT_EQ(reading.incidents.size(), each.lines.size());
      for (std::size_t i = 0; i < each.lines.size(); ++i) {
        const Incident& one = reading.incidents[i];
        const auto [first, last] = each.lines[i];
        const std::string says =
            first == last ? fmt::format("line {}", first) : fmt::format("lines {}-{}", first, last);
        EXPECT_TRUE(one.read_from.ends_with(says)) << one.read_from << " should be " << says;
        const std::string passage = shown(one, report);
        EXPECT_NE(passage.find(i == 0 ? "192.0.2.7" : "192.0.2.8"), std::string::npos) << passage;
        EXPECT_EQ(passage.find(i == 0 ? "192.0.2.8" : "192.0.2.7"), std::string::npos) << passage;
        EXPECT_NE(lines_of(each.text, first, last).find(passage), std::string::npos) << passage;
        EXPECT_EQ(one.read_range.has_value(), report != packed_mail);
      }
    }
  }
}

TEST(Passages, of_an_encoded_feedback_report_are_its_fields) {
  const std::string mail =
      "From: fbl@watch.example\nSubject: x\nMIME-Version: 1.0\nContent-Type: multipart/report; "
      "report-type=feedback-report; boundary=b\n\n--b\nContent-Type: message/feedback-report\n"
      "Content-Transfer-Encoding: base64\n\n" +
      base64_encode("Feedback-Type: abuse\nUser-Agent: L/1\nVersion: 1\nSource-IP: 192.0.2.7\n") + "\n--b--\n";
  const Reading reading = read_report(mail, "message/rfc822", "");
  ASSERT_EQ(reading.incidents.size(), 1U);
  EXPECT_EQ(reading.incidents[0].read_from, "feedback report, lines 1-4");
  EXPECT_TRUE(reading.incidents[0].read_text.ends_with("Source-IP: 192.0.2.7"));
}

TEST(Passages, count_lines_of_long_texts_as_of_short_ones) {
  std::string text;
  std::vector<std::size_t> begins;
  for (std::size_t i = 0; i < 3'000; ++i) {
    begins.push_back(text.size());
    text += std::string(i % 17 == 0 ? 0 : i % 101, 'x') + "y\n";
  }
  const Passages passages(text, 0);
  for (std::size_t line = 0; line < begins.size(); line += 7) {
    Incident incident;
    passages.mark(incident, "", ByteRange{begins[line], 1});
    EXPECT_EQ(incident.read_from, fmt::format("line {}", line + 1));
    const ByteRange range = passages.range_of_lines(line, line);
    EXPECT_EQ(range.offset, begins[line]);
    EXPECT_EQ(range.offset + range.length, line + 1 < begins.size() ? begins[line + 1] : text.size());
  }
  EXPECT_EQ(passages.range_of_lines(9'000, 9'001).length, 0U);
}

TEST(Passages, are_short_and_inside_their_text) {
  const std::string text = "a\n" + std::string(50'000, 'x') + "\n";
  Incident incident;
  Passages(text, std::nullopt).mark(incident, "part 1", ByteRange{2, 900'000});
  EXPECT_EQ(incident.read_from, "part 1, line 2");
  EXPECT_LE(incident.read_text.size(), kReadTextBytesMax);
  Incident beyond;
  Passages(text, 0).mark(beyond, "part 1", ByteRange{900'000, 5});
  EXPECT_EQ(beyond.read_from, "part 1");
  EXPECT_FALSE(beyond.read_range);
}

}  // namespace
}  // namespace abate::reading
