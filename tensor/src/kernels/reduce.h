// Reductions of float32 and float64 rows and columns in an order that depends on the reduced length alone (for one SIMD
// target): never on position, stride, neighbours or threads.
#pragma once

#include <cstdint>

#include "kernels/float_kernels.h"

namespace heed::kernels {

template <class T>
struct ReduceKernels {
  // Row reductions over x[i * stride], i < n. Sums of an empty row are 0, max is -inf, min is +inf. max and min give
  // NaN when any element is NaN. Order: blocks of 2048 elements; within a block four vectors of running sums, element i
  // going to place i mod (4 * lanes), folded pairwise; block sums are added in order, in float64. So zeros appended
  // change nothing.
  T (*sum)(const T* x, int64_t stride, int64_t n);
  T (*sum_of_squares)(const T* x, int64_t stride, int64_t n);
  T (*max)(const T* x, int64_t stride, int64_t n);
  T (*min)(const T* x, int64_t stride, int64_t n);

  // Column reductions of a (rows, columns) block into out (columns): out[j] = out[j] + x[0][j] + x[1][j] + ... in this
  // order. The caller fills out first and may split columns, never rows, over threads.
  void (*sum_columns)(const T* x, int64_t row_stride, int64_t rows, int64_t columns, T* out);
  void (*max_columns)(const T* x, int64_t row_stride, int64_t rows, int64_t columns, T* out);
  void (*min_columns)(const T* x, int64_t row_stride, int64_t rows, int64_t columns, T* out);
};

// The kernels of the target in force.
const FloatKernels<ReduceKernels>& reduce();

}  // namespace heed::kernels
