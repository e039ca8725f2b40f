// LSTM: layers of long short-term memory over whole sequences.
#pragma once

#include <heed/nn/recurrent/recurrent_layer.h>

namespace heed {

using LSTMOptions = RecurrentLayerOptions;

struct LSTMArguments {
  Tensor lengths{};   ///< int64 (B), or undefined: all T
  Variable h{}, c{};  ///< initial states (L·D, B, H), or undefined: zero
  Tensor ids{};       ///< int64 (B, T), or undefined; where given, x is a table (V, I), such as an embedding's weight,
                      ///< read as embedding(x, ids), the products with its rows being made once
};

struct LSTMOutput {
  Variable output;  ///< (B, T, D·H), h of the last layer at each step; 0 past a sequence's length
  Variable h, c;    ///< (L·D, B, H), the states after each sequence's own last step
};

/// Hochreiter, Schmidhuber 1997, with forget gates (Gers, Schmidhuber, Cummins 2000); PyTorch's torch.nn.LSTM:
///
///   i, f, o = σ(W_ih x + b_ih + W_hh h + b_hh),  g = tanh(likewise)   (gates in the order i, f, g, o)
///   c' = f c + i g,  h' = o tanh(c')
class LSTM : public RecurrentLayer {
 public:
  /// Throws ValueError for sizes below 1 and a dropout outside 0 … 1.
  LSTM(int64_t input_size, int64_t hidden_size, const LSTMOptions& options = {});
  /// x (B, T, I). Throws ShapeError, DTypeError, ValueError for a length outside 0 … T, IndexError for an id.
  LSTMOutput forward(const Variable& x, const LSTMArguments& arguments = {});

 protected:
  Result run_direction(const Variable& x, const std::vector<Variable>& states, const RecurrentWeights& weights,
                       const RecurrentOptions& options) override;
};

}  // namespace heed
