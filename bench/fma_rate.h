// The machine's multiply-add rate, as measured: the yardstick of the matrix products.
#pragma once

namespace heed::bench {

// float32 operations a second of one thread on the SIMD target in force, a multiply-add counting as two: the best of
// many runs of independent chains that stay in registers.
double fma_rate();

}  // namespace heed::bench
