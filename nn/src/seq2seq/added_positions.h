// Positions that a sequence-to-sequence transformer adds to its embeddings.
#pragma once

#include <heed/autograd/variable.h>
#include <heed/nn/transformer/position_kind.h>
#include <heed/tensor/create.h>

namespace heed::detail {

/// (B, steps) float64: start + stride · place(row, step), of walks (B, 2).
template <class Place>
Tensor positions_on(const Tensor& walks, int64_t steps, const Place& place) {
  const Tensor rows = contiguous(walks);
  const auto* walk = rows.data<double>();
  Tensor positions = empty({rows.size(0), steps}, DType::float64);
  auto* values = positions.mutable_data<double>();
  for (int64_t row = 0; row < rows.size(0); ++row, walk += 2) {
    for (int64_t step = 0; step < steps; ++step) {
      *values++ = walk[0] + walk[1] * static_cast<double>(place(row, step));
    }
  }
  return positions;
}

/// x (B, T, E) with the sinusoids of positions (B, T), for kinds that are added; x itself for others. from_end: of
/// both_ends, which have half of the features.
Variable add_positions(const Variable& x, PositionKind kind, const Tensor& positions, const Tensor& from_end);

}  // namespace heed::detail
