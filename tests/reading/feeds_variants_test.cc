// SPDX-License-Identifier: Apache-2.0
// Feeds as their senders vary them: other columns, other nesting, other wrapping. All rows are made up.
#include <gtest/gtest.h>

#include "base/text.h"
#include "reading/read.h"

namespace abate::reading {
namespace {

struct Told {
  std::string_view address;  // or URL or domain
  std::string_view type;
  std::string_view at = {};  // RFC 3339, or "" where none is told
};
struct Variant {
  std::string_view title;
  std::string_view content_type;
  std::string_view text;
  std::string_view format;
  std::vector<Told> told;
};

const Variant kVariants[] = {
    {"MISP: the answer of restSearch for attributes",
     "application/json",
     R"({"response":{"Attribute":[{"id":"1","type":"ip-src","category":"Network activity","to_ids":true,
"value":"192.0.2.7","comment":"ssh brute force","timestamp":"1791532800","Tag":[{"name":"rsit:intrusion-attempts=\"brute-force\""}]}]}})",
     "misp",
     {{"192.0.2.7", "connection/login_attack", "2026-10-09T08:00:00Z"}}},
    {"MISP: a feed's event with an object and tags of a galaxy",
     "application/json",
     R"({"Event":{"info":"Phishing against a bank","date":"2026-10-09","Orgc":{"name":"CERT"},
"Tag":[{"name":"circl:incident-classification=\"phishing\""}],"Attribute":[],"Object":[{"name":"url","Attribute":[
{"type":"url","object_relation":"url","to_ids":true,"category":"Network activity",
"value":"hxxp://pages[.]example/login","first_seen":"2026-10-09T08:00:00.000000+00:00"},
{"type":"ip-dst","object_relation":"ip","to_ids":true,"category":"Network activity","value":"192.0.2.7"}]}]}})",
     "misp",
     {{"192.0.2.7", "content/phishing", "2026-10-09T08:00:00Z"}}},
    {"STIX: what TAXII wraps, a pattern over two addresses",
     "application/json",
     R"({"more":false,"objects":[{"type":"indicator","spec_version":"2.1","id":"indicator--1","pattern_type":"stix",
"indicator_types":["malicious-activity"],"name":"Botnet C2","labels":["c2"],
"pattern":"[ipv4-addr:value IN ('192.0.2.7', '192.0.2.8')]","valid_from":"2026-10-09T08:00:00.000Z"}]})",
     "stix",
     {{"192.0.2.7", "infrastructure/botnet", "2026-10-09T08:00:00Z"},
      {"192.0.2.8", "infrastructure/botnet", "2026-10-09T08:00:00Z"}}},
    {"STIX 2.0: observables within, a domain of malware",
     "application/json",
     R"({"type":"bundle","id":"bundle--1","spec_version":"2.0","objects":[{"type":"indicator","id":"indicator--1",
"labels":["malicious-activity"],"name":"malware distribution","pattern":"[domain-name:value = 'files.example']",
"valid_from":"2026-10-09T08:00:00Z"}]})",
     "stix",
     {{"files.example", "content/malware", "2026-10-09T08:00:00Z"}}},
    {"IODEF v2: prefixed names, the category in another case",
     "application/xml",
     R"(<iodef:IODEF-Document xmlns:iodef="urn:ietf:params:xml:ns:iodef-2.0" version="2.00"><iodef:Incident
purpose="reporting"><iodef:IncidentID name="csirt.example">7</iodef:IncidentID><iodef:GenerationTime>2026-10-09T10:00:00Z
</iodef:GenerationTime><iodef:EventData><iodef:Description>ssh brute force</iodef:Description><iodef:StartTime>
2026-10-09T08:00:00Z</iodef:StartTime><iodef:Flow><iodef:System category="Source"><iodef:Node><iodef:Address
category="ipv4-addr">192.0.2.7</iodef:Address></iodef:Node></iodef:System><iodef:System category="target"><iodef:Node>
<iodef:Address category="ipv4-addr">198.51.100.2</iodef:Address></iodef:Node></iodef:System></iodef:Flow>
</iodef:EventData></iodef:Incident></iodef:IODEF-Document>)",
     "iodef",
     {{"192.0.2.7", "connection/login_attack", "2026-10-09T08:00:00Z"}}},
    {"IODEF: the address without a Node's name, times of the incident",
     "application/xml",
     R"(<?xml version="1.0" encoding="UTF-8"?><IODEF-Document version="1.00"><Incident purpose="mitigation">
<DetectTime>2026-10-09T08:00:00+00:00</DetectTime><Assessment><Impact type="dos"/></Assessment><Description>DDoS from your
network</Description><EventData><Flow><System category="source"><Node><Address category="ipv6-addr">2001:db8::7</Address>
</Node><Service ip_protocol="17"><Port>123</Port></Service></System></Flow></EventData></Incident></IODEF-Document>)",
     "iodef",
     {{"2001:db8::7", "connection/ddos", "2026-10-09T08:00:00Z"}}},
    {"RID around IODEF",
     "application/xml",
     R"(<iodef-rid:RID xmlns:iodef-rid="urn:ietf:params:xml:ns:iodef-rid-2.0"><iodef-rid:RIDPolicy MsgType="Report"/>
<IODEF-Document version="2.00"><Incident purpose="reporting"><Description>port scan</Description><EventData><StartTime>
2026-10-09T08:00:00Z</StartTime><Flow><System category="source"><Node><Address category="ipv4-addr">192.0.2.7</Address>
</Node></System></Flow></EventData></Incident></IODEF-Document></iodef-rid:RID>)",
     "iodef",
     {{"192.0.2.7", "connection/port_scan", "2026-10-09T08:00:00Z"}}},
    {"RID in an envelope of SOAP",
     "application/xml",
     R"(<soap:Envelope xmlns:soap="http://www.w3.org/2003/05/soap-envelope"><soap:Body><RID><IODEF-Document><Incident>
<Description>phishing page</Description><EventData><DetectTime>2026-10-09T08:00:00Z</DetectTime><Flow>
<System category="source"><Node><Address category="ipv4-addr">192.0.2.7</Address></Node></System></Flow></EventData>
</Incident></IODEF-Document></RID></soap:Body></soap:Envelope>)",
     "iodef",
     {{"192.0.2.7", "content/phishing", "2026-10-09T08:00:00Z"}}},
    {"abuse.ch: ThreatFox as its interface answers",
     "application/json",
     R"({"query_status":"ok","data":[{"id":"1","ioc":"192.0.2.7:443","threat_type":"botnet_cc","ioc_type":"ip:port",
"malware":"elf.test","malware_printable":"Test","confidence_level":100,"first_seen":"2026-10-09 08:00:00 UTC"}]})",
     "table",
     {{"192.0.2.7", "infrastructure/botnet", "2026-10-09T08:00:00Z"}}},
    {"abuse.ch: URLhaus for a network, with an address",
     "text/csv",
     "# URLhaus feed for AS64500\n# Dateadded (UTC),URL,URL_status,Threat,Host,IPaddress,ASnumber,Country\n"
     "\"2026-10-09 08:00:00\",\"http://files.example/a.bin\",\"online\",\"malware_download\",\"files.example\","
     "\"192.0.2.7\",\"64500\",\"ZZ\"\n",
     "table",
     {{"192.0.2.7", "content/malware", "2026-10-09T08:00:00Z"}}},
    {"abuse.ch: Feodo as JSON",
     "application/json",
     R"([{"ip_address":"192.0.2.7","port":443,"status":"online","hostname":null,"as_number":64500,"country":"ZZ",
"first_seen":"2026-10-09 08:00:00","last_online":"2026-10-10","malware":"Test"}])",
     "table",
     {{"192.0.2.7", "infrastructure/botnet", "2026-10-09T08:00:00Z"}}},
    {"Team Cymru: bars, one letterhead a kind",
     "text/plain",
     "# Team Cymru report, times are UTC\n# category|address|asn|timestamp|additional_information\n"
     "bot|192.0.2.7|64500|2026-10-09 08:00:00|srcport 4711\nbruteforce|192.0.2.8|64500|2026-10-09 08:00:00|ssh\n",
     "table",
     {{"192.0.2.7", "infrastructure/botnet", "2026-10-09T08:00:00Z"},
      {"192.0.2.8", "connection/login_attack", "2026-10-09T08:00:00Z"}}},
    {"Team Cymru: commas and another order",
     "text/csv",
     "\"asn\",\"ip\",\"timestamp_utc\",\"category\",\"comment\"\n\"64500\",\"192.0.2.7\",\"2026-10-09 08:00:00\","
     "\"openresolver\",\"\"\n",
     "table",
     {{"192.0.2.7", "vulnerability/open_service", "2026-10-09T08:00:00Z"}}},
    {"DShield: sources with counts, tabs",
     "text/plain",
     "# DShield.org daily sources\n# source IP\tTarget Port\tProtocol\tReports\tTargets\tFirst Seen\tLast Seen\n"
     "source\tport\tprotocol\treports\ttargets\tfirstseen\tlastseen\n192.0.2.7\t22\t6\t40\t9\t2026-10-09 08:00:00\t"
     "2026-10-09 09:00:00\n",
     "table",
     {{"192.0.2.7", "connection/port_scan", "2026-10-09T08:00:00Z"}}},
    {"DShield: as XML",
     "application/xml",
     "<sources><data><ip>192.0.2.7</ip><attacks>40</attacks><count>90</count><firstseen>2026-10-09</firstseen>"
     "<lastseen>2026-10-09</lastseen><feed>dshield</feed></data></sources>",
     "table",
     {{"192.0.2.7", ""}}},
    {"n6: one array, several addresses",
     "application/json",
     R"([{"source":"a.b","category":"scanning","time":"2026-10-09T08:00:00Z","address":[{"ip":"192.0.2.7","asn":64500},
{"ip":"192.0.2.8"}],"dport":22,"proto":"tcp","confidence":"medium","restriction":"public"}])",
     "table",
     {{"192.0.2.7", "connection/port_scan", "2026-10-09T08:00:00Z"},
      {"192.0.2.8", "connection/port_scan", "2026-10-09T08:00:00Z"}}},
    {"n6: semicolons, a controller",
     "text/csv",
     "\"time\";\"id\";\"source\";\"category\";\"name\";\"ip\";\"asn\";\"cc\";\"dport\"\n"
     "\"2026-10-09T08:00:00Z\";\"ab\";\"a.b\";\"cnc\";\"test\";\"192.0.2.7\";\"64500\";\"ZZ\";\"443\"\n",
     "table",
     {{"192.0.2.7", "infrastructure/botnet", "2026-10-09T08:00:00Z"}}},
    {"IntelMQ: events of its file output",
     "application/json",
     R"({"classification.taxonomy":"intrusion-attempts","classification.type":"brute-force","feed.name":"x",
"source.ip":"192.0.2.7","source.port":4711,"destination.ip":"198.51.100.2","time.source":"2026-10-09T08:00:00+00:00",
"time.observation":"2026-10-09T09:00:00+00:00","raw":"YQ=="})",
     "table",
     {{"192.0.2.7", "connection/login_attack", "2026-10-09T08:00:00Z"}}},
    {"IntelMQ: nested, a page",
     "application/json",
     R"([{"classification":{"type":"phishing","taxonomy":"fraud"},"source":{"url":"http://pages.example/a",
"ip":"192.0.2.7"},"time":{"source":"2026-10-09T08:00:00+00:00"},"feed":{"name":"x"}}])",
     "table",
     {{"192.0.2.7", "content/phishing", "2026-10-09T08:00:00Z"}}},
};

