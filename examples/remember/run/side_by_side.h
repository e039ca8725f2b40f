// Independent jobs at the same time.
#pragma once

#include <cstddef>
#include <cstdint>
#include <functional>

namespace remember {

/// Number of jobs out of `count` that run at once: `jobs`, or if that is 0 as many as there are threads
/// (heed::num_threads()), which is faster than many threads for one small model.
size_t made_at_once(size_t count, int64_t jobs);

/// Calls work(0) … work(count - 1), made_at_once() of them at once; each gets its share of the threads. If one throws,
/// the others are interrupted (interrupt.h) and the exception is thrown on.
void make_side_by_side(size_t count, int64_t jobs, const std::function<void(size_t)>& work);

}  // namespace remember
