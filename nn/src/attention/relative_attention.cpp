// RelativeAttention: for each query a product with every row of a table, then picked by distance; and for outputs the
// weights of equal distance summed, then one product with the table.
#include <heed/nn/attention/relative_attention.h>

#include <algorithm>
#include <cmath>

#include <heed/autograd/elementwise.h>
#include <heed/autograd/index.h>
#include <heed/autograd/matmul.h>
#include <heed/autograd/view.h>
#include <heed/nn/core/dropout.h>
#include <heed/nn/core/init.h>
#include <heed/tensor/create.h>
#include <heed/tensor/error.h>
#include <heed/tensor/scope.h>

#include "attention/xavier_weight.h"

namespace heed {
namespace {

constexpr const char* kName = "RelativeAttention";

}  // namespace

RelativeAttention::RelativeAttention(int64_t head_size, int64_t max_distance) : max_distance_(max_distance) {
  check(head_size >= 1 && max_distance >= 0, kName, "head_size must be positive and max_distance 0 or more, got ",
        head_size, " and ", max_distance);
  key_positions_ = detail::xavier_weight(2 * max_distance + 1, head_size);
  value_positions_ = detail::xavier_weight(2 * max_distance + 1, head_size);
  register_parameter("key_positions", key_positions_);
  register_parameter("value_positions", value_positions_);
}

AttentionResult RelativeAttention::attend(const Variable& query, const Variable& key, const Variable& value,
                                          const Mask& mask, int64_t first,
                                          const ScaledDotProductOptions& options) const {
  const NameScope scope(path());
  const int64_t size = key_positions_.size(1);
  check<ShapeError>(query.rank() == 4 && key.rank() == 4 && key.shape() == value.shape() && query.size(-1) == size &&
                        key.size(-1) == size && query.size(0) == key.size(0) && query.size(1) == key.size(1),
                    kName, "needs query (B, heads, T, ", size, "), key and value (B, heads, S, ", size, "), got ",
                    query.shape(), ", ", key.shape(), " and ", value.shape());
  const int64_t batch = query.size(0), heads = query.size(1), targets = query.size(2), sources = key.size(2);
  const Shape pairs{batch, heads, targets, sources};
  const Tensor rows = expand(rows_of_distances(targets, sources, first), pairs);

  const Variable scaled = query * options.scale.value_or(1 / std::sqrt(static_cast<double>(size)));
  const Variable by_distance = gather(dot_scores(scaled, key_positions_, mask), -1, rows);
  const Variable scores = dot_scores(scaled, key, mask) + by_distance;
  Generator& generator = options.generator == nullptr ? default_generator() : *options.generator;
  const Variable weights = options.dropout > 0 ? dropout(masked_softmax(scores, mask), options.dropout, generator)
                                               : masked_softmax(scores, mask);
  const Variable none = zeros({batch, heads, targets, 2 * max_distance_ + 1}, weights.dtype());
  const Variable weight_of_distance = scatter_add(none, -1, rows, weights);
  return {weighted_sum(weights, value, mask) + matmul(weight_of_distance, value_positions_), weights};
}

/// (T, S): the row of the tables for each pair.
Tensor RelativeAttention::rows_of_distances(int64_t targets, int64_t sources, int64_t first) const {
  Tensor rows = empty({targets, sources}, DType::int64);
  auto* values = rows.mutable_data<int64_t>();
  for (int64_t target = 0; target < targets; ++target) {
    for (int64_t source = 0; source < sources; ++source) {
      const int64_t distance = source - (first + target);
      values[target * sources + source] = std::clamp(distance, -max_distance_, max_distance_) + max_distance_;
    }
  }
  return rows;
}

}  // namespace heed
