// Recurrent layers: one direction of one layer over a whole sequence, one operation each (formulas, gate orders and
// weights are PyTorch's: torch.nn.RNN, LSTM, GRU); the same in elementary operations; and single steps.
//
// x (T, B, I) may be a transposed view of (B, T, I): nothing is copied, and the output is laid out likewise. States
// (B, H) may be undefined: zero. Past its length a sequence's output is 0, its state stays, and x is not used, be it
// NaN. A sequence gives the same bits alone, padded or in any batch. Throws ShapeError, DTypeError, and ValueError for
// a length outside 0 … T, IndexError for an id that is no row.
#pragma once

#include <heed/autograd/variable.h>
#include <heed/tensor/detail/rnn.h>

namespace heed {

/// G is 1 for a plain RNN, 4 (gates i, f, g, o) for an LSTM, 3 (r, z, n) for a GRU. Either bias may be undefined.
struct RecurrentWeights {
  Variable w_ih;  ///< (G·H, I)
  Variable w_hh;  ///< (G·H, H)
  Variable b_ih;  ///< (G·H)
  Variable b_hh;  ///< (G·H)
};

struct RecurrentOptions {
  Tensor lengths{};      ///< int64 (B), or undefined: all T
  bool reverse = false;  ///< from each sequence's last element to its first
  /// int64 (T, B), or undefined. Where given, x is a table (V, I), read as embedding(x, ids) would read it: the same
  /// output bits, but what a row adds to the gates is computed once for all its uses.
  Tensor ids{};
};

struct RecurrentResult {
  Variable output;  ///< (T, B, H)
  Variable h;       ///< (B, H), the last states
};

struct LSTMResult {
  Variable output;  ///< (T, B, H)
  Variable h, c;    ///< (B, H), the last states
};

RecurrentResult rnn(const Variable& x, const Variable& h0, const RecurrentWeights& weights,
                    Nonlinearity nonlinearity = Nonlinearity::tanh, const RecurrentOptions& options = {});
LSTMResult lstm(const Variable& x, const Variable& h0, const Variable& c0, const RecurrentWeights& weights,
                const RecurrentOptions& options = {});
RecurrentResult gru(const Variable& x, const Variable& h0, const RecurrentWeights& weights,
                    const RecurrentOptions& options = {});

// The same in elementary operations, step after step.
RecurrentResult rnn_composite(const Variable& x, const Variable& h0, const RecurrentWeights& weights,
                              Nonlinearity nonlinearity = Nonlinearity::tanh, const RecurrentOptions& options = {});
LSTMResult lstm_composite(const Variable& x, const Variable& h0, const Variable& c0, const RecurrentWeights& weights,
                          const RecurrentOptions& options = {});
RecurrentResult gru_composite(const Variable& x, const Variable& h0, const RecurrentWeights& weights,
                              const RecurrentOptions& options = {});

struct LSTMState {
  Variable h, c;  ///< (B, H)
};

// One step: x (B, I), states (B, H).
Variable rnn_cell(const Variable& x, const Variable& h, const RecurrentWeights& weights,
                  Nonlinearity nonlinearity = Nonlinearity::tanh);
LSTMState lstm_cell(const Variable& x, const LSTMState& state, const RecurrentWeights& weights);
Variable gru_cell(const Variable& x, const Variable& h, const RecurrentWeights& weights);

}  // namespace heed
