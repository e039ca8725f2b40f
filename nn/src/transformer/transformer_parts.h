// What the layers of encoder and decoder share.
#pragma once

#include <heed/nn/attention/multihead_attention.h>
#include <heed/nn/core/dropout.h>
#include <heed/nn/core/layer_norm.h>
#include <heed/nn/core/linear.h>
#include <heed/nn/transformer/transformer_options.h>

namespace heed::detail {

inline MultiheadAttentionOptions attention_options(const TransformerOptions& options) {
  return {.bias = options.bias, .batch_first = options.batch_first, .dropout = options.dropout};
}

inline LayerNormOptions norm_options(const TransformerOptions& options) {
  return {.eps = options.layer_norm_eps, .bias = options.bias};
}

/// W2 dropout(activation(W1 x + b1)) + b2: Vaswani et al. 2017, equation 2.
Variable position_wise(const Variable& x, Linear& linear1, Dropout& dropout, Linear& linear2,
                       TransformerActivation activation);

}  // namespace heed::detail
