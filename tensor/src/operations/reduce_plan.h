// How a reduction walks its operand: along rows when the last axis is reduced, across rows (whole columns at a time)
// when it is kept. Which of the two, and with it the order of a sum, follows from the axes alone, never from strides.
#pragma once

#include <algorithm>
#include <cstdint>
#include <string_view>

#include <heed/tensor/create.h>

#include "operations/loops.h"

namespace heed::detail {

/// An operand (copied if its strides do not allow it as it is) whose neighbouring axes of one kind are one.
struct ReducePlan {
  Tensor x;
  Shape shape;              ///< of the result
  int64_t count = 1;        ///< elements behind each result
  bool by_rows = false;     ///< the last axis is reduced
  int64_t length = 1;       ///< of the last reduced group of axes
  int64_t stride = 0;       ///< within that group
  int64_t columns = 1;      ///< of the kept group behind it; 1 by rows
  Loop<1> kept{{}, {}};     ///< the other kept axes
  Loop<1> reduced{{}, {}};  ///< the other reduced axes
};

/// Throws IndexError for axes that do not exist or come twice.
ReducePlan plan_reduction(const Tensor& x, const Dims& dims, bool keepdim, std::string_view op);

/// Columns that are reduced together.
inline constexpr int64_t kColumnTile = 256;

/// Runs `op` over the plan into a new tensor. An Op has a type Sum (what is accumulated) and the members
/// `Sum start`, `Sum row(x, stride, n)`, `columns(x, row_stride, rows, columns, Sum* sums)` (adds to sums),
/// `Sum join(Sum, Sum)` and `Out finish(Sum)`.
template <class T, class Out, class Op>
Tensor run_reduction(const ReducePlan& plan, const Op& op) {
  using Sum = typename Op::Sum;
  Tensor result = empty(plan.shape, dtype_of<Out>);
  Out* out = result.mutable_data<Out>();
  const T* x = plan.x.data<T>();
  const int64_t tiles = (plan.columns + kColumnTile - 1) / kColumnTile;
  const auto reduce_tile = [&](const T* from, Out* to, int64_t columns) {
    Sum sums[kColumnTile];
    std::fill_n(sums, columns, op.start);
    plan.reduced.run(0, plan.reduced.numel(), [&](const Loop<1>::Offsets& at, int64_t n) {
      for (int64_t i = 0; i < n; ++i) {
        const T* block = from + at[0] + i * plan.reduced.stride(0);
        if (plan.by_rows) {
          sums[0] = op.join(sums[0], op.row(block, plan.stride, plan.length));
        } else {
          op.columns(block, plan.stride, plan.length, columns, sums);
        }
      }
    });
    std::transform(sums, sums + columns, to, [&](Sum sum) { return op.finish(sum); });
  };
  const int64_t tile_cost = std::max<int64_t>(1, plan.count * std::min(plan.columns, kColumnTile));
  parallel_for(0, plan.kept.numel() * tiles, kCheapGrain / tile_cost + 1, [&](int64_t begin, int64_t end) {
    int64_t item = begin;
    plan.kept.run(begin / tiles, (end - 1) / tiles + 1, [&](const Loop<1>::Offsets& at, int64_t n) {
      const int64_t first = item / tiles;
      for (const int64_t stop = std::min(end, (first + n) * tiles); item < stop; ++item) {
        const int64_t index = item / tiles;
        const int64_t column = (item % tiles) * kColumnTile;
        reduce_tile(x + at[0] + (index - first) * plan.kept.stride(0) + column, out + index * plan.columns + column,
                    std::min(kColumnTile, plan.columns - column));
      }
    });
  });
  return result;
}

}  // namespace heed::detail
