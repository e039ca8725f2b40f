// Multiply-adds: how much arithmetic a thread has started, a measure of cost that is the same on every machine.
#pragma once

#include <cstdint>

namespace heed {

/// The multiply-adds of matrix products, recurrences and fused attention that this thread has started so far, forward
/// and backward, whichever threads they ran on. What a mask, a length or causality hides counts as if it were visible;
/// elementwise operations do not count.
int64_t multiply_adds();

}  // namespace heed
