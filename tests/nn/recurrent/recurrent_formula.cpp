// RNN, LSTM, GRU and their cells against their formulas, one number at a time.
#include <cmath>
#include <functional>

#include <heed/nn/core/check_layer.h>
#include <heed/nn/recurrent/gru.h>
#include <heed/nn/recurrent/lstm.h>
#include <heed/nn/recurrent/min_gru.h>
#include <heed/nn/recurrent/rnn.h>
#include <heed/tensor/error.h>

#include "support/catch.h"
#include "support/reference.h"

using namespace heed;
using namespace heed::test;

namespace {

constexpr int64_t kInput = 3, kHidden = 4;
using Vector = std::vector<double>;

double sigma(double x) { return 1 / (1 + std::exp(-x)); }

/// W x + b, row by row.
Vector affine(const Variable& weight, const Variable& bias, const Vector& x) {
  Vector y;
  for (int64_t row = 0; row < weight.size(0); ++row) {
    double total = bias.defined() ? bias.value().at({row}) : 0;
    for (int64_t k = 0; k < weight.size(1); ++k) {
      total += weight.value().at({row, k}) * x[static_cast<size_t>(k)];
    }
    y.push_back(total);
  }
  return y;
}

struct State {
  Vector h = Vector(kHidden), c = Vector(kHidden);
};
using Step = std::function<void(const RecurrentWeights& weights, const Vector& x, State& state)>;

void lstm_step(const RecurrentWeights& w, const Vector& x, State& state) {
  const Vector a = affine(w.w_ih, w.b_ih, x), b = affine(w.w_hh, w.b_hh, state.h);
  for (size_t k = 0; k < kHidden; ++k) {
    const auto gate = [&](size_t g) { return a[g * kHidden + k] + b[g * kHidden + k]; };
    state.c[k] = sigma(gate(1)) * state.c[k] + sigma(gate(0)) * std::tanh(gate(2));
    state.h[k] = sigma(gate(3)) * std::tanh(state.c[k]);
  }
}

void gru_step(const RecurrentWeights& w, const Vector& x, State& state) {
  const Vector a = affine(w.w_ih, w.b_ih, x), b = affine(w.w_hh, w.b_hh, state.h);
  for (size_t k = 0; k < kHidden; ++k) {
    const double r = sigma(a[k] + b[k]), z = sigma(a[kHidden + k] + b[kHidden + k]);
    const double n = std::tanh(a[2 * kHidden + k] + r * b[2 * kHidden + k]);
    state.h[k] = (1 - z) * n + z * state.h[k];
  }
}

Step rnn_step(Nonlinearity nonlinearity) {
  return [nonlinearity](const RecurrentWeights& w, const Vector& x, State& state) {
    const Vector a = affine(w.w_ih, w.b_ih, x), b = affine(w.w_hh, w.b_hh, state.h);
    for (size_t k = 0; k < kHidden; ++k) {
      state.h[k] = nonlinearity == Nonlinearity::tanh ? std::tanh(a[k] + b[k]) : std::max(0.0, a[k] + b[k]);
    }
  };
}

void min_gru_step(const RecurrentWeights& w, const Vector& x, State& state) {
  const Vector a = affine(w.w_ih, w.b_ih, x);
  for (size_t k = 0; k < kHidden; ++k) {
    const double z = sigma(a[k]);
    state.h[k] = (1 - z) * state.h[k] + z * a[kHidden + k];
  }
}

/// Outputs of one sequence, (T, 2H), through two layers in both directions; the last state of each goes to `last`.
std::vector<Vector> two_layers(RecurrentLayer& layer, const Step& step, std::vector<Vector> x,
                               std::vector<State>& last) {
  for (int64_t number = 0; number < 2; ++number) {
    std::vector<Vector> outputs(x.size(), Vector(2 * kHidden));
    for (const bool reverse : {false, true}) {
      State state;
      for (size_t i = 0; i < x.size(); ++i) {
        const size_t t = reverse ? x.size() - 1 - i : i;
        step(layer.weights(number, reverse), x[t], state);
        std::copy(state.h.begin(), state.h.end(), outputs[t].begin() + (reverse ? kHidden : 0));
      }
      last.push_back(state);
    }
    x = outputs;
  }
  return x;
}

void check_sequences(RecurrentLayer& layer, const Step& step, const Tensor& x, const std::vector<int64_t>& lengths,
                     const std::vector<Tensor>& got) {
  for (int64_t b = 0; b < x.size(0); ++b) {
    std::vector<Vector> steps;
    for (int64_t t = 0; t < lengths[static_cast<size_t>(b)]; ++t) {
      steps.push_back(values(select(select(x, 0, b), 0, t)));
    }
    std::vector<State> last;
    std::vector<Vector> wanted = two_layers(layer, step, steps, last);
    wanted.resize(static_cast<size_t>(x.size(1)), Vector(2 * kHidden));
    for (int64_t t = 0; t < x.size(1); ++t) {
      check_close(values(select(select(got[0], 0, b), 0, t)), wanted[static_cast<size_t>(t)], 1e-13);
    }
    for (int64_t i = 0; i < 4; ++i) {
      check_close(values(select(select(got[1], 0, i), 0, b)), last[static_cast<size_t>(i)].h, 1e-13);
      if (got.size() > 2) {
        check_close(values(select(select(got[2], 0, i), 0, b)), last[static_cast<size_t>(i)].c, 1e-13);
      }
    }
  }
}

}  // namespace

