// Work side by side: see side_by_side.h.
#include "run/side_by_side.h"

#include <algorithm>
#include <atomic>
#include <exception>
#include <mutex>
#include <system_error>
#include <thread>
#include <vector>

#include <heed/tensor/parallel.h>

#include "system/interrupt.h"

namespace remember {

size_t made_at_once(size_t count, int64_t jobs) {
  return std::min(count, static_cast<size_t>(jobs > 0 ? jobs : heed::num_threads()));
}

void make_side_by_side(size_t count, int64_t jobs, const std::function<void(size_t)>& work) {
  const int threads = heed::num_threads();
  const size_t workers = made_at_once(count, jobs);
  heed::set_num_threads(std::max(1, threads / static_cast<int>(std::max<size_t>(1, workers))));
  std::atomic<size_t> next = 0;
  std::mutex mutex;
  std::exception_ptr error;
  const auto worker = [&] {
    try {
      for (size_t i = next++; i < count; i = next++) {
        work(i);
      }
    } catch (...) {
      const std::lock_guard lock(mutex);
      error = error ? error : std::current_exception();
      next = count;
      interrupt();
    }
  };
  std::vector<std::thread> others;
  others.reserve(workers);
  try {
    while (others.size() < workers) {
      others.emplace_back(worker);
    }
  } catch (const std::system_error&) {  // there are no more threads: those that there are do all of it
  }
  if (others.empty()) {
    worker();
  }
  for (std::thread& other : others) {
    other.join();
  }
  heed::set_num_threads(threads);
  if (error) {
    std::rethrow_exception(error);
  }
}

}  // namespace remember
