// The LSTM that attends before each step, over a whole target as one operation: what a decoder with additive attention
// runs on when it is told its previous symbols. Formulas: heed/tensor/detail/attention_lstm.h.
#pragma once

#include <heed/autograd/rnn.h>

namespace heed {

struct AttentionLSTMWeights {
  Variable w_hh = {};       ///< (4H, H), of the state; gates i, f, g, o
  Variable w_context = {};  ///< (4H, M), of what was attended to: with that of the input, the cell's input weight
  Variable w_query = {};    ///< (A, H)
  Variable direction = {};  ///< (A)
};

struct AttentionLSTMMemory {
  Variable memory = {};  ///< (B, S, M)
  Variable keys = {};    ///< (B, S, A), the memory projected
  Tensor mask{};         ///< (B, S) bool, true = hidden, or undefined
};

struct AttentionLSTMResult {
  Variable output;                ///< (T, B, H), the state after each step
  Variable context;               ///< (T, B, M), what each step saw
  Variable weights;               ///< (T, B, S), rows of sum 1, or all 0 where everything is hidden
  LSTMState state;                ///< after the last step
  Tensor gates = {}, cells = {};  ///< (T, B, 4H) and (T, B, H), as LSTMResult has them
};

/// gate_inputs (T, B, 4H): what the inputs add to the gates, as heed/autograd/rnn.h has it. The states of `start` may
/// be undefined: zero. What is hidden, even NaN, reaches no output, and its gradients are 0. Throws ShapeError,
/// DTypeError.
AttentionLSTMResult attention_lstm(Variable gate_inputs, const AttentionLSTMMemory& memory, const LSTMState& start,
                                   const AttentionLSTMWeights& weights);

}  // namespace heed
