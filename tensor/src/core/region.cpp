// Each part is claimed by a bit, so that exactly one thread runs it.
#include "core/region.h"

#include <heed/tensor/detail/process.h>
#include <heed/tensor/scope.h>

#include "core/spin.h"
#include "core/workers.h"

namespace heed::detail {
namespace {
/// Added to the number of helpers while the caller sleeps.
constexpr int kAsleep = 1 << 20;
}  // namespace

Region::Region(int64_t begin, int64_t end, int64_t parts, RangeFunction run, void* body)
    : begin_(begin),
      total_(end - begin),
      parts_(parts),
      run_(run),
      body_(body),
      scope_(NameScope::current()),
      operation_(OperationScope::current()),
      caller_cpu_(current_processor()) {}

bool Region::claim(int64_t part) {
  std::atomic<uint64_t>& word = claimed_[static_cast<size_t>(part / 64)];
  const uint64_t bit = uint64_t{1} << (part % 64);
  return (word.load(std::memory_order_relaxed) & bit) == 0 &&
         (word.fetch_or(bit, std::memory_order_relaxed) & bit) == 0;
}

void Region::work(int64_t first) noexcept {
  const uint64_t process = process_number();
  for (int64_t i = 0; i < parts_; ++i) {
    const int64_t part = first + i < parts_ ? first + i : first + i - parts_;
    if (!claim(part)) {
      continue;
    }
    try {
      run_(body_, begin_ + total_ * part / parts_, begin_ + total_ * (part + 1) / parts_);
    } catch (...) {
      // In a child that the body forked, a thread that is not there may hold the lock.
      if (process_number() == process) {
        keep_error(part);
      }
    }
    if (process_number() != process) {
      return;  // the rest is the parent's
    }
  }
}

void Region::keep_error(int64_t part) {
  const std::lock_guard lock(mutex_);
  if (part < error_part_) {
    error_ = std::current_exception();
    error_part_ = part;
  }
}

void Region::remove_helper() noexcept {
  // While the caller is awake it may return, and the region end, as soon as the number is 0: nothing may follow. A
  // caller that sleeps stays until it is woken.
  if (helpers_.fetch_sub(1, std::memory_order_acq_rel) == kAsleep + 1) {
    const std::lock_guard lock(mutex_);
    is_done_ = true;
    done_.notify_one();
  }
}

void Region::wait_for_helpers() {
  if (spin_until([this] { return helpers_.load(std::memory_order_acquire) == 0; },
                 helper_cpu_.load(std::memory_order_relaxed))) {
    return;
  }
  std::unique_lock lock(mutex_);
  if (helpers_.fetch_add(kAsleep, std::memory_order_acq_rel) != 0) {
    done_.wait(lock, [this] { return is_done_; });
  }
}

void Region::rethrow() const {
  if (error_) {
    std::rethrow_exception(error_);
  }
}

}  // namespace heed::detail
