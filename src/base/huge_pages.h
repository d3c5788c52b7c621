// HugePages: an allocator for large tables that are read at random. Such reads cost a walk through the page tables on top of
// the cache miss when the table stands in pages of 4 KiB, on a virtual machine twice over; in pages of 2 MiB they do not.
//
// Small allocations are ordinary ones. The kernel's huge pages are asked for and not needed.
//
// Threads: any. Errors: std::bad_alloc, as of every container.
#pragma once

#include <sys/mman.h>

#include <cstddef>
#include <new>
#include <vector>

namespace zan {

template <typename T>
struct HugePages {
  using value_type = T;
  static constexpr std::size_t page_bytes = std::size_t{2} << 20;

  HugePages() = default;
  template <typename U>
  HugePages(const HugePages<U>&) {}

  static bool large(std::size_t count) { return count * sizeof(T) >= page_bytes; }

  T* allocate(std::size_t count) {
    if (!large(count)) return static_cast<T*>(::operator new(count * sizeof(T), std::align_val_t{alignof(T)}));
    T* place = static_cast<T*>(::operator new(count * sizeof(T), std::align_val_t{page_bytes}));
    ::madvise(place, count * sizeof(T), MADV_HUGEPAGE);  // advice: fine if it is not taken
    return place;
  }
  void deallocate(T* place, std::size_t count) {
    ::operator delete(place, std::align_val_t{large(count) ? page_bytes : alignof(T)});
  }

  friend bool operator==(const HugePages&, const HugePages&) { return true; }
};

template <typename T>
using HugeVector = std::vector<T, HugePages<T>>;

}  // namespace zan
