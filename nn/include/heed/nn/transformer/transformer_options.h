// What encoder and decoder layers of a transformer are made with; PyTorch's names and, but for batch_first, defaults.
#pragma once

#include <cstdint>

#include <heed/nn/attention/score_term.h>

namespace heed {

enum class TransformerActivation { relu, gelu };

struct TransformerOptions {
  int64_t dim_feedforward = 2048;
  double dropout = 0.1;
  TransformerActivation activation = TransformerActivation::relu;
  double layer_norm_eps = 1e-5;
  bool norm_first = false;  ///< x + f(norm(x)) (Xiong et al. 2020) instead of norm(x + f(x))
  bool batch_first = true;  ///< (B, T, E); else (T, B, E)
  bool bias = true;
  MakeScoreTerm score_term = {};  ///< what self-attention knows of positions; nothing where not given
  bool final_norm = false;        ///< of stacks: one more normalisation, `norm`, after the last layer
};

}  // namespace heed
