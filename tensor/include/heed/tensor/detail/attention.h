// Attention in tiles, forward and backward: no scores are kept, so that memory grows with the length and not with its
// square (Dao 2023, "FlashAttention-2"). What a fused attention runs on.
//
// query (…, T, D), key (…, S, D), value (…, S, M), leading axes broadcast; all may be views of any strides, nothing is
// copied. Floating types. A sequence gives the same bits alone, padded or in any batch, at any thread count. If all
// keys of a query are masked, its output and gradients are 0. Values that are not finite reach only queries that attend
// to them.
#pragma once

#include <heed/tensor/random.h>
#include <heed/tensor/tensor.h>

namespace heed {

/// (…, T, S), the shape of the scores: leading axes those of query and key. Throws ShapeError unless all three fit, in
/// the name of `op`.
Shape attention_scores(const char* op, const Tensor& query, const Tensor& key, const Tensor& value);

/// What one call hides, adds and drops.
struct TiledAttentionOptions {
  Tensor hidden = {};      ///< bool, true = hidden; undefined or broadcasting to (…, T, S)
  Tensor added = {};       ///< to the scores, of their type, -∞ hides; undefined or broadcasting to (…, T, S)
  double scale = 1;        ///< of the scores
  bool is_causal = false;  ///< hides source > target
  double dropout = 0;      ///< the share of weights that is dropped: that which bernoulli(…, 1 - dropout) would drop
  GeneratorState random = {};  ///< with a generator in this state
};

struct TiledAttention {
  Tensor output;        ///< (…, T, M), in memory in the order of query's axes
  Tensor maxima;        ///< (…, T), half of the largest score of each target; for backward
  Tensor inverse_sums;  ///< (…, T), one over the sum of exponentials, 0 where all is hidden; for backward
  bool finite = false;  ///< all inputs were found to be finite; for backward
};

/// softmax(scale · query keyᵀ + added) value. Throws ShapeError, DTypeError, ValueError unless 0 ≤ dropout ≤ 1.
TiledAttention tiled_attention(const Tensor& query, const Tensor& key, const Tensor& value,
                               const TiledAttentionOptions& options = {});

struct TiledAttentionGradients {
  Tensor query, key, value;  ///< each of the shape of what it belongs to; undefined when not wanted
};

/// Which gradients to compute.
struct TiledAttentionWanted {
  bool query = true, key = true, value = true;
};

/// For the gradient of output, what the forward call was given and what it gave.
TiledAttentionGradients tiled_attention_backward(const Tensor& grad, const TiledAttention& saved, const Tensor& query,
                                                 const Tensor& key, const Tensor& value,
                                                 const TiledAttentionOptions& options = {},
                                                 const TiledAttentionWanted& wanted = {});

}  // namespace heed
