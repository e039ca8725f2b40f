// RecurrentLayer: what RNN, LSTM and GRU share: parameters, layers above each other, directions, dropout.
#pragma once

#include <cstdint>
#include <vector>

#include <heed/autograd/rnn.h>
#include <heed/nn/core/module.h>

namespace heed {

struct RecurrentLayerOptions {
  int64_t num_layers = 1;
  bool bidirectional = false;
  bool bias = true;
  bool batch_first = true;       ///< input and output are (B, T, ·); else (T, B, ·). States are (L·D, B, H) always
  double dropout = 0;            ///< in training, on the output of each layer but the last
  bool locked_dropout = false;   ///< one such mask for all time steps, as LockedDropout
  double recurrent_dropout = 0;  ///< in training, on the elements of weight_hh, drawn once a call and the same for all
                                 ///< time steps: Merity, Keskar, Socher 2018, "Regularizing and optimizing LSTM
                                 ///< language models", section 2 (weight-drop)
};

/// L layers of D directions. Parameters: `weight_ih_l0`, `weight_hh_l0`, `bias_ih_l0`, `bias_hh_l0`, the same with
/// `_reverse`, then `_l1`…, all uniform within ±1/√H (PyTorch's torch.nn.LSTM, GRU, RNN).
class RecurrentLayer : public Module {
 public:
  int64_t input_size() const { return input_size_; }
  int64_t hidden_size() const { return hidden_size_; }
  const RecurrentLayerOptions& options() const { return options_; }
  /// The parameters of one layer and direction. Throws IndexError.
  RecurrentWeights& weights(int64_t layer, bool reverse = false);

 protected:
  /// `states` have one entry for an RNN or GRU (h), two for an LSTM (h, c).
  struct Result {
    Variable output;
    std::vector<Variable> states;
  };

  /// `type` stands in front of error messages. Throws ValueError for sizes below 1 and a dropout outside 0 … 1.
  RecurrentLayer(const char* type, int64_t gates, int64_t input_size, int64_t hidden_size,
                 const RecurrentLayerOptions& options);
  /// One layer in one direction: x (T, B, I), states (B, H) or undefined.
  virtual Result run_direction(const Variable& x, const std::vector<Variable>& states, const RecurrentWeights& weights,
                               const RecurrentOptions& options) = 0;
  /// All layers: initial states (L·D, B, H), or undefined for zeros; ids (B, T) into a table x, or undefined.
  Result run(const Variable& x, const Tensor& lengths, const std::vector<Variable>& initial, const Tensor& ids);

 private:
  using StateList = std::vector<std::vector<Variable>>;  // for each layer and direction its states

  /// One layer in all directions, x (T, B, ·) or a table with options.ids; takes its initial states from `states` and
  /// leaves its last ones there.
  Variable run_layer(int64_t layer, const Variable& x, RecurrentOptions options, StateList& states);
  /// (B, T, ·) as (T, B, ·) and back, when batch_first.
  Variable exchanged(const Variable& x) const;
  int64_t directions() const { return options_.bidirectional ? 2 : 1; }
  void check_inputs(const Variable& x, const Tensor& ids, const Tensor& lengths,
                    const std::vector<Variable>& states) const;
  Variable dropped_between(const Variable& output) const;
  RecurrentWeights dropped_weights(const RecurrentWeights& weights) const;

  const char* type_;
  int64_t input_size_;
  int64_t hidden_size_;
  RecurrentLayerOptions options_;
  std::vector<RecurrentWeights> weights_;  // of layer l, direction d at l·D + d
};

}  // namespace heed
