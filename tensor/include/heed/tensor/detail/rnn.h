// Recurrences over whole sequences, one direction of one layer, forward and backward: what a fused RNN, LSTM or GRU
// layer runs on. Gates and formulas are PyTorch's (torch.nn.RNN, LSTM, GRU).
//
// Sequences are (T, B, ·), T steps of B rows, or (B, T, ·) with RecurrentOptions::batch_first; what is returned
// likewise. What the inputs of all steps add to the gates is computed by the caller: it passes gate_inputs and gets its
// gradient. h0 and c0 (B, H) may be undefined: zero. A sequence gives the same bits alone, padded or in any batch, at
// any thread count.
//
// Throws ShapeError, DTypeError, and ValueError for a length outside 0 … T. Floating types.
#pragma once

#include <heed/tensor/tensor.h>

namespace heed {

struct RecurrentOptions {
  /// int64 (B), each 0 … T, or undefined: all T. Past its length a sequence's output is 0, its state stays, gate inputs
  /// are not used, be they NaN, and their gradient is 0.
  Tensor lengths{};
  bool reverse = false;      ///< time runs from each sequence's last element to its first
  bool batch_first = false;  ///< sequences are (B, T, ·), not (T, B, ·)
};

// ---- h = tanh(gate_inputs + h W_hhᵀ), or relu

enum class Nonlinearity { tanh, relu };

struct RNNSequence {
  Tensor output;  ///< (T, B, H)
  Tensor h;       ///< (B, H), the last states
};

/// gate_inputs (T, B, H): x W_ihᵀ + b_ih + b_hh; moved in, its memory becomes that of `output`. w_hh (H, H).
RNNSequence rnn_sequence(Tensor gate_inputs, const Tensor& w_hh, const Tensor& h0, Nonlinearity nonlinearity,
                         const RecurrentOptions& options = {});

struct RNNSequenceGradients {
  Tensor gate_inputs, w_hh, h0;  ///< each of the shape of what it belongs to
};

/// For the gradients of output and h, each of which may be undefined (zero), and what the forward call was given.
RNNSequenceGradients rnn_sequence_backward(const Tensor& grad_output, const Tensor& grad_h, const RNNSequence& saved,
                                           const Tensor& w_hh, const Tensor& h0, Nonlinearity nonlinearity,
                                           const RecurrentOptions& options = {});

// ---- LSTM: i, f, g, o = gate_inputs + h W_hhᵀ;  c = σ(f) c + σ(i) tanh(g);  h = σ(o) tanh(c)

struct LSTMSequence {
  Tensor output;      ///< (T, B, H)
  Tensor h, c;        ///< (B, H), the last states
  Tensor gates;       ///< (T, B, 4H), i, f, g, o after their non-linearities; for backward
  Tensor cells;       ///< (T, B, H), c after each step; for backward
  Tensor tanh_cells;  ///< (T, B, H), their tanh; for backward
};

/// gate_inputs (T, B, 4H): x W_ihᵀ + b_ih + b_hh; moved in, its memory becomes that of `gates`. w_hh (4H, H).
LSTMSequence lstm_sequence(Tensor gate_inputs, const Tensor& w_hh, const Tensor& h0, const Tensor& c0,
                           const RecurrentOptions& options = {});

struct LSTMSequenceGradients {
  Tensor gate_inputs, w_hh, h0, c0;
};

LSTMSequenceGradients lstm_sequence_backward(const Tensor& grad_output, const Tensor& grad_h, const Tensor& grad_c,
                                             const LSTMSequence& saved, const Tensor& w_hh, const Tensor& h0,
                                             const Tensor& c0, const RecurrentOptions& options = {});

// ---- GRU: r, z = σ(gate_inputs + h W_hhᵀ + b_hh);  n = tanh(gate_inputs + r (h W_hhᵀ + b_hh));  h = (1 - z) n + z h

struct GRUSequence {
  Tensor output;     ///< (T, B, H)
  Tensor h;          ///< (B, H), the last states
  Tensor gates;      ///< (T, B, 3H), r, z, n after their non-linearities; for backward
  Tensor recurrent;  ///< (T, B, 3H), h W_hhᵀ + b_hh; for backward
};

/// gate_inputs (T, B, 3H): x W_ihᵀ + b_ih; moved in, its memory becomes that of `gates`. w_hh (3H, H); b_hh (3H) or
/// undefined.
GRUSequence gru_sequence(Tensor gate_inputs, const Tensor& w_hh, const Tensor& b_hh, const Tensor& h0,
                         const RecurrentOptions& options = {});

struct GRUSequenceGradients {
  Tensor gate_inputs, w_hh, b_hh, h0;
};

GRUSequenceGradients gru_sequence_backward(const Tensor& grad_output, const Tensor& grad_h, const GRUSequence& saved,
                                           const Tensor& w_hh, const Tensor& h0, const RecurrentOptions& options = {});

}  // namespace heed
