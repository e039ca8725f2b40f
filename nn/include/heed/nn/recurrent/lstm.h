// LSTM, long short-term memory: layers over whole sequences, and one step.
#pragma once

#include <heed/autograd/rnn.h>
#include <heed/nn/recurrent/recurrent_cell.h>
#include <heed/nn/recurrent/recurrent_layer.h>

namespace heed {

using LSTMOptions = RecurrentLayerOptions;
using LSTMCellOptions = RecurrentCellOptions;

struct LSTMArguments {
  Variable h{}, c{};  ///< initial states (L·D, B, H), or undefined: zero
  Mask mask{};        ///< of positions, hidden at the ends of sequences: Mask::lengths(lengths)
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
  LSTM(int64_t input_size, int64_t hidden_size, const LSTMOptions& options = {})
      : RecurrentLayer(CellKind::lstm, input_size, hidden_size, options) {}
  /// x (B, T, I). Throws as run().
  LSTMOutput forward(const Variable& x, const LSTMArguments& arguments = {}) const;
};

/// One step of an LSTM (PyTorch's torch.nn.LSTMCell).
class LSTMCell : public RecurrentCell {
 public:
  /// Throws ValueError for sizes below 1.
  LSTMCell(int64_t input_size, int64_t hidden_size, const LSTMCellOptions& options = {})
      : RecurrentCell(CellKind::lstm, input_size, hidden_size, options) {}
  /// x (B, I), state h and c (B, H) or undefined (zero) → the next state. Throws ShapeError.
  LSTMState forward(const Variable& x, const LSTMState& state = {}) const;
};

}  // namespace heed
