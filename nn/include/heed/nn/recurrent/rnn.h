// RNN, the plain recurrent layer: layers over whole sequences, and one step.
#pragma once

#include <heed/nn/recurrent/recurrent_cell.h>
#include <heed/nn/recurrent/recurrent_layer.h>

namespace heed {

using RNNOptions = RecurrentLayerOptions;
using RNNCellOptions = RecurrentCellOptions;
using RNNArguments = RecurrentArguments;
using RNNOutput = RecurrentOutput;

/// h' = tanh(W_ih x + b_ih + W_hh h + b_hh), or relu: Elman 1990; PyTorch's torch.nn.RNN.
class RNN : public OneStateLayer {
 public:
  /// Throws ValueError for sizes below 1 and a dropout outside 0 … 1.
  RNN(int64_t input_size, int64_t hidden_size, const RNNOptions& options = {})
      : OneStateLayer(CellKind::rnn, input_size, hidden_size, options) {}
};

/// One step of an RNN (PyTorch's torch.nn.RNNCell).
class RNNCell : public OneStateCell {
 public:
  /// Throws ValueError for sizes below 1.
  RNNCell(int64_t input_size, int64_t hidden_size, const RNNCellOptions& options = {})
      : OneStateCell(CellKind::rnn, input_size, hidden_size, options) {}
};

}  // namespace heed
