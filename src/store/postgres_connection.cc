// SPDX-License-Identifier: Apache-2.0
#include "store/postgres_connection.h"

#include <cstdlib>
#include <cstring>
#include <optional>
#include <unordered_map>
#include <vector>

#include <endian.h>
#include <libpq-fe.h>

#include "base/text.h"
#include "store/postgres_copy.h"

namespace abate::store {
namespace {

constexpr std::size_t kDeferredMax = 512;  // so many answers may wait to be read
constexpr Oid kInt8 = 20, kText = 25, kBytea = 17;

struct Clear {
  void operator()(PGresult* result) const { PQclear(result); }
};
using Answer = std::unique_ptr<PGresult, Clear>;

class PostgresRow final : public Row {
 public:
  PostgresRow(const PGresult* answer, int row) : answer_{answer}, row_{row} {}
  [[nodiscard]] bool null(int column) const override { return PQgetisnull(answer_, row_, column) == 1; }
  [[nodiscard]] std::int64_t integer(int column) const override {
    const char* raw = PQgetvalue(answer_, row_, column);
    if (PQgetlength(answer_, row_, column) == 8) {
      std::uint64_t wire = 0;
      std::memcpy(&wire, raw, sizeof wire);
      return static_cast<std::int64_t>(be64toh(wire));
    }
    if (PQgetlength(answer_, row_, column) == 4) {
      std::uint32_t wire = 0;
      std::memcpy(&wire, raw, sizeof wire);
      return static_cast<std::int32_t>(be32toh(wire));
    }
    return 0;
  }
  [[nodiscard]] std::string_view view(int column) const override {
    return {PQgetvalue(answer_, row_, column), static_cast<std::size_t>(PQgetlength(answer_, row_, column))};
  }

 private:
  const PGresult* answer_;
  int row_;
};

// Parameters in the binary form of the protocol, for as long as one call lasts.
struct Parameters {
  explicit Parameters(std::span<const Value> values) {
    wire.reserve(values.size());  // its elements must not move
    for (const Value& value : values) add(value);
  }
  void add(const Value& value) {
    oids.push_back(value.kind == Value::Kind::integer ? kInt8 : value.kind == Value::Kind::text ? kText : kBytea);
    formats.push_back(1);
    if (value.null) {
      data.push_back(nullptr);
      sizes.push_back(0);
      return;
    }
    std::string_view raw = value.bytes;
    if (value.kind == Value::Kind::integer) {
      const std::uint64_t big = htobe64(static_cast<std::uint64_t>(value.integer));
      raw = wire.emplace_back(reinterpret_cast<const char*>(&big), sizeof big);
    } else if (value.kind == Value::Kind::text && !is_plain(raw)) {
      raw = wire.emplace_back(make_valid_utf8(raw));
    }
    data.push_back(raw.data() == nullptr ? "" : raw.data());
    sizes.push_back(static_cast<int>(raw.size()));
  }
  static bool is_plain(std::string_view text) {
    return is_valid_utf8(text) && text.find('\0') == std::string_view::npos;
  }

  std::vector<std::string> wire;
  std::vector<Oid> oids;
  std::vector<const char*> data;
  std::vector<int> sizes, formats;
};

class PostgresConnection final : public Connection {
 public:
  explicit PostgresConnection(PGconn* connection) : connection_{connection} {}
  ~PostgresConnection() override { PQfinish(connection_); }

  [[nodiscard]] Engine engine() const override { return Engine::postgresql; }
  Result<void> begin(Mode mode) override;
  Result<void> commit() override;
  void rollback() override;
  Result<std::uint64_t> run(const Statement& statement, std::span<const Value> values, const Visit& visit) override;
  Result<void> defer(const Statement& statement, std::span<const Value> values) override;
  Result<void> bulk(const Bulk& bulk, std::size_t rows, std::size_t columns, const FillRow& fill) override;
  Result<void> script(const std::string& sql) override;
  [[nodiscard]] bool broken() const override { return broken_ || PQstatus(connection_) != CONNECTION_OK; }
  [[nodiscard]] bool asks_again() const override { return asks_again_; }
  [[nodiscard]] std::int64_t slot() const override { return PQbackendPID(connection_) % kSlotsMax; }

