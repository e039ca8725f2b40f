// Recurrent time steps: values against float64 formulas, gradients against finite differences of those, inactive rows.
#include "kernels/rnn.h"

#include <array>
#include <functional>

#include "tensor/kernels/naive.h"

namespace heed::kernels::test {
namespace {

constexpr int64_t kRows = 3;
const int64_t kLengths[kRows] = {5, 2, 5};  // at t = 2 the middle row is over
constexpr int64_t kTime = 2;
constexpr int64_t kHidden[] = {1, 3, 4, 8, 9, 17};

double sigmoid_of(double x) { return 1 / (1 + std::exp(-x)); }

// One element's step: inputs to outputs (h, and c for the LSTM), in float64.
using Inputs = std::array<double, 8>;
double lstm_c(const Inputs& z) { return sigmoid_of(z[1]) * z[4] + sigmoid_of(z[0]) * std::tanh(z[2]); }
double lstm_h(const Inputs& z) { return sigmoid_of(z[3]) * std::tanh(lstm_c(z)); }
// z[0..2]: W_i x + b_i of r, z, n; z[3..5]: W_h h + b_h; z[6]: h_prev.
double gru_h(const Inputs& z) {
  const double r = sigmoid_of(z[0] + z[3]), u = sigmoid_of(z[1] + z[4]), n = std::tanh(z[2] + r * z[5]);
  return (1 - u) * n + u * z[6];
}

double slope(const std::function<double(const Inputs&)>& f, Inputs z, int which) {
  constexpr double kStep = 1e-6;
  z[which] += kStep;
  const double above = f(z);
  z[which] -= 2 * kStep;
  return (above - f(z)) / (2 * kStep);
}

// A block of rows wider than its columns, so that a write beyond a row shows.
template <class T>
struct Block {
  int64_t columns, stride;
  std::vector<T> values;
  Block(int64_t width, uint32_t seed)
      : columns(width), stride(width + 3), values(random_values<T>(kRows * (width + 3), seed, -2, 2)) {}
  T& operator()(int64_t row, int64_t j) { return values[row * stride + j]; }
  operator Rows<T>() { return {values.data(), stride}; }
  operator Rows<const T>() { return {values.data(), stride}; }
  bool gaps_equal(const Block& other) const {
    for (int64_t row = 0; row < kRows; ++row) {
      for (int64_t j = columns; j < stride; ++j) {
        if (values[row * stride + j] != other.values[row * stride + j]) return false;
      }
    }
    return true;
  }
};

// Pre-activations whose exponentials are no normal numbers, one for each gate, among others that are usual.
template <class T>
void add_rare(Block<T>& z, int64_t gates, int64_t hidden) {
  for (int64_t gate = 0; gate < gates; ++gate) {
    z(gate % kRows, gate * hidden + hidden / 2) = static_cast<T>(gate % 2 == 0 ? 800 : -100);
  }
}

template <class T>
void check_lstm(int64_t hidden, bool ragged) {
  const StepRange range{kRows, hidden, ragged ? kLengths : nullptr, kTime};
  Block<T> z(4 * hidden, 1), c_prev(hidden, 2), h_prev(hidden, 3), c(hidden, 4), tanh_c(hidden, 5), h(hidden, 6),
      output(hidden, 7), d_output(hidden, 8), dh(hidden, 9), dc(hidden, 10), d_gates(4 * hidden, 11);
  add_rare(z, 4, hidden);
  Block<T> gates = z, dh_start = dh, dc_start = dc, c_start = c;
  rnn().get<T>().lstm({range, gates, c_prev, h_prev, c, tanh_c, h, output});
  rnn().get<T>().lstm_backward({range, gates, c_prev, tanh_c, d_output, dh, dc, d_gates});
  CHECK(gates.gaps_equal(z));
  CHECK(c.gaps_equal(c_start));
  for (int64_t row = 0; row < kRows; ++row) {
    const bool active = !ragged || kTime < kLengths[row];
    for (int64_t j = 0; j < hidden; ++j) {
      INFO("hidden " << hidden << ", row " << row << ", j " << j << ", active " << active);
      if (!active) {
        CHECK(c(row, j) == c_prev(row, j));
        CHECK(h(row, j) == h_prev(row, j));
        CHECK(output(row, j) == 0);
        CHECK(dh(row, j) == dh_start(row, j));
        CHECK(dc(row, j) == dc_start(row, j));
        for (int gate = 0; gate < 4; ++gate) CHECK(d_gates(row, gate * hidden + j) == 0);
        continue;
      }
      Inputs in{};
      for (int gate = 0; gate < 4; ++gate) in[gate] = z(row, gate * hidden + j);
      in[4] = c_prev(row, j);
      CHECK(c(row, j) == Approx(lstm_c(in)).margin(1e-6));
      CHECK(tanh_c(row, j) == Approx(std::tanh(lstm_c(in))).margin(1e-6));
      CHECK(h(row, j) == Approx(lstm_h(in)).margin(1e-6));
      CHECK(same_bits(output(row, j), h(row, j)));
      const double d_state = double(d_output(row, j)) + dh_start(row, j), d_cell = dc_start(row, j);
      const auto total = [&](const Inputs& x) { return d_state * lstm_h(x) + d_cell * lstm_c(x); };
      for (int gate = 0; gate < 4; ++gate) {
        CHECK(d_gates(row, gate * hidden + j) == Approx(slope(total, in, gate)).margin(1e-5));
      }
      CHECK(dc(row, j) == Approx(slope(total, in, 4)).margin(1e-5));
      CHECK(dh(row, j) == 0);
    }
  }
}

template <class T>
void check_gru(int64_t hidden, bool ragged) {
  const StepRange range{kRows, hidden, ragged ? kLengths : nullptr, kTime};
  Block<T> x(3 * hidden, 1), y(3 * hidden, 2), h_prev(hidden, 3), h(hidden, 4), output(hidden, 5), d_output(hidden, 6),
      dh(hidden, 7), d_gates(3 * hidden, 8), d_recurrent(3 * hidden, 9), d_product(hidden, 12);
  const std::vector<T> recurrent_bias = random_values<T>(3 * hidden, 11);
  add_rare(x, 3, hidden);
  Block<T> gates = x, recurrent = y, dh_start = dh;
  rnn().get<T>().gru({range, gates, recurrent, recurrent_bias.data(), h_prev, h, output});
  rnn().get<T>().gru_backward({range, gates, recurrent, h_prev, d_output, d_product, dh, d_gates, d_recurrent});
  CHECK(gates.gaps_equal(x));
  CHECK(recurrent.gaps_equal(y));
  for (int64_t row = 0; row < kRows; ++row) {
    const bool active = !ragged || kTime < kLengths[row];
    for (int64_t j = 0; j < hidden; ++j) {
      INFO("hidden " << hidden << ", row " << row << ", j " << j << ", active " << active);
      if (!active) {
        CHECK(h(row, j) == h_prev(row, j));
        CHECK(output(row, j) == 0);
        CHECK(dh(row, j) == dh_start(row, j) + d_product(row, j));
        for (int gate = 0; gate < 3; ++gate) {
          CHECK(d_gates(row, gate * hidden + j) == 0);
          CHECK(d_recurrent(row, gate * hidden + j) == 0);
        }
        continue;
      }
      Inputs in{};
      for (int gate = 0; gate < 3; ++gate) {
        const int64_t at = gate * hidden + j;
        in[gate] = x(row, at);
        in[3 + gate] = double(y(row, at)) + recurrent_bias[at];
      }
      in[6] = h_prev(row, j);
      CHECK(h(row, j) == Approx(gru_h(in)).margin(1e-6));
      CHECK(same_bits(output(row, j), h(row, j)));
      const double d_state = double(d_output(row, j)) + dh_start(row, j) + d_product(row, j);
      for (int gate = 0; gate < 3; ++gate) {
        CHECK(d_gates(row, gate * hidden + j) == Approx(d_state * slope(gru_h, in, gate)).margin(1e-5));
        CHECK(d_recurrent(row, gate * hidden + j) == Approx(d_state * slope(gru_h, in, 3 + gate)).margin(1e-5));
      }
      CHECK(dh(row, j) == Approx(d_state * slope(gru_h, in, 6)).margin(1e-5));
    }
  }
}

template <class T>
void check_rnn(int64_t hidden, bool relu) {
  const StepRange range{kRows, hidden, kLengths, kTime};
  Block<T> z(hidden, 1), h_prev(hidden, 2), h(hidden, 3), output(hidden, 4), d_output(hidden, 5), dh(hidden, 6),
      d_gates(hidden, 7);
  Block<T> dh_start = dh;
  const RNNKernels<T>& k = rnn().get<T>();
  (relu ? k.rnn_relu : k.rnn_tanh)({range, z, h_prev, h, output});
  (relu ? k.rnn_relu_backward : k.rnn_tanh_backward)({range, h, d_output, dh, d_gates});
  for (int64_t row = 0; row < kRows; ++row) {
    const bool active = kTime < kLengths[row];
    for (int64_t j = 0; j < hidden; ++j) {
      const double in = z(row, j);
      const double value = relu ? std::max(in, 0.0) : std::tanh(in);
      const double derivative = relu ? (in > 0 ? 1 : 0) : 1 - value * value;
      CHECK(h(row, j) == Approx(active ? value : double(h_prev(row, j))).margin(1e-6));
      CHECK(output(row, j) == (active ? h(row, j) : T{0}));
      const double d_state = double(d_output(row, j)) + dh_start(row, j);
      CHECK(d_gates(row, j) == Approx(active ? d_state * derivative : 0).margin(1e-5));
      CHECK(dh(row, j) == (active ? T{0} : dh_start(row, j)));
    }
  }
}

// The bits of a row alone, and with the state written over, are those of the row in a batch.
template <class T>
void check_lstm_invariance() {
  const int64_t hidden = 19;
  Block<T> z(4 * hidden, 1), c_prev(hidden, 2), c(hidden, 3), h(hidden, 4), tanh_c(hidden, 5), output(hidden, 6);
  Block<T> gates = z, gates_alone = z;
  const StepRange all{kRows, hidden}, one{1, hidden};
  rnn().get<T>().lstm({all, gates, c_prev, h, c, tanh_c, h, output});
  for (int64_t row = 0; row < kRows; ++row) {
    const Rows<T> state{&c_prev(row, 0), c_prev.stride}, gate{&gates_alone(row, 0), gates_alone.stride};
    std::vector<T> h_alone(hidden), rest(2 * hidden);
    const Rows<T> alone{h_alone.data(), hidden};
    rnn().get<T>().lstm({one,
                         gate,
                         {state.data, state.stride},
                         {alone.data, hidden},
                         state,
                         {rest.data(), hidden},
                         alone,
                         {rest.data() + hidden, hidden}});
    for (int64_t j = 0; j < hidden; ++j) {
      CHECK(same_bits(h_alone[j], h(row, j)));
      CHECK(same_bits(c_prev(row, j), c(row, j)));
    }
  }
}

}  // namespace

TEMPLATE_TEST_CASE("an LSTM step and its gradient agree with the formula, with rows that are over", "", float, double) {
  on_every_target([] {
    for (const int64_t hidden : kHidden) check_lstm<TestType>(hidden, true);
    check_lstm<TestType>(7, false);
    check_lstm_invariance<TestType>();
  });
}

TEMPLATE_TEST_CASE("a GRU step and its gradient agree with the formula, with rows that are over", "", float, double) {
  on_every_target([] {
    for (const int64_t hidden : kHidden) check_gru<TestType>(hidden, true);
    check_gru<TestType>(7, false);
  });
}

TEMPLATE_TEST_CASE("a simple recurrent step and its gradient agree with the formula", "", float, double) {
  on_every_target([] {
    for (const int64_t hidden : kHidden) {
      check_rnn<TestType>(hidden, false);
      check_rnn<TestType>(hidden, true);
    }
  });
}

}  // namespace heed::kernels::test