TEST_CASE("recurrent layers compute their formulas through layers, directions and lengths") {
  const Tensor x = strided(random_tensor({3, 5, kInput}, 1, DType::float64));
  const std::vector<int64_t> lengths{5, 2, 4};
  for (const bool bias : {true, false}) {
    LSTM lstm(kInput, kHidden, {.num_layers = 2, .bidirectional = true, .bias = bias});
    lstm.to(DType::float64);
    const LSTMOutput a = lstm.forward(x, {.mask = Mask::lengths(from_vector(lengths, {3}))});
    check_sequences(lstm, lstm_step, x, lengths, {a.output.value(), a.h.value(), a.c.value()});
    GRU gru(kInput, kHidden, {.num_layers = 2, .bidirectional = true, .bias = bias});
    gru.to(DType::float64);
    const GRUOutput b = gru.forward(x, {.mask = Mask::lengths(from_vector(lengths, {3}))});
    check_sequences(gru, gru_step, x, lengths, {b.output.value(), b.h.value()});
    MinGRU min_gru(kInput, kHidden, {.num_layers = 2, .bidirectional = true, .bias = bias});
    min_gru.to(DType::float64);
    const RecurrentOutput d = min_gru.forward(x, {.mask = Mask::lengths(from_vector(lengths, {3}))});
    check_sequences(min_gru, min_gru_step, x, lengths, {d.output.value(), d.h.value()});
    for (const Nonlinearity nonlinearity : {Nonlinearity::tanh, Nonlinearity::relu}) {
      RNN rnn(kInput, kHidden, {.num_layers = 2, .nonlinearity = nonlinearity, .bidirectional = true, .bias = bias});
      rnn.to(DType::float64);
      const RNNOutput c = rnn.forward(x, {.mask = Mask::lengths(from_vector(lengths, {3}))});
      check_sequences(rnn, rnn_step(nonlinearity), x, lengths, {c.output.value(), c.h.value()});
    }
  }
}

