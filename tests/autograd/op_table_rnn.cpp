// Rows of recurrences. Inputs: x, w_ih, w_hh, then biases, states and lengths where the row has them.
#include <cmath>

#include <heed/autograd/rnn.h>

#include "support/op_table.h"

namespace heed::test {
namespace {

using Variables = std::vector<Variable>;

struct Setup {
  bool biases = true;
  bool states = false;
  bool lengths = false;
  bool reverse = false;
  Nonlinearity nonlinearity = Nonlinearity::tanh;
};

/// The inputs of one call by name; T is Variable or Array.
template <class T>
struct Call {
  T x, w_ih, w_hh, b_ih, b_hh, h0, c0, lengths;

  Call(const std::vector<T>& inputs, const Setup& setup, bool has_cells) {
    size_t next = 0;
    for (T* place : {&x, &w_ih, &w_hh}) {
      *place = inputs[next++];
    }
    if (setup.biases) {
      b_ih = inputs[next++];
      b_hh = inputs[next++];
    }
    if (setup.states) {
      h0 = inputs[next++];
      c0 = has_cells ? inputs[next++] : T();
    }
    if (setup.lengths) {
      lengths = inputs[next++];
    }
  }
};

Case inputs_of(const Setup& setup, int64_t gates, int64_t steps, int64_t batch, int64_t inputs, int64_t hidden_size) {
  Case result{
      {{steps, batch, inputs}}, {{gates * hidden_size, inputs}, -1, 1}, {{gates * hidden_size, hidden_size}, -1, 1}};
  if (setup.biases) {
    result.insert(result.end(), 2, {{gates * hidden_size}, -1, 1});
  }
  if (setup.states) {
    result.insert(result.end(), gates == 4 ? 2 : 1, {{batch, hidden_size}, -1, 1});
  }
  if (setup.lengths) {
    result.push_back(indices({batch}, steps + 1));
  }
  return result;
}

double sigmoid_of(double x) { return 1 / (1 + std::exp(-x)); }

/// One sequence at a time, one element after the other.
struct Reference {
  Call<Array> in;
  Setup setup;
  int64_t gates, steps, batch, size;

  Reference(const Arrays& x, const Setup& how, int64_t gate_count)
      : in(x, how, gate_count == 4),
        setup(how),
        gates(gate_count),
        steps(in.x.shape[0]),
        batch(in.x.shape[1]),
        size(in.w_hh.shape[1]) {}

  double from_input(int64_t t, int64_t b, int64_t row) const {
    double sum = setup.biases ? in.b_ih.at({row}) : 0;
    for (int64_t i = 0; i < in.x.shape[2]; ++i) {
      sum += in.w_ih.at({row, i}) * in.x.at({t, b, i});
    }
    return sum;
  }
  double from_state(const std::vector<double>& h, int64_t row) const {
    double sum = setup.biases ? in.b_hh.at({row}) : 0;
    for (int64_t i = 0; i < size; ++i) {
      sum += in.w_hh.at({row, i}) * h[static_cast<size_t>(i)];
    }
    return sum;
  }

  /// Element k of the state after step t.
  double advance(int64_t t, int64_t b, int64_t k, const std::vector<double>& h, double& c) const {
    const auto whole = [&](int64_t gate) { return from_input(t, b, gate * size + k) + from_state(h, gate * size + k); };
    if (gates == 1) {
      return setup.nonlinearity == Nonlinearity::tanh ? std::tanh(whole(0)) : std::max(0.0, whole(0));
    }
    if (gates == 4) {
      c = sigmoid_of(whole(1)) * c + sigmoid_of(whole(0)) * std::tanh(whole(2));
      return sigmoid_of(whole(3)) * std::tanh(c);
    }
    const double r = sigmoid_of(whole(0)), z = sigmoid_of(whole(1));
    const double n = std::tanh(from_input(t, b, 2 * size + k) + r * from_state(h, 2 * size + k));
    return (1 - z) * n + z * h[static_cast<size_t>(k)];
  }

