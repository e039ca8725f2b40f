// An LSTM that attends before each step: what a decoder with additive attention runs on, over a whole target.
#pragma once

#include <heed/tensor/tensor.h>

namespace heed {

/// For each step t (Bahdanau, Cho, Bengio 2015, appendix A; the LSTM is torch.nn.LSTM's):
///
///   q = h W_queryᵀ;  weights = softmax over s of direction·tanh(q + keys_s);  context = Σ weights_s memory_s
///   i, f, g, o = gate_inputs + context W_contextᵀ + h W_hhᵀ;  c = σ(f) c + σ(i) tanh(g);  h = σ(o) tanh(c)
struct AttentionLSTMInputs {
  Tensor gate_inputs;  ///< (T, B, 4H): x W_xᵀ + biases
  Tensor memory;       ///< (B, S, M)
  Tensor keys;         ///< (B, S, A)
  Tensor mask;         ///< (B, S) bool, true = hidden, or undefined; what is hidden is not read, even NaN
  Tensor h0, c0;       ///< (B, H), or undefined: zero
  Tensor w_hh;         ///< (4H, H)
  Tensor w_context;    ///< (4H, M)
  Tensor w_query;      ///< (A, H)
  Tensor direction;    ///< (A)
};

struct AttentionLSTMSequence {
  Tensor output;                    ///< (T, B, H), h after each step
  Tensor context;                   ///< (T, B, M)
  Tensor weights;                   ///< (T, B, S); all 0 where everything is hidden
  Tensor h, c;                      ///< (B, H), the last states
  Tensor gates, cells, tanh_cells;  ///< (T, B, 4H) and twice (T, B, H), as LSTMSequence's; for backward
  Tensor queries;                   ///< (T, B, A), q; for backward
};

/// Of inputs.gate_inputs the memory becomes that of `gates` where nothing else uses it. A row of the batch gives the
/// same bits alone or in any batch, and whatever is hidden behind its memory. Throws ShapeError, DTypeError.
AttentionLSTMSequence attention_lstm_sequence(AttentionLSTMInputs inputs);

/// The gradients of an AttentionLSTMSequence's outputs, each of which may be undefined: zero.
struct AttentionLSTMOutputGradients {
  Tensor output, context, weights, h, c;
};

struct AttentionLSTMGradients {
  Tensor gate_inputs, memory, keys, h0, c0, w_hh, w_context, w_query, direction;
};

/// inputs.gate_inputs is not needed. What is hidden of memory and keys gets gradients of 0.
AttentionLSTMGradients attention_lstm_sequence_backward(const AttentionLSTMOutputGradients& grad,
                                                        const AttentionLSTMSequence& saved,
                                                        const AttentionLSTMInputs& inputs);

}  // namespace heed
