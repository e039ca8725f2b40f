// PackedWeight: the right operand of a product that is repeated, packed once. TwoChainWeight: with sums in two chains.
#pragma once

#include <heed/tensor/parallel.h>
#include <heed/tensor/storage.h>
#include <heed/tensor/tensor.h>

#include <algorithm>

#include "kernels/gemm.h"
#include "kernels/rnn.h"

namespace heed::detail {

template <class T>
class PackedWeight {
 public:
  /// B is (k, n), any strides; the elements of a row of the left operand lie `a_stride` apart.
  PackedWeight(int64_t k, int64_t n, const T* b, int64_t row_stride, int64_t column_stride, int64_t a_stride = 1)
      : k_(k),
        n_(n),
        a_stride_(a_stride),
        packed_(Storage::allocate(static_cast<int64_t>(kernels::gemm().get<T>().packed_bytes(n, k)))) {
    if (k == 0) return;
    const int64_t panel = kernels::gemm().get<T>().column_tile;
    T* packed = reinterpret_cast<T*>(packed_.data());
    parallel_for(0, (n + panel - 1) / panel, kGrain / (panel * k) + 1, [&](int64_t begin, int64_t end) {
      const int64_t j = begin * panel;
      kernels::gemm().get<T>().pack_b(std::min(n, end * panel) - j, k, b + j * column_stride, row_stride, column_stride,
                                      packed + j * k);
    });
  }

  Storage workspace(int64_t rows) const {
    return Storage::allocate(static_cast<int64_t>(kernels::gemm().get<T>().workspace_bytes(rows, n_, k_)));
  }
  /// c (rows, n) += a (rows, k) B; the elements of a row of c lie side by side.
  void add_product(int64_t rows, kernels::Rows<const T> a, kernels::Rows<T> c, const Storage& workspace) const {
    multiply(rows, a, c, true, workspace);
  }
  /// c = a B
  void set_product(int64_t rows, kernels::Rows<const T> a, kernels::Rows<T> c, const Storage& workspace) const {
    multiply(rows, a, c, false, workspace);
  }

 private:
  /// Elements that a thread packs at least.
  static constexpr int64_t kGrain = 16384;

  void multiply(int64_t rows, kernels::Rows<const T> a, kernels::Rows<T> c, bool accumulate,
                const Storage& workspace) const {
    kernels::gemm().get<T>().multiply_packed(kernels::GemmProblem<T>{.m = rows,
                                                                     .n = n_,
                                                                     .k = k_,
                                                                     .a = a.data,
                                                                     .a_row_stride = a.stride,
                                                                     .a_column_stride = a_stride_,
                                                                     .b = nullptr,
                                                                     .b_row_stride = 0,
                                                                     .b_column_stride = 0,
                                                                     .c = c.data,
                                                                     .c_row_stride = c.stride,
                                                                     .accumulate = accumulate},
                                             reinterpret_cast<const T*>(packed_.data()), workspace.data());
  }

  int64_t k_, n_, a_stride_;
  Storage packed_;
};

/// Each sum over k is two chains, of the terms at even and at odd places, added to each other. Long chains round less
/// so, and it is the order in which OpenBLAS multiplies a few rows, PyTorch's steps of a batch: docs/numerics.md.
template <class T>
class TwoChainWeight {
 public:
  TwoChainWeight(int64_t k, int64_t n, const T* b, int64_t row_stride, int64_t column_stride)
      : even_((k + 1) / 2, n, b, 2 * row_stride, column_stride, 2),
        odd_(k / 2, n, b + row_stride, 2 * row_stride, column_stride, 2) {}

  Storage workspace(int64_t rows) const { return even_.workspace(rows); }
  /// c (rows, n) = a (rows, k) B; the elements of a row lie side by side.
  void set_product(int64_t rows, kernels::Rows<const T> a, kernels::Rows<T> c, const Storage& workspace) const {
    even_.set_product(rows, a, c, workspace);
    odd_.add_product(rows, {a.data + 1, a.stride}, c, workspace);
  }

 private:
  PackedWeight<T> even_, odd_;
};

/// B = Wᵀ, for gates = h Wᵀ.
template <class T, class Weight = PackedWeight<T>>
Weight pack_transposed(const Tensor& w) {
  return Weight(w.shape()[1], w.shape()[0], w.data<T>(), w.strides()[1], w.strides()[0]);
}

/// B = W, for dh = d_gates W.
template <class T, class Weight = PackedWeight<T>>
Weight pack(const Tensor& w) {
  return Weight(w.shape()[0], w.shape()[1], w.data<T>(), w.strides()[0], w.strides()[1]);
}

}  // namespace heed::detail
