// Recurrences: one direction of one layer over a whole sequence, one operation each. A single step is a sequence of
// one. Formulas and gate orders are PyTorch's (torch.nn.RNN, LSTM, GRU).
//
// What the inputs add to the gates is computed before, by linear(x, w_ih, bias) or embedding_linear(table, ids, w_ih,
// bias): gate_inputs (T, B, G·H), or (B, T, G·H) with options.batch_first. Moved in, where nothing else uses it, its
// memory becomes that of the gates. States (B, H) may be undefined: zero. Past its length a sequence's output is 0, its
// state stays, and gate_inputs are not used, be they NaN; their gradient is 0. A sequence gives the same bits alone,
// padded or in any batch. Throws ShapeError, DTypeError, and ValueError for a length outside 0 … T.
#pragma once

#include <heed/autograd/variable.h>
#include <heed/tensor/detail/rnn.h>

namespace heed {

struct RecurrentResult {
  Variable output;    ///< (T, B, H), or (B, T, H) as gate_inputs are
  Variable h;         ///< (B, H), the last states
  Tensor gates = {};  ///< of gru(): r, z, n after their non-linearities at each step, for those who look inside
};

struct LSTMResult {
  Variable output;    ///< (T, B, H), or (B, T, H) as gate_inputs are
  Variable h, c;      ///< (B, H), the last states
  Tensor gates = {};  ///< of lstm(): i, f, g, o after their non-linearities at each step, for those who look inside
  Tensor cells = {};  ///< of lstm(): c after each step, likewise
};

/// h' = tanh(gate_inputs + h w_hhᵀ), or relu. gate_inputs (T, B, H), w_hh (H, H).
RecurrentResult rnn(Variable gate_inputs, const Variable& h0, const Variable& w_hh,
                    Nonlinearity nonlinearity = Nonlinearity::tanh, const RecurrentOptions& options = {});
/// i, f, g, o = gate_inputs + h w_hhᵀ;  c' = σ(f) c + σ(i) tanh(g);  h' = σ(o) tanh(c'). w_hh (4H, H).
LSTMResult lstm(Variable gate_inputs, const Variable& h0, const Variable& c0, const Variable& w_hh,
                const RecurrentOptions& options = {});
/// r, z = σ(gate_inputs + h w_hhᵀ + b_hh);  n = tanh(gate_inputs + r (h w_hhᵀ + b_hh));  h' = (1 - z) n + z h.
/// w_hh (3H, H), b_hh (3H) or undefined.
RecurrentResult gru(Variable gate_inputs, const Variable& h0, const Variable& w_hh, const Variable& b_hh,
                    const RecurrentOptions& options = {});

struct LSTMState {
  Variable h = {}, c = {};  ///< (B, H)
};

}  // namespace heed
