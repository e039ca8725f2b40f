// Attention in elementary operations, or in tiles where the weights are not wanted.
#include <heed/autograd/attention.h>

#include <cmath>
#include <limits>

#include <heed/autograd/elementwise.h>
#include <heed/autograd/matmul.h>
#include <heed/autograd/softmax.h>
#include <heed/autograd/view.h>
#include <heed/tensor/create.h>
#include <heed/tensor/detail/attention.h>
#include <heed/tensor/detail/operation_scope.h>
#include <heed/tensor/error.h>
#include <heed/tensor/index.h>
#include <heed/tensor/reduce.h>

#include "require.h"
#include "tiled_attention.h"

namespace heed {
namespace {

constexpr const char* kDotProduct = "scaled_dot_product_attention";
constexpr double kMinusInfinity = -std::numeric_limits<double>::infinity();

/// What weights are multiplied with to drop the share `p` of them; undefined when none is.
Variable dropout_factors(const Shape& shape, DType dtype, double p, Generator* generator) {
  return p == 0 ? Variable() : dropout_mask(shape, p, dtype, generator == nullptr ? default_generator() : *generator);
}

/// The weights of scores given as halves: by their distance from the largest, which need not fit before it is doubled.
Variable weights_of_halves(const Variable& halves, const Tensor& hidden) {
  const Tensor seen = hidden.defined() ? masked_fill(halves.value(), hidden, kMinusInfinity) : halves.value();
  return masked_softmax((halves - Variable(max(seen, {-1}, true))) * 2.0, Mask(hidden));
}

/// With weights. scores(factor): factor times the scores.
template <class Scores>
AttentionResult weighed(const Scores& scores, const Variable& value, const Tensor& hidden, const Variable& factors) {
  const auto weigh = [&](const Variable& softmaxed) -> AttentionResult {
    const Variable weights = factors.defined() ? softmaxed * factors : softmaxed;
    return {weighted_sum(weights, value, hidden), weights};
  };
  AttentionResult result = weigh(masked_softmax(scores(1), Mask(hidden)));
  // A score may be beyond the range where its half is not.
  return all_finite(result.output.value()) ? result : weigh(weights_of_halves(scores(0.5), hidden));
}

}  // namespace

AttentionResult attend(const Variable& scores, const Variable& value, const Mask& mask) {
  const detail::OperationScope operation("attend");
  detail::require_floating_alike({&scores, &value}, "attend");
  check<ShapeError>(scores.rank() >= 2 && value.rank() >= 2 && scores.size(-1) == value.size(-2), "attend",
                    "needs scores (…, T, S) and values (…, S, M), got ", scores.shape(), " and ", value.shape());
  detail::require_leading_axes(scores, value, "attend");
  const Variable weights = masked_softmax(scores, mask);
  return {weighted_sum(weights, value, mask), weights};
}

AttentionResult scaled_dot_product_attention(const Variable& query, const Variable& key, const Variable& value,
                                             const Mask& mask, const ScaledDotProductOptions& options) {
  const detail::OperationScope operation("scaled_dot_product_attention");
  check(options.dropout >= 0 && options.dropout <= 1, kDotProduct, "dropout must be from 0 to 1, got ",
        options.dropout);
  detail::require_floating_alike({&query, &key, &value}, kDotProduct);
  const Shape shape = attention_scores(kDotProduct, query.value(), key.value(), value.value());
  const ScoreMask parts = mask.on(shape, query.dtype(), kDotProduct);
  ScaledDotProductOptions settled = options;
  settled.scale = options.scale.value_or(1 / std::sqrt(static_cast<double>(query.size(-1))));
  if (!options.need_weights && detail::can_be_tiled(shape, value, parts)) {
    return {detail::tiled_attention(query, key, value, shape, parts, settled), {}};
  }
  const Tensor hidden = parts.all_hidden(shape);
  const auto scores = [&](double factor) {
    const Variable products = dot_scores(query * (*settled.scale * factor), key, hidden);
    return parts.added.defined() ? products + (factor == 1 ? parts.added : parts.added * factor) : products;
  };
  const Variable factors = dropout_factors(shape, query.dtype(), options.dropout, options.generator);
  const AttentionResult result = weighed(scores, value, hidden, factors);
  return {result.output, options.need_weights ? result.weights : Variable()};
}

Variable additive_scores(const Variable& query, const Variable& memory, const Variable& direction) {
  const detail::OperationScope operation("additive_scores");
  detail::require_floating_alike({&query, &memory, &direction}, "additive_scores");
  const bool fit = query.rank() == 3 && memory.rank() == 3 && query.size(2) == memory.size(2) &&
                   direction.shape() == Shape{query.size(2)};
  check<ShapeError>(fit, "additive_scores", "needs queries (B, T, A), memory (B, S, A) and a direction (A), got ",
                    query.shape(), ", ", memory.shape(), " and ", direction.shape());
  broadcast_shapes({query.size(0)}, {memory.size(0)}, "additive_scores");
  return matmul(tanh(unsqueeze(query, 2) + unsqueeze(memory, 1)), direction);
}

}  // namespace heed
