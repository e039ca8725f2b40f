// GRU: layers of gated recurrent units over whole sequences.
#pragma once

#include <heed/nn/recurrent/recurrent_layer.h>

namespace heed {

using GRUOptions = RecurrentLayerOptions;

struct GRUArguments {
  Tensor lengths{};  ///< int64 (B), or undefined: all T
  Variable h{};      ///< initial states (L·D, B, H), or undefined: zero
  Tensor ids{};      ///< int64 (B, T), or undefined; where given, x is a table (V, I), such as an embedding's weight,
                     ///< read as embedding(x, ids), the products with its rows being made once
};

struct GRUOutput {
  Variable output;  ///< (B, T, D·H), h of the last layer at each step; 0 past a sequence's length
  Variable h;       ///< (L·D, B, H), the states after each sequence's own last step
};

/// Cho et al. 2014, with the reset gate after the product (as torch.nn.GRU):
///
///   r, z = σ(W_ih x + b_ih + W_hh h + b_hh),  n = tanh(W_in x + b_in + r (W_hn h + b_hn))   (in the order r, z, n)
///   h' = (1 - z) n + z h
class GRU : public RecurrentLayer {
 public:
  /// Throws ValueError for sizes below 1 and a dropout outside 0 … 1.
  GRU(int64_t input_size, int64_t hidden_size, const GRUOptions& options = {});
  /// x (B, T, I). Throws ShapeError, DTypeError, ValueError for a length outside 0 … T, IndexError for an id.
  GRUOutput forward(const Variable& x, const GRUArguments& arguments = {});

 protected:
  Result run_direction(const Variable& x, const std::vector<Variable>& states, const RecurrentWeights& weights,
                       const RecurrentOptions& options) override;
};

}  // namespace heed
