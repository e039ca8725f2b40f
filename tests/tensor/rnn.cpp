// Whole-sequence recurrences against float64 loops, one row and one step at a time; gradients against differences.
#include <heed/tensor/rnn.h>

#include <functional>
#include <limits>

#include <heed/tensor/elementwise.h>
#include <heed/tensor/error.h>
#include <heed/tensor/index.h>
#include <heed/tensor/reduce.h>

#include "support/reference.h"

using namespace heed;
using namespace heed::test;

namespace {

/// What a recurrence is given; c0 is used by the LSTM only, b_hh by the GRU only.
struct Inputs {
  Tensor gate_inputs, w_hh, b_hh, h0, c0, lengths;
  bool reverse = false;
};

struct Outputs {
  Tensor output, h, c;
};

/// Gradients of the members of Inputs, and of output, h and c.
struct Gradients {
  Tensor gate_inputs, w_hh, b_hh, h0, c0;
};

using Row = std::vector<double>;

double sigmoid_of(double x) { return 1 / (1 + std::exp(-x)); }

struct Cell {
  const char* name;
  int64_t blocks;
  /// One step of one row in float64: changes h and c. `x` are the gate inputs, `r` = h W_hhᵀ.
  std::function<void(const Row& x, const Row& r, const Row& bias, Row& h, Row& c)> step;
  std::function<Outputs(const Inputs&)> forward;
  std::function<Gradients(const Inputs&, const Outputs& grads)> backward;
};

Cell plain_cell(Nonlinearity nonlinearity) {
  const bool is_tanh = nonlinearity == Nonlinearity::tanh;
  return {is_tanh ? "tanh" : "relu", 1,
          [is_tanh](const Row& x, const Row& r, const Row&, Row& h, Row&) {
            for (size_t j = 0; j < h.size(); ++j) {
              h[j] = is_tanh ? std::tanh(x[j] + r[j]) : std::max(0.0, x[j] + r[j]);
            }
          },
          [nonlinearity](const Inputs& in) {
            const RNNSequence s = rnn_sequence(in.gate_inputs, in.w_hh, in.h0, nonlinearity, in.lengths, in.reverse);
            return Outputs{s.output, s.h, Tensor()};
          },
          [nonlinearity](const Inputs& in, const Outputs& grads) {
            const RNNSequence s = rnn_sequence(in.gate_inputs, in.w_hh, in.h0, nonlinearity, in.lengths, in.reverse);
            const RNNSequenceGradients g =
                rnn_sequence_backward(grads.output, grads.h, s, in.w_hh, in.h0, nonlinearity, in.lengths, in.reverse);
            return Gradients{g.gate_inputs, g.w_hh, Tensor(), g.h0, Tensor()};
          }};
}

Cell lstm_cell() {
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
            const LSTMSequence s = lstm_sequence(in.gate_inputs, in.w_hh, in.h0, in.c0, in.lengths, in.reverse);
            return Outputs{s.output, s.h, s.c};
          },
          [](const Inputs& in, const Outputs& grads) {
            const LSTMSequence s = lstm_sequence(in.gate_inputs, in.w_hh, in.h0, in.c0, in.lengths, in.reverse);
            const LSTMSequenceGradients g = lstm_sequence_backward(grads.output, grads.h, grads.c, s, in.w_hh, in.h0,
                                                                   in.c0, in.lengths, in.reverse);
            return Gradients{g.gate_inputs, g.w_hh, Tensor(), g.h0, g.c0};
          }};
}

Cell gru_cell() {
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
            const GRUSequence s = gru_sequence(in.gate_inputs, in.w_hh, in.b_hh, in.h0, in.lengths, in.reverse);
            return Outputs{s.output, s.h, Tensor()};
          },
          [](const Inputs& in, const Outputs& grads) {
            const GRUSequence s = gru_sequence(in.gate_inputs, in.w_hh, in.b_hh, in.h0, in.lengths, in.reverse);
            const GRUSequenceGradients g =
                gru_sequence_backward(grads.output, grads.h, s, in.w_hh, in.h0, in.lengths, in.reverse);
            return Gradients{g.gate_inputs, g.w_hh, g.b_hh, g.h0, Tensor()};
          }};
}

const std::vector<Cell>& cells() {
  static const std::vector<Cell> all = {plain_cell(Nonlinearity::tanh), plain_cell(Nonlinearity::relu), lstm_cell(),
                                        gru_cell()};
  return all;
}

