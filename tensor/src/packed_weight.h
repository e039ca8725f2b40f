// PackedWeight: the right operand of a product that is repeated, packed once.
#pragma once

#include <heed/tensor/storage.h>
#include <heed/tensor/tensor.h>

#include "kernels/gemm.h"
#include "kernels/rnn.h"

namespace heed::detail {

template <class T>
class PackedWeight {
 public:
  /// B is (k, n), any strides.
  PackedWeight(int64_t k, int64_t n, const T* b, int64_t row_stride, int64_t column_stride)
      : k_(k), n_(n), packed_(Storage::allocate(static_cast<int64_t>(kernels::gemm_packed_b_bytes<T>(n, k)))) {
    if (k > 0 && n > 0) {
      kernels::gemm_pack_b(n, k, b, row_stride, column_stride, reinterpret_cast<T*>(packed_.data()));
    }
  }

  Storage workspace(int64_t rows) const {
    return Storage::allocate(static_cast<int64_t>(kernels::gemm_workspace_bytes<T>(rows, n_, k_)));
  }
  /// c (rows, n) += a (rows, k) B; the elements of a row lie side by side.
  void add_product(int64_t rows, kernels::Rows<const T> a, kernels::Rows<T> c, const Storage& workspace) const {
    multiply(rows, a, c, true, workspace);
  }
  /// c = a B
  void set_product(int64_t rows, kernels::Rows<const T> a, kernels::Rows<T> c, const Storage& workspace) const {
    multiply(rows, a, c, false, workspace);
  }

 private:
  void multiply(int64_t rows, kernels::Rows<const T> a, kernels::Rows<T> c, bool accumulate,
                const Storage& workspace) const {
    kernels::gemm_packed(kernels::GemmProblem<T>{.m = rows,
                                                 .n = n_,
                                                 .k = k_,
                                                 .a = a.data,
                                                 .a_row_stride = a.stride,
                                                 .a_column_stride = 1,
                                                 .b = nullptr,
                                                 .b_row_stride = 0,
                                                 .b_column_stride = 0,
                                                 .c = c.data,
                                                 .c_row_stride = c.stride,
                                                 .accumulate = accumulate},
                         reinterpret_cast<const T*>(packed_.data()), workspace.data());
  }

  int64_t k_, n_;
  Storage packed_;
};

/// B = Wᵀ, for gates = h Wᵀ.
template <class T>
PackedWeight<T> pack_transposed(const Tensor& w) {
  return PackedWeight<T>(w.shape()[1], w.shape()[0], w.data<T>(), w.strides()[1], w.strides()[0]);
}

/// B = W, for dh = d_gates W.
template <class T>
PackedWeight<T> pack(const Tensor& w) {
  return PackedWeight<T>(w.shape()[0], w.shape()[1], w.data<T>(), w.strides()[0], w.strides()[1]);
}

}  // namespace heed::detail
