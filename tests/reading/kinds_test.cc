// SPDX-License-Identifier: Apache-2.0
// What the harm is called, and the category that it is.
#include <array>

#include <gtest/gtest.h>

#include "reading/read.h"

namespace abate::reading {
namespace {

struct Called {
  std::string_view harm;
  std::string_view category;
};
constexpr auto kCalled = std::to_array<Called>({
    {"SSH brute force", "other"},
    {"FTP login attempts", "other"},
    {"RDP attack", "other"},
    {"SMTP AUTH attack", "other"},
    {"WordPress login attack", "other"},
    {"wp-login brute force", "other"},
    {"password spraying against our VPN", "other"},
    {"credential stuffing", "other"},
    {"VNC brute force", "other"},
    {"SIP scan", "other"},
    {"port scanning", "other"},
    {"network sweep", "other"},
    {"vulnerability scan of our web servers", "other"},
    {"probing for open ports", "other"},
    {"hack attempt on our web site", "other"},
    {"SQL injection attempts", "other"},
    {"XSS attempts", "other"},
    {"remote code execution attempt", "other"},
    {"log4shell exploitation attempt", "other"},
    {"directory traversal", "other"},
    {"web scraping", "other"},
    {"bad bot", "other"},
    {"referrer spam", "spam"},
    {"comment spam", "spam"},
    {"forum spam", "spam"},
    {"contact form spam", "spam"},
    {"spam", "spam"},
    {"unsolicited bulk email", "spam"},
    {"UCE complaint", "spam"},
    {"snowshoe spam", "spam"},
    {"spamtrap hit", "spam"},
    {"mailbomb", "spam"},
    {"419 scam emails", "spam"},
    {"phishing site", "phishing"},
    {"phishing page", "phishing"},
    {"spoofed bank website", "phishing"},
    {"fraudulent website", "phishing"},
    {"fake online shop", "phishing"},
    {"tech support scam", "phishing"},
    {"investment scam website", "phishing"},
    {"malware hosting", "malware"},
    {"malware download", "malware"},
    {"malicious file", "malware"},
    {"virus infected website", "malware"},
    {"botnet C2", "malware"},
    {"botnet command and control server", "malware"},
    {"C&C server", "malware"},
    {"Cobalt Strike team server", "malware"},
    {"Emotet infected machine", "malware"},
    {"infected with Mirai", "malware"},
    {"IoT bot", "malware"},
    {"sinkhole hit", "malware"},
    {"trojan infection", "malware"},
    {"ransomware", "malware"},
    {"cryptominer", "malware"},
    {"DDoS attack", "ddos"},
    {"denial of service", "ddos"},
    {"SYN flood", "ddos"},
    {"UDP flood", "ddos"},
    {"HTTP flood", "ddos"},
    {"NTP amplification attack", "ddos"},
    {"DNS reflection attack", "ddos"},
    {"booter attack", "ddos"},
    {"slowloris attack", "ddos"},
    {"open proxy", "proxy"},
    {"SOCKS proxy", "proxy"},
    {"open HTTP proxy", "proxy"},
    {"Tor exit node abuse", "proxy"},
    {"copyright infringement", "illegal_content"},
    {"DMCA notice", "illegal_content"},
    {"torrent sharing of a movie", "illegal_content"},
    {"illegal streaming", "illegal_content"},
    {"warez", "illegal_content"},
    {"trademark infringement", "illegal_content"},
    {"counterfeit goods", "illegal_content"},
    {"child abuse material", "illegal_content"},
    {"CSAM", "illegal_content"},
    {"open DNS resolver", "other"},
    {"open NTP server", "other"},
    {"exposed Redis", "other"},
    {"exposed MongoDB", "other"},
    {"open memcached", "other"},
    {"open SNMP", "other"},
    {"open SSDP", "other"},
    {"open relay", "other"},
    {"vulnerable Exchange server", "other"},
    {"outdated Confluence", "other"},
    {"Heartbleed vulnerable", "other"},
    {"defaced website", "other"},
    {"hacked website", "other"},
    {"compromised WordPress", "other"},
    {"web shell", "other"},
    {"compromised account", "other"},
    {"bruteforce attack against IMAP", "other"},
    {"dictionary attack on POP3", "other"},
    {"Telnet brute force", "other"},
    {"MSSQL login attempts", "other"},
    {"exploit attempts (CVE-2021-44228)", "other"},
    {"email harvesting", "spam"},
    {"IP spoofing", "other"},
    {"DNS amplification", "ddos"},
    {"reflected attack", "ddos"},
});

TEST(Kinds, are_known_by_what_people_call_them) {
  for (const Called& called : kCalled) {
    SCOPED_TRACE(called.harm);
    const std::string report = fmt::format(
        "From: a@victim.example\nSubject: Complaint: {} - 192.0.2.13\nDate: Mon, 09 Nov 2026 10:15:00 +0100\n\n"
        "Hello,\n\nwe detected {} from your IP address 192.0.2.13. Please act.\n",
        called.harm, called.harm);
    const Reading reading = read_unhashed(report, "message/rfc822", "");
    ASSERT_EQ(reading.incidents.size(), 1U);
    EXPECT_EQ(category_name(reading.incidents.front().category), called.category);
  }
}

}  // namespace
}  // namespace abate::reading
