// Storage: a reference-counted block of memory that tensors share, with the version that tells whether it was written.
// The memory is heed's own, or borrowed from somebody else (blob.h).
#pragma once

#include <atomic>
#include <cstddef>
#include <cstdint>
#include <utility>

namespace heed {

namespace detail {
/// Sits in front of the data, in the same allocation; the data that follow are 64-byte aligned. Borrowed memory stands
/// elsewhere and is aligned to its elements only.
struct alignas(64) Block {
  std::atomic<int64_t> references{1};
  std::atomic<uint64_t> version{0};
  std::byte* data = nullptr;
  int64_t bytes = 0;
  int64_t size_class = 0;                        ///< of the allocator's own
  void (*give_back)(Block*) noexcept = nullptr;  ///< of borrowed memory: frees the block too
  bool read_only = false;
};
struct MemoryRequest;
/// `request` is for the message where there is no memory.
Block* allocate_block(int64_t bytes, const MemoryRequest* request = nullptr);
void free_block(Block* block) noexcept;
[[noreturn]] void refuse_write();
}  // namespace detail

/// A handle to a block. Copies share the memory; the last one frees it.
class Storage {
 public:
  Storage() = default;
  /// A new block of at least `bytes`, uninitialised. Throws Error where there is no memory, AllocationError.
  static Storage allocate(int64_t bytes) { return Storage(detail::allocate_block(bytes)); }
  /// Takes over a block and the reference to it that its maker has.
  explicit Storage(detail::Block* block) noexcept : block_(block) {}
  Storage(const Storage& other) noexcept : block_(other.block_) {
    if (block_ != nullptr) {
      block_->references.fetch_add(1, std::memory_order_relaxed);
    }
  }
  Storage(Storage&& other) noexcept : block_(std::exchange(other.block_, nullptr)) {}
  Storage& operator=(Storage other) noexcept {
    std::swap(block_, other.block_);
    return *this;
  }
  ~Storage() {
    if (block_ != nullptr && block_->references.fetch_sub(1, std::memory_order_acq_rel) == 1) {
      detail::free_block(block_);
    }
  }

  explicit operator bool() const { return block_ != nullptr; }
  std::byte* data() const { return block_->data; }
  int64_t bytes() const { return block_ == nullptr ? 0 : block_->bytes; }
  /// Whether nobody else sees the memory: false when it is borrowed, since its owner does.
  bool unique() const {
    return block_ != nullptr && !borrowed() && block_->references.load(std::memory_order_acquire) == 1;
  }
  bool borrowed() const { return block_ != nullptr && block_->give_back != nullptr; }
  bool read_only() const { return block_ != nullptr && block_->read_only; }
  bool same_as(const Storage& other) const { return block_ == other.block_; }

  /// How many times the memory was opened for writing. bump_version() opens it; throws ValueError if it is read-only.
  uint64_t version() const { return block_ == nullptr ? 0 : block_->version.load(std::memory_order_relaxed); }
  void bump_version() const {
    if (block_->read_only) [[unlikely]] {
      detail::refuse_write();
    }
    block_->version.fetch_add(1, std::memory_order_relaxed);
  }

 private:
  detail::Block* block_ = nullptr;
};

/// Statistics of the allocator and its cache of freed blocks; see allocator.cpp. Borrowed memory does not count.
struct AllocatorStats {
  int64_t bytes_in_use = 0;        ///< in blocks that tensors hold
  int64_t peak_bytes_in_use = 0;   ///< since the last reset_peak_bytes()
  int64_t bytes_cached = 0;        ///< in freed blocks kept for reuse
  int64_t system_allocations = 0;  ///< blocks requested from the system since the start
};
AllocatorStats allocator_stats();
void reset_peak_bytes();
/// Returns all cached blocks to the system.
void release_cached_memory();

}  // namespace heed
