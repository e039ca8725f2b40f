// The writing side of multiply_adds(), for operations that multiply.
#pragma once

#include <cstdint>

namespace heed::detail {

/// Adds to multiply_adds() of this thread: an operation calls it once, where it starts.
void count_multiply_adds(int64_t count);

}  // namespace heed::detail
