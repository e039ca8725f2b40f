// The LSTM that attends before each step, over a whole target as one operation: what a decoder with additive attention
// runs on when it is told its previous symbols. Formulas: heed/tensor/detail/attention_lstm.h.
#pragma once

#include <heed/autograd/rnn.h>

namespace heed {

struct AttentionLSTMWeights {
  Variable w_ih;       ///< (4H, E), of the input; gates i, f, g, o
  Variable w_hh;       ///< (4H, H), of the state
  Variable b_ih;       ///< (4H), or undefined
  Variable b_hh;       ///< (4H), or undefined
  Variable w_context;  ///< (4H, M), of what was attended to: the rest of the cell's input weight
  Variable w_query;    ///< (A, H)
  Variable direction;  ///< (A)
};

struct AttentionLSTMMemory {
  Variable memory;  ///< (B, S, M)
  Variable keys;    ///< (B, S, A), the memory projected
  Tensor mask{};    ///< (B, S) bool, true = hidden, or undefined
};

struct AttentionLSTMResult {
  Variable output;   ///< (T, B, H), the state after each step
  Variable context;  ///< (T, B, M), what each step saw
  Variable weights;  ///< (T, B, S), rows of sum 1, or all 0 where everything is hidden
  LSTMState state;   ///< after the last step
};

/// x (T, B, E), may be a transposed view of (B, T, E); or a table (V, E) with ids int64 (T, B), as
/// RecurrentOptions::ids. The states of `start` may be undefined: zero. What is hidden, even NaN, reaches no output,
/// and its gradients are 0. Throws ShapeError, DTypeError, IndexError.
AttentionLSTMResult attention_lstm(const Variable& x, const AttentionLSTMMemory& memory, const LSTMState& start,
                                   const AttentionLSTMWeights& weights, const Tensor& ids = Tensor());

/// The same in elementary operations, step after step.
AttentionLSTMResult attention_lstm_composite(const Variable& x, const AttentionLSTMMemory& memory,
                                             const LSTMState& start, const AttentionLSTMWeights& weights,
                                             const Tensor& ids = Tensor());

}  // namespace heed
