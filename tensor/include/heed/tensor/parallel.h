// parallel_for: the one way heed uses threads. Static partition of a range of independent work.
#pragma once

#include <cstdint>
#include <type_traits>

namespace heed {

/// Threads that parallel_for may use: HEED_NUM_THREADS, else OMP_NUM_THREADS, else the processors that this process may
/// use by its affinity mask and its control group's quota. Throws ValueError at its first use when HEED_NUM_THREADS is
/// no such number.
int num_threads();
/// Throws ValueError unless 1 ≤ count ≤ 1024.
void set_num_threads(int count);

namespace detail {
using RangeFunction = void (*)(void* body, int64_t begin, int64_t end);
void run_parallel(int64_t begin, int64_t end, int64_t grain, RangeFunction run, void* body);
}  // namespace detail

/// Calls body(b, e) on disjoint ranges that cover [begin, end), each of at least `grain` elements (the last may be
/// smaller), at once on up to num_threads() threads. Inside another parallel_for it runs on the calling thread.
/// What the ranges are depends on sizes and thread count only; results must not depend on them, so never split the axis
/// of a reduction. Which thread runs a range is open: the caller takes over those that no other thread has begun.
/// An exception of a body reaches the caller, that of the first range before others, after all ranges have ended.
/// Several threads may call it at the same time, also in a process that fork() made while others were computing: it
/// has threads of its own there. A process forked inside `body` can compute, but must end there: where it leaves the
/// range, Error is thrown; on a thread that is not the caller's, the process ends, with status 0.
template <class Body>
void parallel_for(int64_t begin, int64_t end, int64_t grain, Body&& body) {
  if (end - begin <= grain) {
    if (begin < end) {
      body(begin, end);
    }
    return;
  }
  using Function = std::remove_reference_t<Body>;
  detail::run_parallel(
      begin, end, grain, [](void* opaque, int64_t b, int64_t e) { (*static_cast<Function*>(opaque))(b, e); },
      const_cast<std::remove_const_t<Function>*>(&body));
}

}  // namespace heed
