// Independent jobs at the same time.
#pragma once

#include <cstddef>
#include <functional>

namespace remember {

/// Number of jobs out of `count` that run at once.
size_t made_at_once(size_t count);

/// Calls work(0) … work(count - 1), as many at once as there are threads (heed::num_threads()); each gets its share of
/// the threads. If one throws, the others are interrupted (interrupt.h) and the exception is thrown on.
void make_side_by_side(size_t count, const std::function<void(size_t)>& work);

}  // namespace remember