/// Random inputs of a cell; sequence memory in the order (B, T, ·) if `batch_first`.
Inputs random_inputs(const Cell& cell, int64_t steps, int64_t rows, int64_t hidden, DType dtype, bool batch_first) {
  const int64_t width = cell.blocks * hidden;
  Inputs in;
  in.gate_inputs = batch_first ? transpose(random_tensor({rows, steps, width}, 1, dtype), 0, 1)
                               : random_tensor({steps, rows, width}, 1, dtype);
  in.w_hh = random_tensor({width, hidden}, 2, dtype, -1, 1);
  in.b_hh = random_tensor({width}, 3, dtype, -1, 1);
  in.h0 = random_tensor({rows, hidden}, 4, dtype, -1, 1);
  in.c0 = random_tensor({rows, hidden}, 5, dtype, -1, 1);
  return in;
}

Row row_of(const Tensor& x) { return values(x); }

/// All rows one after the other, step by step, in float64.
Outputs reference(const Cell& cell, const Inputs& in) {
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

Tensor some_lengths(int64_t rows, int64_t steps) {
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
Inputs with_padding(const Inputs& in, double value) {
  Inputs filled = in;
  filled.gate_inputs = clone(in.gate_inputs);
  for (int64_t b = 0; b < in.lengths.numel(); ++b) {
    const int64_t length = static_cast<int64_t>(in.lengths.at({b}));
    Tensor padding = slice(select(filled.gate_inputs, 1, b), 0, length, in.gate_inputs.size(0));
    fill_(padding, value);
  }
  return filled;
}

void check_same(const Gradients& a, const Gradients& b) {
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

Outputs random_cotangents(const Inputs& in) {
  const int64_t hidden = in.w_hh.size(1);
  const Shape state{in.gate_inputs.size(1), hidden};
  const DType dtype = in.w_hh.dtype();
  return {random_tensor({in.gate_inputs.size(0), state[0], hidden}, 6, dtype), random_tensor(state, 7, dtype),
          random_tensor(state, 8, dtype)};
}

/// d loss / d x by central differences in float64; x is one of the members of the inputs that `loss` reads.
std::vector<double> differences(Tensor& x, const std::function<double()>& loss) {
  x = clone(x);
  std::vector<double> result;
  double* elements = x.mutable_data<double>();
  for (int64_t i = 0; i < x.numel(); ++i) {
    const double before = elements[i], step = 1e-5;
    elements[i] = before + step;
    const double above = loss();
    elements[i] = before - step;
    result.push_back((above - loss()) / (2 * step));
    elements[i] = before;
  }
  return result;
}

}  // namespace

TEST_CASE("recurrences agree with float64 loops, with lengths, reversed and in both orders of memory") {
  for (const Cell& cell : cells()) {
    for (const DType dtype : {DType::float32, DType::float64}) {
      const double tolerance = dtype == DType::float32 ? 2e-5 : 1e-12;
      for_all_ways(cell, 5, 7, 9, dtype, [&](Inputs in) {
        for (const bool started : {true, false}) {
          if (!started) {
            in.h0 = in.c0 = Tensor();
          }
          const Outputs actual = cell.forward(in), expected = reference(cell, in);
          check_close(actual.output, expected.output, tolerance);
          check_close(actual.h, expected.h, tolerance);
          if (actual.c.defined()) {
            check_close(actual.c, expected.c, tolerance);
          }
        }
      });
    }
  }
}

TEST_CASE("recurrences take any strides and sizes of zero and one") {
  for (const Cell& cell : cells()) {
    const Inputs in = random_inputs(cell, 4, 3, 5, DType::float32, false);
    const Inputs apart{strided(in.gate_inputs), strided(in.w_hh), strided(in.b_hh), strided(in.h0), strided(in.c0), {}};
    CHECK(same_bits(cell.forward(apart).output, cell.forward(in).output));
    const Outputs cotangents = random_cotangents(in);
    Gradients expected = cell.backward(in, cotangents);
    const Gradients actual =
        cell.backward(apart, {strided(cotangents.output), strided(cotangents.h), strided(cotangents.c)});
    // Gradients of weights are summed in the order of memory, which is another one here.
    check_close(actual.w_hh, expected.w_hh, 1e-5);
    expected.w_hh = actual.w_hh;
    expected.b_hh = actual.b_hh;
    check_same(actual, expected);
    for (const auto& [steps, rows, hidden] :
         {std::array<int64_t, 3>{0, 3, 5}, {4, 0, 5}, {4, 3, 0}, {1, 1, 1}, {1, 3, 2}, {4, 1, 2}}) {
      CAPTURE(cell.name, steps, rows, hidden);
      const Inputs small = random_inputs(cell, steps, rows, hidden, DType::float32, false);
      const Outputs result = cell.forward(small);
      check_close(result.output, reference(cell, small).output, 1e-5);
      const Gradients gradients = cell.backward(small, random_cotangents(small));
      CHECK(gradients.gate_inputs.shape() == small.gate_inputs.shape());
      CHECK(gradients.w_hh.shape() == small.w_hh.shape());
      if (steps == 0) {
        CHECK(same_bits(result.h, small.h0));
        check_close(gradients.w_hh, zeros_like(small.w_hh), 0);
      }
    }
  }
}

TEST_CASE("gate inputs that are moved in become the gates, others are left alone") {
  for (const bool batch_first : {false, true}) {
    const Inputs in = random_inputs(cells()[2], 4, 3, 5, DType::float32, batch_first);
    const Tensor before = clone(in.gate_inputs);
    const LSTMSequence kept = lstm_sequence(in.gate_inputs, in.w_hh, in.h0, in.c0);
    CHECK(same_bits(in.gate_inputs, before));
    Tensor given = batch_first ? transpose(clone(transpose(before, 0, 1)), 0, 1) : clone(before);
    const std::byte* memory = given.storage().data();
    const LSTMSequence moved = lstm_sequence(std::move(given), in.w_hh, in.h0, in.c0);
    CHECK(moved.gates.storage().data() == memory);
    CHECK(same_bits(moved.gates, kept.gates));
    CHECK(kept.output.strides() == (batch_first ? Strides{5, 20, 1} : Strides{15, 5, 1}));
  }
}

TEST_CASE("gradients of recurrences agree with differences") {
  for (const Cell& cell : cells()) {
    for_all_ways(cell, 4, 3, 3, DType::float64, [&](Inputs in) {
      const Outputs cotangents = random_cotangents(in);
      const auto loss = [&] {
        const Outputs out = cell.forward(in);
        double total = sum(mul(out.output, cotangents.output)).item() + sum(mul(out.h, cotangents.h)).item();
        return out.c.defined() ? total + sum(mul(out.c, cotangents.c)).item() : total;
      };
      const Gradients gradients = cell.backward(in, cotangents);
      check_close(values(gradients.gate_inputs), differences(in.gate_inputs, loss), 1e-7);
      check_close(values(gradients.w_hh), differences(in.w_hh, loss), 1e-7);
      check_close(values(gradients.h0), differences(in.h0, loss), 1e-7);
      if (gradients.c0.defined()) {
        check_close(values(gradients.c0), differences(in.c0, loss), 1e-7);
      }
      if (gradients.b_hh.defined()) {
        check_close(values(gradients.b_hh), differences(in.b_hh, loss), 1e-7);
      }
    });
  }
}

TEST_CASE("undefined cotangents and states count as zeros") {
  for (const Cell& cell : cells()) {
    Inputs in = random_inputs(cell, 4, 3, 5, DType::float32, false);
    const Tensor state = zeros({3, 5});
    const Tensor output = random_cotangents(in).output;
    check_same(cell.backward(in, {output, Tensor(), Tensor()}), cell.backward(in, {output, state, state}));
    check_same(cell.backward(in, {Tensor(), state, state}), cell.backward(in, {zeros({4, 3, 5}), state, state}));
    Inputs from_zero = in;
    from_zero.h0 = from_zero.c0 = state;
    in.h0 = in.c0 = Tensor();
    check_same(cell.backward(in, random_cotangents(in)), cell.backward(from_zero, random_cotangents(in)));
  }
}

TEST_CASE("NaN in the padding reaches neither results nor gradients, which are exactly zero there") {
  const double nan = std::numeric_limits<double>::quiet_NaN();
  for (const Cell& cell : cells()) {
    for_all_ways(cell, 6, 5, 4, DType::float32, [&](const Inputs& in) {
      if (!in.lengths.defined()) {
        return;
      }
      const Inputs clean = with_padding(in, 0), poisoned = with_padding(in, nan);
      const Outputs expected = cell.forward(clean), actual = cell.forward(poisoned);
      CHECK(same_bits(actual.output, expected.output));
      CHECK(same_bits(actual.h, expected.h));
      const Tensor hidden = unsqueeze(transpose(padding_mask(in.lengths, 6), 0, 1), 2);
      CHECK_FALSE(any(logical_and(hidden, ne(actual.output, 0)), {0, 1, 2}).item<bool>());
      Outputs cotangents = random_cotangents(in);
      const Gradients before = cell.backward(clean, cotangents);
      cotangents.output = masked_fill(cotangents.output, hidden, nan);
      const Gradients after = cell.backward(poisoned, cotangents);
      check_same(after, before);
      CHECK_FALSE(any(logical_and(hidden, ne(after.gate_inputs, 0)), {0, 1, 2}).item<bool>());
    });
  }
}

TEST_CASE("a sequence gives the same bits alone, padded and in a batch") {
  for (const Cell& cell : cells()) {
    for_all_ways(cell, 6, 5, 37, DType::float32, [&](const Inputs& in) {
      const Outputs all = cell.forward(in);
      for (int64_t b = 0; b < 5; ++b) {
        const int64_t length = in.lengths.defined() ? static_cast<int64_t>(in.lengths.at({b})) : 6;
        Inputs alone = in;
        alone.gate_inputs = narrow(narrow(in.gate_inputs, 1, b, 1), 0, 0, length);
        alone.h0 = narrow(in.h0, 0, b, 1);
        alone.c0 = narrow(in.c0, 0, b, 1);
        alone.lengths = Tensor();
        const Outputs one = cell.forward(alone);
        CHECK(same_bits(one.output, narrow(narrow(all.output, 1, b, 1), 0, 0, length)));
        CHECK(same_bits(one.h, narrow(all.h, 0, b, 1)));
      }
    });
  }
}

TEST_CASE("recurrences give the same bits on any number of threads") {
  for (const Cell& cell : cells()) {
    for (const bool batch_first : {false, true}) {
      Inputs in = random_inputs(cell, 9, 23, 50, DType::float32, batch_first);
      in.lengths = some_lengths(23, 9);
      const Outputs cotangents = random_cotangents(in);
      check_threads([&] { return cell.forward(in).output; });
      check_threads([&] { return cell.forward(in).h; });
      check_threads([&] { return cell.backward(in, cotangents).gate_inputs; });
      check_threads([&] { return cell.backward(in, cotangents).w_hh; });
      check_threads([&] { return cell.backward(in, cotangents).h0; });
    }
  }
}

TEST_CASE("recurrences refuse what does not fit and say why") {
  const Tensor x = zeros({4, 3, 8}), w = zeros({8, 2}), none;
  CHECK(message_of<ShapeError>([&] {
          lstm_sequence(zeros({4, 3, 7}), w, none, none);
        }) == "lstm_sequence: gate inputs must be (T, B, 4H), got (4, 3, 7)");
  CHECK(message_of<ShapeError>([&] {
          lstm_sequence(x, zeros({8, 3}), none, none);
        }) == "lstm_sequence: w_hh must be (8, 2), got (8, 3)");
  CHECK(message_of<ShapeError>([&] {
          lstm_sequence(x, w, zeros({2, 3}), none);
        }) == "lstm_sequence: h0 must be (3, 2), got (2, 3)");
  CHECK(message_of<ValueError>([&] {
          lstm_sequence(x, w, none, none, tensor<int64_t>({4, 5, 1}));
        }) == "lstm_sequence: lengths must be between 0 and 4, got 5 at 1");
  CHECK_THROWS_AS(lstm_sequence(x, w, none, none, tensor<int64_t>({4, 1})), ShapeError);
  CHECK_THROWS_AS(lstm_sequence(x, w, none, none, zeros({3})), DTypeError);
  CHECK_THROWS_AS(lstm_sequence(x, to(w, DType::float64), none, none), DTypeError);
  CHECK_THROWS_AS(lstm_sequence(to(x, DType::int64), to(w, DType::int64), none, none), DTypeError);
  CHECK_THROWS_AS(gru_sequence(zeros({4, 3, 6}), zeros({6, 2}), zeros({5}), none), ShapeError);
  CHECK_THROWS_AS(rnn_sequence(zeros({3, 2}), zeros({2, 2}), none, Nonlinearity::tanh), ShapeError);
  const LSTMSequence saved = lstm_sequence(x, w, none, none);
  CHECK_THROWS_AS(lstm_sequence_backward(zeros({4, 3, 3}), none, none, saved, w, none, none), ShapeError);
  CHECK_THROWS_AS(lstm_sequence_backward(none, none, none, LSTMSequence(), w, none, none), ShapeError);
}
