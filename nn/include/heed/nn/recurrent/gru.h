// GRU, gated recurrent units: layers over whole sequences, and one step.
#pragma once

#include <heed/nn/recurrent/recurrent_cell.h>
#include <heed/nn/recurrent/recurrent_layer.h>

namespace heed {

using GRUOptions = RecurrentLayerOptions;
using GRUCellOptions = RecurrentCellOptions;
using GRUArguments = RecurrentArguments;
using GRUOutput = RecurrentOutput;

/// Cho et al. 2014, with the reset gate after the product (as torch.nn.GRU):
///
///   r, z = σ(W_ih x + b_ih + W_hh h + b_hh),  n = tanh(W_in x + b_in + r (W_hn h + b_hn))   (in the order r, z, n)
///   h' = (1 - z) n + z h
class GRU : public OneStateLayer {
 public:
  /// Throws ValueError for sizes below 1 and a dropout outside 0 … 1.
  GRU(int64_t input_size, int64_t hidden_size, const GRUOptions& options = {})
      : OneStateLayer(CellKind::gru, input_size, hidden_size, options) {}
};

/// One step of a GRU (PyTorch's torch.nn.GRUCell).
class GRUCell : public OneStateCell {
 public:
  /// Throws ValueError for sizes below 1.
  GRUCell(int64_t input_size, int64_t hidden_size, const GRUCellOptions& options = {})
      : OneStateCell(CellKind::gru, input_size, hidden_size, options) {}
};

}  // namespace heed
