// SPDX-License-Identifier: Apache-2.0
#include "web/pages_samples.h"

#include <boost/json.hpp>

#include "base/hash.h"
#include "model/deadlines.h"
#include "model/reply.h"
#include "wire/reply_json.h"

namespace abate::web::samples {

using namespace std::chrono_literals;

Instant now() { return *parse_rfc3339("2026-03-02T14:40:00Z"); }
Principal analyst() { return Principal::person("nia@example.net", Role::analyst); }
Principal lead() { return Principal::person("omar@example.net", Role::lead); }
Principal customer() { return Principal::person("post@bakery.example", Role::customer, "c-7"); }

Frame frame(const Principal& who, std::string title, std::string_view active) {
  return {.provider = "Example Hosting",
          .title = std::move(title),
          .active = active,
          .who = who,
          .csrf = "csrf-of-the-session",
          .demo_mail = true,
          .now = now(),
          .banner = {}};
}

Ticket ticket(TicketState state) {
  Terms terms;
  terms.fix_within = 12h;
  Ticket t;
  t.id = "T-2026-000123";
  t.version = 7;
  t.state = state;
  t.category = Category::spam;
  t.service = {"vps-1001", "mail1"};
  t.customer = {"c-7", "Sunrise Bakery Ltd", "post@bakery.example"};
  t.addresses = {*parse_ip("203.0.113.10"), *parse_ip("2001:db8::10")};
  t.created_at = now() - 8h;
  t.incident_count = 2;
  t.last_incident_at = now() - 45min;
  t.required_actions = terms.required_actions;
  t.reply_token = "secret-reply-token";
  if (state == TicketState::in_review || state == TicketState::dismissed) return t;
  start_clocks(t, terms, now() - 7h);
  t.notice = NoticeStanding::delivered;
  if (state == TicketState::claimed || state == TicketState::closed) rest_fix_clock(t, now() - 1h);
  if (state == TicketState::closed) stop_clocks(t, terms, now() - 20min);
  return t;
}

namespace {

Assignment assignment(std::string service, std::string name, std::string customer, std::string_view from,
                      std::string_view until) {
  Assignment a;
  a.range = *parse_range("203.0.113.8/30");
  a.from = *parse_rfc3339(from);
  if (!until.empty()) a.until = *parse_rfc3339(until);
  a.service = {std::move(service), std::move(name)};
  a.customer = {"c-7", std::move(customer), "post@bakery.example"};
  return a;
}

constexpr std::string_view kExcerpt =
    "Received: from mail1.bakery.example (mail1.bakery.example [203.0.113.10])\n"
    "\tby mx.example.org (Postfix) with ESMTPS id 4F1c2x0Q9z\n"
    "\tfor <somebody@example.org>; Mon,  2 Mar 2026 13:52:10 +0000 (UTC)\n"
    "From: \"Parcel Service\" <parcel@bakery.example>\n"
    "Subject: Your parcel is waiting\n\n"
    "Please confirm your delivery: https://parcel-check.example/confirm?id=4471\n";

}  // namespace

desk::KeptIncident incident(int number) {
  desk::KeptIncident kept;
  kept.id = "R-01hq8zk3vd4n7wq2r5t9." + std::to_string(number);
  kept.report_id = "R-01hq8zk3vd4n7wq2r5t9";
  kept.ticket_id = "T-2026-000123";
  kept.seen_at = now() - 45min;
  Incident& i = kept.incident;
  i.category = Category::spam;
  i.type = "messaging/spam";
  i.source_ip = *parse_ip("203.0.113.10");
  i.source_port = 25;
  i.protocol = "tcp";
  i.started_at = now() - 48min;
  i.confidence = 0.9;
  i.count = 3;
  i.evidence.push_back(
      {"message/rfc822", "Reported message", std::string{kExcerpt}, sha256_hex(kExcerpt), std::nullopt});
  i.reasons = {"Source-IP field"};
  i.read_from = "part 2";
  kept.attribution.verdict = Verdict::matched;
  kept.attribution.assignment = assignment("vps-1001", "mail1", "Sunrise Bakery Ltd", "2025-11-04T09:00:00Z", "");
  kept.attribution.ledger_version = 3;
  return kept;
}

desk::KeptIncident ambiguous_incident() {
  desk::KeptIncident kept = incident(1);
  kept.ticket_id.clear();
  kept.incident.category = Category::other;
  kept.incident.type = "connection/login_attack";
  kept.incident.source_port = 22;
  kept.incident.started_at.reset();
  kept.incident.started_unzoned = now() - 20h;
  kept.attribution.verdict = Verdict::ambiguous;
  kept.attribution.assignment.reset();
  kept.attribution.span = span_of_unzoned(now() - 20h);
  kept.attribution.candidates = {
      assignment("vps-0988", "shop2", "Harbour Bikes", "2025-03-01T00:00:00Z", "2026-03-01T18:00:00Z"),
      assignment("vps-1001", "mail1", "Sunrise Bakery Ltd", "2026-03-01T18:00:00Z", "")};
  return kept;
}

Entry entry(std::uint64_t seq, EntryKind kind, std::string actor, std::string body, Duration ago) {
  Entry e;
  e.stream = "T-2026-000123";
  e.seq = seq;
  e.kind = kind;
  e.actor = std::move(actor);
  e.body = std::move(body);
  e.at = now() - ago;
  return e;
}

std::vector<Entry> chained(std::vector<Entry> entries) {
  std::string prev{kFirstPrev};
  std::uint64_t seq = 0;
  for (Entry& e : entries) {
    e.seq = ++seq;
    e.prev = prev;
    e.hash = prev = entry_hash(e);
  }
  return entries;
}

namespace {

// What abate sent, and what the desk found: one proof that holds, one that was made elsewhere.
std::string proof_body() {
  const auto proof = [](std::string id, std::string about, std::string tried, std::string seen, std::string service,
                        bool good) {
    Proof out{std::move(id),      std::move(about),
              std::move(tried),   std::move(seen),
              std::move(service), good,
              now() - 40min,      {}};
    out.hash = proof_hash(out);
    return out;
  };
  Reply reply;
  reply.ticket = "T-2026-000123";
  reply.cause = {
      {"1 March 2026, 22:14 UTC: 198.51.100.7 uploaded /var/www/bakery/wp-content/uploads/mailer.php through the form "
       "plugin",
       Standing::proved,
       {"f3a1c0ffee012"}},
      {"The plugin had not been updated for two years", Standing::claimed, {}}};
  reply.done = {{"Removed /var/www/bakery/wp-content/uploads/mailer.php and kept a sealed copy",
                 Standing::proved,
                 {"a3a1c0ffee012", "p3a1c0ffee012"}},
                {"Put waiting mail on hold in Postfix", Standing::proved, {"a4b2c0ffee012", "p4b2c0ffee012"}}};
  reply.confirmed = {
      {"Looked through the whole server again: nothing malicious is left", Standing::proved, {"p5c3c0ffee012"}}};
  reply.proofs = {proof("p3a1c0ffee012", "a3a1c0ffee012",
                        "compared /var/www/bakery/wp-content/uploads/mailer.php with "
                        "what the change left",
                        "there is no such file", "203.0.113.10", true),
                  proof("p4b2c0ffee012", "a4b2c0ffee012", "looked at the queue of Postfix",
                        "12 mails on hold, none "
                        "waits to be sent",
                        "198.51.100.99", true),
                  proof("p5c3c0ffee012", "sweep", "looked through the whole server",
                        "nothing malicious is left; 3 "
                        "places could not be looked at",
                        "203.0.113.10", true)};
  Finding finding;
  finding.id = "f3a1c0ffee012";
  finding.detector = "php_decoded_eval";
  finding.subject.path = "/var/www/bakery/wp-content/uploads/mailer.php";
  finding.why = "PHP runs a decoded blob";
  finding.evidence = {"<?php eval(base64_decode('aGk='));"};
  const boost::json::object document = wire::reply_json(reply, {finding});
  const auto part = [](std::initializer_list<std::string_view> whys) {
    boost::json::array out;
    for (const std::string_view why : whys)
      out.push_back({{"standing", why.empty() ? "proved" : "claimed"}, {"why", why == "-" ? "" : why}});
    return out;
  };
  const auto checked = [](std::string_view id, std::string_view here, std::string_view why) {
    return boost::json::object{{"id", id}, {"whole", "yes"}, {"here", here}, {"in_time", "yes"}, {"why", why}};
  };
  constexpr std::string_view kElsewhere = "it was made at 198.51.100.99, which is no address of this ticket";
  return boost::json::serialize(
      boost::json::object{{"by", "link"},
                          {"document", document},
                          {"checks",
                           {{"names_ticket", "yes"},
                            {"proofs",
                             {checked("p3a1c0ffee012", "yes", ""), checked("p4b2c0ffee012", "no", kElsewhere),
                              checked("p5c3c0ffee012", "yes", "")}},
                            {"cause", part({"", "-"})},
                            {"done", part({"", std::string{"p4b2c0ffee012: "} + std::string{kElsewhere}})},
                            {"confirmed", part({""})},
                            {"prevention", boost::json::array{}},
                            {"proved", 3},
                            {"claimed", 2},
                            {"questions", {"Nothing is said about what keeps it from happening again."}}}}});
}

std::vector<Entry> history(TicketState state) {
  std::vector<Entry> all{
      entry(1, EntryKind::reported, "system",
            R"({"authenticated":"dkim:example.org","count":1,"report":"R-1","reporter":"fbl@example.org"})", 8h),
      entry(2, EntryKind::opened, "user:nia@example.net",
            R"({"fix_by":"2026-03-02T19:40:00Z","respond_by":"2026-03-03T07:40:00Z"})", 7h),
      entry(3, EntryKind::notice_queued, "user:nia@example.net", R"({"notice":"opened","to":"post@bakery.example"})",
            7h),
      entry(4, EntryKind::notice_sent, "system", R"({"notice":"opened","to":"post@bakery.example"})", 7h - 10s),
      entry(5, EntryKind::viewed, "customer:c-7", "{}", 5h),
      entry(
          6, EntryKind::reply, "customer:c-7",
          R"({"text":"Thank you for telling us. I see many mails in the queue from the shop's contact form,\nbut I don't know yet how they get in. Where should I look next?"})",
          4h + 20min),
      entry(7, EntryKind::note, "user:nia@example.net",
            R"({"text":"Looks like an old form plugin. They are cooperative."})", 4h),
      entry(
          8, EntryKind::reply, "user:nia@example.net",
          R"({"text":"Good find. Please look at the web server's log for POST requests to the form at 13:52 UTC, and at files in the uploads folder that are newer than yesterday."})",
          3h + 50min),
      entry(9, EntryKind::incident_added, "system",
            R"({"authenticated":"none","count":1,"report":"R-2","reporter":"abuse@example.com"})", 45min)};
  if (state == TicketState::claimed) {
    all.push_back(entry(10, EntryKind::proof, "customer:c-7", proof_body(), 35min));
    all.push_back(entry(
        11, EntryKind::claim, "customer:c-7",
        R"({"by":"link","text":"What caused it\n- A form plugin let somebody upload a mailer [proved]"})", 35min));
  }
  if (state == TicketState::closed)
    all.push_back(entry(
        10, EntryKind::claim, "customer:c-7",
        R"({"text":"What caused it\nAn old version of the form plugin.\n\nWhat you did\nRemoved it, emptied the queue.\n\nHow you made sure\nNo mail left since 12:00.\n\nWhat keeps it from happening again\nAutomatic updates are on."})",
        1h));
  if (state == TicketState::closed)
    all.push_back(entry(
        11, EntryKind::accepted, "user:nia@example.net",
        R"({"probation_until":"2026-03-09T14:20:00Z","reason":"Port 25 is quiet, and the plugin is gone."})", 20min));
  return chained(all);
}

}  // namespace

CaseView case_view(TicketState state) {
  CaseView view;
  view.ticket = ticket(state);
  view.terms.fix_within = 12h;
  view.terms.ladder = {MeasureKind::limit_port25, MeasureKind::suspend};
  view.incidents = {incident(1), incident(2)};
  view.incidents[1].report_id = "R-2";
  view.incidents[1].incident.source_ip = *parse_ip("2001:db8::10");
  view.reporters["R-01hq8zk3vd4n7wq2r5t9"] = {
      "R-01hq8zk3vd4n7wq2r5t9", "fbl@example.org", "dkim:example.org", {41, 38, 1}};
  view.reporters["R-2"] = {"R-2", "abuse@example.com", "none", {}};
  view.entries = history(state);
  return view;
}

ClientView client_view(TicketState state) {
  ClientView view;
  view.ticket = ticket(state);
  if (state == TicketState::open) note_answer(view.ticket, now() - 4h);
  view.incidents = {incident(1)};
  for (const Entry& e : history(state))
    if (e.kind != EntryKind::note && e.kind != EntryKind::reported) view.entries.push_back(e);
  return view;
}

QueueView queue_view() {
  QueueView view;
  const auto row = [&](std::string id, Category category, std::string service, std::string name, std::string customer,
                       std::string address, std::string type, std::string reporter, std::string how, Duration ago) {
    QueueRow r;
    r.ticket = ticket(TicketState::in_review);
    r.ticket.id = std::move(id);
    r.ticket.category = category;
    r.ticket.service = {std::move(service), std::move(name)};
    r.ticket.customer.name = std::move(customer);
    r.ticket.addresses = {*parse_ip(address)};
    r.ticket.incident_count = 1;
    r.ticket.last_incident_at = now() - ago;
    r.incidents = {incident(1)};
    r.incidents[0].incident.type = std::move(type);
    r.reporters = {{"R-1", std::move(reporter), std::move(how), {}}};
    view.tickets.push_back(std::move(r));
  };
  row("T-2026-000131", Category::phishing, "vps-1044", "shop3", "Harbour Bikes", "203.0.113.44", "content/phishing",
      "report@phish.example.org", "dkim:phish.example.org", 12min);
  row("T-2026-000130", Category::spam, "vps-1001", "mail1", "Sunrise Bakery Ltd", "203.0.113.10", "messaging/spam",
      "fbl@example.org", "dkim:example.org", 45min);
  row("T-2026-000129", Category::ddos, "vps-1102", "game", "Northlight Games", "2001:db8:7::12", "connection/ddos",
      "noc@example.com", "none", 3h);
  row("T-2026-000126", Category::malware, "vps-0871", "files", "A. Okafor", "198.51.100.7", "content/malware", "",
      "api:feeds.example.org", 9h);
  ReportRow report;
  report.report = report_view().report;
  report.incidents = {ambiguous_incident()};
  report.incident_count = 1;
  view.reports.push_back(report);
  report.report.id = "R-01hq9000000000000001";
  report.report.status = ReportStatus::unreadable;
  report.report.reading.mail->subject = "Fwd: something is wrong with your network!!";
  report.report.reading.reporter = {"somebody@example.com", std::nullopt, "none", true};
  report.report.reason = "No format reads it: a person has to look.";
  report.incidents.clear();
  report.incident_count = 0;
  view.reports.push_back(report);
  Ticket claimed = ticket(TicketState::claimed);
  claimed.id = "T-2026-000117";
  Ticket overdue = ticket(TicketState::open);
  overdue.id = "T-2026-000098";
  overdue.category = Category::proxy;
  Measure m;
  m.number = 1;
  m.kind = MeasureKind::suspend;
  overdue.measures = {m};
  view.waiting = {claimed, overdue};
  return view;
}

TicketListView list_view() {
  TicketListView view;
  using enum TicketState;
  int n = 131;
  for (const TicketState state : {in_review, open, open, claimed, closed, dismissed}) {
    Ticket t = ticket(state);
    t.id = format_ticket_id(2026, static_cast<std::uint64_t>(n--));
    t.category = kCategories[static_cast<std::size_t>(n) % kCategories.size()];
    view.tickets.push_back(t);
  }
  view.tickets[2].respond_by = now() - 3h;
  view.tickets[2].notice = NoticeStanding::undelivered;
  view.next = "cursor";
  return view;
}

ReportListView report_list_view() {
  ReportListView view;
  view.totals = {1, 312, 40, 7, 12, 9};
  view.reports = {report_view().report, report_view().report, report_view().report};
  view.reports[1].needs_person = false;
  view.reports[1].reason.clear();
  view.reports[1].status = ReportStatus::read;
  view.reports[2].reading.mail.reset();
  view.reports[2].status = ReportStatus::received;
  view.reports[2].reason.clear();
  view.reports[2].needs_person = false;
  return view;
}

ReportView report_view() {
  ReportView view;
  Report& r = view.report;
  r.id = "R-01hq8zr3vd4n7wq2r5t9";
  r.received_at = now() - 2h;
  r.status = ReportStatus::read;
  r.sha256 = std::string(64, 'a');
  r.size_bytes = 8123;
  r.content_type = "message/rfc822";
  r.arrivals = 2;
  r.envelope_from = "noc@example.com";
  r.envelope_to = "abuse@example.net";
  r.needs_person = true;
  r.reason = "The address changed hands within the time in question: a person has to say whose it was.";
  r.reading.format = "xarf4";
  r.reading.outcome = Outcome::read;
  r.reading.reporter = {"noc@example.com", "Example NOC", "dkim:example.com", true};
  r.reading.reporter.keys = {{"sel._domainkey.example.com", "v=DKIM1; p=AAAA"}};
  r.reading.warnings = {"The time of the incident names no zone"};
  r.reading.mail = MailFacts{};
  r.reading.mail->subject = "SSH brute force from 203.0.113.10";
  r.reading.mail->text =
      "Dear abuse team,\n\nwe see log-in attempts from 203.0.113.10 against our host.\nDetails: "
      "https://noc.example.com/case/77\n";
  view.incidents = {ambiguous_incident()};
  view.passages = {{"part 1, line 3", {{3, "we see log-in attempts from 203.0.113.10 against our host."}}}};
  view.incident_count = 1;
  view.record = {12, 9, 1};
  view.raw_excerpt = "From: noc@example.com\r\nTo: abuse@example.net\r\nSubject: SSH brute force\r\n\r\n...\r\n";
  return view;
}

}  // namespace abate::web::samples
