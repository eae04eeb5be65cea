// SPDX-License-Identifier: Apache-2.0
#include "targets.h"

// libarchive asks for as much as a header says. The limit of memory refuses (sweep/host/archives/memory_limit.h), and
// then malloc gives nothing, as it does without a sanitizer.
extern "C" const char* __asan_default_options() { return "allocator_may_return_null=1"; }

extern "C" int LLVMFuzzerTestOneInput(const unsigned char* data, std::size_t size) {
  abate::fuzz::members({reinterpret_cast<const char*>(data), size});
  return 0;
}
