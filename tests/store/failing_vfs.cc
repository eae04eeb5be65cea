// SPDX-License-Identifier: Apache-2.0
#include "store/failing_vfs.h"

#include <cstring>
#include <new>

#include <sqlite3.h>

namespace abate::store {
namespace {

VfsFaults faults;
sqlite3_vfs* real = nullptr;
sqlite3_vfs shim;

// Our file, with the real one's right behind it.
struct File {
  sqlite3_file base;
  sqlite3_file* inner;
};
sqlite3_file* inner_of(sqlite3_file* file) { return reinterpret_cast<File*>(file)->inner; }

int due() {
  const int step = ++faults.steps;
  const int at = faults.fail_at;
  if (at != 0 && (step == at || (faults.stays && step > at))) return faults.code;
  return SQLITE_OK;
}

template <auto Method, class... Args>
int pass(sqlite3_file* file, Args... args) {
  sqlite3_file* const inner = inner_of(file);
  return (inner->pMethods->*Method)(inner, args...);
}

int write(sqlite3_file* file, const void* data, int size, sqlite3_int64 offset) {
  if (const int code = due(); code != SQLITE_OK) return code;
  return inner_of(file)->pMethods->xWrite(inner_of(file), data, size, offset);
}
int truncate(sqlite3_file* file, sqlite3_int64 size) {
  if (const int code = due(); code != SQLITE_OK) return code;
  return inner_of(file)->pMethods->xTruncate(inner_of(file), size);
}
int sync(sqlite3_file* file, int flags) {
  if (const int code = due(); code != SQLITE_OK) return code == SQLITE_FULL ? SQLITE_IOERR_FSYNC : code;
  (void)file, (void)flags;  // nothing here cuts the power: not waiting for the disk lets the test try each step
  return SQLITE_OK;
}
void shm_barrier(sqlite3_file* file) { inner_of(file)->pMethods->xShmBarrier(inner_of(file)); }

using M = sqlite3_io_methods;
const sqlite3_io_methods kMethods{3,
                                  pass<&M::xClose>,
                                  pass<&M::xRead, void*, int, sqlite3_int64>,
                                  write,
                                  truncate,
                                  sync,
                                  pass<&M::xFileSize, sqlite3_int64*>,
                                  pass<&M::xLock, int>,
                                  pass<&M::xUnlock, int>,
                                  pass<&M::xCheckReservedLock, int*>,
                                  pass<&M::xFileControl, int, void*>,
                                  pass<&M::xSectorSize>,
                                  pass<&M::xDeviceCharacteristics>,
                                  pass<&M::xShmMap, int, int, int, void volatile**>,
                                  pass<&M::xShmLock, int, int, int>,
                                  shm_barrier,
                                  pass<&M::xShmUnmap, int>,
                                  pass<&M::xFetch, sqlite3_int64, int, void**>,
                                  pass<&M::xUnfetch, sqlite3_int64, void*>};

int open(sqlite3_vfs*, const char* name, sqlite3_file* file, int flags, int* out_flags) {
  auto* mine = reinterpret_cast<File*>(file);
  mine->base.pMethods = nullptr;
  mine->inner = reinterpret_cast<sqlite3_file*>(mine + 1);
  const int code = real->xOpen(real, name, mine->inner, flags, out_flags);
  if (code == SQLITE_OK) mine->base.pMethods = &kMethods;
  return code;
}

}  // namespace

VfsFaults& failing_vfs() {
  if (real == nullptr) {
    real = sqlite3_vfs_find(nullptr);
    shim = *real;
    shim.zName = "failing";
    shim.szOsFile = static_cast<int>(sizeof(File)) + real->szOsFile;
    shim.xOpen = open;
    sqlite3_vfs_register(&shim, 0);
  }
  faults.steps = faults.fail_at = faults.code = 0;
  faults.stays = false;
  return faults;
}

}  // namespace abate::store
