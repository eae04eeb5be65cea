// SPDX-License-Identifier: Apache-2.0
// Lines that many programs write: each names the same client and, where it does, the same host that was asked.
#include <array>

#include <gtest/gtest.h>

#include "reading/read.h"

namespace abate::reading {
namespace {

constexpr auto kLines = std::to_array<std::string_view>({
    "Nov  8 10:00:01 h sshd[1]: pam_unix(sshd:auth): authentication failure; logname= uid=0 euid=0 "
    "tty=ssh ruser= rhost=203.0.113.77  user=root",
    "Nov  8 10:00:01 h postfix/smtps/smtpd[1]: warning: host.example[203.0.113.77]: SASL PLAIN "
    "authentication failed: UGFzc",
    "Nov  8 10:00:01 h dovecot: pop3-login: Aborted login (auth failed, 1 attempts in 2 secs): "
    "user=<x>, method=PLAIN, rip=203.0.113.77, lip=192.0.2.5, session=<a>",
    "2026-11-08 10:00:01 dovecot_plain authenticator failed for ([203.0.113.77]) [203.0.113.77]:5000 "
    "I=[192.0.2.5]:465: 535 Incorrect authentication data (set_id=x)",
    "2026-11-08 10:00:01,123 h proftpd[1] 192.0.2.5 (203.0.113.77[203.0.113.77]): USER admin: no "
    "such user found from 203.0.113.77 [203.0.113.77] to 192.0.2.5:21",
    "www.site.example:443 203.0.113.77 - - [08/Nov/2026:10:00:01 +0000] \"POST /xmlrpc.php "
    "HTTP/1.1\" 200 1 \"-\" \"x\"",
    "2026/11/08 10:00:01 [error] 1#1: *1 open() \"/var/www/.git/config\" failed (2: No such file or "
    "directory), client: 203.0.113.77, server: s.example, request: \"GET /.git/config HTTP/1.1\", "
    "host: \"192.0.2.5\"",
    "192.0.2.5 203.0.113.77 - [08/Nov/2026:10:00:01 +0000] \"GET /.env HTTP/1.1\" 404 1",
    "Nov  8 10:00:01 h haproxy[1]: 203.0.113.77:51000 [08/Nov/2026:10:00:01.123] fe~ be/s1 0/0/1/2/3 "
    "404 212 - - ---- 1/1/0/0/0 0/0 \"GET /wp-login.php HTTP/1.1\"",
    "2026-11-08 10:00:01 W3SVC1 192.0.2.5 POST /autodiscover/x.aspx - 443 - 203.0.113.77 Mozilla/5.0 "
    "404 0 0 1",
    "Nov  8 10:00:01 fw kernel: [1.1] IN=eth0 OUT= MAC=aa SRC=203.0.113.77 DST=192.0.2.5 LEN=40 "
    "TTL=240 ID=1 PROTO=TCP SPT=1 DPT=23 WINDOW=1024 RES=0x00 SYN URGP=0",
    "Nov 08 2026 10:00:01 asa : %ASA-4-106023: Deny udp src outside:203.0.113.77/5060 dst "
    "dmz:192.0.2.5/5060 by access-group \"x\" [0x0, 0x0]",
    "Nov  8 10:00:01: %SEC_LOGIN-4-LOGIN_FAILED: Login failed [user: admin] [Source: 203.0.113.77] "
    "[localport: 22] [Reason: Login Authentication Failed] at 10:00:01 UTC Sun Nov 8 2026",
    "Nov  8 10:00:01 srx RT_FLOW: RT_FLOW_SESSION_DENY: session denied "
    "203.0.113.77/4000->192.0.2.5/22 None 6(0) deny-all untrust trust",
    "date=2026-11-08 time=10:00:01 type=traffic subtype=local srcip=203.0.113.77 srcport=1 "
    "dstip=192.0.2.5 dstport=22 action=deny",
    "2026-11-08 10:00:01 Deny 203.0.113.77 192.0.2.5 ms-sql-s/tcp 4000 1433 0-External Firebox "
    "Denied 40 242 (Unhandled External Packet-00)",
    "11/08-10:00:01.123456 [**] [1:2001219:20] ET SCAN Potential SSH Scan [**] [Classification: "
    "Attempted Information Leak] [Priority: 2] {TCP} 203.0.113.77:4000 -> 192.0.2.5:22",
    "2026-11-08 10:00:01.123456 IP 203.0.113.77.4000 > 192.0.2.5.80: Flags [S], seq 1, win 1, length "
    "0",
    "2026-11-08 10:00:01.123     0.000 TCP      203.0.113.77:4000  ->     192.0.2.5:22           1   "
    "    40     1",
    "2026-11-08 10:00:01.123456 [WARNING] sofia_reg.c:1792 SIP auth failure (REGISTER) on sofia "
    "profile 'internal' for [1@192.0.2.5] from ip 203.0.113.77",
    "2026-11-08 10:00:01.12 Logon       Login failed for user 'sa'. Reason: Password did not match "
    "that for the login provided. [CLIENT: 203.0.113.77]",
    "2026-11-08T10:00:01.123456Z [HoneyPotSSHTransport,1,203.0.113.77] login attempt "
    "[b'root'/b'123'] failed",
    "[1794132001] unbound[1:0] info: 203.0.113.77 isc.org. ANY IN",
    "{\"level\":\"info\",\"ts\":1794132001.123,\"logger\":\"http.log.access\",\"msg\":\"handled "
    "request\",\"request\":{\"remote_ip\":\"203.0.113.77\",\"remote_port\":\"4000\",\"proto\":\"HTTP/"
    "1.1\",\"method\":\"GET\",\"host\":\"192.0.2.5\",\"uri\":\"/wp-login.php\"},\"status\":404}",
    "time=\"2026-11-08T10:00:01Z\" level=info msg=\"Ip 203.0.113.77 performed 'crowdsecurity/ssh-bf' "
    "(6 events over 30s) at 2026-11-08 10:00:01 UTC\"",
    "Nov  8 10:00:01 h psad: scan detected (syn): 203.0.113.77 -> 192.0.2.5 tcp: [1-1024] flags: SYN "
    "tcp pkts: 100 DL: 3",
});

TEST(Logs, name_the_client_and_not_the_host_that_was_asked) {
  for (const std::string_view line : kLines) {
    SCOPED_TRACE(line);
    const std::string report = fmt::format(
        "From: ops@victim.example\nSubject: Abuse complaint\nDate: Mon, 09 Nov 2026 10:15:00 +0100\n\n"
        "Please stop the attacks from a machine of yours. Log, all times are UTC:\n\n{}\n",
        line);
    const Reading reading = read_unhashed(report, "message/rfc822", "");
    ASSERT_EQ(reading.incidents.size(), 1U);
    const Incident& incident = reading.incidents.front();
    ASSERT_TRUE(incident.source_ip);
    EXPECT_EQ(incident.source_ip->to_string(), "203.0.113.77");
    ASSERT_TRUE(incident.started_at);
    EXPECT_EQ(format_rfc3339(*incident.started_at).substr(0, 19), "2026-11-08T10:00:01");
  }
}

}  // namespace
}  // namespace abate::reading