 private:
  struct Sent {
    std::string_view name;
    std::optional<std::uint32_t> prepares = {};  // the key in prepared_ that this one makes
  };

  Result<void> send(const Statement& statement, std::span<const Value> values);
  Result<void> send_plain(const char* sql);
  Result<std::uint64_t> collect(const Visit& visit);
  std::optional<Error> read_answers(const Sent& sent, bool last, const Visit& visit, std::uint64_t& rows);
  Result<void> simple(const char* sql, ExecStatusType wanted);
  Result<void> leave_pipeline();
  Result<void> enter_pipeline();
  Error judge(const PGresult* answer, std::string_view doing);
  std::unexpected<Error> lost(std::string_view doing);
  std::unexpected<Error> spoil(Error error) {
    spoiled_ = std::move(error);
    return std::unexpected(*spoiled_);
  }

  PGconn* connection_;
  std::unordered_map<std::uint32_t, std::string> prepared_;
  std::vector<Sent> sent_;  // whose answers were not read yet
  std::optional<Error> spoiled_;
  std::uint64_t names_given_ = 0;
  bool broken_ = false;
  bool asks_again_ = false;
  bool commit_asked_ = false;
};

std::unexpected<Error> PostgresConnection::lost(std::string_view doing) {
  broken_ = true;
  std::string words{trim(PQerrorMessage(connection_))};
  // Before the commit was asked for, nothing can have happened. After it, nobody knows.
  asks_again_ = !commit_asked_;
  if (commit_asked_) words += "; whether the commit happened is unknown";
  return spoil({Fault::unavailable, fmt::format("{}: PostgreSQL is away: {}", doing, words)});
}

Error PostgresConnection::judge(const PGresult* answer, std::string_view doing) {
  const char* field = PQresultErrorField(answer, PG_DIAG_SQLSTATE);
  const std::string_view state = field == nullptr ? "" : field;
  const std::string_view words = trim(PQresultErrorMessage(answer));
  // serialization_failure, deadlock_detected, and unique_violation: another node was quicker, and now it can be seen.
  asks_again_ = state == "40001" || state == "40P01" || state == "23505";
  // The server is stopping, or it is a standby now: another connection may find the one that writes.
  if (state.starts_with("57P") || state.starts_with("08") || state == "25006") {
    broken_ = true;
    asks_again_ = !commit_asked_;
  }
  const Fault fault = state == "23505" ? Fault::conflict : Fault::unavailable;
  return {fault, fmt::format("{}: PostgreSQL says: {} ({})", doing, words, state)};
}

Result<void> PostgresConnection::enter_pipeline() {
  if (PQenterPipelineMode(connection_) != 1) return lost("pipeline");
  return {};
}

Result<void> PostgresConnection::leave_pipeline() {
  if (!sent_.empty()) TRY(collect({}));
  if (PQexitPipelineMode(connection_) != 1) return lost("pipeline");
  return {};
}

Result<void> PostgresConnection::send_plain(const char* sql) {
  if (PQsendQueryParams(connection_, sql, 0, nullptr, nullptr, nullptr, nullptr, 1) != 1) return lost(sql);
  sent_.push_back({sql, {}});
  return {};
}

Result<void> PostgresConnection::begin(Mode mode) {
  spoiled_.reset();
  asks_again_ = commit_asked_ = false;
  if (broken()) return lost("begin");
  TRY(enter_pipeline());
  return send_plain(mode == Mode::write ? "BEGIN ISOLATION LEVEL REPEATABLE READ"
                                        : "BEGIN ISOLATION LEVEL REPEATABLE READ READ ONLY");
}

Result<void> PostgresConnection::commit() {
  if (spoiled_) return std::unexpected(*spoiled_);
  TRY(send_plain("COMMIT"));
  commit_asked_ = true;
  TRY(collect({}));
  if (PQexitPipelineMode(connection_) != 1) broken_ = true;
  return {};
}

void PostgresConnection::rollback() {
  const bool again = asks_again_;
  commit_asked_ = false;
  if (!broken()) {
    if (!sent_.empty()) (void)collect({});
    spoiled_.reset();
    if (PQpipelineStatus(connection_) != PQ_PIPELINE_OFF && (!send_plain("ROLLBACK") || !leave_pipeline()))
      broken_ = true;
  }
  sent_.clear();
  asks_again_ = again;
}

Result<void> PostgresConnection::send(const Statement& statement, std::span<const Value> values) {
  if (spoiled_) return std::unexpected(*spoiled_);
  const Parameters parameters{values};
  const int count = static_cast<int>(values.size());
  auto known = prepared_.find(statement.at);
  if (known == prepared_.end()) {
    // A name is given once: after an error nobody knows which of the names that were sent are taken.
    known = prepared_.emplace(statement.at, fmt::format("s{}", ++names_given_)).first;
    const std::string sql = statement_text(statement, Engine::postgresql);
    if (PQsendPrepare(connection_, known->second.c_str(), sql.c_str(), count, parameters.oids.data()) != 1)
      return lost(statement.name());
    sent_.push_back({statement.name(), statement.at});
  }
  if (PQsendQueryPrepared(connection_, known->second.c_str(), count, parameters.data.data(), parameters.sizes.data(),
                          parameters.formats.data(), 1) != 1)
    return lost(statement.name());
  sent_.push_back({statement.name(), {}});
  return {};
}

Result<std::uint64_t> PostgresConnection::run(const Statement& statement, std::span<const Value> values,
                                              const Visit& visit) {
  TRY(send(statement, values));
  return collect(visit);
}

Result<void> PostgresConnection::defer(const Statement& statement, std::span<const Value> values) {
  TRY(send(statement, values));
  if (sent_.size() < kDeferredMax) return {};
  TRY(collect({}));
  return {};
}

// All answers to one of the things that were sent. Only the last one's rows are wanted.
std::optional<Error> PostgresConnection::read_answers(const Sent& sent, bool last, const Visit& visit,
                                                      std::uint64_t& rows) {
  std::optional<Error> error;
  while (const Answer answer{PQgetResult(connection_)}) {
    switch (PQresultStatus(answer.get())) {
      case PGRES_TUPLES_OK:
        if (!last) break;
        rows = static_cast<std::uint64_t>(PQntuples(answer.get()));
        if (visit)
          for (int row = 0; row < PQntuples(answer.get()); ++row) visit(PostgresRow{answer.get(), row});
        break;
      case PGRES_COMMAND_OK:
        if (last) rows = std::strtoull(PQcmdTuples(answer.get()), nullptr, 10);
        // A transaction that failed before answers COMMIT with ROLLBACK.
        if (sent.name == "COMMIT" && std::string_view{PQcmdStatus(answer.get())} != "COMMIT")
          error = Error{Fault::unavailable, "commit: PostgreSQL rolled back instead"};
        break;
      case PGRES_PIPELINE_ABORTED: break;  // an earlier one failed, and that one says why
      default: error = judge(answer.get(), sent.name);
    }
  }
  if (error && sent.prepares) prepared_.erase(*sent.prepares);
  return error;
}

Result<std::uint64_t> PostgresConnection::collect(const Visit& visit) {
  const std::vector<Sent> waiting = std::exchange(sent_, {});
  if (PQpipelineSync(connection_) != 1) return lost(waiting.empty() ? "sync" : waiting.back().name);
  std::optional<Error> first;
  std::uint64_t rows = 0;
  for (const Sent& sent : waiting) {
    std::optional<Error> error = read_answers(sent, &sent == &waiting.back() && !first, visit, rows);
    if (first && sent.prepares) prepared_.erase(*sent.prepares);  // passed over
    if (!first) first = std::move(error);
  }
  const Answer sync{PQgetResult(connection_)};
  if (PQstatus(connection_) != CONNECTION_OK) return lost(waiting.empty() ? "sync" : waiting.back().name);
  if (first) return spoil(*std::move(first));
  return rows;
}

Result<void> PostgresConnection::simple(const char* sql, ExecStatusType wanted) {
  const Answer answer{PQexec(connection_, sql)};
  if (PQstatus(connection_) != CONNECTION_OK) return lost("script");
  const ExecStatusType status = PQresultStatus(answer.get());
  if (status == wanted || (wanted == PGRES_COMMAND_OK && status == PGRES_TUPLES_OK)) return {};
  return spoil(judge(answer.get(), "script"));
}

Result<void> PostgresConnection::script(const std::string& sql) {
  if (spoiled_ && PQpipelineStatus(connection_) != PQ_PIPELINE_OFF) return std::unexpected(*spoiled_);
  const bool within = PQpipelineStatus(connection_) != PQ_PIPELINE_OFF;
  if (within) TRY(leave_pipeline());
  const Result<void> done = simple(sql.c_str(), PGRES_COMMAND_OK);
  if (within && !broken()) TRY(enter_pipeline());
  return done;
}

Result<void> PostgresConnection::bulk(const Bulk& bulk, std::size_t rows, std::size_t columns, const FillRow& fill) {
  if (spoiled_) return std::unexpected(*spoiled_);
  TRY(leave_pipeline());  // COPY is not allowed in one
  Result<void> done =
      simple(fmt::format("COPY {} ({}) FROM STDIN (FORMAT binary)", bulk.table, bulk.columns).c_str(), PGRES_COPY_IN);
  if (done) {
    CopyStream stream{rows, columns, fill};
    bool sent = true;
    for (std::string_view piece = stream.next(); sent && !piece.empty(); piece = stream.next())
      sent = PQputCopyData(connection_, piece.data(), static_cast<int>(piece.size())) == 1;
    if (!sent || PQputCopyEnd(connection_, nullptr) != 1) return lost(bulk.table);
    while (const Answer answer{PQgetResult(connection_)})
      if (PQresultStatus(answer.get()) != PGRES_COMMAND_OK && done) done = spoil(judge(answer.get(), bulk.table));
  }
  if (PQstatus(connection_) != CONNECTION_OK) return lost(bulk.table);
  TRY(enter_pipeline());
  return done;
}

}  // namespace

Result<std::unique_ptr<Connection>> open_postgres(const std::string& url) {
  // What stands before dbname, the URL may say otherwise. A server that went away without a word is noticed, and of
  // several hosts the one that takes writes is used, so a fail-over needs no configuration.
  const char* const names[] = {"connect_timeout",  "keepalives_idle",  "keepalives_interval",
                               "tcp_user_timeout", "application_name", "target_session_attrs",
                               "dbname",           "client_encoding",  nullptr};
  const char* const values[] = {"5", "10", "5", "20000", "abated", "read-write", url.c_str(), "UTF8", nullptr};
  PGconn* const raw = PQconnectdbParams(names, values, 1);
  auto connection = std::make_unique<PostgresConnection>(raw);
  if (PQstatus(raw) != CONNECTION_OK)
    return failure(Fault::unavailable, "PostgreSQL cannot be reached: {}", trim(PQerrorMessage(raw)));
  const char* encoding = PQparameterStatus(raw, "server_encoding");
  if (encoding == nullptr || std::string_view{encoding} != "UTF8")
    return failure(Fault::unavailable, "the database keeps its text as {}: make it with ENCODING 'UTF8'",
                   encoding == nullptr ? "?" : encoding);
  PQsetNoticeProcessor(raw, [](void*, const char*) {}, nullptr);
  return connection;
}

}  // namespace abate::store
