// Row and column reductions and their table per SIMD target.
#include "kernels/reduce.h"

#undef HWY_TARGET_INCLUDE
#define HWY_TARGET_INCLUDE "kernels/reduce.cpp"
#include <hwy/foreach_target.h>
//
#include "kernels/reduce_rows-inl.h"
#include "kernels/simd_dispatch.h"

HWY_BEFORE_NAMESPACE();
namespace heed::kernels {
namespace HWY_NAMESPACE {

// Sums over a row with any stride, gathered block by block: the same order as a contiguous one.
template <template <class> class Term, class T>
T sum_row(const T* x, int64_t stride, int64_t n) {
  if (stride == 1) return sum_terms<T>(n, Term<T>{x});
  T buffer[kSumBlock];
  double total = 0;
  T last = 0;
  for (int64_t start = 0; start < n; start += kSumBlock) {
    const int64_t count = std::min(kSumBlock, n - start);
    for (int64_t i = 0; i < count; ++i) buffer[i] = x[(start + i) * stride];
    last = sum_block<T>(0, count, Term<T>{buffer});
    total += static_cast<double>(last);
  }
  return n <= kSumBlock ? last : static_cast<T>(total);
}

template <class Better, class T>
T extreme_row(const T* x, int64_t stride, int64_t n, T start) {
  if (stride == 1) return extreme<Better>(x, n, start);
  constexpr int64_t kGather = 256;
  T buffer[kGather];
  T best = start;
  for (int64_t begin = 0; begin < n; begin += kGather) {
    const int64_t count = std::min(kGather, n - begin);
    for (int64_t i = 0; i < count; ++i) buffer[i] = x[(begin + i) * stride];
    best = extreme<Better>(buffer, count, best);
  }
  return best;
}
template <class T>
T max_row(const T* x, int64_t stride, int64_t n) {
  return extreme_row<Larger>(x, stride, n, -std::numeric_limits<T>::infinity());
}
template <class T>
T min_row(const T* x, int64_t stride, int64_t n) {
  return extreme_row<Smaller>(x, stride, n, std::numeric_limits<T>::infinity());
}

struct Plus {
  template <class V>
  HWY_INLINE V operator()(V sum, V x) const {
    return hn::Add(sum, x);
  }
};

// A vector of columns at a time, its running values in a register while it goes down the rows.
template <class Op, class T>
struct DownColumns {
  const T* x;
  int64_t row_stride, rows;
  T* out;
  template <class D>
  HWY_INLINE void operator()(D d, int64_t j, int64_t count) const {
    auto running = load_some(d, out + j, count);
    for (int64_t i = 0; i < rows; ++i) running = Op()(running, load_some(d, x + i * row_stride + j, count));
    store_some(d, running, out + j, count);
  }
};

// Row after row over a strip of columns that stays in the first-level cache: what is read is read in order.
template <class Op, class T>
struct AlongRow {
  const T* x;
  T* out;
  template <class D>
  HWY_INLINE void operator()(D d, int64_t j, int64_t count) const {
    store_some(d, Op()(load_some(d, out + j, count), load_some(d, x + j, count)), out + j, count);
  }
};

template <class Op, class T>
void reduce_columns(const T* x, int64_t row_stride, int64_t rows, int64_t columns, T* out) {
  constexpr int64_t kNarrow = 64, kStrip = 2048;
  if (columns <= kNarrow) return for_each_vector<T>(columns, DownColumns<Op, T>{x, row_stride, rows, out});
  for (int64_t j = 0; j < columns; j += kStrip) {
    const int64_t width = std::min(kStrip, columns - j);
    for (int64_t i = 0; i < rows; ++i) for_each_vector<T>(width, AlongRow<Op, T>{x + i * row_stride + j, out + j});
  }
}

template <class T>
constexpr ReduceKernels<T> reduce_kernels = {
    .sum = &sum_row<Values, T>,
    .sum_of_squares = &sum_row<Squares, T>,
    .max = &max_row<T>,
    .min = &min_row<T>,
    .sum_columns = &reduce_columns<Plus, T>,
    .max_columns = &reduce_columns<Larger, T>,
    .min_columns = &reduce_columns<Smaller, T>,
};

const FloatKernels<ReduceKernels>& reduce_table() {
  static constexpr FloatKernels<ReduceKernels> table{reduce_kernels<float>, reduce_kernels<double>};
  return table;
}

}  // namespace HWY_NAMESPACE
}  // namespace heed::kernels
HWY_AFTER_NAMESPACE();

#if HWY_ONCE
namespace heed::kernels {

HEED_SIMD_EXPORT(reduce_table);

const FloatKernels<ReduceKernels>& reduce() { return HEED_SIMD_SELECT(reduce_table)(); }

}  // namespace heed::kernels
#endif