TEST(Feeds, are_read_however_their_senders_vary_them) {
  for (const Variant& each : kVariants) {
    SCOPED_TRACE(each.title);
    const std::string mail = fmt::format(
        "From: feeds@watch.example\nTo: abuse@hoster.example\nSubject: data for AS64500\nMIME-Version: 1.0\n"
        "Content-Type: multipart/mixed; boundary=b\n\n--b\nContent-Type: text/plain\n\nSee the file.\n--b\n"
        "Content-Type: {}; name=data.{}\n\n{}\n--b--\n",
        each.content_type,
        each.content_type == "text/plain" ? "txt" : each.content_type.substr(each.content_type.find('/') + 1),
        each.text);
    for (const bool in_mail : {false, true}) {
      const Reading reading =
          in_mail ? read_report(mail, "message/rfc822", "") : read_report(each.text, each.content_type, "");
      EXPECT_EQ(reading.format, each.format);
      if (reading.incidents.size() != each.told.size()) {
        ADD_FAILURE() << reading.incidents.size() << " incidents" << (in_mail ? " in a mail" : "");
        continue;
      }
      for (std::size_t i = 0; i < each.told.size(); ++i) {
        const Incident& one = reading.incidents[i];
        EXPECT_EQ(one.source_ip ? one.source_ip->to_string() : one.domain.value_or(one.url.value_or("")),
                  each.told[i].address);
        EXPECT_TRUE(each.told[i].type.empty() || one.type == each.told[i].type)
            << one.type << (one.reasons.empty() ? "" : ", " + one.reasons.front());
        EXPECT_TRUE(each.told[i].at.empty() || (one.started_at && format_rfc3339(*one.started_at) == each.told[i].at))
            << (one.started_at ? format_rfc3339(*one.started_at) : "no exact time");
      }
    }
  }
}

}  // namespace
}  // namespace abate::reading
