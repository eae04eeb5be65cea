// SPDX-License-Identifier: Apache-2.0
#include "targets.h"

extern "C" int LLVMFuzzerTestOneInput(const unsigned char* data, std::size_t size) {
  abate::fuzz::members({reinterpret_cast<const char*>(data), size});
  return 0;
}
