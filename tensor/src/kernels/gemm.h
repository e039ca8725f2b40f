// Matrix product C = A B or C += A B, float32 and float64, single-threaded on a block of C; blocked as in Goto and van
// de Geijn 2008 and BLIS (Van Zee and van de Geijn 2015).
#pragma once

#include <cstddef>
#include <cstdint>

#include "kernels/float_kernels.h"

namespace heed::kernels {

// C is (m, n) with unit column stride; A (m, k) and B (k, n) have any strides, 0 included (so a transposed operand is
// the same pointer with its strides exchanged). C must not overlap A or B.
//
// Contract: the terms of an element are cut into blocks of 256, and the element is ((c + s1) + s2) + ..., where s_b is
// a chain of multiply-adds over block b's terms in order, starting from 0, and c, the element or its bias, is there
// only when accumulating or with a bias. This does not depend on m, n, strides, position, how the work is split, or
// whether B was packed before; nor on terms of zero appended to the sum, such as padding.
template <class T>
struct GemmProblem {
  int64_t m = 0, n = 0, k = 0;
  const T* a = nullptr;
  int64_t a_row_stride = 0, a_column_stride = 0;
  const T* b = nullptr;
  int64_t b_row_stride = 0, b_column_stride = 0;
  T* c = nullptr;
  int64_t c_row_stride = 0;
  bool accumulate = false;
  const T* bias = nullptr;  // (n), unit stride: what each row of C starts from, when not accumulating
};

template <class T>
struct GemmKernels {
  // To split over threads: give each thread a range of rows (A and C start at its first row, m is its count) or a range
  // of columns (B and C start at its first column), each with its own workspace; the bits stay the same. Rows when m is
  // large, in multiples of row_tile where possible, columns in multiples of column_tile. Never split k.
  int64_t row_tile, column_tile;
  // Bytes that products need as workspace, aligned to 64; it is scratch, and bounded (about 4 MiB) whatever the sizes.
  size_t (*workspace_bytes)(int64_t m, int64_t n, int64_t k);
  void (*multiply)(const GemmProblem<T>& problem, void* workspace);

  // Packing B (k, n) once for many products: `packed` has packed_bytes bytes, aligned to 64, and belongs to the SIMD
  // target that was in force. multiply_packed then ignores problem.b and its strides. For the columns from j on, j a
  // multiple of column_tile, pass packed + j * k elements and n - j.
  size_t (*packed_bytes)(int64_t n, int64_t k);
  void (*pack_b)(int64_t n, int64_t k, const T* b, int64_t b_row_stride, int64_t b_column_stride, T* packed);
  void (*multiply_packed)(const GemmProblem<T>& problem, const T* packed, void* workspace);
};

// The kernels of the target in force.
const FloatKernels<GemmKernels>& gemm();

}  // namespace heed::kernels
