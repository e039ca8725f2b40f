// RNNCell: one step of a plain recurrent layer.
#pragma once

#include <heed/autograd/rnn.h>
#include <heed/nn/core/module.h>

namespace heed {

struct RNNCellOptions {
  Nonlinearity nonlinearity = Nonlinearity::tanh;
  bool bias = true;
};

/// One step of an RNN (formula: rnn.h). Parameters `weight_ih` (H, I), `weight_hh` (H, H), `bias_ih`, `bias_hh` (H),
/// uniform within ±1/√H (PyTorch's torch.nn.RNNCell).
class RNNCell : public Module {
 public:
  /// Throws ValueError for sizes below 1.
  RNNCell(int64_t input_size, int64_t hidden_size, const RNNCellOptions& options = {});
  /// x (B, I), h (B, H) or undefined (zero) → the next h. Throws ShapeError.
  Variable forward(const Variable& x, const Variable& h = Variable());

  int64_t input_size() const { return weights_.w_ih.size(1); }
  int64_t hidden_size() const { return weights_.w_hh.size(1); }
  RecurrentWeights& weights() { return weights_; }

 private:
  RecurrentWeights weights_;
  Nonlinearity nonlinearity_;
};

}  // namespace heed
