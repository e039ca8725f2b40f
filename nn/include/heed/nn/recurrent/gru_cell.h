// GRUCell: one step of a GRU.
#pragma once

#include <heed/autograd/rnn.h>
#include <heed/nn/core/module.h>

namespace heed {

struct GRUCellOptions {
  bool bias = true;
};

/// One step of a GRU (formulas: gru.h). Parameters `weight_ih` (3H, I), `weight_hh` (3H, H), `bias_ih`, `bias_hh` (3H),
/// uniform within ±1/√H (PyTorch's torch.nn.GRUCell).
class GRUCell : public Module {
 public:
  /// Throws ValueError for sizes below 1.
  GRUCell(int64_t input_size, int64_t hidden_size, const GRUCellOptions& options = {});
  /// x (B, I), h (B, H) or undefined (zero) → the next h. Throws ShapeError.
  Variable forward(const Variable& x, const Variable& h = Variable());

  int64_t input_size() const { return weights_.w_ih.size(1); }
  int64_t hidden_size() const { return weights_.w_hh.size(1); }
  RecurrentWeights& weights() { return weights_; }

 private:
  RecurrentWeights weights_;
};

}  // namespace heed
