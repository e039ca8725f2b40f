// Region: one call of parallel_for, whose parts are run by the caller and by helpers.
#pragma once

#include <array>
#include <atomic>
#include <condition_variable>
#include <cstdint>
#include <exception>
#include <mutex>
#include <string>

#include <heed/tensor/detail/operation_scope.h>
#include <heed/tensor/parallel.h>

namespace heed::detail {

/// The range of a part depends on sizes and thread count only. It does not matter which thread runs a part: a thread
/// that has finished its own takes over parts that no thread has started. So the caller never waits for a helper that
/// is not running.
class Region {
 public:
  static constexpr int64_t kMostParts = 1024;

  /// 2 ≤ parts ≤ kMostParts.
  Region(int64_t begin, int64_t end, int64_t parts, RangeFunction run, void* body);
  Region(const Region&) = delete;
  Region& operator=(const Region&) = delete;

  int64_t parts() const { return parts_; }
  /// The caller's scope and operation, which messages of a helper's errors begin with too.
  const std::string& scope() const { return scope_; }
  const OperationScope::Called& operation() const { return operation_; }
  /// The processor that the caller was on when it began.
  int caller_cpu() const { return caller_cpu_; }

  /// Runs the parts that no thread has started, in order from number `first` on. Keeps what a body throws.
  void work(int64_t first) noexcept;

  /// A helper has come, on that processor.
  void arrive(int cpu) { helper_cpu_.store(cpu, std::memory_order_relaxed); }
  /// Helpers that may still look at this region. A helper's call of remove_helper() is the last thing it does with it.
  void add_helper() { helpers_.fetch_add(1, std::memory_order_relaxed); }
  void remove_helper() noexcept;
  /// Returns when there are none.
  void wait_for_helpers();

  /// Throws what the body threw, the part with the lowest number first.
  void rethrow() const;

 private:
  bool claim(int64_t part);
  void keep_error(int64_t part);

  const int64_t begin_, total_, parts_;
  const RangeFunction run_;
  void* const body_;
  const std::string& scope_;
  const OperationScope::Called operation_;
  const int caller_cpu_;
  std::atomic<int> helper_cpu_{-1};  ///< of the last one that came
  std::array<std::atomic<uint64_t>, kMostParts / 64> claimed_{};
  std::atomic<int> helpers_{0};
  std::mutex mutex_;
  std::condition_variable done_;
  bool is_done_ = false;
  std::exception_ptr error_;
  int64_t error_part_ = kMostParts;
};

}  // namespace heed::detail
