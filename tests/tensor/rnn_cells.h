// Recurrences for tests: each cell's step in float64, its whole-sequence forward and backward, inputs for both.
#pragma once

#include <functional>

#include <heed/tensor/detail/rnn.h>
#include <heed/tensor/elementwise.h>

#include "support/reference.h"

namespace heed::test {

/// What a recurrence is given; c0 is used by the LSTM only, b_hh by the GRU only. Sequences are (T, B, ·) in tests;
/// with `batch_first` the recurrence is given them as (B, T, ·).
struct Inputs {
  Tensor gate_inputs, w_hh, b_hh, h0, c0, lengths;
  bool reverse = false, batch_first = false;

  RecurrentOptions options() const { return {.lengths = lengths, .reverse = reverse, .batch_first = batch_first}; }
  /// A sequence as the recurrence sees it, or as tests do: the converse.
  Tensor turned(const Tensor& x) const { return batch_first && x.defined() ? transpose(x, 0, 1) : x; }
};

struct Outputs {
  Tensor output, h, c;
};

/// Gradients of the members of Inputs, and of output, h and c.
struct Gradients {
  Tensor gate_inputs, w_hh, b_hh, h0, c0;
};

using Row = std::vector<double>;

inline double sigmoid_of(double x) { return 1 / (1 + std::exp(-x)); }

struct Cell {
  const char* name;
  int64_t blocks;
  /// One step of one row in float64: changes h and c. `x` are the gate inputs, `r` = h W_hhᵀ.
  std::function<void(const Row& x, const Row& r, const Row& bias, Row& h, Row& c)> step;
  std::function<Outputs(const Inputs&)> forward;
  std::function<Gradients(const Inputs&, const Outputs& grads)> backward;
};

inline Cell plain_cell(Nonlinearity nonlinearity) {
  const bool is_tanh = nonlinearity == Nonlinearity::tanh;
  return {is_tanh ? "tanh" : "relu", 1,
          [is_tanh](const Row& x, const Row& r, const Row&, Row& h, Row&) {
            for (size_t j = 0; j < h.size(); ++j) {
              h[j] = is_tanh ? std::tanh(x[j] + r[j]) : std::max(0.0, x[j] + r[j]);
            }
          },
          [nonlinearity](const Inputs& in) {
            const RNNSequence s = rnn_sequence(in.turned(in.gate_inputs), in.w_hh, in.h0, nonlinearity, in.options());
            return Outputs{in.turned(s.output), s.h, Tensor()};
          },
          [nonlinearity](const Inputs& in, const Outputs& grads) {
            const RNNSequence s = rnn_sequence(in.turned(in.gate_inputs), in.w_hh, in.h0, nonlinearity, in.options());
            const RNNSequenceGradients g =
                rnn_sequence_backward(in.turned(grads.output), grads.h, s, in.w_hh, in.h0, nonlinearity, in.options());
            return Gradients{in.turned(g.gate_inputs), g.w_hh, Tensor(), g.h0, Tensor()};
          }};
}

inline Cell lstm_cell() {
  return {"lstm", 4,
          [](const Row& x, const Row& r, const Row&, Row& h, Row& c) {
            const size_t n = h.size();
            for (size_t j = 0; j < n; ++j) {
              const double i = sigmoid_of(x[j] + r[j]), f = sigmoid_of(x[n + j] + r[n + j]);
              const double g = std::tanh(x[2 * n + j] + r[2 * n + j]), o = sigmoid_of(x[3 * n + j] + r[3 * n + j]);
              c[j] = f * c[j] + i * g;
              h[j] = o * std::tanh(c[j]);
            }
          },
          [](const Inputs& in) {
            const LSTMSequence s = lstm_sequence(in.turned(in.gate_inputs), in.w_hh, in.h0, in.c0, in.options());
            return Outputs{in.turned(s.output), s.h, s.c};
          },
          [](const Inputs& in, const Outputs& grads) {
            const LSTMSequence s = lstm_sequence(in.turned(in.gate_inputs), in.w_hh, in.h0, in.c0, in.options());
            const LSTMSequenceGradients g = lstm_sequence_backward(in.turned(grads.output), grads.h, grads.c, s,
                                                                   in.w_hh, in.h0, in.c0, in.options());
            return Gradients{in.turned(g.gate_inputs), g.w_hh, Tensor(), g.h0, g.c0};
          }};
}

inline Cell gru_cell() {
  return {"gru", 3,
          [](const Row& x, const Row& r, const Row& bias, Row& h, Row&) {
            const size_t n = h.size();
            for (size_t j = 0; j < n; ++j) {
              const double reset = sigmoid_of(x[j] + r[j] + bias[j]);
              const double z = sigmoid_of(x[n + j] + r[n + j] + bias[n + j]);
              const double fresh = std::tanh(x[2 * n + j] + reset * (r[2 * n + j] + bias[2 * n + j]));
              h[j] = (1 - z) * fresh + z * h[j];
            }
          },
          [](const Inputs& in) {
            const GRUSequence s = gru_sequence(in.turned(in.gate_inputs), in.w_hh, in.b_hh, in.h0, in.options());
            return Outputs{in.turned(s.output), s.h, Tensor()};
          },
          [](const Inputs& in, const Outputs& grads) {
            const GRUSequence s = gru_sequence(in.turned(in.gate_inputs), in.w_hh, in.b_hh, in.h0, in.options());
            const GRUSequenceGradients g =
                gru_sequence_backward(in.turned(grads.output), grads.h, s, in.w_hh, in.h0, in.options());
            return Gradients{in.turned(g.gate_inputs), g.w_hh, g.b_hh, g.h0, Tensor()};
          }};
}

inline const std::vector<Cell>& cells() {
  static const std::vector<Cell> all = {plain_cell(Nonlinearity::tanh), plain_cell(Nonlinearity::relu), lstm_cell(),
                                        gru_cell()};
  return all;
}

/// Random inputs of a cell; sequence memory in the order (B, T, ·) if `batch_first`.
inline Inputs random_inputs(const Cell& cell, int64_t steps, int64_t rows, int64_t hidden, DType dtype,
                            bool batch_first) {
  const int64_t width = cell.blocks * hidden;
  Inputs in;
  in.batch_first = batch_first;
  in.gate_inputs = batch_first ? transpose(random_tensor({rows, steps, width}, 1, dtype), 0, 1)
                               : random_tensor({steps, rows, width}, 1, dtype);
  in.w_hh = random_tensor({width, hidden}, 2, dtype, -1, 1);
  in.b_hh = random_tensor({width}, 3, dtype, -1, 1);
  in.h0 = random_tensor({rows, hidden}, 4, dtype, -1, 1);
  in.c0 = random_tensor({rows, hidden}, 5, dtype, -1, 1);
  return in;
}

inline Row row_of(const Tensor& x) { return values(x); }

/// All rows one after the other, step by step, in float64.
inline Outputs reference(const Cell& cell, const Inputs& in) {
  const int64_t steps = in.gate_inputs.size(0), rows = in.gate_inputs.size(1), hidden = in.w_hh.size(1);
  Outputs out{zeros({steps, rows, hidden}, DType::float64), zeros({rows, hidden}, DType::float64),
              zeros({rows, hidden}, DType::float64)};
  const Row bias = row_of(in.b_hh);
  for (int64_t b = 0; b < rows; ++b) {
    Row h = in.h0.defined() ? row_of(select(in.h0, 0, b)) : Row(static_cast<size_t>(hidden));
    Row c = in.c0.defined() ? row_of(select(in.c0, 0, b)) : Row(static_cast<size_t>(hidden));
    const int64_t length = in.lengths.defined() ? static_cast<int64_t>(in.lengths.at({b})) : steps;
    for (int64_t i = 0; i < length; ++i) {
      const int64_t t = in.reverse ? length - 1 - i : i;
      Row recurrent;
      for (int64_t j = 0; j < in.w_hh.size(0); ++j) {
        double sum = 0;
        for (int64_t k = 0; k < hidden; ++k) {
          sum += in.w_hh.at({j, k}) * h[static_cast<size_t>(k)];
        }
        recurrent.push_back(sum);
      }
      cell.step(row_of(select(select(in.gate_inputs, 0, t), 0, b)), recurrent, bias, h, c);
      Tensor place = select(select(out.output, 0, t), 0, b);
      copy_(place, from_vector(h, {hidden}));
    }
    Tensor last_h = select(out.h, 0, b), last_c = select(out.c, 0, b);
    copy_(last_h, from_vector(h, {hidden}));
    copy_(last_c, from_vector(c, {hidden}));
  }
  return out;
}

inline Tensor some_lengths(int64_t rows, int64_t steps) {
  std::vector<int64_t> lengths;
  for (int64_t b = 0; b < rows; ++b) {
    lengths.push_back(b * 2 % (steps + 1));
  }
  return from_vector(lengths, {rows});
}

/// Calls f with and without lengths, forward and reversed, in both orders of memory.
template <class F>
void for_all_ways(const Cell& cell, int64_t steps, int64_t rows, int64_t hidden, DType dtype, const F& f) {
  for (const bool batch_first : {false, true}) {
    for (const bool reverse : {false, true}) {
      for (const bool padded : {false, true}) {
        CAPTURE(cell.name, dtype, batch_first, reverse, padded);
        Inputs in = random_inputs(cell, steps, rows, hidden, dtype, batch_first);
        in.reverse = reverse;
        if (padded) {
          in.lengths = some_lengths(rows, steps);
        }
        f(in);
      }
    }
  }
}

/// A copy of `in` whose gate inputs past each length are `value`.
inline Inputs with_padding(const Inputs& in, double value) {
  Inputs filled = in;
  filled.gate_inputs = clone(in.gate_inputs);
  for (int64_t b = 0; b < in.lengths.numel(); ++b) {
    const int64_t length = static_cast<int64_t>(in.lengths.at({b}));
    Tensor padding = slice(select(filled.gate_inputs, 1, b), 0, length, in.gate_inputs.size(0));
    fill_(padding, value);
  }
  return filled;
}

inline void check_same(const Gradients& a, const Gradients& b) {
  CHECK(same_bits(a.gate_inputs, b.gate_inputs));
  CHECK(same_bits(a.w_hh, b.w_hh));
  CHECK(same_bits(a.h0, b.h0));
  if (a.c0.defined()) {
    CHECK(same_bits(a.c0, b.c0));
  }
  if (a.b_hh.defined()) {
    CHECK(same_bits(a.b_hh, b.b_hh));
  }
}

inline Outputs random_cotangents(const Inputs& in) {
  const int64_t hidden = in.w_hh.size(1);
  const Shape state{in.gate_inputs.size(1), hidden};
  const DType dtype = in.w_hh.dtype();
  return {random_tensor({in.gate_inputs.size(0), state[0], hidden}, 6, dtype), random_tensor(state, 7, dtype),
          random_tensor(state, 8, dtype)};
}

}  // namespace heed::test