  /// {output, h} and, for an LSTM, c.
  Arrays run() const {
    Array output{{steps, batch, size}, std::vector<double>(static_cast<size_t>(steps * batch * size))};
    Array last_h{{batch, size}, {}}, last_c{{batch, size}, {}};
    for (int64_t b = 0; b < batch; ++b) {
      const int64_t length = setup.lengths ? static_cast<int64_t>(in.lengths.at({b})) : steps;
      std::vector<double> h(static_cast<size_t>(size)), c = h;
      for (size_t k = 0; k < h.size() && setup.states; ++k) {
        h[k] = in.h0.at({b, static_cast<int64_t>(k)});
        c[k] = gates == 4 ? in.c0.at({b, static_cast<int64_t>(k)}) : 0;
      }
      for (int64_t i = 0; i < length; ++i) {
        const int64_t t = setup.reverse ? length - 1 - i : i;
        const std::vector<double> before = h;
        for (size_t k = 0; k < h.size(); ++k) {
          h[k] = advance(t, b, static_cast<int64_t>(k), before, c[k]);
          output.values[static_cast<size_t>((t * batch + b) * size) + k] = h[k];
        }
      }
      last_h.values.insert(last_h.values.end(), h.begin(), h.end());
      last_c.values.insert(last_c.values.end(), c.begin(), c.end());
    }
    return gates == 4 ? Arrays{output, last_h, last_c} : Arrays{output, last_h};
  }
};

/// What rnn(), lstm() and gru() give, or their composites.
Variables run_layer(const Variables& x, const Setup& setup, int64_t gates, bool composite) {
  const Call<Variable> in(x, setup, gates == 4);
  const RecurrentWeights weights{in.w_ih, in.w_hh, in.b_ih, in.b_hh};
  const RecurrentOptions options{.lengths = setup.lengths ? in.lengths.value() : Tensor(), .reverse = setup.reverse};
  if (gates == 4) {
    const LSTMResult result = (composite ? lstm_composite : lstm)(in.x, in.h0, in.c0, weights, options);
    return {result.output, result.h, result.c};
  }
  const RecurrentResult result =
      gates == 3 ? (composite ? gru_composite : gru)(in.x, in.h0, weights, options)
                 : (composite ? rnn_composite : rnn)(in.x, in.h0, weights, setup.nonlinearity, options);
  return {result.output, result.h};
}

void add_layer(std::vector<OpRow>& rows, const std::string& name, int64_t gates, const Setup& setup) {
  std::vector<Case> cases{inputs_of(setup, gates, 4, 3, 2, 3)};
  if (setup.states) {
    cases = {inputs_of(setup, gates, 3, 2, 3, 2), inputs_of(setup, gates, 1, 1, 1, 1),
             inputs_of(setup, gates, 0, 2, 3, 2), inputs_of(setup, gates, 2, 0, 3, 2),
             inputs_of(setup, gates, 2, 2, 0, 3)};
  }
  for (const bool composite : {false, true}) {
    OpRow each{composite ? name + "_composite" : name,
               [=](const Variables& x) { return run_layer(x, setup, gates, composite); },
               [=](const Arrays& x) { return Reference(x, setup, gates).run(); }, cases};
    each.order_of_memory = true;
    rows.push_back(std::move(each));
  }
}

/// A single step is a sequence of one.
OpRow cell_row(const std::string& name, int64_t gates,
               std::function<Variables(const Call<Variable>&, const RecurrentWeights&)> function) {
  const Setup setup{.states = true};
  Case inputs = inputs_of(setup, gates, 1, 3, 2, 3);
  inputs[0].shape.erase(0);
  return {name,
          [=](const Variables& x) {
            const Call<Variable> in(x, setup, gates == 4);
            return function(in, {in.w_ih, in.w_hh, in.b_ih, in.b_hh});
          },
          [=](Arrays x) {
            x[0].shape.insert(0, 1);
            Arrays result = Reference(x, setup, gates).run();
            result.erase(result.begin());
            return result;
          },
          {inputs}};
}

}  // namespace

std::vector<OpRow> rnn_rows() {
  std::vector<OpRow> rows;
  for (const auto& [name, gates] : {std::pair{"rnn", 1}, {"lstm", 4}, {"gru", 3}}) {
    add_layer(rows, name, gates, {});
    add_layer(rows, name, gates, {.biases = false, .reverse = true});
    add_layer(rows, name, gates, {.states = true, .lengths = true});
    add_layer(rows, name, gates, {.states = true, .lengths = true, .reverse = true});
  }
  add_layer(rows, "rnn", 1, {.states = true, .nonlinearity = Nonlinearity::relu});
  rows.push_back(cell_row("rnn_cell", 1, [](const Call<Variable>& in, const RecurrentWeights& weights) {
    return Variables{rnn_cell(in.x, in.h0, weights)};
  }));
  rows.push_back(cell_row("lstm_cell", 4, [](const Call<Variable>& in, const RecurrentWeights& weights) {
    const LSTMState state = lstm_cell(in.x, {in.h0, in.c0}, weights);
    return Variables{state.h, state.c};
  }));
  rows.push_back(cell_row("gru_cell", 3, [](const Call<Variable>& in, const RecurrentWeights& weights) {
    return Variables{gru_cell(in.x, in.h0, weights)};
  }));
  return rows;
}

}  // namespace heed::test
