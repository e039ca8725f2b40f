// Attention in elementary operations. Products add up 0 · x for hidden x, which is NaN where x is not finite: such
// elements are taken out first, and what may see them is made NaN afterwards.
#include <heed/autograd/attention.h>

#include <cmath>
#include <limits>

#include <heed/autograd/elementwise.h>
#include <heed/autograd/matmul.h>
#include <heed/autograd/softmax.h>
#include <heed/autograd/view.h>
#include <heed/tensor/create.h>
#include <heed/tensor/error.h>
#include <heed/tensor/index.h>
#include <heed/tensor/reduce.h>

#include "tiled_attention.h"

namespace heed {
namespace {

constexpr const char* kDotProduct = "scaled_dot_product_attention";
constexpr double kNaN = std::numeric_limits<double>::quiet_NaN();
constexpr double kMinusInfinity = -std::numeric_limits<double>::infinity();

void check_mask(const Tensor& mask, const Shape& scores, const char* op) {
  check<DTypeError>(mask.dtype() == DType::boolean, op, "the mask must be bool, got ", mask.dtype());
  check<ShapeError>(broadcast_shapes(mask.shape(), scores, op) == scores, op, "the mask must broadcast to ", scores,
                    ", got ", mask.shape());
}

/// What weights are multiplied with to drop the share `p` of them; undefined when none is.
Variable dropout_factors(const Shape& shape, DType dtype, double p, Generator* generator) {
  if (p == 0) {
    return Variable();
  }
  if (p == 1) {
    return zeros(shape, dtype);
  }
  const Tensor kept = bernoulli(shape, 1 - p, generator == nullptr ? default_generator() : *generator);
  return to(kept, dtype) * (1 / (1 - p));
}

void check_operands(const Variable& query, const Variable& key, const Variable& value) {
  check<ShapeError>(query.rank() >= 2 && key.rank() >= 2 && value.rank() >= 2, kDotProduct,
                    "needs at least two axes each, got ", query.shape(), ", ", key.shape(), " and ", value.shape());
  check<ShapeError>(query.size(-1) == key.size(-1), kDotProduct, "queries and keys must have one size, got ",
                    query.shape(), " and ", key.shape());
  check<ShapeError>(key.size(-2) == value.size(-2), kDotProduct, "there must be as many keys as values, got ",
                    key.shape(), " and ", value.shape());
}

/// All that hides, made one mask; undefined when nothing does.
Tensor hidden_of(const Tensor& mask, const ScaledDotProductOptions& options, int64_t targets, int64_t sources) {
  Tensor hidden = mask;
  const auto hide = [&hidden](const Tensor& more) { hidden = hidden.defined() ? logical_or(hidden, more) : more; };
  if (options.is_causal) {
    hide(causal_mask(targets, sources));
  }
  if (options.added.defined()) {
    const Tensor infinite = eq(options.added.value(), kMinusInfinity);
    if (any(flatten(infinite), {0}).item<bool>()) {
      hide(infinite);
    }
  }
  return hidden;
}

/// scale · query keyᵀ + added; where `halved`, half of that.
Variable scores_of(const Variable& query, const Variable& key, const Tensor& hidden,
                   const ScaledDotProductOptions& options, bool halved) {
  const double scale = options.scale.value_or(1 / std::sqrt(static_cast<double>(query.size(-1))));
  const Variable scores = dot_scores(query * (halved ? scale * 0.5 : scale), key, hidden);
  if (!options.added.defined()) {
    return scores;
  }
  // Not to add -∞, which has no gradient.
  const Tensor infinite = eq(options.added.value(), kMinusInfinity);
  const Variable added = masked_fill(options.added, infinite, 0);
  return scores + (halved ? added * 0.5 : added);
}

Variable weights_of(const Variable& scores, const Tensor& hidden) {
  return hidden.defined() ? masked_softmax(scores, hidden) : softmax(scores, -1);
}

/// The weights of scores given as halves: by their distance from the largest, which need not fit before it is doubled.
Variable weights_of_halves(const Variable& halves, const Tensor& hidden) {
  const Tensor seen = hidden.defined() ? masked_fill(halves.value(), hidden, kMinusInfinity) : halves.value();
  return weights_of((halves - Variable(max(seen, {-1}, true))) * 2.0, hidden);
}

}  // namespace

Variable dot_scores(const Variable& query, const Variable& key, const Tensor& mask) {
  const auto plain = [](const Variable& q, const Variable& k) { return matmul(q, transpose(k, -2, -1)); };
  if (!mask.defined() || (all_finite(query.value()) && all_finite(key.value()))) {
    return plain(query, key);
  }
  const Tensor nonfinite_queries = logical_not(isfinite(query.value()));
  const Tensor nonfinite_keys = logical_not(isfinite(key.value()));
  const Variable scores = plain(masked_fill(query, nonfinite_queries, 0), masked_fill(key, nonfinite_keys, 0));
  const Tensor nonfinite = logical_or(any(nonfinite_queries, {-1}, true), unsqueeze(any(nonfinite_keys, {-1}), -2));
  return masked_fill(scores, nonfinite, kNaN);
}

Variable weighted_sum(const Variable& weights, const Variable& value, const Tensor& mask) {
  if (!mask.defined() || all_finite(value.value())) {
    return matmul(weights, value);
  }
  const Tensor nonfinite = logical_not(isfinite(value.value()));
  const Tensor visible = to(logical_not(expand(mask, weights.shape())), value.dtype());
  const Tensor seen = gt(matmul(visible, to(nonfinite, value.dtype())), 0);
  return masked_fill(matmul(weights, masked_fill(value, nonfinite, 0)), seen, kNaN);
}

AttentionResult attend(const Variable& scores, const Variable& value, const Tensor& mask) {
  check<ShapeError>(scores.rank() >= 2 && value.rank() >= 2 && scores.size(-1) == value.size(-2), "attend",
                    "needs scores (…, T, S) and values (…, S, M), got ", scores.shape(), " and ", value.shape());
  if (mask.defined()) {
    check_mask(mask, scores.shape(), "attend");
  }
  const Variable weights = mask.defined() ? masked_softmax(scores, mask) : softmax(scores, -1);
  return {weighted_sum(weights, value, mask), weights};
}

AttentionResult scaled_dot_product_attention(const Variable& query, const Variable& key, const Variable& value,
                                             const Tensor& mask, const ScaledDotProductOptions& options) {
  check_operands(query, key, value);
  check(options.dropout >= 0 && options.dropout <= 1, kDotProduct, "dropout must be from 0 to 1, got ",
        options.dropout);
  if (!options.need_weights && detail::can_be_tiled(query, key, value, options)) {
    return {detail::tiled_attention(query, key, value, mask, options), {}};
  }
  const Tensor hidden = hidden_of(mask, options, query.size(-2), key.size(-2));
  const Variable scores = scores_of(query, key, hidden, options, false);
  if (hidden.defined()) {
    check_mask(hidden, scores.shape(), kDotProduct);
  }
  const Variable factors = dropout_factors(scores.shape(), scores.dtype(), options.dropout, options.generator);
  const auto weigh = [&](const Variable& softmaxed) -> AttentionResult {
    const Variable weights = factors.defined() ? softmaxed * factors : softmaxed;
    return {weighted_sum(weights, value, hidden), options.need_weights ? weights : Variable()};
  };
  AttentionResult result = weigh(weights_of(scores, hidden));
  if (!all_finite(result.output.value())) {
    // Perhaps since a score is beyond the range, where its half is not.
    result = weigh(weights_of_halves(scores_of(query, key, hidden, options, true), hidden));
  }
  return result;
}

Variable additive_scores(const Variable& query, const Variable& memory, const Variable& direction) {
  check<ShapeError>(query.rank() == 3 && memory.rank() == 3, "additive_scores",
                    "needs queries (B, T, A) and memory (B, S, A), got ", query.shape(), " and ", memory.shape());
  return matmul(tanh(unsqueeze(query, 2) + unsqueeze(memory, 1)), direction);
}

}  // namespace heed
