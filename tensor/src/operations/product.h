// Batches of matrix products over threads, on top of the single-threaded kernel.
#pragma once

#include "kernels/gemm.h"
#include "operations/loops.h"

namespace heed::detail {

/// One product for each index of a batch; matrix i starts where `batch` says: at offsets of c, a and b.
template <class T>
struct BatchedProduct {
  kernels::GemmProblem<T> matrix;  ///< the sizes and strides of all, the pointers of the first
  Loop<3> batch;
};

/// The rows or columns of each matrix, or the matrices, go to threads; k is never split, so the bits are the same.
template <class T>
void run_products(const BatchedProduct<T>& product);

/// One product.
template <class T>
void run_product(const kernels::GemmProblem<T>& matrix) {
  run_products(BatchedProduct<T>{matrix, Loop<3>({}, {})});
}

extern template void run_products(const BatchedProduct<float>&);
extern template void run_products(const BatchedProduct<double>&);

}  // namespace heed::detail
