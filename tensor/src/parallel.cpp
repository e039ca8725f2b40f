// OpenMP behind parallel_for; nothing else in heed includes it.
#include <heed/tensor/parallel.h>

#include <omp.h>

#include <algorithm>
#include <atomic>
#include <charconv>
#include <cstdlib>
#include <exception>
#include <string_view>

#include <heed/tensor/error.h>

namespace heed {
namespace {

constexpr int kMostThreads = 1024;

int initial_threads() {
  if (const char* wanted = std::getenv("HEED_NUM_THREADS"); wanted != nullptr) {
    const std::string_view text = wanted;
    int count = 0;
    const auto [end, fault] = std::from_chars(text.data(), text.data() + text.size(), count);
    check(fault == std::errc() && end == text.data() + text.size() && count >= 1 && count <= kMostThreads,
          "HEED_NUM_THREADS", "must be a whole number from 1 to ", kMostThreads, ", got '", text, "'");
    return count;
  }
  return std::clamp(omp_get_max_threads(), 1, kMostThreads);
}

std::atomic<int>& thread_count() {
  static std::atomic<int> count = initial_threads();
  return count;
}

}  // namespace

int num_threads() { return thread_count().load(std::memory_order_relaxed); }

void set_num_threads(int count) {
  check(count >= 1 && count <= kMostThreads, "set_num_threads", "needs 1 to ", kMostThreads, " threads, got ", count);
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
