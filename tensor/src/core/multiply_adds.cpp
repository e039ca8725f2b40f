// Multiply-adds: see multiply_adds.h.
#include "core/multiply_adds.h"

#include <heed/tensor/multiply_adds.h>

namespace heed {

namespace {

thread_local int64_t started = 0;

}  // namespace

int64_t multiply_adds() { return started; }

void detail::count_multiply_adds(int64_t count) { started += count; }

}  // namespace heed
