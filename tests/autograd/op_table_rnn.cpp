// Rows of recurrences. Inputs: gate inputs, w_hh, then bias (GRU), states and lengths where the row has them.
#include <cmath>

#include <heed/autograd/detail/composites.h>
#include <heed/autograd/rnn.h>

#include "support/op_table.h"

namespace heed::test {
namespace {

using Variables = std::vector<Variable>;

struct Setup {
  int64_t gates;
  bool bias = false;
  bool states = false;
  bool lengths = false;
  bool reverse = false;
  bool batch_first = false;
  Nonlinearity nonlinearity = Nonlinearity::tanh;
};

/// The inputs of one call by name; T is Variable or Array.
template <class T>
struct Call {
  T gate_inputs, w_hh, b_hh, h0, c0, lengths;

  Call(const std::vector<T>& inputs, const Setup& setup) : gate_inputs(inputs[0]), w_hh(inputs[1]) {
    size_t next = 2;
    if (setup.bias) {
      b_hh = inputs[next++];
    }
    if (setup.states) {
      h0 = inputs[next++];
      c0 = setup.gates == 4 ? inputs[next++] : T();
    }
    if (setup.lengths) {
      lengths = inputs[next++];
    }
  }
};

Case inputs_of(const Setup& setup, int64_t steps, int64_t batch, int64_t size) {
  const int64_t width = setup.gates * size;
  Case result{{setup.batch_first ? Shape{batch, steps, width} : Shape{steps, batch, width}}, {{width, size}, -1, 1}};
  if (setup.bias) {
    result.push_back({{width}, -1, 1});
  }
  if (setup.states) {
    result.insert(result.end(), setup.gates == 4 ? 2 : 1, {{batch, size}, -1, 1});
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
  int64_t steps, batch, size;

  Reference(const Arrays& x, const Setup& how)
      : in(x, how),
        setup(how),
        steps(in.gate_inputs.shape[how.batch_first ? 1 : 0]),
        batch(in.gate_inputs.shape[how.batch_first ? 0 : 1]),
        size(in.w_hh.shape[1]) {}

  double from_input(int64_t t, int64_t b, int64_t row) const {
    return in.gate_inputs.at(setup.batch_first ? Shape{b, t, row} : Shape{t, b, row});
  }
  double from_state(const std::vector<double>& h, int64_t row) const {
    double sum = setup.bias ? in.b_hh.at({row}) : 0;
    for (int64_t i = 0; i < size; ++i) {
      sum += in.w_hh.at({row, i}) * h[static_cast<size_t>(i)];
    }
    return sum;
  }

  /// Element k of the state after step t.
  double advance(int64_t t, int64_t b, int64_t k, const std::vector<double>& h, double& c) const {
    const auto whole = [&](int64_t gate) { return from_input(t, b, gate * size + k) + from_state(h, gate * size + k); };
    if (setup.gates == 1) {
      return setup.nonlinearity == Nonlinearity::tanh ? std::tanh(whole(0)) : std::max(0.0, whole(0));
    }
    if (setup.gates == 4) {
      c = sigmoid_of(whole(1)) * c + sigmoid_of(whole(0)) * std::tanh(whole(2));
      return sigmoid_of(whole(3)) * std::tanh(c);
    }
    const double r = sigmoid_of(whole(0)), z = sigmoid_of(whole(1));
    const double n = std::tanh(from_input(t, b, 2 * size + k) + r * from_state(h, 2 * size + k));
    return (1 - z) * n + z * h[static_cast<size_t>(k)];
  }

  /// {output, h} and, for an LSTM, c.
  Arrays run() const {
    Array output{setup.batch_first ? Shape{batch, steps, size} : Shape{steps, batch, size},
                 std::vector<double>(static_cast<size_t>(steps * batch * size))};
    Array last_h{{batch, size}, {}}, last_c{{batch, size}, {}};
    for (int64_t b = 0; b < batch; ++b) {
      const int64_t length = setup.lengths ? static_cast<int64_t>(in.lengths.at({b})) : steps;
      std::vector<double> h(static_cast<size_t>(size)), c = h;
      for (size_t k = 0; k < h.size() && setup.states; ++k) {
        h[k] = in.h0.at({b, static_cast<int64_t>(k)});
        c[k] = setup.gates == 4 ? in.c0.at({b, static_cast<int64_t>(k)}) : 0;
      }
      for (int64_t i = 0; i < length; ++i) {
        const int64_t t = setup.reverse ? length - 1 - i : i;
        const std::vector<double> before = h;
        for (size_t k = 0; k < h.size(); ++k) {
          h[k] = advance(t, b, static_cast<int64_t>(k), before, c[k]);
          const int64_t place = setup.batch_first ? b * steps + t : t * batch + b;
          output.values[static_cast<size_t>(place * size) + k] = h[k];
        }
      }
      last_h.values.insert(last_h.values.end(), h.begin(), h.end());
      last_c.values.insert(last_c.values.end(), c.begin(), c.end());
    }
    return setup.gates == 4 ? Arrays{output, last_h, last_c} : Arrays{output, last_h};
  }
};

/// What rnn(), lstm() and gru() give, or their composites.
Variables run_layer(const Variables& x, const Setup& setup, bool composite) {
  const Call<Variable> in(x, setup);
  const RecurrentOptions options{.lengths = setup.lengths ? in.lengths.value() : Tensor(),
                                 .reverse = setup.reverse,
                                 .batch_first = setup.batch_first};
  if (setup.gates == 4) {
    const LSTMResult result = composite ? lstm_composite(in.gate_inputs, in.h0, in.c0, in.w_hh, options)
                                        : lstm(in.gate_inputs, in.h0, in.c0, in.w_hh, options);
    return {result.output, result.h, result.c};
  }
  if (setup.gates == 3) {
    const RecurrentResult result = composite ? gru_composite(in.gate_inputs, in.h0, in.w_hh, in.b_hh, options)
                                             : gru(in.gate_inputs, in.h0, in.w_hh, in.b_hh, options);
    return {result.output, result.h};
  }
  const RecurrentResult result = composite ? rnn_composite(in.gate_inputs, in.h0, in.w_hh, setup.nonlinearity, options)
                                           : rnn(in.gate_inputs, in.h0, in.w_hh, setup.nonlinearity, options);
  return {result.output, result.h};
}

void add_layer(std::vector<OpRow>& rows, const std::string& name, const Setup& setup) {
  std::vector<Case> cases{inputs_of(setup, 4, 3, 3)};
  if (setup.states) {
    cases = {inputs_of(setup, 3, 2, 2), inputs_of(setup, 1, 1, 1), inputs_of(setup, 0, 2, 2),
             inputs_of(setup, 2, 0, 2)};
  }
  for (const bool composite : {false, true}) {
    rows.push_back({composite ? name + "_composite" : name,
                    [=](const Variables& x) { return run_layer(x, setup, composite); },
                    [=](const Arrays& x) { return Reference(x, setup).run(); }, cases});
  }
}

}  // namespace

std::vector<OpRow> rnn_rows() {
  std::vector<OpRow> rows;
  for (const auto& [name, gates] : {std::pair{"rnn", 1}, {"lstm", 4}, {"gru", 3}}) {
    const bool bias = gates == 3;
    add_layer(rows, name, {.gates = gates, .bias = bias});
    add_layer(rows, name, {.gates = gates, .reverse = true, .batch_first = true});
    add_layer(rows, name, {.gates = gates, .bias = bias, .states = true, .lengths = true, .batch_first = true});
    add_layer(rows, name, {.gates = gates, .bias = bias, .states = true, .lengths = true, .reverse = true});
  }
  add_layer(rows, "rnn", {.gates = 1, .states = true, .nonlinearity = Nonlinearity::relu});
  return rows;
}

}  // namespace heed::test
