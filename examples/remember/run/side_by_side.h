// Independent pieces of work at the same time.
#pragma once

#include <cstddef>
#include <functional>

namespace remember {

/// How many of `count` pieces are made at once.
size_t made_at_once(size_t count);

/// Calls work(0) … work(count - 1), as many at once as there are threads (heed::num_threads()), which they share out
/// among them. When one throws, the others are interrupted (interrupt.h), and what it threw is thrown here.
void make_side_by_side(size_t count, const std::function<void(size_t)>& work);

}  // namespace remember
