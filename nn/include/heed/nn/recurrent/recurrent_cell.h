// RecurrentCell: one step of a recurrent layer of any kind.
#pragma once

#include <cstdint>
#include <string>

#include <heed/nn/core/module.h>
#include <heed/nn/recurrent/cell_kind.h>

namespace heed {

struct RecurrentCellOptions {
  Nonlinearity nonlinearity = Nonlinearity::tanh;  ///< of an RNNCell; the others have no choice
  bool bias = true;
};

/// Parameters `weight_ih` (G·H, I), `weight_hh` (G·H, H), `bias_ih`, `bias_hh` (G·H), uniform within ±1/√H (PyTorch's
/// torch.nn.LSTMCell, GRUCell, RNNCell).
class RecurrentCell : public Module {
 public:
  /// Throws ValueError for sizes below 1, and for a non-linearity where there is no choice.
  RecurrentCell(CellKind kind, int64_t input_size, int64_t hidden_size, const RecurrentCellOptions& options = {});
  /// x (B, I); states (B, H), left out or undefined: zero → the next states. Throws ShapeError.
  CellState step(const Variable& x, const CellState& state = {}) const;

  CellKind kind() const { return kind_; }
  int64_t input_size() const { return weights_.w_ih.size(1); }
  int64_t hidden_size() const { return hidden_size_; }
  RecurrentWeights& weights() { return weights_; }

 private:
  CellKind kind_;
  int64_t hidden_size_;
  RecurrentWeights weights_;
};

/// A cell whose only state is its output: RNNCell, GRUCell.
class OneStateCell : public RecurrentCell {
 public:
  using RecurrentCell::RecurrentCell;
  /// x (B, I), h (B, H) or undefined (zero) → the next h. Throws ShapeError.
  Variable forward(const Variable& x, const Variable& h = Variable()) const { return step(x, {h})[0]; }
};

}  // namespace heed
