// Strided iteration: several operands walk one shape together; axes that lie behind each other in all of them are
// joined, so that a row is as long as it can be, and only the start of each row costs address arithmetic.
#pragma once

#include <algorithm>
#include <array>
#include <cstdint>

#include <heed/tensor/parallel.h>
#include <heed/tensor/tensor.h>

namespace heed::detail {

/// The least elements per thread: for an addition, for an exponential, for a power.
inline constexpr int64_t kCheapGrain = 32768;
inline constexpr int64_t kCostlyGrain = 8192;
inline constexpr int64_t kVeryCostlyGrain = 2048;

/// The strides of x seen under `shape`, to which it broadcasts: 0 along axes that repeat.
inline Strides broadcast_strides(const Tensor& x, const Shape& shape) {
  Strides strides = Shape::filled(shape.rank(), 0);
  const int64_t lead = shape.rank() - x.rank();
  for (int64_t i = 0; i < x.rank(); ++i) {
    strides[lead + i] = x.shape()[i] == 1 ? 0 : x.strides()[i];
  }
  return strides;
}

inline Strides zero_strides(const Shape& shape) { return Shape::filled(shape.rank(), 0); }

/// N operands, each with strides (counted in elements) for one shared shape.
template <size_t N>
class Loop {
 public:
  using Offsets = std::array<int64_t, N>;

  Loop(const Shape& shape, const std::array<Strides, N>& strides) {
    for (int64_t axis = shape.rank() - 1; axis >= 0; --axis) {
      numel_ *= shape[axis];
      if (shape[axis] != 1) {
        append(shape[axis], axis, strides);
      }
    }
    if (rank_ == 0) {
      rank_ = 1;
      sizes_[0] = 1;
      strides_[0].fill(1);
    }
  }

  int64_t numel() const { return numel_; }
  /// The stride of an operand within a row.
  int64_t stride(size_t operand) const { return strides_[0][operand]; }

  /// Calls row(offsets, n) for pieces of rows that make up the elements begin … end-1 of the row-major order; offsets
  /// says how many elements lie between an operand's first and the piece's first.
  template <class Row>
  void run(int64_t begin, int64_t end, Row&& row) const {
    if (begin >= end) {
      return;
    }
    std::array<int64_t, kMaxRank> index;
    Offsets offsets{};
    int64_t rest = begin;
    for (int64_t axis = 0; axis < rank_; ++axis) {
      index[axis] = rest % sizes_[axis];
      rest /= sizes_[axis];
      move(offsets, axis, index[axis]);
    }
    for (int64_t done = begin; done < end;) {
      const int64_t n = std::min(sizes_[0] - index[0], end - done);
      row(offsets, n);
      done += n;
      index[0] += n;
      move(offsets, 0, n);
      for (int64_t axis = 0; axis + 1 < rank_ && index[axis] == sizes_[axis]; ++axis) {
        move(offsets, axis, -sizes_[axis]);
        index[axis] = 0;
        ++index[axis + 1];
        move(offsets, axis + 1, 1);
      }
    }
  }

 private:
  void append(int64_t size, int64_t axis, const std::array<Strides, N>& strides) {
    bool follows = rank_ > 0;
    for (size_t k = 0; k < N && follows; ++k) {
      follows = strides[k][axis] == strides_[rank_ - 1][k] * sizes_[rank_ - 1];
    }
    if (follows) {
      sizes_[rank_ - 1] *= size;
      return;
    }
    sizes_[rank_] = size;
    for (size_t k = 0; k < N; ++k) {
      strides_[rank_][k] = strides[k][axis];
    }
    ++rank_;
  }
  void move(Offsets& offsets, int64_t axis, int64_t steps) const {
    for (size_t k = 0; k < N; ++k) {
      offsets[k] += steps * strides_[axis][k];
    }
  }

  int64_t rank_ = 0;
  int64_t numel_ = 1;
  std::array<int64_t, kMaxRank> sizes_;  // innermost first
  std::array<Offsets, kMaxRank> strides_;
};

/// Runs all rows of the loop, on several threads when there are more than `grain` elements. row(offsets, n) must write
/// places that no other piece writes or reads.
template <size_t N, class Row>
void for_each_row(const Loop<N>& loop, int64_t grain, const Row& row) {
  parallel_for(0, loop.numel(), grain, [&](int64_t begin, int64_t end) { loop.run(begin, end, row); });
}

/// Calls line(offsets) for each line of `shape` along `axis`: offsets of the line's first element in each operand.
/// Threads share the lines, `grain` elements each at least; line(…) must write only what belongs to its line.
template <size_t N, class Line>
void for_each_line(const Shape& shape, int64_t axis, const std::array<Strides, N>& strides, int64_t grain,
                   const Line& line) {
  Shape starts = shape;
  starts[axis] = 1;
  const Loop<N> loop(starts, strides);
  const int64_t lines = grain / std::max<int64_t>(shape[axis], 1) + 1;
  for_each_row(loop, lines, [&](typename Loop<N>::Offsets at, int64_t n) {
    for (int64_t i = 0; i < n; ++i) {
      line(at);
      for (size_t k = 0; k < N; ++k) {
        at[k] += loop.stride(k);
      }
    }
  });
}

}  // namespace heed::detail
