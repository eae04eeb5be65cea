// SPDX-License-Identifier: Apache-2.0
// What the store takes: reports kept, readings saved, ledger rows imported. On a fresh SQLite file (in $TMPDIR or
// /tmp), or on the empty PostgreSQL database that the first argument names.
//
//   store [--quick] [postgresql://...]
//
// The figure is reports of 8 KB kept a second, 256 to a commit; the peer is SQLite alone putting the same bytes into a
// table of blobs in the same batches, without identity, hash or report.
#include <chrono>
#include <cstdio>
#include <cstdlib>
#include <filesystem>
#include <string>

#include <sqlite3.h>

#include "base/hash.h"
#include "store/open_store.h"

namespace {

using namespace abate;
using Clock = std::chrono::steady_clock;

constexpr std::size_t kReportBytes = 8192;
constexpr std::size_t kBatch = 256;

double seconds_since(Clock::time_point start) { return std::chrono::duration<double>(Clock::now() - start).count(); }

void must(bool good, const std::string& what) {
  if (good) return;
  std::fprintf(stderr, "bench/store: %s\n", what.c_str());
  std::exit(1);
}
void must(const Result<void>& done) { must(done.has_value(), done ? "" : done.error().what); }

std::string report_bytes(std::size_t n) {
  std::string out = fmt::format("Message-ID: <{}@example.org>\r\n\r\n", n);
  std::uint64_t x = n * 0x9e3779b97f4a7c15U + 1;
  while (out.size() < kReportBytes) {
    x ^= x << 13U, x ^= x >> 7U, x ^= x << 17U;
    out.push_back(static_cast<char>(x));
  }
  return out;
}
std::string id_of(std::size_t n) { return fmt::format("R-{:026}", n); }

double keep_all(desk::Store& store, std::size_t reports) {
  std::vector<std::string> bytes;
  double spent = 0;
  for (std::size_t at = 0; at < reports; at += kBatch) {
    bytes.clear();
    std::vector<std::string> hashes;
    for (std::size_t i = 0; i < kBatch; ++i) {
      bytes.push_back(report_bytes(at + i));
      hashes.push_back(sha256_hex(bytes.back()));
    }
    const auto start = Clock::now();
    must(store.write([&](desk::Transaction& t) -> Result<void> {
      for (std::size_t i = 0; i < kBatch; ++i) {
        desk::Arrival arrival;
        arrival.bytes = bytes[i];
        arrival.sha256 = hashes[i];
        arrival.identity = "mail:" + hashes[i];
        arrival.envelope_from = "fbl@example.org";
        arrival.envelope_to = "abuse@example.net";
        arrival.at = from_micros(1'767'323'045'000'000);
        TRY(t.keep(arrival, id_of(at + i)));
      }
      return {};
    }));
    spent += seconds_since(start);
  }
  return spent;
}

double read_all(desk::Store& store, std::size_t reports) {
  Reading reading;
  reading.format = "arf";
  reading.outcome = Outcome::read;
  reading.reporter = {
      .address = "fbl@example.org", .name = {}, .authenticated = "dkim:example.org", .disclosure = true};
  desk::KeptIncident kept;
  kept.incident.type = "messaging/spam";
  kept.incident.source_ip = IpAddress::v4(0xc0000201U);
  kept.incident.reasons = {"Source-IP field"};
  kept.incident.evidence = {
      Evidence{"message/rfc822", "reported message", "", std::string(64, 'a'), ByteRange{100, 4000}}};
  kept.attribution.verdict = Verdict::unassigned;
  const auto start = Clock::now();
  for (std::size_t at = 0; at < reports; at += kBatch)
    must(store.write([&](desk::Transaction& t) -> Result<void> {
      for (std::size_t i = at; i < at + kBatch; ++i) {
        kept.report_id = id_of(i);
        kept.id = kept.report_id + ".1";
        TRY(t.save_reading(kept.report_id, ReportStatus::read, reading, false, "", ""));
        TRY(t.add_incident(kept));
      }
      return {};
    }));
  return seconds_since(start);
}

double import_all(desk::Store& store, std::uint32_t rows) {
  constexpr std::uint32_t kRowsAtOnce = 100'000;
  const auto start = Clock::now();
  std::uint64_t version = 0;
  must(store.write([&](desk::Transaction& t) -> Result<void> {
    TRY_ASSIGN(version, t.ledger_begin());
    return {};
  }));
  for (std::uint32_t at = 0; at < rows; at += kRowsAtOnce) {
    std::vector<Ownership> piece;
    std::vector<desk::LedgerOwner> owners;
    for (std::uint32_t row = at; row < at + kRowsAtOnce; ++row) {
      const IpAddress ip = IpAddress::v4(0x0a000000U + row);
      piece.push_back({.range = {ip, ip}, .from = from_micros(row), .until = {}, .row = row, .owner = row / 4});
      if (row % 4 == 0)
        owners.push_back(
            {{fmt::format("vps-{}", row / 4), "mail"}, {fmt::format("c-{}", row / 40), "A", "a@example.com"}});
    }
    must(store.write([&](desk::Transaction& t) -> Result<void> {
      TRY(t.ledger_add_owners(version, at / 4, owners));
      return t.ledger_add_rows(version, piece);
    }));
  }
  must(store.write([&](desk::Transaction& t) { return t.ledger_switch(version); }));
  const double spent = seconds_since(start);
  std::uint64_t walked = 0;
  const auto walk = Clock::now();
  must(store.read([&](desk::Transaction& t) { return t.ledger_walk(version, [&](const Ownership&) { ++walked; }); }));
  std::printf("ledger: walked %.0f rows/s\n", static_cast<double>(walked) / seconds_since(walk));
  must(walked == rows, "the ledger lost rows");
  return spent;
}

// The peer.
double bare_blobs(const std::string& path, std::size_t reports) {
  sqlite3* database = nullptr;
  sqlite3_stmt* insert = nullptr;
  const auto run = [&](const char* sql) {
    must(sqlite3_exec(database, sql, nullptr, nullptr, nullptr) == SQLITE_OK, sql);
  };
  must(sqlite3_open(path.c_str(), &database) == SQLITE_OK, path);
  run("PRAGMA page_size = 8192; PRAGMA journal_mode = WAL; PRAGMA synchronous = FULL; PRAGMA wal_autocheckpoint = "
      "4096");
  run("CREATE TABLE blobs (number INTEGER PRIMARY KEY, bytes BLOB)");
  must(sqlite3_prepare_v2(database, "INSERT INTO blobs (bytes) VALUES (?)", -1, &insert, nullptr) == SQLITE_OK,
       "insert");
  double spent = 0;
  for (std::size_t at = 0; at < reports; at += kBatch) {
    std::vector<std::string> bytes;
    for (std::size_t i = 0; i < kBatch; ++i) bytes.push_back(report_bytes(at + i));
    const auto start = Clock::now();
    run("BEGIN IMMEDIATE");
    for (const std::string& each : bytes) {
      sqlite3_bind_blob64(insert, 1, each.data(), each.size(), SQLITE_STATIC);
      must(sqlite3_step(insert) == SQLITE_DONE, "insert");
      sqlite3_reset(insert);
    }
    run("COMMIT");
    spent += seconds_since(start);
  }
  sqlite3_finalize(insert);
  sqlite3_close(database);
  return spent;
}

}  // namespace

int main(int argc, char** argv) {
  std::string url;
  bool quick = false;
  for (int i = 1; i < argc; ++i) (std::string{argv[i]} == "--quick" ? quick = true : (url = argv[i], false));
  const std::size_t reports = kBatch * (quick ? 8 : 200);
  const std::uint32_t rows = quick ? 200'000 : 10'000'000;
  std::string folder = (std::filesystem::temp_directory_path() / "abate-bench-XXXXXX").string();
  must(mkdtemp(folder.data()) != nullptr, "no temporary folder");
  const bool sqlite = url.empty();
  if (sqlite) url = "sqlite:" + folder + "/abate.db";

  const auto store = store::open_store(url);
  must(store.has_value(), store ? "" : store.error().what);
  const double kept = static_cast<double>(reports) / keep_all(**store, reports);
  std::printf("%s: kept %.0f reports/s of %zu bytes, %zu to a commit\n", sqlite ? "sqlite" : "postgresql", kept,
              kReportBytes, kBatch);
  const double read = static_cast<double>(reports) / read_all(**store, reports);
  std::printf("saved %.0f readings/s with an incident each\n", read);
  const double imported = static_cast<double>(rows) / import_all(**store, rows);
  std::printf("ledger: imported %.0f rows/s\n", imported);

  bool checked = true;
  for (const std::size_t n : {std::size_t{0}, reports / 2, reports - 1}) {
    const auto bytes = desk::in_read(**store, [&](desk::Transaction& t) { return t.report_bytes(id_of(n)); });
    checked = checked && bytes && *bytes == report_bytes(n);
  }
  const double peer = static_cast<double>(reports) / bare_blobs(folder + "/peer.db", reports);
  std::filesystem::remove_all(folder);
  must(checked, "a report did not come back as it was kept");
  std::printf("store figure=%.0f unit=reports/s ratio=%.2f against=bare_sqlite_blobs goal=0.5 checked=yes\n", kept,
              kept / peer);
}
