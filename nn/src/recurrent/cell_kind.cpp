// What kinds of cells share unless they say otherwise, and the list of those with a name.
#include <heed/nn/recurrent/cell_kind.h>

#include <cmath>

#include <heed/autograd/detail/step_by_step.h>
#include <heed/autograd/elementwise.h>
#include <heed/autograd/view.h>
#include <heed/nn/core/init.h>
#include <heed/nn/recurrent/min_gru.h>
#include <heed/tensor/create.h>
#include <heed/tensor/error.h>

#include "core/parse_kind.h"
#include "recurrent/check_cell.h"
#include "recurrent/step_records.h"

namespace heed {

std::vector<std::pair<std::string, Variable*>> RecurrentWeights::named() {
  std::vector<std::pair<std::string, Variable*>> all{
      {"weight_ih", &w_ih}, {"weight_hh", &w_hh}, {"bias_ih", &b_ih}, {"bias_hh", &b_hh}};
  for (auto& [name, variable] : more) {
    all.emplace_back(name, &variable);
  }
  return all;
}

Variable CellDescription::uniform_parameter(const Shape& shape, int64_t hidden_size) {
  const double bound = 1 / std::sqrt(static_cast<double>(hidden_size));
  Variable parameter(empty(shape), true);
  uniform_(parameter, -bound, bound);
  return parameter;
}

RecurrentWeights CellDescription::make_weights(int64_t input_size, int64_t hidden_size, bool bias) const {
  const int64_t rows = gates() * hidden_size;
  RecurrentWeights weights;
  weights.w_ih = uniform_parameter({rows, input_size}, hidden_size);
  if (has_state_weights()) {
    weights.w_hh = uniform_parameter({rows, hidden_size}, hidden_size);
  }
  if (bias) {
    weights.b_ih = uniform_parameter({rows}, hidden_size);
    weights.b_hh = has_state_weights() ? uniform_parameter({rows}, hidden_size) : Variable();
  }
  return weights;
}

Variable CellDescription::input_bias(const RecurrentWeights& weights) const {
  if (weights.b_ih.defined() && weights.b_hh.defined()) {
    return weights.b_ih + weights.b_hh;
  }
  return weights.b_ih.defined() ? weights.b_ih : weights.b_hh;
}

namespace {

/// The description whose sequence() is asked for a step, on this thread: where that asks for a step again, there is
/// none.
thread_local const CellDescription* asked = nullptr;

struct Asking {
  const CellDescription* outer;
  explicit Asking(const CellDescription* description) : outer(std::exchange(asked, description)) {}
  ~Asking() { asked = outer; }
};

}  // namespace

CellState CellDescription::step(Variable gate_inputs, const CellState& state, const RecurrentWeights& weights) const {
  check(asked != this, type(), "must override step() or sequence(): each asks the other");
  const Asking asking(this);
  Variable one = unsqueeze(std::exchange(gate_inputs, Variable()), 0);
  CellSequence result = sequence(std::move(one), state, weights, {});
  if (result.gates.defined()) {
    record_only("gates", squeeze(result.gates, 0));
  }
  return std::move(result.state);
}

CellSequence CellDescription::sequence(Variable gate_inputs, const CellState& state, const RecurrentWeights& weights,
                                       const RecurrentOptions& options) const {
  CellState start = state;
  start.resize(states().size());
  for (Variable& each : start) {
    if (!each.defined()) {
      each = zeros({gate_inputs.size(options.batch_first ? 0 : 1), gate_inputs.size(2) / gates()}, gate_inputs.dtype());
    }
  }
  detail::StepRecords records(gate_inputs.size(options.batch_first ? 1 : 0), options);
  detail::StepByStep all = detail::step_by_step(
      gate_inputs, std::move(start), options, [&](int64_t t, const Variable& inputs, const CellState& from) {
        CellState next = records.of_step(t, [&] { return step(inputs, from, weights); });
        detail::check_given(*this, type(), "step()", next, {inputs.size(0), inputs.size(1) / gates()});
        records.add_others(t, next);
        return next;
      });
  records.hand_over();
  return {std::move(all.output), std::move(all.states), {}, records.others()};
}

CellKind CellKind::with(Nonlinearity nonlinearity) const {
  if (nonlinearity == Nonlinearity::tanh) {
    return *this;
  }
  check(has_nonlinearities(), description_->type(), "has no choice of non-linearity; an RNN has");
  return rnn_relu;
}

const std::vector<CellKind>& cell_kinds() {
  static const std::vector<CellKind> kinds{CellKind::rnn, CellKind::lstm, CellKind::gru, min_gru_kind(),
                                           CellKind::rnn_relu};
  return kinds;
}

CellKind parse_cell_kind(std::string_view name) { return detail::parse_kind("parse_cell_kind", cell_kinds(), name); }

}  // namespace heed
