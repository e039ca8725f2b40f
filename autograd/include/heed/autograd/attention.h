// Attention on Variables: from scores, or from queries and keys, to weighted sums of values.
// Masks are data: bool, true = hidden. NaN or infinity in a hidden place reaches no output and no gradient; a query
// that may see nothing has weights, output and gradients of exactly zero.
#pragma once

#include <optional>

#include <heed/autograd/variable.h>
#include <heed/tensor/random.h>

namespace heed {

struct AttentionResult {
  Variable output;   ///< (…, T, M)
  Variable weights;  ///< (…, T, S), each row non-negative and of sum 1, or all 0
};

/// query keyᵀ: query (…, T, D), key (…, S, D) → (…, T, S). mask undefined or broadcasting to that: what is not finite
/// in a query or key reaches the gradients of none that it is hidden from.
Variable dot_scores(const Variable& query, const Variable& key, const Tensor& mask = Tensor());

/// weights value: weights (…, T, S), zero where `mask` hides, value (…, S, M) → (…, T, M), where an element of `value`
/// counts only for the rows that may see it.
Variable weighted_sum(const Variable& weights, const Variable& value, const Tensor& mask = Tensor());

/// softmax(scores) values: scores (…, T, S), value (…, S, M), mask undefined or broadcasting to the scores. The general
/// form of attention (Bahdanau, Cho, Bengio 2015, section 3.1). Throws ShapeError, DTypeError.
AttentionResult attend(const Variable& scores, const Variable& value, const Tensor& mask = Tensor());

struct ScaledDotProductOptions {
  bool is_causal = false;          ///< hides every key behind its query: column > row
  std::optional<double> scale{};   ///< of the scores; 1 / sqrt(D) where not given
  bool need_weights = true;        ///< false: in tiles, memory linear in the lengths; the weights are then undefined
  Variable added{};                ///< to the scores, to which it broadcasts; -∞ hides
  double dropout = 0;              ///< the share of weights that is dropped, the others grow by 1 / (1 - dropout)
  Generator* generator = nullptr;  ///< what dropout draws from; default_generator() where not given
};

/// softmax(scale · query keyᵀ + added) value: query (…, T, D), key (…, S, D), value (…, S, M), leading axes broadcast
/// (Vaswani et al. 2017, section 3.2.1). The weights are those that weigh: after dropout. With and without weights the
/// result is the same to rounding, with the same weights dropped. A score may have any size up to twice the largest
/// number of the type; beyond that it is infinite, and a query that sees +∞, or nothing but -∞, has weights of NaN.
/// Throws ShapeError, DTypeError, ValueError unless 0 ≤ dropout ≤ 1.
AttentionResult scaled_dot_product_attention(const Variable& query, const Variable& key, const Variable& value,
                                             const Tensor& mask = Tensor(),
                                             const ScaledDotProductOptions& options = {});

/// direction · tanh(query + memory): query (B, T, A), memory (B, S, A), direction (A) → (B, T, S), the scores of
/// Bahdanau, Cho, Bengio 2015, appendix A.1.2, for projected queries and memory. Fill what a mask will hide of the
/// memory with zeros before it is projected: what is not finite there would reach the gradients of the projection.
Variable additive_scores(const Variable& query, const Variable& memory, const Variable& direction);

}  // namespace heed
