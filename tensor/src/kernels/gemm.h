// Matrix product C = A B or C += A B, float32 and float64, single-threaded on a block of C; blocked as in Goto and van
// de Geijn 2008 and BLIS (Van Zee and van de Geijn 2015).
#pragma once

#include <cstddef>
#include <cstdint>

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

// To split over threads: give each thread a range of rows (A and C start at its first row, m is its count) or a range
// of columns (B and C start at its first column), each with its own workspace; the bits stay the same. Rows when m is
// large, in multiples of gemm_row_tile where possible, columns in multiples of gemm_column_tile. Never split k.
template <class T>
int64_t gemm_row_tile();
template <class T>
int64_t gemm_column_tile();

// Bytes that gemm needs as workspace, aligned to 64; it is scratch, and bounded (about 4 MiB) whatever the sizes.
template <class T>
size_t gemm_workspace_bytes(int64_t m, int64_t n, int64_t k);

template <class T>
void gemm(const GemmProblem<T>& problem, void* workspace);

// Packing B (k, n) once for many products: `packed` has gemm_packed_b_bytes bytes, aligned to 64, and belongs to the
// SIMD target that was in force. gemm_packed then ignores problem.b and its strides. For the columns from j on, j a
// multiple of gemm_column_tile, pass packed + j * k elements and n - j.
template <class T>
size_t gemm_packed_b_bytes(int64_t n, int64_t k);
template <class T>
void gemm_pack_b(int64_t n, int64_t k, const T* b, int64_t b_row_stride, int64_t b_column_stride, T* packed);
template <class T>
void gemm_packed(const GemmProblem<T>& problem, const T* packed, void* workspace);

}  // namespace heed::kernels
