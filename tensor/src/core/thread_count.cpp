// How many threads parallel_for may use.
#include <heed/tensor/parallel.h>

#include <algorithm>
#include <atomic>
#include <charconv>
#include <cstdlib>
#include <optional>
#include <string_view>

#include <heed/tensor/error.h>

#include "core/available_cpus.h"

namespace heed {
namespace {

constexpr int kMostThreads = 1024;

/// The first number of OpenMP's list, one for each level of nesting; nothing where it is no such list, which OpenMP
/// passes over too.
std::optional<int> openmp_threads() {
  const char* const wanted = std::getenv("OMP_NUM_THREADS");
  if (wanted == nullptr) {
    return std::nullopt;
  }
  std::string_view text = wanted;
  constexpr std::string_view kBlank = " \t\n\v\f\r";
  text.remove_prefix(std::min(text.find_first_not_of(kBlank), text.size()));
  int count = 0;
  const auto [end, fault] = std::from_chars(text.data(), text.data() + text.size(), count);
  text.remove_prefix(static_cast<size_t>(end - text.data()));
  text.remove_prefix(std::min(text.find_first_not_of(kBlank), text.size()));
  const bool is_number = fault == std::errc() && count >= 1 && (text.empty() || text.front() == ',');
  return is_number ? std::optional(std::min(count, kMostThreads)) : std::nullopt;
}

int initial_threads() {
  if (const char* wanted = std::getenv("HEED_NUM_THREADS"); wanted != nullptr) {
    const std::string_view text = wanted;
    int count = 0;
    const auto [end, fault] = std::from_chars(text.data(), text.data() + text.size(), count);
    check(fault == std::errc() && end == text.data() + text.size() && count >= 1 && count <= kMostThreads,
          "HEED_NUM_THREADS", "must be a whole number from 1 to ", kMostThreads, ", got '", text, "'");
    return count;
  }
  return openmp_threads().value_or(std::min(detail::available_cpus(), kMostThreads));
}

/// 0 before its first use. No static with a guard: fork() could leave a half-made one behind in the child.
constinit std::atomic<int> thread_count = 0;

}  // namespace

int num_threads() {
  int count = thread_count.load(std::memory_order_relaxed);
  if (count == 0) {
    const int initial = initial_threads();
    // Another thread may have set it meanwhile.
    if (thread_count.compare_exchange_strong(count, initial, std::memory_order_relaxed)) {
      count = initial;
    }
  }
  return count;
}

void set_num_threads(int count) {
  check(count >= 1 && count <= kMostThreads, "set_num_threads", "needs 1 to ", kMostThreads, " threads, got ", count);
  thread_count.store(count, std::memory_order_relaxed);
}

}  // namespace heed
