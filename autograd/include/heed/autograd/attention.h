// Attention on Variables: from scores, or from queries and keys, to weighted sums of values.
// What is hidden: mask.h. A query that may see nothing has weights, output and gradients of exactly zero.
#pragma once

#include <optional>

#include <heed/autograd/mask.h>
#include <heed/tensor/random.h>

namespace heed {

struct AttentionResult {
  Variable output;   ///< (…, T, M)
  Variable weights;  ///< (…, T, S), each row non-negative and of sum 1, or all 0
};

/// softmax(scores) values: scores (…, T, S), value (…, S, M). The general form of attention (Bahdanau, Cho, Bengio
/// 2015, section 3.1). Throws ShapeError, DTypeError.
AttentionResult attend(const Variable& scores, const Variable& value, const Mask& mask = {});

struct ScaledDotProductOptions {
  std::optional<double> scale{};   ///< of the scores; 1 / sqrt(D) where not given
  bool need_weights = true;        ///< false: in tiles, memory linear in the lengths; the weights are then undefined
  double dropout = 0;              ///< the share of weights that is dropped, the others grow by 1 / (1 - dropout)
  Generator* generator = nullptr;  ///< what dropout draws from; default_generator() where not given
};

/// softmax(scale · query keyᵀ + what the mask adds) value: query (…, T, D), key (…, S, D), value (…, S, M), leading
/// axes broadcast (Vaswani et al. 2017, section 3.2.1). The weights are those that weigh: after dropout. With and
/// without weights the result is the same to rounding, with the same weights dropped. A score may have any size up to
/// twice the largest number of the type; beyond that it is infinite, and a query that sees +∞, or nothing but -∞, has
/// weights of NaN. Throws ShapeError, DTypeError, ValueError unless 0 ≤ dropout ≤ 1.
AttentionResult scaled_dot_product_attention(const Variable& query, const Variable& key, const Variable& value,
                                             const Mask& mask = {}, const ScaledDotProductOptions& options = {});

/// direction · tanh(query + memory): query (B, T, A), memory (B, S, A), direction (A) → (B, T, S), the scores of
/// Bahdanau, Cho, Bengio 2015, appendix A.1.2, for projected queries and memory. Fill what a mask will hide of the
/// memory with zeros before it is projected: what is not finite there would reach the gradients of the projection.
Variable additive_scores(const Variable& query, const Variable& memory, const Variable& direction);

}  // namespace heed
