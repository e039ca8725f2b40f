// MinGRU, a GRU whose gate does not look at the state: layers over whole sequences, and one step.
#pragma once

#include <heed/nn/recurrent/recurrent_cell.h>
#include <heed/nn/recurrent/recurrent_layer.h>

namespace heed {

/// What a minGRU is: "mingru".
CellKind min_gru_kind();

/// Feng et al. 2024, "Were RNNs all we needed?", section 3.1, in the form without logarithms, here with biases:
///
///   z = σ(W_z x + b_z),  h̃ = W_h x + b_h,  h' = (1 - z) h + z h̃
///
/// Parameters `weight_ih_l0` (2H, I), `bias_ih_l0` (2H), in the order z, h; there is no weight of the state.
class MinGRU : public OneStateLayer {
 public:
  /// Throws ValueError for sizes below 1, a dropout outside 0 … 1 and any recurrent dropout.
  MinGRU(int64_t input_size, int64_t hidden_size, const RecurrentLayerOptions& options = {})
      : OneStateLayer(min_gru_kind(), input_size, hidden_size, options) {}
};

/// One step of a minGRU. Parameters `weight_ih` (2H, I), `bias_ih` (2H).
class MinGRUCell : public OneStateCell {
 public:
  /// Throws ValueError for sizes below 1.
  MinGRUCell(int64_t input_size, int64_t hidden_size, const RecurrentCellOptions& options = {})
      : OneStateCell(min_gru_kind(), input_size, hidden_size, options) {}
};

}  // namespace heed
