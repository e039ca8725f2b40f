// Additive attention of one query over one memory, forward and backward, and the sums of rows that any attention takes.
// Bahdanau, Cho, Bengio 2015, appendix A.1.2.
#pragma once

#include <cstdint>

#include "kernels/float_kernels.h"

namespace heed::kernels {

// The rows of one memory: (S, N) with unit column stride. Hidden rows are neither read nor written; mask is nullptr or
// S bools, true = hidden.
struct MemoryShape {
  int64_t positions = 0;  // S
  int64_t size = 0;       // N
  const bool* mask = nullptr;
};

// A sum over positions goes from the first to the last visible one, whatever else there is; a sum over a row's elements
// depends on the row's size alone.
template <class T>
struct AdditiveKernels {
  // scores[s] = sum over a of direction[a] tanh(query[a] + keys[s, a]); 0 where hidden.
  void (*scores)(const MemoryShape& shape, const T* query, const T* keys, const T* direction, T* scores);
  // d_query = its gradient; d_keys and d_direction get theirs added. tanh is computed anew.
  void (*scores_backward)(const MemoryShape& shape, const T* query, const T* keys, const T* direction,
                          const T* d_scores, T* d_query, T* d_keys, T* d_direction);
  // y[n] = sum over s of weights[s] memory[s, n]
  void (*weighted_sum)(const MemoryShape& shape, const T* weights, const T* memory, T* y);
  // products[s] += sum over n of x[n] memory[s, n]; hidden ones are left alone.
  void (*add_products)(const MemoryShape& shape, const T* x, const T* memory, T* products);
};

// The kernels of the target in force.
const FloatKernels<AdditiveKernels>& additive();

}  // namespace heed::kernels
