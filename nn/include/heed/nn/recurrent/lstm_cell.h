// LSTMCell: one step of an LSTM.
#pragma once

#include <heed/autograd/rnn.h>
#include <heed/nn/core/module.h>

namespace heed {

struct LSTMCellOptions {
  bool bias = true;
};

/// One step of an LSTM (formulas: lstm.h). Parameters `weight_ih` (4H, I), `weight_hh` (4H, H), `bias_ih`, `bias_hh`
/// (4H), uniform within ±1/√H (PyTorch's torch.nn.LSTMCell).
class LSTMCell : public Module {
 public:
  /// Throws ValueError for sizes below 1.
  LSTMCell(int64_t input_size, int64_t hidden_size, const LSTMCellOptions& options = {});
  /// x (B, I), state h and c (B, H) or undefined (zero) → the next state. Throws ShapeError.
  LSTMState forward(const Variable& x, const LSTMState& state = {});

  int64_t input_size() const { return weights_.w_ih.size(1); }
  int64_t hidden_size() const { return weights_.w_hh.size(1); }
  RecurrentWeights& weights() { return weights_; }

 private:
  RecurrentWeights weights_;
};

}  // namespace heed
