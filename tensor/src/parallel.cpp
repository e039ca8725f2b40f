// OpenMP behind parallel_for; nothing else in heed includes it.
#include <heed/tensor/parallel.h>

#include <omp.h>

#include <algorithm>
#include <atomic>
#include <cstdlib>
#include <exception>
#include <string>

#include <heed/tensor/error.h>

namespace heed {
namespace {

int initial_threads() {
  if (const char* wanted = std::getenv("HEED_NUM_THREADS"); wanted != nullptr) {
    const int count = std::atoi(wanted);
    check(count >= 1, "HEED_NUM_THREADS", "must be a whole number of at least 1, got '", wanted, "'");
    return count;
  }
  return std::max(1, omp_get_max_threads());
}

std::atomic<int>& thread_count() {
  static std::atomic<int> count = initial_threads();
  return count;
}

}  // namespace

int num_threads() { return thread_count().load(std::memory_order_relaxed); }

void set_num_threads(int count) {
  check(count >= 1, "set_num_threads", "needs at least 1 thread, got ", count);
  thread_count().store(count, std::memory_order_relaxed);
}

namespace detail {

void run_parallel(int64_t begin, int64_t end, int64_t grain, RangeFunction run, void* body) {
  const int64_t total = end - begin;
  const int64_t most = (total + std::max<int64_t>(grain, 1) - 1) / std::max<int64_t>(grain, 1);
  const int64_t parts = std::min<int64_t>(num_threads(), most);
  if (parts <= 1 || omp_in_parallel() != 0) {
    run(body, begin, end);
    return;
  }
  std::exception_ptr error;
  // The team may be smaller than asked for, so ranges are dealt out by number and not by thread.
#pragma omp parallel for schedule(static, 1) num_threads(static_cast <int>(parts))
  for (int64_t part = 0; part < parts; ++part) {
    try {
      run(body, begin + total * part / parts, begin + total * (part + 1) / parts);
    } catch (...) {
#pragma omp critical(heed_parallel_error)
      error = std::current_exception();
    }
  }
  if (error) {
    std::rethrow_exception(error);
  }
}

}  // namespace detail
}  // namespace heed
