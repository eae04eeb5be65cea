// SPDX-License-Identifier: Apache-2.0
// Lines as the programs write them, and lines that imitate them.
#include <gtest/gtest.h>

#include "sweep/host/logs/access.h"
#include "sweep/host/logs/grammars/grammars.h"
#include "sweep/host/logs/scan.h"

namespace abate::sweep {
namespace {

const Instant kBound = parse_rfc3339("2026-11-10T00:00:00Z").value();

struct Read {
  Stamps stamps{Zone{}};
  Sessions sessions;
  Event operator()(std::string_view line, LineReader reader = read_syslog_line) {
    stamps.start(kBound);
    Event event;
    EXPECT_TRUE(reader(line, stamps, sessions, event)) << line;
    return event;
  }
};

std::string time_of(const Event& event) { return event.at ? format_rfc3339(*event.at) : "none"; }
std::string text(const std::optional<IpAddress>& address) { return address ? address->to_string() : "none"; }

TEST(Syslog, both_stamps_are_read) {
  Read read;
  EXPECT_EQ(time_of(read("Nov  8 00:00:01 srv4 sshd[12]: x")), "2026-11-08T00:00:01Z");
  EXPECT_EQ(time_of(read("Dec 31 23:59:59 srv4 sshd[12]: x")), "2025-12-31T23:59:59Z");
  const Event event = read("2026-11-01T00:00:21.609713-04:00 mail postfix/smtpd[28016]: connect from x[192.0.2.1]");
  EXPECT_EQ(time_of(event), "2026-11-01T04:00:21.609713Z");
  EXPECT_EQ(event.program, "postfix/smtpd");
  EXPECT_EQ(event.pid, 28016U);
}

TEST(Sshd, the_last_from_counts_since_a_name_may_hold_anything) {
  Read read;
  const Event event = read(
      "Nov  8 00:00:01 h sshd[1]: Failed password for invalid user a from 192.0.2.9 port 1 from 198.51.100.1 port 3 "
      "ssh2");
  const Login* login = as<Login>(event);
  ASSERT_NE(login, nullptr);
  EXPECT_FALSE(login->accepted);
  EXPECT_FALSE(login->user_is_known);
  EXPECT_EQ(login->user, "a from 192.0.2.9 port 1");
  EXPECT_EQ(text(login->client), "198.51.100.1");
}

TEST(Sshd, a_name_cannot_feign_a_log_in) {
  Read read;
  const Event event = read(
      "Nov  8 00:00:01 h sshd[1]: Failed password for invalid user Accepted password for root from 192.0.2.9 port 1 "
      "ssh2 "
      "from 198.51.100.1 port 3 ssh2");
  ASSERT_NE(as<Login>(event), nullptr);
  EXPECT_FALSE(as<Login>(event)->accepted);
}

TEST(Sshd, keys_repeats_and_sftp) {
  Read read;
  const Event key = read(
      "Nov  8 00:00:01 h sshd-session[1]: Accepted publickey for anna from 2001:db8::1 port 22 ssh2: ED25519 "
      "SHA256:abc/def");
  ASSERT_NE(as<Login>(key), nullptr);
  EXPECT_EQ(as<Login>(key)->key, "SHA256:abc/def");
  EXPECT_EQ(text(as<Login>(key)->client), "2001:db8::1");
  const Event often = read(
      "Nov  8 00:00:01 h sshd[1]: message repeated 5 times: [ Failed password for root from 192.0.2.1 port 9 ssh2]");
  ASSERT_NE(as<Login>(often), nullptr);
  EXPECT_EQ(often.times, 5U);
  read("Nov  8 00:00:01 h internal-sftp[77]: session opened for local user anna from [192.0.2.4]");
  const Event write = read(
      "Nov  8 00:00:01 h internal-sftp[77]: open \"/var/www/a \" flags b.php\" flags WRITE,CREATE,TRUNCATE mode 0664");
  const Transfer* transfer = as<Transfer>(write);
  ASSERT_NE(transfer, nullptr);
  EXPECT_TRUE(transfer->upload);
  EXPECT_EQ(transfer->user, "anna");
  EXPECT_EQ(transfer->path, "/var/www/a \" flags b.php");
  EXPECT_EQ(text(transfer->client), "192.0.2.4");
}

TEST(Accounts, sudo_cron_and_shadow_tools) {
  Read read;
  const Event sudo =
      read("Nov  8 00:00:01 h sudo:     anna : TTY=pts/0 ; PWD=/home/anna ; USER=root ; COMMAND=/bin/su -");
  ASSERT_NE(as<Command>(sudo), nullptr);
  EXPECT_EQ(as<Command>(sudo)->user, "anna");
  EXPECT_EQ(as<Command>(sudo)->command, "/bin/su -");
  const Event refused =
      read("Nov  8 00:00:01 h sudo: bob : user NOT in sudoers ; TTY=pts/0 ; PWD=/ ; USER=root ; COMMAND=/bin/sh");
  ASSERT_NE(as<Command>(refused), nullptr);
  EXPECT_FALSE(as<Command>(refused)->allowed);
  const Event job = read("Nov  8 00:00:01 h CRON[1]: (root) CMD (   cd / && run-parts --report /etc/cron.hourly)");
  ASSERT_NE(as<JobRun>(job), nullptr);
  EXPECT_EQ(as<JobRun>(job)->command, "cd / && run-parts --report /etc/cron.hourly");
  const Event edited = read("Nov  8 00:00:01 h crontab[1]: (www-data) REPLACE (www-data)");
  ASSERT_NE(as<JobRun>(edited), nullptr);
  EXPECT_TRUE(as<JobRun>(edited)->edited);
  const Event added = read(
      "Nov  8 00:00:01 h useradd[1]: new user: name=sys, UID=0, GID=0, home=/root, shell=/bin/bash, from=/dev/pts/0");
  ASSERT_NE(as<AccountChange>(added), nullptr);
  EXPECT_EQ(as<AccountChange>(added)->uid, 0U);
  const Event joined = read("Nov  8 00:00:01 h usermod[1]: add 'bob' to group 'sudo'");
  ASSERT_NE(as<AccountChange>(joined), nullptr);
  EXPECT_EQ(as<AccountChange>(joined)->group, "sudo");
}

TEST(Postfix, all_steps_of_a_message) {
  Read read;
  const auto mail = [&](std::string_view line) {
    const Event event = read(line);
    const Mail* found = as<Mail>(event);
    EXPECT_NE(found, nullptr) << line;
    return found == nullptr ? Mail{} : *found;
  };
  EXPECT_EQ(mail("Nov  8 00:00:01 h postfix/pickup[1]: B4255549400: uid=33 from=<www-data>").uid, 33U);
  const Mail in = mail(
      "Nov  8 00:00:01 h postfix/submission/smtpd[1]: 4XyZ1n0abc: client=unknown[192.0.2.4], sasl_method=LOGIN, "
      "sasl_username=info@example.org");
  EXPECT_EQ(in.sasl_user, "info@example.org");
  EXPECT_EQ(text(in.client), "192.0.2.4");
  EXPECT_EQ(mail("Nov  8 00:00:01 h postfix/cleanup[1]: B4255549400: message-id=<a@b>").message_id, "a@b");
  EXPECT_EQ(
      mail("Nov  8 00:00:01 h postfix/qmgr[1]: B4255549400: from=<a@b>, size=12, nrcpt=14 (queue active)").recipients,
      14U);
  const Mail out = mail(
      "Nov  8 00:00:01 h postfix/smtp[1]: B4255549400: to=<x@example.com>, orig_to=<y>, relay=mx[192.0.2.1]:25, "
      "delay=1, "
      "delays=0/0/0/1, dsn=4.7.1, status=deferred (host said: 421 dsn=2.0.0, status=sent)");
  EXPECT_EQ(out.status, "deferred");
  EXPECT_EQ(out.dsn, "4.7.1");
  EXPECT_EQ(mail("Nov  8 00:00:01 h postfix/smtpd[1]: NOQUEUE: reject: RCPT from unknown[192.0.2.4]: 454 4.7.1 <a@b>: "
                 "Relay access denied; from=<c@d> to=<a@b> proto=ESMTP helo=<x>")
                .step,
            MailStep::relay_denied);
}

TEST(Exim, arrivals_deliveries_and_cpanel) {
  Read read;
  const Event in = read(
      "2026-11-08 00:00:01 1t8k9Q-0001aB-2C <= a@example.org H=([10.0.0.1]) [192.0.2.7]:4711 P=esmtpsa "
      "A=dovecot_login:a@example.org S=1234 id=x@y T=\"Win A=x:y\"",
      read_exim_line);
  const Mail* mail = as<Mail>(in);
  ASSERT_NE(mail, nullptr);
  EXPECT_EQ(text(mail->client), "192.0.2.7");
  EXPECT_EQ(mail->sasl_user, "a@example.org");
  EXPECT_EQ(mail->subject, "Win A=x:y");
  const Event local = read("2026-11-08 00:00:01 1t8k9Q-0001aB-2C <= www@h U=www-data P=local S=12", read_exim_line);
  ASSERT_NE(as<Mail>(local), nullptr);
  EXPECT_EQ(as<Mail>(local)->step, MailStep::accepted_locally);
  EXPECT_EQ(as<Mail>(local)->local_user, "www-data");
  const Event script =
      read("2026-11-08 00:00:01 cwd=/home/u/public_html/dir 4 args: /usr/sbin/sendmail -t -i", read_exim_line);
  ASSERT_NE(as<Mail>(script), nullptr);
  EXPECT_EQ(as<Mail>(script)->script, "/home/u/public_html/dir");
}

TEST(Dovecot, a_name_cannot_move_the_address) {
  Read read;
  const Event event = read(
      "Nov  8 00:00:01 h dovecot: imap-login: Disconnected: Connection closed (auth failed, 3 attempts in 9 secs): "
      "user=<x>, method=PLAIN, rip=192.0.2.66>, method=PLAIN, rip=198.51.100.3, lip=203.0.113.1, TLS, session=<q>");
  const Login* login = as<Login>(event);
  ASSERT_NE(login, nullptr);
  EXPECT_EQ(text(login->client), "198.51.100.3");
  EXPECT_EQ(event.times, 3U);
}

TEST(Ftp, vsftpd_xferlog_proftpd_and_pureftpd) {
  Read read;
  const Event up = read(
      "Mon Nov  2 10:00:00 2026 [pid 3] [anna] OK UPLOAD: Client \"192.0.2.4\", \"/a.php\", 123 bytes, 4.50Kbyte/sec",
      read_vsftpd_line);
  ASSERT_NE(as<Transfer>(up), nullptr);
  EXPECT_EQ(as<Transfer>(up)->path, "/a.php");
  const Event log =
      read("Mon Nov  2 10:00:00 2026 1 192.0.2.4 123 /home/a/x.php b _ i r anna ftp 0 * c", read_xferlog_line);
  ASSERT_NE(as<Transfer>(log), nullptr);
  EXPECT_EQ(as<Transfer>(log)->user, "anna");
  EXPECT_TRUE(as<Transfer>(log)->upload);
  const Event in = read("Nov  8 00:00:01 h proftpd[1]: h (x.example[192.0.2.4]) - USER anna: Login successful.");
  ASSERT_NE(as<Login>(in), nullptr);
  EXPECT_TRUE(as<Login>(in)->accepted);
  const Event pure =
      read("Nov  8 00:00:01 h pure-ftpd: (anna@192.0.2.4) [NOTICE] /home/anna//x.php uploaded  (123 bytes, 4.5KB/sec)");
  ASSERT_NE(as<Transfer>(pure), nullptr);
  EXPECT_EQ(as<Transfer>(pure)->bytes, 123U);
}

TEST(Proxies, squid_tinyproxy_3proxy_and_dante) {
  Read read;
  const Event squid =
      read("1772442000.123    456 192.0.2.4 TCP_TUNNEL/200 1234 CONNECT example.org:443 - HIER_DIRECT/198.51.100.1 -",
           read_squid_line);
  ASSERT_NE(as<ProxyUse>(squid), nullptr);
  EXPECT_TRUE(as<ProxyUse>(squid)->allowed);
  const Event denied = read(
      "1772442000.123      0 192.0.2.4 TCP_DENIED/403 1234 CONNECT example.org:25 - HIER_NONE/- -", read_squid_line);
  ASSERT_NE(as<ProxyUse>(denied), nullptr);
  EXPECT_FALSE(as<ProxyUse>(denied)->allowed);
  read("CONNECT   Nov 02 10:00:00 [123]: Connect (file descriptor 5): host [192.0.2.4]", read_tinyproxy_line);
  const Event tiny =
      read("CONNECT   Nov 02 10:00:00.123 [123]: Request (file descriptor 5): CONNECT example.org:443 HTTP/1.1",
           read_tinyproxy_line);
  ASSERT_NE(as<ProxyUse>(tiny), nullptr);
  EXPECT_EQ(text(as<ProxyUse>(tiny)->client), "192.0.2.4");
  const Event three =
      read("02-11-2026 10:00:00 +0100 PROXY.3128 00000 - 192.0.2.4:5678 198.51.100.1:80 100 200 0 GET http://x/",
           read_3proxy_line);
  ASSERT_NE(as<ProxyUse>(three), nullptr);
  EXPECT_TRUE(as<ProxyUse>(three)->allowed);
  const Event dante = read(
      "Nov  2 10:00:00 h sockd[1]: info: pass(1): tcp/connect [: 192.0.2.4.5678 203.0.113.1.1080 -> 203.0.113.1.1080 "
      "198.51.100.1.25");
  ASSERT_NE(as<ProxyUse>(dante), nullptr);
  EXPECT_EQ(text(as<ProxyUse>(dante)->client), "192.0.2.4");
}

TEST(WebErrors, apache_nginx_and_php_name_the_script) {
  Read read;
  const Event apache = read(
      "[Mon Nov 02 10:00:00.123456 2026] [php:error] [pid 12:tid 3] [client 192.0.2.4:5678] PHP Fatal error:  x in "
      "/var/www/a.php on line 3",
      read_web_error_line);
  ASSERT_NE(as<WebError>(apache), nullptr);
  EXPECT_EQ(as<WebError>(apache)->script, "/var/www/a.php");
  EXPECT_EQ(text(as<WebError>(apache)->client), "192.0.2.4");
  const Event nginx = read(
      "2026/11/02 10:00:00 [error] 12#12: *5 FastCGI sent in stderr: \"PHP message: x in /var/www/a.php:3\" while "
      "reading, client: 192.0.2.4, server: x",
      read_web_error_line);
  ASSERT_NE(as<WebError>(nginx), nullptr);
  EXPECT_EQ(as<WebError>(nginx)->script, "/var/www/a.php");
  const Event php = read(
      "[02-Nov-2026 10:00:00 UTC] mail() on [/var/www/html/x.php:12]: To: a@example.org -- Headers: From: b -- "
      "Subject: c",
      read_web_error_line);
  ASSERT_NE(as<Mail>(php), nullptr);
  EXPECT_EQ(as<Mail>(php)->script, "/var/www/html/x.php");
}

TEST(Panels, cpanel_and_directadmin) {
  Read read;
  const Event file = read(
      "192.0.2.4 - anna [11/02/2026:10:00:00 -0000] \"POST /cpsess1/execute/Fileman/upload_files HTTP/1.1\" 200 0 "
      "\"-\" \"x\"",
      read_panel_line);
  ASSERT_NE(as<Request>(file), nullptr);
  EXPECT_EQ(time_of(file), "2026-11-02T10:00:00Z");
  const Event session =
      read("[2026-11-02 10:00:00 +0100] info [cpaneld] 192.0.2.4 NEW anna:abc address=192.0.2.4,app=cpaneld",
           read_panel_line);
  ASSERT_NE(as<Login>(session), nullptr);
  EXPECT_TRUE(as<Login>(session)->accepted);
  const Event admin =
      read("2026:11:02-10:00:00: '192.0.2.4' successful login to 'admin' after 1 attempts", read_panel_line);
  ASSERT_NE(as<Login>(admin), nullptr);
  EXPECT_EQ(as<Login>(admin)->user, "admin");
}

TEST(AccessLog, usual_and_configured_formats) {
  Stamps stamps{Zone{}};
  stamps.start(kBound);
  Event event;
  const AccessFormat usual;
  ASSERT_TRUE(usual.read(
      "192.0.2.4 - - [10/Nov/2026:00:01:01 +0100] \"GET /a\\\"b HTTP/1.1\" 404 41656 \"-\" \"agent \\\"x\\\"\"", stamps,
      event));
  EXPECT_EQ(as<Request>(event)->target, "/a\\\"b");
  EXPECT_EQ(as<Request>(event)->status, 404);
  EXPECT_EQ(time_of(event), "2026-11-09T23:01:01Z");
  ASSERT_TRUE(
      usual.read("www.example.org:443 2001:db8::1 - anna [10/Nov/2026:00:01:02 +0100] \"POST / HTTP/2.0\" 200 - "
                 "\"http://x/\" \"y\"",
                 stamps, event));
  EXPECT_EQ(as<Request>(event)->site, "www.example.org");
  EXPECT_EQ(as<Request>(event)->user, "anna");
  const AccessFormat apache = AccessFormat::parse_apache("%{X-Forwarded-For}i %h %l %u %t \"%r\" %>s %b");
  ASSERT_TRUE(apache.read(
      "192.0.2.66, 198.51.100.9 127.0.0.1 - - [10/Nov/2026:00:01:02 +0100] \"GET /x HTTP/1.1\" 200 5", stamps, event));
  EXPECT_EQ(text(as<Request>(event)->client), "198.51.100.9");
  const AccessFormat nginx = AccessFormat::parse_nginx("$host $remote_addr [$time_local] \"$request\" $status");
  ASSERT_TRUE(nginx.read("example.org 192.0.2.4 [10/Nov/2026:00:01:02 +0100] \"GET /x HTTP/1.1\" 301", stamps, event));
  EXPECT_EQ(as<Request>(event)->site, "example.org");
  EXPECT_EQ(as<Request>(event)->status, 301);
  ASSERT_TRUE(
      usual.read("192.0.2.4 - - [10/Nov/2026:00:01:01 +0100] \"\\x16\\x03\\x01\" 400 226 \"-\" \"-\"", stamps, event));
  EXPECT_EQ(as<Request>(event)->status, 400);
}

TEST(Packages, dpkg_apt_and_dnf) {
  Read read;
  const Event dpkg = read("2026-11-02 10:00:00 install nginx:amd64 <none> 1.22.1-9", read_package_line);
  ASSERT_NE(as<PackageChange>(dpkg), nullptr);
  EXPECT_EQ(as<PackageChange>(dpkg)->version, "1.22.1-9");
  EXPECT_EQ(time_of(read("Start-Date: 2026-11-02  10:00:00", read_package_line)), "2026-11-02T10:00:00Z");
  const Event dnf =
      read("2026-11-02T10:00:00+0000 SUBDEBUG Installed: nginx-core-1:1.20-1.el9.x86_64", read_package_line);
  ASSERT_NE(as<PackageChange>(dnf), nullptr);
  EXPECT_EQ(as<PackageChange>(dnf)->action, "install");
}

TEST(Audit, log_ins_and_accounts_are_told_once_and_by_their_own_words) {
  Read read;
  const Event in = read(
      "type=USER_LOGIN msg=audit(1793613600.123:45): pid=900 uid=0 auid=1000 ses=3 msg='op=login acct=\"anna\" "
      "exe=\"/usr/sbin/sshd\" hostname=? addr=192.0.2.4 terminal=ssh res=success'",
      read_audit_line);
  ASSERT_NE(as<Login>(in), nullptr);
  EXPECT_TRUE(as<Login>(in)->accepted);
  EXPECT_EQ(as<Login>(in)->service, LoginService::other);  // sshd's own line is the one that counts
  EXPECT_EQ(as<Login>(in)->user, "anna");
  EXPECT_EQ(text(as<Login>(in)->client), "192.0.2.4");
  const Event added = read(
      "node=web1 type=ADD_USER msg=audit(1793613600.123:46): pid=901 uid=0 auid=0 ses=3 msg='op=add-user acct=\"mule\" "
      "exe=\"/usr/sbin/useradd\" hostname=web1 addr=? terminal=pts/0 res=success'",
      read_audit_line);
  ASSERT_NE(as<AccountChange>(added), nullptr);
  EXPECT_EQ(as<AccountChange>(added)->user, "mule");
  const Event failed =
      read("type=ADD_USER msg=audit(1793613600.123:46): pid=901 msg='op=add-user acct=\"mule\" exe=\"x\" res=failed'",
           read_audit_line);
  EXPECT_EQ(as<AccountChange>(failed), nullptr);
}

TEST(Panels, plesk_and_webmin) {
  Read read;
  const Event plesk = read(
      "[2026-11-02 10:00:00.123] ERR [panel] Failed login attempt with login 'x' from IP 192.0.2.9' from IP 192.0.2.4",
      read_panel_line);
  ASSERT_NE(as<Login>(plesk), nullptr);
  EXPECT_FALSE(as<Login>(plesk)->accepted);
  EXPECT_EQ(text(as<Login>(plesk)->client), "192.0.2.4");  // the last one is the panel's
  const Event webmin = read("Nov  8 00:00:01 h webmin[12]: Successful login as root from 192.0.2.4");
  ASSERT_NE(as<Login>(webmin), nullptr);
  EXPECT_TRUE(as<Login>(webmin)->accepted);
  EXPECT_EQ(as<Login>(webmin)->service, LoginService::panel);
}

TEST(Resolvers, queries_of_each_kind_name_who_asked) {
  Read read;
  for (const std::string_view line :
       {"Nov  8 00:00:01 h named[1]: client @0x7f 192.0.2.4#4711 (example.org): query: example.org IN ANY +E(0) "
        "(203.0.113.1)",
        "Nov  8 00:00:01 h dnsmasq[1]: query[ANY] example.org from 192.0.2.4",
        "Nov  8 00:00:01 h unbound[1]: [1:0] info: 192.0.2.4 example.org. ANY IN",
        "Nov  8 00:00:01 h pdns_recursor[1]: 1 [1/1/1] question for 'example.org|ANY' from 192.0.2.4:4711"}) {
    const Event event = read(line);
    ASSERT_NE(as<Query>(event), nullptr) << line;
    EXPECT_EQ(text(as<Query>(event)->client), "192.0.2.4") << line;
    EXPECT_EQ(as<Query>(event)->name, "example.org") << line;
    EXPECT_EQ(as<Query>(event)->type, "ANY") << line;
  }
}

TEST(Sendmail, a_local_sender_and_a_fate) {
  Read read;
  const Event from = read(
      "Nov  8 00:00:01 h sendmail[9]: 4A81x0aa000009: from=<www-data@example.org>, size=400, class=0, nrcpts=12, "
      "msgid=<a@h>, relay=www-data@localhost");
  ASSERT_NE(as<Mail>(from), nullptr);
  EXPECT_EQ(as<Mail>(from)->step, MailStep::accepted_locally);
  EXPECT_EQ(as<Mail>(from)->local_user, "www-data");
  EXPECT_EQ(as<Mail>(from)->recipients, 12U);
  const Event to = read(
      "Nov  8 00:00:01 h sm-mta[9]: 4A81x0aa000009: to=<b@example.net>, delay=00:00:01, mailer=esmtp, dsn=2.0.0, "
      "stat=Sent (ok)");
  ASSERT_NE(as<Mail>(to), nullptr);
  EXPECT_EQ(as<Mail>(to)->status, "sent");
}

TEST(WebErrors, litespeed_names_the_client_and_php_fpm_the_time) {
  Read read;
  const Event litespeed =
      read("2026-11-02 10:00:00.123456 [NOTICE] [1234] [192.0.2.4:5678:HTTP2-1#shop] File not found [/var/www/a.php]",
           read_web_error_line);
  ASSERT_NE(as<WebError>(litespeed), nullptr);
  EXPECT_EQ(text(as<WebError>(litespeed)->client), "192.0.2.4");
  const Event fpm =
      read("[02-Nov-2026 10:00:00] WARNING: [pool www] child 12 exited on signal 11", read_web_error_line);
  EXPECT_EQ(time_of(fpm), "2026-11-02T10:00:00Z");
}

TEST(Others, fail2ban_atd_and_the_kernel) {
  Read read;
  const Event ban =
      read("2026-11-02 10:00:00,123 fail2ban.actions [812]: NOTICE [sshd] Ban 192.0.2.4", read_fail2ban_line);
  EXPECT_EQ(ban.program, "fail2ban");
  EXPECT_EQ(time_of(ban), "2026-11-02T10:00:00.123Z");
  const Event job = read("Nov  8 00:00:01 h atd[9]: Starting job 3 (a0000301bc8f2a) for user 'anna' (1000)");
  ASSERT_NE(as<JobRun>(job), nullptr);
  EXPECT_EQ(as<JobRun>(job)->user, "anna");
  const Event boot = read("Nov  8 00:00:01 h kernel: [    0.000000] Linux version 6.1.0-26-amd64 (x)");
  ASSERT_NE(as<UnitChange>(boot), nullptr);
  EXPECT_EQ(as<UnitChange>(boot)->what, "boot");
}

TEST(Grammars, every_line_cut_anywhere_is_survived) {
  constexpr std::string_view kLines[] = {
      "Nov  8 00:00:01 h sshd[1]: Failed password for invalid user a from 192.0.2.9 port 1 from 198.51.100.1 port 3 "
      "ssh2",
      "Nov  8 00:00:01 h sudo:     anna : TTY=pts/0 ; PWD=/home/anna ; USER=root ; COMMAND=/bin/su -",
      "2026-11-08 00:00:01 1t8k9Q-0001aB-2C <= a@example.org H=([10.0.0.1]) [192.0.2.7]:4711 P=esmtpsa A=d:a S=1 id=x "
      "T=\"y\"",
      "1772442000.123    456 192.0.2.4 TCP_TUNNEL/200 1234 CONNECT example.org:443 - HIER_DIRECT/198.51.100.1 -",
      "Mon Nov  2 10:00:00 2026 [pid 3] [anna] OK UPLOAD: Client \"192.0.2.4\", \"/a.php\", 123 bytes, 4.50Kbyte/sec",
      "[Mon Nov 02 10:00:00.123456 2026] [php:error] [pid 12:tid 3] [client 192.0.2.4:5678] PHP x in /var/www/a.php on "
      "line 3",
      "192.0.2.4 - - [10/Nov/2026:00:01:01 +0100] \"GET / HTTP/1.1\" 404 41656 \"-\" \"agent\"",
      "type=USER_LOGIN msg=audit(1793613600.123:45): pid=900 msg='op=login acct=\"anna\" addr=192.0.2.4 res=success'",
      "[2026-11-02 10:00:00.123] ERR [panel] Failed login attempt with login 'x' from IP 192.0.2.4",
      "Nov  8 00:00:01 h unbound[1]: [1:0] info: 192.0.2.4 example.org. ANY IN"};
  constexpr LineReader kReaders[] = {read_syslog_line,  read_exim_line,    read_web_error_line, read_vsftpd_line,
                                     read_xferlog_line, read_proftpd_line, read_squid_line,     read_tinyproxy_line,
                                     read_3proxy_line,  read_dante_line,   read_fail2ban_line,  read_audit_line,
                                     read_package_line, read_panel_line,   read_dovecot_line};
  Stamps stamps{Zone{}};
  Sessions sessions;
  for (const std::string_view line : kLines)
    for (std::size_t cut = 0; cut <= line.size(); ++cut) {
      const std::string exact{line.substr(0, cut)};
      stamps.start(kBound);
      for (const LineReader reader : kReaders) {
        Event event;
        static_cast<void>(reader(exact, stamps, sessions, event));
      }
      Event event;
      static_cast<void>(AccessFormat{}.read(exact, stamps, event));
    }
}

}  // namespace
}  // namespace abate::sweep
