// SPDX-License-Identifier: Apache-2.0
#include "web/pages_desk.h"

#include <stdexcept>

#include "base/hash.h"
#include "model/deadlines.h"
#include "store/open_store.h"

namespace abate::web {
namespace {

template <class T>
T or_throw(Result<T> result) {
  if (!result) throw std::runtime_error(result.error().what);
  if constexpr (!std::is_void_v<T>) return *std::move(result);
}

std::string csrf_of(const std::string& email) { return "csrf-of-" + email; }

}  // namespace

PagesDesk::PagesDesk() {
  std::string name = (std::filesystem::temp_directory_path() / "abate-pages-XXXXXX").string();
  if (mkdtemp(name.data()) == nullptr) throw std::runtime_error("no temporary folder");
  folder_ = name;
  std::filesystem::create_directories(mails());
  store_ = or_throw(store::open_store("sqlite:" + (folder_ / "abate.db").string()));
  desk_ = std::make_unique<desk::Desk>(*store_, clock, bell_, desk::Provider{});
  sign_in_ = std::make_unique<SignIn>(*desk_);
  add_pages(routes_, *desk_, *sign_in_, {.demo_mail_folder = mails()});
}

PagesDesk::~PagesDesk() {
  bell_.close();
  std::error_code ignored;
  std::filesystem::remove_all(folder_, ignored);
}

std::string PagesDesk::sign_in(const std::string& email, Role role, const std::string& customer_id) {
  or_throw(desk::in_write(*store_, [&](desk::Transaction& t) -> Result<void> {
    User user;
    user.email = email;
    user.role = role;
    user.customer_id = customer_id;
    user.created_at = clock.now();
    TRY(t.add_user(user));
    return t.add_session(
        {sha256_hex("secret-" + email), email, csrf_of(email), clock.now(), clock.now() + std::chrono::hours{10}});
  }));
  return email;
}

Response PagesDesk::ask(Request request) {
  if (auto stop = sign_in_->identify(request)) return *std::move(stop);
  return routes_.answer(request);
}

Response PagesDesk::get(const std::string& as, const std::string& path_and_query,
                        std::vector<std::pair<std::string, std::string>> headers) {
  Request request;
  request.headers = std::move(headers);
  request.method = "GET";
  const std::size_t mark = path_and_query.find('?');
  request.path = path_and_query.substr(0, mark);
  if (mark != std::string::npos)
    for (const std::string_view pair : std::vector<std::string_view>{std::string_view{path_and_query}.substr(mark + 1)})
      request.query.emplace(pair.substr(0, pair.find('=')), pair.substr(pair.find('=') + 1));
  if (!as.empty()) request.headers.emplace_back("cookie", "abate_session=secret-" + as);
  return ask(std::move(request));
}

Response PagesDesk::post(const std::string& as, const std::string& path, std::string fields,
                         std::vector<std::pair<std::string, std::string>> headers) {
  Request request;
  request.method = "POST";
  request.path = path;
  if (!as.empty()) {
    request.headers.emplace_back("cookie", "abate_session=secret-" + as);
    if (fields.find("csrf=") == std::string::npos) fields += "&csrf=" + percent_encode(csrf_of(as));
  }
  request.headers.emplace_back("content-type", "application/x-www-form-urlencoded");
  for (auto& header : headers) request.headers.push_back(std::move(header));
  request.body = std::move(fields);
  return ask(std::move(request));
}

std::string PagesDesk::put_report(bool needs_person) {
  const std::string bytes = "Subject: <b>report</b> " + std::to_string(++made_) + "\r\n\r\nhttp://x.example/<script>";
  const std::string id = "R-" + std::to_string(1000 + made_);
  Reading reading;
  reading.format = "mail";
  reading.outcome = needs_person ? Outcome::unreadable : Outcome::read;
  reading.reporter = {"fbl@example.org", std::nullopt, "dkim:example.org", true};
  or_throw(desk::in_write(*store_, [&](desk::Transaction& t) -> Result<void> {
    desk::Arrival arrival;
    arrival.bytes = bytes;
    arrival.sha256 = sha256_hex(bytes);
    arrival.identity = "mail:" + arrival.sha256;
    arrival.envelope_from = "fbl@example.org";
    arrival.at = clock.now();
    TRY(t.keep(arrival, id));
    return t.save_reading(id, needs_person ? ReportStatus::unreadable : ReportStatus::read, reading, needs_person,
                          needs_person ? "nobody knows this form" : "", "");
  }));
  return id;
}

Ticket PagesDesk::put_ticket(TicketState state, const std::string& customer_id) {
  const std::string report = put_report(false);
  Ticket made = samples::ticket(state);
  made.id = format_ticket_id(2026, static_cast<std::uint64_t>(made_));
  made.version = 1;
  made.customer.id = customer_id;
  made.reply_token = "token-" + std::to_string(made_);
  made.service.id = "vps-" + std::to_string(1000 + made_);
  made.incident_count = 1;
  desk::KeptIncident kept = samples::incident(1);
  kept.id = report + ".1";
  kept.report_id = report;
  kept.ticket_id = made.id;
  or_throw(desk::in_write(*store_, [&](desk::Transaction& t) -> Result<void> {
    TRY(t.insert_ticket(made, std::nullopt));
    TRY(t.add_incident(kept));
    TRY(t.append_entry(made.id, clock.now(), "system", EntryKind::reported,
                       R"({"count":1,"reporter":"fbl@example.org"})"));
    return {};
  }));
  return ticket(made.id);
}

Ticket PagesDesk::ticket(const std::string& id) {
  return or_throw(desk::in_read(*store_, [&](desk::Transaction& t) { return t.ticket(id); }));
}

std::string version_in(const Response& page) {
  constexpr std::string_view kField = "name=\"version\" value=\"";
  const std::size_t at = page.body.find(kField);
  if (at == std::string::npos) return {};
  return page.body.substr(at + kField.size(), page.body.find('"', at + kField.size()) - at - kField.size());
}

}  // namespace abate::web
