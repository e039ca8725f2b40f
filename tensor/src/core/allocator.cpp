// Blocks of memory for tensors, with a bounded cache of freed blocks: a training step in steady state allocates nothing
// from the system. Sizes are rounded up to classes (a power of two and its three quarter steps). Each class has a list
// of free blocks, linked through the blocks themselves.
#include <algorithm>
#include <array>
#include <bit>
#include <cstdlib>
#include <limits>
#include <mutex>
#include <new>
#include <utility>

#include <heed/tensor/allocation_limit.h>
#include <heed/tensor/detail/process.h>
#include <heed/tensor/storage.h>

#include "core/memory_request.h"

namespace heed {
namespace {

using detail::Block;

constexpr int64_t kSmallestClass = 64;
constexpr int64_t kStepsPerDoubling = 4;
constexpr int64_t kClassCount = 4 * 44;
/// The most bytes in cached blocks; further freed blocks are returned to the system.
#if defined(__SANITIZE_ADDRESS__)
#define HEED_ADDRESS_SANITIZER 1
#elif defined(__has_feature)
#define HEED_ADDRESS_SANITIZER __has_feature(address_sanitizer)
#else
#define HEED_ADDRESS_SANITIZER 0
#endif
// Under the sanitizer nothing is cached, so that it sees the use of freed memory.
constexpr int64_t kCacheLimit = HEED_ADDRESS_SANITIZER ? 0 : int64_t{512} << 20;

struct SizeClass {
  int64_t index;
  int64_t bytes;
};

/// The smallest class that holds `bytes`: 64, 80, 96, 112, 128, 160, …
SizeClass class_of(int64_t bytes) {
  const uint64_t wanted = static_cast<uint64_t>(bytes < kSmallestClass ? kSmallestClass : bytes);
  const int doubling = std::bit_width(wanted) - 1;
  const int64_t base = int64_t{1} << doubling;
  const int64_t step = base / kStepsPerDoubling;
  const int64_t steps = (static_cast<int64_t>(wanted) - base + step - 1) / step;
  const int smallest = std::bit_width(static_cast<uint64_t>(kSmallestClass)) - 1;
  return {(doubling - smallest) * kStepsPerDoubling + steps, base + steps * step};
}

/// What the AllocationLimit of this thread has left.
thread_local int64_t bytes_left = std::numeric_limits<int64_t>::max();

struct FreeBlock {
  FreeBlock* next;
};

struct Cache {
  std::mutex mutex;
  std::array<FreeBlock*, kClassCount> free{};
  AllocatorStats stats;
};

/// Constant-initialised, and nothing destroys what it holds: tensors in static storage may be freed after any static
/// object of ours.
constinit Cache the_cache;
Cache& cache() { return the_cache; }

/// A child of fork() gets the lock free, and the lists whole, whatever other threads were doing.
const detail::ForkWatch forks_safely([] { the_cache.mutex.lock(); }, [] { the_cache.mutex.unlock(); },
                                     [] { the_cache.mutex.unlock(); });

void release_all(Cache& all) {
  for (FreeBlock*& head : all.free) {
    while (head != nullptr) {
      std::free(std::exchange(head, head->next));
    }
  }
  all.stats.bytes_cached = 0;
}

/// A block of `bytes` and its header; if the system has no memory left, tries again after emptying the cache.
/// Null where there is none then.
void* system_allocate(Cache& all, int64_t bytes) {
  const int64_t whole = (bytes + static_cast<int64_t>(sizeof(Block)) + 63) / 64 * 64;
  void* memory = std::aligned_alloc(alignof(Block), static_cast<size_t>(whole));
  if (memory == nullptr) {
    const std::lock_guard lock(all.mutex);
    release_all(all);
    memory = std::aligned_alloc(alignof(Block), static_cast<size_t>(whole));
    if (memory == nullptr) {
      all.stats.bytes_in_use -= bytes;
    }
  }
  return memory;
}

}  // namespace

namespace detail {

Block* allocate_block(int64_t bytes, const MemoryRequest* request) {
  if (bytes < 0 || bytes > (int64_t{1} << 46)) {
    refuse_memory(bytes, request);
  }
  if (bytes > bytes_left) {
    refuse_beyond_limit(bytes, bytes_left, request);
  }
  bytes_left -= bytes_left == std::numeric_limits<int64_t>::max() ? 0 : bytes;
  const SizeClass size = class_of(bytes);
  Cache& all = cache();
  void* memory = nullptr;
  {
    const std::lock_guard lock(all.mutex);
    FreeBlock*& head = all.free[static_cast<size_t>(size.index)];
    if (head != nullptr) {
      memory = std::exchange(head, head->next);
      all.stats.bytes_cached -= size.bytes;
    } else {
      ++all.stats.system_allocations;
    }
    all.stats.bytes_in_use += size.bytes;
    all.stats.peak_bytes_in_use = std::max(all.stats.peak_bytes_in_use, all.stats.bytes_in_use);
  }
  if (memory == nullptr) {
    memory = system_allocate(all, size.bytes);
    if (memory == nullptr) {
      refuse_memory(bytes, request);
    }
  }
  Block* block = new (memory) Block;
  block->data = reinterpret_cast<std::byte*>(block + 1);
  block->bytes = size.bytes;
  block->size_class = size.index;
  return block;
}

void free_block(Block* block) noexcept {
  if (block->give_back != nullptr) {
    block->give_back(block);
    return;
  }
  const int64_t bytes = block->bytes;
  const auto index = static_cast<size_t>(block->size_class);
  block->~Block();
  Cache& all = cache();
  {
    const std::lock_guard lock(all.mutex);
    all.stats.bytes_in_use -= bytes;
    if (all.stats.bytes_cached + bytes <= kCacheLimit) {
      all.free[index] = new (block) FreeBlock{all.free[index]};
      all.stats.bytes_cached += bytes;
      return;
    }
  }
  std::free(block);
}

}  // namespace detail

AllocationLimit::AllocationLimit(int64_t bytes) : outer_(bytes_left), bytes_(std::min(bytes, bytes_left)) {
  check(bytes >= 0, "AllocationLimit", "bytes must be at least 0, got ", bytes);
  bytes_left = bytes_;
}

AllocationLimit::~AllocationLimit() {
  const bool is_unlimited = outer_ == std::numeric_limits<int64_t>::max();
  bytes_left = is_unlimited ? outer_ : outer_ - (bytes_ - bytes_left);
}

AllocatorStats allocator_stats() {
  const std::lock_guard lock(cache().mutex);
  return cache().stats;
}

void reset_peak_bytes() {
  const std::lock_guard lock(cache().mutex);
  cache().stats.peak_bytes_in_use = cache().stats.bytes_in_use;
}

void release_cached_memory() {
  const std::lock_guard lock(cache().mutex);
  release_all(cache());
}

}  // namespace heed
