// SPDX-License-Identifier: Apache-2.0
// model/attribution_memory.h — a vector that asks the kernel for huge pages once it is large.
// Internal to model/attribution.
//
// A look-up in a large ledger touches three or four places of 150 MB at random. With pages of 4 KB each of them also
// misses the translation cache, which costs as much again; with 2 MB it does not (measured: up to twice as fast, most
// so in a virtual machine). A kernel that has no huge pages to give ignores the wish.
#pragma once

#include <cstddef>
#include <new>
#include <vector>

#include <sys/mman.h>

namespace abate::attribution {

template <class T>
struct HugePages {
  using value_type = T;
  static constexpr std::size_t kPageBytes = std::size_t{2} << 20U;
  static constexpr std::size_t kWorthBytes = 4 * kPageBytes;

  HugePages() = default;
  template <class Other>
  explicit(false) HugePages(const HugePages<Other>&) {}

  T* allocate(std::size_t count) {
    const std::size_t bytes = count * sizeof(T);
    if (bytes < kWorthBytes) return static_cast<T*>(::operator new(bytes));
    void* const memory = ::operator new(bytes, std::align_val_t{kPageBytes});
    madvise(memory, bytes, MADV_HUGEPAGE);
    return static_cast<T*>(memory);
  }
  void deallocate(T* memory, std::size_t count) {
    if (count * sizeof(T) < kWorthBytes) {
      ::operator delete(memory);
    } else {
      ::operator delete(memory, std::align_val_t{kPageBytes});
    }
  }
  friend bool operator==(const HugePages&, const HugePages&) { return true; }
};

template <class T>
using Vector = std::vector<T, HugePages<T>>;

}  // namespace abate::attribution
