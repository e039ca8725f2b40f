// RNN: plain recurrent layers over whole sequences.
#pragma once

#include <heed/nn/recurrent/recurrent_layer.h>

namespace heed {

/// RecurrentLayerOptions and the non-linearity.
struct RNNOptions {
  int64_t num_layers = 1;
  Nonlinearity nonlinearity = Nonlinearity::tanh;
  bool bidirectional = false;
  bool bias = true;
  bool batch_first = true;
  double dropout = 0;
  bool locked_dropout = false;
  double recurrent_dropout = 0;
};

struct RNNArguments {
  Tensor lengths{};  ///< int64 (B), or undefined: all T
  Variable h{};      ///< initial states (L·D, B, H), or undefined: zero
  Tensor ids{};      ///< int64 (B, T), or undefined; where given, x is a table (V, I), such as an embedding's weight,
                     ///< read as embedding(x, ids), the products with its rows being made once
};

struct RNNOutput {
  Variable output;  ///< (B, T, D·H), h of the last layer at each step; 0 past a sequence's length
  Variable h;       ///< (L·D, B, H), the states after each sequence's own last step
};

/// h' = tanh(W_ih x + b_ih + W_hh h + b_hh), or relu: Elman 1990; PyTorch's torch.nn.RNN.
class RNN : public RecurrentLayer {
 public:
  /// Throws ValueError for sizes below 1 and a dropout outside 0 … 1.
  RNN(int64_t input_size, int64_t hidden_size, const RNNOptions& options = {});
  /// x (B, T, I). Throws ShapeError, DTypeError, ValueError for a length outside 0 … T, IndexError for an id.
  RNNOutput forward(const Variable& x, const RNNArguments& arguments = {});

 protected:
  Result run_direction(const Variable& x, const std::vector<Variable>& states, const RecurrentWeights& weights,
                       const RecurrentOptions& options) override;

 private:
  Nonlinearity nonlinearity_;
};

}  // namespace heed
