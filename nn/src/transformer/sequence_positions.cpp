// Positions for sequences longer than those trained on.
#include <heed/nn/transformer/sequence_positions.h>

#include <algorithm>
#include <cmath>

#include <heed/tensor/create.h>
#include <heed/tensor/error.h>

namespace heed {
namespace {

/// (B, steps) of zeros whose rows `write(row, length, values)` fills.
template <class Write>
Tensor rows_of(const std::vector<int64_t>& lengths, int64_t steps, const Write& write) {
  Tensor positions = zeros({static_cast<int64_t>(lengths.size()), steps}, DType::float64);
  auto* values = positions.mutable_data<double>();
  for (const int64_t length : lengths) {
    check(length >= 0 && length <= steps, "positions", "lengths must be 0 … ", steps, ", got ", length);
    write(length, values);
    values += steps;
  }
  return positions;
}

}  // namespace

Tensor sinusoids_at(const Tensor& positions, int64_t features, DType dtype) {
  check<DTypeError>(positions.dtype() == DType::float64, "sinusoids_at", "positions must be float64, got ",
                    positions.dtype());
  Shape shape = positions.shape();
  shape.push_back(features);
  Tensor table = empty(shape, DType::float64);
  const Tensor rows = contiguous(positions);
  const auto* position = rows.data<double>();
  auto* values = table.mutable_data<double>();
  for (int64_t row = 0; row < rows.numel(); ++row) {
    for (int64_t column = 0; column < features; ++column) {
      const double exponent = static_cast<double>(column - column % 2) / static_cast<double>(features);
      const double angle = position[row] / std::pow(10000.0, exponent);
      *values++ = column % 2 == 0 ? std::sin(angle) : std::cos(angle);
    }
  }
  return to(table, dtype);
}

Tensor randomized_positions(const std::vector<int64_t>& lengths, int64_t steps, int64_t range, Generator& generator) {
  return rows_of(lengths, steps, [&](int64_t length, double* values) {
    check(length <= range, "randomized_positions", "lengths must be at most the range, ", range, ", got ", length);
    int64_t left = length;
    for (int64_t position = 0; position < range && left > 0; ++position) {  // Knuth's algorithm S
      if (generator.below(range - position) < left) {
        values[length - left] = static_cast<double>(position);
        --left;
      }
    }
  });
}

Tensor even_positions(const std::vector<int64_t>& lengths, int64_t steps, int64_t range) {
  return rows_of(lengths, steps, [&](int64_t length, double* values) {
    const int64_t stride = std::max<int64_t>(1, range / 2 / std::max<int64_t>(1, length));
    for (int64_t step = 0; step < length; ++step) {
      values[step] = static_cast<double>(step * stride);
    }
  });
}

Tensor random_strides(const std::vector<int64_t>& lengths, int64_t range, Generator& generator) {
  Tensor walks = empty({static_cast<int64_t>(lengths.size()), 2}, DType::float64);
  auto* values = walks.mutable_data<double>();
  for (const int64_t length : lengths) {
    check(length >= 0, "random_strides", "lengths must be 0 or more, got ", length);
    const double largest = static_cast<double>(range - 1) / static_cast<double>(std::max<int64_t>(1, length));
    const double stride = largest > 1 ? std::floor(std::pow(largest, generator.uniform())) : 1;
    const int64_t room = range - static_cast<int64_t>(stride) * length;
    *values++ = room > 0 ? static_cast<double>(generator.below(room)) : 0;
    *values++ = stride;
  }
  return walks;
}

}  // namespace heed
