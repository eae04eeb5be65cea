// SPDX-License-Identifier: Apache-2.0
#include "sweep/host/inventory/rpm/tree_database.h"

#include <cstring>
#include <memory>
#include <mutex>

#include <sqlite3.h>

namespace abate::sweep {
namespace {

constexpr const char* kSystem = "abate_tree";
constexpr int kCacheKib = 1024;
constexpr int kStepsAtOnce = 100'000;

// SQLite hands the open file down as this; ours holds no more than where the bytes come from.
struct OpenFile {
  sqlite3_file base;
  TreeFile* file;
};
TreeFile& file_of(sqlite3_file* open) { return *reinterpret_cast<OpenFile*>(open)->file; }

int close_file(sqlite3_file*) { return SQLITE_OK; }
int read_file(sqlite3_file* open, void* into, int length, sqlite3_int64 offset) {
  auto* bytes = static_cast<char*>(into);
  std::size_t got = 0;
  const auto wanted = static_cast<std::size_t>(length);
  while (got < wanted) {
    const Result<std::size_t> more =
        file_of(open).read_at(static_cast<std::uint64_t>(offset) + got, {bytes + got, wanted - got});
    if (!more) return SQLITE_IOERR_READ;
    if (*more == 0) break;
    got += *more;
  }
  // Bytes 18 and 19 say "with a write-ahead log" (2), which could not be read without one: say "without" (1).
  constexpr sqlite3_int64 kFormatAt = 18;
  for (sqlite3_int64 at = kFormatAt; at < kFormatAt + 2; ++at)
    if (at >= offset && at < offset + static_cast<sqlite3_int64>(got) && bytes[at - offset] == 2)
      bytes[at - offset] = 1;
  if (got == wanted) return SQLITE_OK;
  std::memset(bytes + got, 0, wanted - got);
  return SQLITE_IOERR_SHORT_READ;
}
int refuse_write(sqlite3_file*, const void*, int, sqlite3_int64) { return SQLITE_READONLY; }
int refuse_truncate(sqlite3_file*, sqlite3_int64) { return SQLITE_READONLY; }
int sync_file(sqlite3_file*, int) { return SQLITE_OK; }
int size_of_file(sqlite3_file* open, sqlite3_int64* size) {
  *size = static_cast<sqlite3_int64>(file_of(open).stat().size);
  return SQLITE_OK;
}
int lock_file(sqlite3_file*, int) { return SQLITE_OK; }
int is_reserved(sqlite3_file*, int* held) { return *held = 0, SQLITE_OK; }
int control_file(sqlite3_file*, int, void*) { return SQLITE_NOTFOUND; }
int sector_size(sqlite3_file*) { return 4096; }
int characteristics(sqlite3_file*) { return SQLITE_IOCAP_IMMUTABLE; }

constexpr sqlite3_io_methods kMethods{
    1,         close_file, read_file,   refuse_write, refuse_truncate, sync_file,       size_of_file,
    lock_file, lock_file,  is_reserved, control_file, sector_size,     characteristics, nullptr,
    nullptr,   nullptr,    nullptr,     nullptr,      nullptr};

// Which file the next opening means: SQLite asks by name, and names open nothing here.
thread_local TreeFile* meant = nullptr;

int open_file(sqlite3_vfs*, const char*, sqlite3_file* open, int flags, int* said) {
  open->pMethods = nullptr;
  if (meant == nullptr || (flags & SQLITE_OPEN_MAIN_DB) == 0) return SQLITE_CANTOPEN;
  reinterpret_cast<OpenFile*>(open)->file = meant;
  open->pMethods = &kMethods;
  if (said != nullptr) *said = SQLITE_OPEN_READONLY | SQLITE_OPEN_MAIN_DB;
  return SQLITE_OK;
}
int refuse_delete(sqlite3_vfs*, const char*, int) { return SQLITE_READONLY; }
int nothing_there(sqlite3_vfs*, const char*, int, int* found) { return *found = 0, SQLITE_OK; }
int full_name(sqlite3_vfs*, const char* name, int length, char* out) {
  sqlite3_snprintf(length, out, "%s", name);
  return SQLITE_OK;
}

bool has_system() {
  static std::once_flag once;
  static sqlite3_vfs system;
  static bool done = false;
  std::call_once(once, [] {
    if (sqlite3_initialize() != SQLITE_OK) return;
    const sqlite3_vfs* usual = sqlite3_vfs_find(nullptr);
    if (usual == nullptr) return;
    system = *usual;  // sleeping, time and chance are the usual ones
    system.szOsFile = sizeof(OpenFile);
    system.zName = kSystem;
    system.pNext = nullptr;
    system.xOpen = open_file;
    system.xDelete = refuse_delete;
    system.xAccess = nothing_there;
    system.xFullPathname = full_name;
    system.xDlOpen = nullptr;
    done = sqlite3_vfs_register(&system, 0) == SQLITE_OK;
  });
  return done;
}

int allow_reading(void*, int action, const char*, const char*, const char*, const char*) {
  return action == SQLITE_SELECT || action == SQLITE_READ ? SQLITE_OK : SQLITE_DENY;
}

int count_steps(void* left) {
  int& steps = *static_cast<int*>(left);
  steps -= kStepsAtOnce;
  return steps <= 0 ? 1 : 0;
}

struct CloseDatabase {
  void operator()(sqlite3* database) const { sqlite3_close_v2(database); }
};
struct EndStatement {
  void operator()(sqlite3_stmt* statement) const { sqlite3_finalize(statement); }
};

}  // namespace

Result<void> read_blobs(const Tree& tree, std::string_view path, const char* query,
                        const std::function<bool(std::string_view)>& take) {
  TRY_ASSIGN(const std::unique_ptr<TreeFile> file, tree.open(path));
  if (!has_system()) return failure(Fault::unavailable, "{}: SQLite does not start", path);
  meant = file.get();
  sqlite3* opened = nullptr;
  const int code = sqlite3_open_v2("database", &opened, SQLITE_OPEN_READONLY | SQLITE_OPEN_NOMUTEX, kSystem);
  meant = nullptr;
  const std::unique_ptr<sqlite3, CloseDatabase> database{opened};
  if (code != SQLITE_OK) return failure(Fault::malformed, "{}: {}", path, sqlite3_errstr(code));
  int steps = kDatabaseStepsMax;
  sqlite3_limit(opened, SQLITE_LIMIT_LENGTH, kDatabaseBlobBytesMax);
  sqlite3_limit(opened, SQLITE_LIMIT_SQL_LENGTH, 100'000);
  sqlite3_limit(opened, SQLITE_LIMIT_ATTACHED, 0);
  sqlite3_db_config(opened, SQLITE_DBCONFIG_DEFENSIVE, 1, nullptr);
  sqlite3_db_config(opened, SQLITE_DBCONFIG_TRUSTED_SCHEMA, 0, nullptr);
  sqlite3_exec(opened,
               fmt::format("PRAGMA cache_size=-{}; PRAGMA mmap_size=0; PRAGMA cell_size_check=ON", kCacheKib).c_str(),
               nullptr, nullptr, nullptr);
  sqlite3_progress_handler(opened, kStepsAtOnce, count_steps, &steps);
  sqlite3_set_authorizer(opened, allow_reading, nullptr);
  sqlite3_stmt* prepared = nullptr;
  if (sqlite3_prepare_v2(opened, query, -1, &prepared, nullptr) != SQLITE_OK)
    return failure(Fault::malformed, "{}: {}", path, sqlite3_errmsg(opened));
  const std::unique_ptr<sqlite3_stmt, EndStatement> statement{prepared};
  int said = SQLITE_ROW;
  while ((said = sqlite3_step(prepared)) == SQLITE_ROW) {
    const void* bytes = sqlite3_column_blob(prepared, 0);
    const auto length = static_cast<std::size_t>(sqlite3_column_bytes(prepared, 0));
    if (bytes != nullptr && !take({static_cast<const char*>(bytes), length})) return {};
  }
  if (said != SQLITE_DONE) return failure(Fault::malformed, "{}: {}", path, sqlite3_errmsg(opened));
  return {};
}

}  // namespace abate::sweep
