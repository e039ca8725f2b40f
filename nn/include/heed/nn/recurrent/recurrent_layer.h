// RecurrentLayer: recurrent layers of any kind over whole sequences: parameters, layers above each other, directions,
// dropout.
#pragma once

#include <cstdint>
#include <functional>
#include <optional>
#include <vector>

#include <heed/autograd/mask.h>
#include <heed/nn/core/config_problem.h>
#include <heed/nn/core/module.h>
#include <heed/nn/recurrent/cell_kind.h>

namespace heed {

struct RecurrentLayerOptions {
  int64_t num_layers = 1;
  Nonlinearity nonlinearity = Nonlinearity::tanh;  ///< of an RNN; the others have no choice
  bool bidirectional = false;
  bool bias = true;
  bool batch_first = true;       ///< input and output are (B, T, ·); else (T, B, ·). States are (L·D, B, H) always
  double dropout = 0;            ///< in training, on the output of each layer but the last
  bool locked_dropout = false;   ///< one such mask for all time steps, as LockedDropout
  double recurrent_dropout = 0;  ///< in training, on the elements of weight_hh, drawn once per call and the same for
                                 ///< all time steps: Merity, Keskar, Socher 2018, "Regularizing and optimizing LSTM
                                 ///< language models", section 2 (weight-drop)
};

/// The first rule that options of layers of that kind break: at least one layer, dropouts in [0, 1], a non-linearity
/// and a recurrent dropout only where the kind has them.
std::optional<ConfigProblem> problem_of(CellKind kind, const RecurrentLayerOptions& options);

/// What layers of one state are given, RNN and GRU.
struct RecurrentArguments {
  Variable h{};  ///< initial states (L·D, B, H), or undefined: zero
  Mask mask{};   ///< of positions, hidden at the ends of sequences: Mask::lengths(lengths)
};

struct RecurrentOutput {
  Variable output;  ///< (B, T, D·H), h of the last layer at each step; 0 past a sequence's length
  Variable h;       ///< (L·D, B, H), the states after each sequence's own last step
};

/// L layers of D directions. Parameters: `weight_ih_l0`, `weight_hh_l0`, `bias_ih_l0`, `bias_hh_l0`, the same with
/// `_reverse`, then `_l1`…, all uniform within ±1/√H (PyTorch's torch.nn.LSTM, GRU, RNN).
class RecurrentLayer : public Module {
 public:
  /// Throws ValueError for sizes below 1 and for problem_of(kind, options).
  RecurrentLayer(CellKind kind, int64_t input_size, int64_t hidden_size, const RecurrentLayerOptions& options = {});

  /// States of layer l and direction d are at l·D + d.
  struct Result {
    Variable output;
    std::vector<CellState> states;
  };
  /// What the inputs of all steps add to the gates of the first layer: (B, T, G·H) from its w_ih and input_bias().
  using GateInputs = std::function<Variable(const Variable& weight, const Variable& bias)>;

  /// x (B, T, I); mask: of positions, hidden at the ends of sequences; states (B, H) by layer and direction, or left
  /// out: zero. Throws ShapeError, DTypeError, ValueError for a length outside 0 … T, and for a mask that hides others.
  Result run(const Variable& x, const Mask& mask = {}, std::vector<CellState> states = {}) const;
  /// lengths int64 (B), or undefined: all T.
  Result run(const GateInputs& inputs, const Tensor& lengths = Tensor(), std::vector<CellState> states = {}) const;

  CellKind kind() const { return kind_; }
  int64_t input_size() const { return input_size_; }
  int64_t hidden_size() const { return hidden_size_; }
  const RecurrentLayerOptions& options() const { return options_; }
  int64_t directions() const { return options_.bidirectional ? 2 : 1; }
  /// The parameters of one layer and direction. Throws IndexError.
  RecurrentWeights& weights(int64_t layer, bool reverse = false);

 protected:
  struct Stacked {
    Variable output;
    std::vector<Variable> states;  // (L·D, B, H)
  };
  /// run() with states as users have them: (L·D, B, H) each, or undefined: zero.
  Stacked run_stacked(const Variable& x, const Mask& mask, const std::vector<Variable>& initial) const;

 private:
  /// One layer in all directions; takes its initial states from `states` and leaves its last ones there.
  Variable run_layer(int64_t layer, const GateInputs& inputs, const Tensor& lengths,
                     std::vector<CellState>& states) const;
  void check_input(const Variable& x) const;
  Variable dropped_between(const Variable& output) const;

  CellKind kind_;
  int64_t input_size_;
  int64_t hidden_size_;
  RecurrentLayerOptions options_;
  std::vector<RecurrentWeights> weights_;  // of layer l, direction d at l·D + d
};

/// Layers whose only state is their output: RNN, GRU.
class OneStateLayer : public RecurrentLayer {
 public:
  using RecurrentLayer::RecurrentLayer;
  /// x (B, T, I). Throws as run().
  RecurrentOutput forward(const Variable& x, const RecurrentArguments& arguments = {}) const;
};

}  // namespace heed
