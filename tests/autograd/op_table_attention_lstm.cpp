// Rows of the LSTM that attends before each step. Inputs: x, w_ih, w_hh, b_ih, b_hh, h, c, memory, keys, w_context,
// w_query, direction, and a mask where the row has one.
#include <cmath>

#include <heed/autograd/attention_lstm.h>

#include "support/op_table.h"

namespace heed::test {
namespace {

using Variables = std::vector<Variable>;

struct Sizes {
  int64_t steps, batch, inputs, hidden, positions, memory, attention;
};

Case inputs_of(const Sizes& n, bool masked) {
  const int64_t gates = 4 * n.hidden;
  Case result{{{n.steps, n.batch, n.inputs}},
              {{gates, n.inputs}, -1, 1},
              {{gates, n.hidden}, -1, 1},
              {{gates}, -1, 1},
              {{gates}, -1, 1},
              {{n.batch, n.hidden}, -1, 1},
              {{n.batch, n.hidden}, -1, 1},
              {{n.batch, n.positions, n.memory}, -1, 1},
              {{n.batch, n.positions, n.attention}},
              {{gates, n.memory}, -1, 1},
              {{n.attention, n.hidden}},
              {{n.attention}}};
  if (masked) {
    result.push_back(hidden({n.batch, n.positions}));
  }
  return result;
}

double sigmoid_of(double x) { return 1 / (1 + std::exp(-x)); }

/// One sequence of the batch, one element after the other.
struct Reference {
  const Arrays& in;
  int64_t b;
  std::vector<double> h, c, weights, context;

  Reference(const Arrays& inputs, int64_t sequence)
      : in(inputs),
        b(sequence),
        weights(static_cast<size_t>(inputs[7].shape[1])),
        context(static_cast<size_t>(inputs[7].shape[2])) {
    for (int64_t k = 0; k < in[5].shape[1]; ++k) {
      h.push_back(in[5].at({b, k}));
      c.push_back(in[6].at({b, k}));
    }
  }

  bool sees(int64_t s) const { return in.size() < 13 || in[12].at({b, s}) == 0; }

  double score(int64_t s) const {
    double sum = 0;
    for (int64_t a = 0; a < in[11].shape[0]; ++a) {
      double query = 0;
      for (size_t k = 0; k < h.size(); ++k) {
        query += in[10].at({a, static_cast<int64_t>(k)}) * h[k];
      }
      sum += in[11].at({a}) * std::tanh(query + in[8].at({b, s, a}));
    }
    return sum;
  }

  void look() {
    double total = 0;
    for (size_t s = 0; s < weights.size(); ++s) {
      const auto at = static_cast<int64_t>(s);
      total += weights[s] = sees(at) ? std::exp(score(at)) : 0;
    }
    for (size_t m = 0; m < context.size(); ++m) {
      context[m] = 0;
      for (size_t s = 0; s < weights.size() && total > 0; ++s) {
        context[m] += weights[s] / total * in[7].at({b, static_cast<int64_t>(s), static_cast<int64_t>(m)});
      }
    }
    for (double& weight : weights) {
      weight = total > 0 ? weight / total : 0;
    }
  }

  double gate(int64_t t, int64_t row) const {
    double sum = in[3].at({row}) + in[4].at({row});
    for (int64_t i = 0; i < in[0].shape[2]; ++i) {
      sum += in[1].at({row, i}) * in[0].at({t, b, i});
    }
    for (size_t k = 0; k < h.size(); ++k) {
      sum += in[2].at({row, static_cast<int64_t>(k)}) * h[k];
    }
    for (size_t m = 0; m < context.size(); ++m) {
      sum += in[9].at({row, static_cast<int64_t>(m)}) * context[m];
    }
    return sum;
  }

  void advance(int64_t t) {
    look();
    const auto size = static_cast<int64_t>(h.size());
    std::vector<double> next(h.size());
    for (int64_t k = 0; k < size; ++k) {
      double& cell = c[static_cast<size_t>(k)];
      cell = sigmoid_of(gate(t, size + k)) * cell + sigmoid_of(gate(t, k)) * std::tanh(gate(t, 2 * size + k));
      next[static_cast<size_t>(k)] = sigmoid_of(gate(t, 3 * size + k)) * std::tanh(cell);
    }
    h = next;
  }
};

/// {output, context, weights, h, c}
Arrays reference(const Arrays& in) {
  const int64_t steps = in[0].shape[0], batch = in[0].shape[1];
  const auto zeros_of = [](const Shape& shape) {
    return Array{shape, std::vector<double>(static_cast<size_t>(shape.numel()))};
  };
  Arrays result{zeros_of({steps, batch, in[5].shape[1]}), zeros_of({steps, batch, in[7].shape[2]}),
                zeros_of({steps, batch, in[7].shape[1]}), zeros_of(in[5].shape), zeros_of(in[6].shape)};
  const auto put = [&](size_t place, int64_t row, const std::vector<double>& values) {
    std::copy(values.begin(), values.end(), result[place].values.begin() + row * static_cast<int64_t>(values.size()));
  };
  for (int64_t b = 0; b < batch; ++b) {
    Reference sequence(in, b);
    for (int64_t t = 0; t < steps; ++t) {
      sequence.advance(t);
      put(0, t * batch + b, sequence.h);
      put(1, t * batch + b, sequence.context);
      put(2, t * batch + b, sequence.weights);
    }
    put(3, b, sequence.h);
    put(4, b, sequence.c);
  }
  return result;
}

OpRow make_row(const std::string& name, decltype(&attention_lstm) function, bool masked, std::vector<Case> cases) {
  OpRow result{name,
               [=](const Variables& x) {
                 const AttentionLSTMMemory memory{x[7], x[8], masked ? x[12].value() : Tensor()};
                 const AttentionLSTMWeights weights{x[1], x[2], x[3], x[4], x[9], x[10], x[11]};
                 const AttentionLSTMResult all = function(x[0], memory, {x[5], x[6]}, weights, Tensor());
                 return Variables{all.output, all.context, all.weights, all.state.h, all.state.c};
               },
               &reference, std::move(cases)};
  result.order_of_memory = true;
  return result;
}

}  // namespace

std::vector<OpRow> attention_lstm_rows() {
  std::vector<OpRow> rows;
  for (const auto& [name, function] :
       {std::pair{"attention_lstm", &attention_lstm}, {"attention_lstm_composite", &attention_lstm_composite}}) {
    for (const bool masked : {false, true}) {
      rows.push_back(make_row(name, function, masked,
                              {inputs_of({3, 2, 2, 3, 4, 2, 3}, masked), inputs_of({1, 1, 1, 1, 1, 1, 1}, masked),
                               inputs_of({2, 3, 0, 2, 3, 5, 2}, masked), inputs_of({0, 2, 3, 2, 2, 2, 2}, masked),
                               inputs_of({2, 0, 3, 2, 2, 2, 2}, masked), inputs_of({2, 2, 3, 0, 3, 2, 2}, masked),
                               inputs_of({2, 2, 3, 2, 0, 2, 2}, masked), inputs_of({2, 2, 3, 2, 3, 0, 2}, masked),
                               inputs_of({2, 2, 3, 2, 3, 2, 0}, masked)}));
    }
  }
  return rows;
}

}  // namespace heed::test
