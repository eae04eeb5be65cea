// SPDX-License-Identifier: Apache-2.0
#include "store/store_fixture.h"

#include <atomic>
#include <filesystem>

#include "base/hash.h"
#include "store/postgres_connection.h"
#include "store/sqlite_connection.h"
#include "support/postgres_cluster.h"

namespace abate::store {
namespace {

// Copying a database is quicker than making its tables again for each test.
const std::string& template_with_schema() {
  static const std::string name = [] {
    const std::string url = test::postgres_cluster().new_database();
    if (!migrate(url)) throw std::runtime_error("the schema cannot be made");
    return url.substr(url.find("@/") + 2, url.find('?') - url.find("@/") - 2);
  }();
  return name;
}

struct SchemaFile {
  FreshDatabase database{Engine::sqlite};
  SchemaFile() {
    // Closing the last connection puts all of it into the one file.
    if (!migrate(database.url())) throw std::runtime_error("the schema cannot be made");
  }
};
std::string file_with_schema() {
  static const SchemaFile file;
  return file.database.folder() + "/abate.db";
}

}  // namespace

FreshDatabase::FreshDatabase(Engine engine, Holds holds) : engine_{engine} {
  if (engine == Engine::sqlite) {
    std::string name = (std::filesystem::temp_directory_path() / "abate-store-XXXXXX").string();
    if (mkdtemp(name.data()) == nullptr) throw std::runtime_error("no temporary folder");
    folder_ = name;
    url_ = "sqlite:" + folder_ + "/abate.db";
    if (holds == Holds::schema) std::filesystem::copy_file(file_with_schema(), folder_ + "/abate.db");
    return;
  }
  url_ = test::postgres_cluster().new_database(holds == Holds::schema ? template_with_schema() : "");
}

FreshDatabase::~FreshDatabase() {
  std::error_code ignored;
  if (engine_ == Engine::sqlite) std::filesystem::remove_all(folder_, ignored);
}

std::unique_ptr<Connection> FreshDatabase::connect() const {
  auto opened = engine_ == Engine::sqlite
                    ? open_sqlite({.path = folder_ + "/abate.db", .vfs = {}, .create = true, .read_only = false})
                    : open_postgres(url_);
  if (!opened) throw std::runtime_error(opened.error().what);
  return *std::move(opened);
}

desk::Arrival arrival_of(std::string_view bytes, const std::string& identity) {
  desk::Arrival arrival;
  arrival.bytes = bytes;
  arrival.sha256 = sha256_hex(bytes);
  arrival.identity = identity.empty() ? "mail:" + arrival.sha256 : identity;
  arrival.envelope_from = "fbl@example.org";
  arrival.envelope_to = "abuse@example.net";
  arrival.at = kNow;
  return arrival;
}

std::string keep_one(desk::Store& store, std::string_view bytes, const std::string& id) {
  const auto kept = desk::in_write(store, [&](desk::Transaction& t) { return t.keep(arrival_of(bytes), id); });
  if (!kept) throw std::runtime_error(kept.error().what);
  return kept->report_id;
}

Ticket sample_ticket(const std::string& id, const std::string& service) {
  Ticket ticket;
  ticket.id = id;
  ticket.version = 1;
  ticket.category = Category::spam;
  ticket.service = {service, "mail1"};
  ticket.customer = {"c-7", "Ada Ltd", "ada@example.com"};
  ticket.addresses = {*parse_ip("203.0.113.10"), *parse_ip("2001:db8::10")};
  ticket.created_at = kNow;
  ticket.reply_token = "token-of-" + id;
  ticket.required_actions = {"Find the cause", "Reply: \"what\" & why"};
  return ticket;
}

desk::KeptIncident sample_incident(const std::string& id, const std::string& report_id, const std::string& ticket_id) {
  desk::KeptIncident kept;
  kept.id = id;
  kept.report_id = report_id;
  kept.ticket_id = ticket_id;
  kept.seen_at = kNow;
  kept.incident.category = Category::spam;
  kept.incident.type = "messaging/spam";
  kept.incident.source_ip = *parse_ip("203.0.113.10");
  kept.incident.source_port = 25;
  kept.incident.protocol = "tcp";
  kept.incident.started_at = kNow;
  kept.incident.confidence = 0.9;
  kept.incident.reasons = {"Source-IP field"};
  kept.incident.read_from = "part 2, lines 3-4";
  kept.incident.read_range = ByteRange{2, 3};
  kept.incident.read_text = "Source: 203.0.113.10\n";
  kept.attribution = {.verdict = Verdict::matched,
                      .assignment = Assignment{.range = {*parse_ip("203.0.113.10"), *parse_ip("203.0.113.10")},
                                               .from = kNow - std::chrono::days{30},
                                               .until = std::nullopt,
                                               .service = {"vps-1001", "mail1"},
                                               .customer = {"c-7", "Ada Ltd", "ada@example.com"}},
                      .candidates = {},
                      .span = {kNow, kNow},
                      .ledger_version = 3};
  return kept;
}

}  // namespace abate::store