TEST_CASE("cells are one step of their formulas") {
  const Tensor x = random_tensor({2, kInput}, 1, DType::float64), h = random_tensor({2, kHidden}, 2, DType::float64);
  const Tensor c = random_tensor({2, kHidden}, 3, DType::float64);
  LSTMCell lstm(kInput, kHidden);
  GRUCell gru(kInput, kHidden);
  RNNCell rnn(kInput, kHidden, {.nonlinearity = Nonlinearity::relu});
  MinGRUCell min_gru(kInput, kHidden);
  for (RecurrentCell* cell : std::initializer_list<RecurrentCell*>{&lstm, &gru, &rnn, &min_gru}) {
    cell->to(DType::float64);
  }
  const LSTMState next = lstm.forward(x, {h, c});
  const Variable next_gru = gru.forward(x, h), next_rnn = rnn.forward(x, h);
  const Variable next_min_gru = min_gru.forward(x, h);
  for (int64_t b = 0; b < 2; ++b) {
    const Vector input = values(select(x, 0, b));
    const State start{values(select(h, 0, b)), values(select(c, 0, b))};
    State a = start, g = start, r = start, m = start;
    lstm_step(lstm.weights(), input, a);
    check_close(values(select(next.h.value(), 0, b)), a.h, 1e-13);
    check_close(values(select(next.c.value(), 0, b)), a.c, 1e-13);
    gru_step(gru.weights(), input, g);
    check_close(values(select(next_gru.value(), 0, b)), g.h, 1e-13);
    rnn_step(Nonlinearity::relu)(rnn.weights(), input, r);
    check_close(values(select(next_rnn.value(), 0, b)), r.h, 1e-13);
    min_gru_step(min_gru.weights(), input, m);
    check_close(values(select(next_min_gru.value(), 0, b)), m.h, 1e-13);
  }
}

TEST_CASE("cells pass check_layer and start from zero states") {
  const Tensor x = random_tensor({2, kInput}, 1), h = random_tensor({2, kHidden}, 2);
  const auto lstm = [](LSTMCell& cell, const std::vector<Variable>& in) {
    const LSTMState next = cell.forward(in[0], {in[1], in[2]});
    return std::vector{next.h, next.c};
  };
  const auto gru = [](GRUCell& cell, const std::vector<Variable>& in) {
    return std::vector{cell.forward(in[0], in[1])};
  };
  const auto rnn = [](RNNCell& cell, const std::vector<Variable>& in) {
    return std::vector{cell.forward(in[0], in[1])};
  };
  CHECK(check_layer([] { return std::make_unique<LSTMCell>(kInput, kHidden); }, lstm, {x, h, h}).message == "");
  CHECK(check_layer([] { return std::make_unique<GRUCell>(kInput, kHidden); }, gru, {x, h}).message == "");
  CHECK(check_layer([] { return std::make_unique<RNNCell>(kInput, kHidden); }, rnn, {x, h}).message == "");
  GRUCell without(kInput, kHidden, {.bias = false});
  CHECK(without.parameters().size() == 2);
  CHECK(same_bits(without.forward(x).value(), without.forward(x, zeros({2, kHidden})).value()));
  LSTMCell cell(kInput, kHidden);
  CHECK(same_bits(cell.forward(x).c.value(), cell.forward(x, {zeros({2, kHidden}), zeros({2, kHidden})}).c.value()));
}

TEST_CASE("cells name their parameters and check what they are given") {
  LSTMCell cell(kInput, kHidden);
  std::vector<std::string> names;
  for (const auto& [name, parameter] : cell.named_parameters()) {
    names.push_back(name);
  }
  CHECK(names == std::vector<std::string>{"weight_ih", "weight_hh", "bias_ih", "bias_hh"});
  CHECK(message_of<ShapeError>([&] { cell.forward(zeros({2, 5})); }) == "LSTMCell: input must be (B, 3), got (2, 5)");
  CHECK(message_of<ShapeError>([&] {
          cell.forward(zeros({2, 3}), {zeros({1, 4}), Variable()});
        }) == "LSTMCell: the state must be (2, 4), got (1, 4)");
  GRUCell gru(kInput, kHidden);
  CHECK(message_of<ShapeError>([&] {
          gru.forward(zeros({2, 3}), zeros({2, 3}));
        }) == "GRUCell: the state must be (2, 4), got (2, 3)");
  CHECK_THROWS_AS(GRUCell(0, 3), ValueError);
  CHECK_THROWS_AS(RNNCell(3, 0), ValueError);
}
