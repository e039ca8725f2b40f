// RecurrentLayer: hands each layer's output to the next; states are kept by layer and direction, and stacked for users.
#include <heed/nn/recurrent/recurrent_layer.h>

#include <optional>
#include <string>

#include <heed/autograd/grad_mode.h>
#include <heed/autograd/index.h>
#include <heed/autograd/matmul.h>
#include <heed/autograd/view.h>
#include <heed/nn/core/dropout.h>
#include <heed/tensor/detail/operation_scope.h>
#include <heed/tensor/error.h>
#include <heed/tensor/scope.h>

#include "core/config_rules.h"
#include "core/hooks.h"
#include "core/require_result.h"
#include "recurrent/check_cell.h"

namespace heed {

std::optional<ConfigProblem> problem_of(CellKind kind, const RecurrentLayerOptions& options) {
  detail::ConfigRules rules;
  rules.at_least_one("num_layers", options.num_layers);
  rules.dropout("dropout", options.dropout);
  rules.dropout("recurrent_dropout", options.recurrent_dropout);
  rules.require(options.nonlinearity == Nonlinearity::tanh || kind.has_nonlinearities(), "nonlinearity",
                "tanh: only an RNN has a choice", "relu");
  rules.require(options.recurrent_dropout == 0 || kind->has_state_weights(), "recurrent_dropout",
                "0, as there is no weight_hh", options.recurrent_dropout);
  return rules.problem();
}

RecurrentLayer::RecurrentLayer(CellKind kind, int64_t input_size, int64_t hidden_size,
                               const RecurrentLayerOptions& options)
    : kind_(kind), input_size_(input_size), hidden_size_(hidden_size), options_(options) {
  check(input_size >= 1 && hidden_size >= 1, kind->type(), "input_size and hidden_size must be at least 1, got ",
        input_size, " and ", hidden_size);
  detail::check_description(kind, kind->type());
  detail::refuse(kind->type(), problem_of(kind, options));
  kind_ = kind.with(options.nonlinearity);
  const detail::OperationScope operation(kind->type());
  weights_.resize(static_cast<size_t>(options.num_layers * directions()));
  for (int64_t layer = 0; layer < options.num_layers; ++layer) {
    const int64_t inputs = layer == 0 ? input_size : directions() * hidden_size;
    for (int64_t direction = 0; direction < directions(); ++direction) {
      RecurrentWeights& made = weights(layer, direction == 1);
      made = kind->make_weights(inputs, hidden_size, options.bias);
      for (auto& [name, parameter] : made.named()) {
        register_parameter(name + "_l" + std::to_string(layer) + (direction == 1 ? "_reverse" : ""), *parameter);
      }
    }
  }
}

RecurrentWeights& RecurrentLayer::weights(int64_t layer, bool reverse) {
  check<IndexError>(layer >= 0 && layer < options_.num_layers, kind_->type(), "layer must be one of ",
                    options_.num_layers, ", got ", layer);
  check<IndexError>(!reverse || options_.bidirectional, kind_->type(),
                    "has no reverse direction: it is not bidirectional");
  return weights_[static_cast<size_t>(layer * directions() + (reverse ? 1 : 0))];
}

void RecurrentLayer::check_input(const Variable& x) const {
  check<ShapeError>(x.rank() == 3 && x.size(2) == input_size_, kind_->type(), "input must be (",
                    options_.batch_first ? "B, T" : "T, B", ", ", input_size_, "), got ", detail::given(x));
  detail::require_dtype_of(weights_[0].w_ih, x, kind_->type(), "input");
}

Variable RecurrentLayer::dropped_between(const Variable& output) const {
  if (!training() || options_.dropout == 0) {
    return output;
  }
  if (!options_.locked_dropout) {
    return dropout(output, options_.dropout);
  }
  return options_.batch_first ? locked_dropout(output, options_.dropout)
                              : transpose(locked_dropout(transpose(output, 0, 1), options_.dropout), 0, 1);
}

namespace {

/// "l0", "l1_reverse", as parameters' names end.
std::string group_name(int64_t layer, bool reverse) {
  std::string name = "l";
  name += std::to_string(layer);
  return reverse ? name.append("_reverse") : name;
}

/// For those who look inside: gates and states at each step, as the output is laid out. Without a graph: the next step
/// is computed within the operation, so a gradient with respect to a state of before would leave it out.
void record_steps(CellKind kind, const CellSequence& result) {
  const std::vector<std::string> names = kind->states();
  if (result.gates.defined()) {
    record_only("gates", result.gates);
  }
  record_only(names[0], Variable(result.output.value()));
  for (size_t k = 0; k < result.others.size() && k + 1 < names.size(); ++k) {
    record_only(names[k + 1], result.others[k]);
  }
}

}  // namespace

Variable RecurrentLayer::run_layer(int64_t layer, const GateInputs& inputs, const Tensor& lengths,
                                   std::vector<CellState>& states) const {
  std::vector<Variable> outputs;
  for (int64_t direction = 0; direction < directions(); ++direction) {
    const auto place = static_cast<size_t>(layer * directions() + direction);
    RecurrentWeights weights = weights_[place];
    if (training() && options_.recurrent_dropout > 0) {
      weights.w_hh = dropout(weights.w_hh, options_.recurrent_dropout);
    }
    Variable gates = inputs(weights.w_ih, kind_->input_bias(weights));
    const Shape state{gates.size(options_.batch_first ? 0 : 1), hidden_size_};
    const Shape output{gates.size(0), gates.size(1), hidden_size_};
    for (const Variable& each : states[place]) {
      if (each.defined()) {
        detail::require_result(each, state, kind_->type(), "initial states");
      }
    }
    std::optional<detail::RecordGroup> group;
    const bool watched = detail::is_watched();
    if (watched) {
      group.emplace(group_name(layer, direction == 1));
    }
    CellSequence result =
        kind_->sequence(std::move(gates), states[place], weights,
                        {.lengths = lengths, .reverse = direction == 1, .batch_first = options_.batch_first});
    detail::require_result(result.output, output, kind_->type(), "the output that sequence() gives");
    detail::check_given(kind_, kind_->type(), "sequence()", result.state, state);
    if (watched) {
      record_steps(kind_, result);
    }
    outputs.push_back(std::move(result.output));
    states[place] = std::move(result.state);
  }
  return outputs.size() == 1 ? outputs[0] : cat(outputs, -1);
}

RecurrentLayer::Result RecurrentLayer::run(const GateInputs& inputs, const Tensor& lengths,
                                           std::vector<CellState> states) const {
  const NameScope scope(path());
  check(states.empty() || states.size() == weights_.size(), kind_->type(), "needs a state per layer and direction, ",
        weights_.size(), ", or none, got ", states.size());
  states.resize(weights_.size());
  for (CellState& state : states) {
    const size_t count = kind_->states().size();
    check(state.size() <= count, kind_->type(), "a cell has ", count, " states, got ", state.size());
    state.resize(count);
  }
  Variable output = run_layer(0, inputs, lengths, states);
  for (int64_t layer = 1; layer < options_.num_layers; ++layer) {
    output = run_layer(
        layer,
        [x = dropped_between(output)](const Variable& weight, const Variable& bias) { return linear(x, weight, bias); },
        lengths, states);
  }
  return {record("output", std::move(output)), std::move(states)};
}

RecurrentLayer::Result RecurrentLayer::run(const Variable& x, const Mask& mask, std::vector<CellState> states) const {
  const NameScope scope(path());
  const detail::OperationScope operation(kind_->type());
  check_input(x);
  const int64_t batch = x.size(options_.batch_first ? 0 : 1), steps = x.size(options_.batch_first ? 1 : 0);
  const Tensor lengths = mask.sequence_lengths(batch, steps, kind_->type());
  // 0 · NaN would reach the gradients of weights.
  const Variable clean = grad_enabled() ? hide_nonfinite(x, Mask::lengths(lengths), options_.batch_first) : x;
  return run([&](const Variable& weight, const Variable& bias) { return linear(clean, weight, bias); }, lengths,
             std::move(states));
}

RecurrentLayer::Stacked RecurrentLayer::run_stacked(const Variable& x, const Mask& mask,
                                                    const std::vector<Variable>& initial) const {
  const NameScope scope(path());
  const detail::OperationScope operation(kind_->type());
  check_input(x);
  const size_t count = weights_.size();
  const Shape wanted{static_cast<int64_t>(count), x.size(options_.batch_first ? 0 : 1), hidden_size_};
  std::vector<CellState> states(count);
  for (const Variable& each : initial) {
    check<ShapeError>(!each.defined() || each.shape() == wanted, kind_->type(), "initial states must be ", wanted,
                      ", got ", each.defined() ? each.shape() : Shape());
    const std::vector<Variable> rows = each.defined() ? unbind(each, 0) : std::vector<Variable>(count);
    for (size_t i = 0; i < count; ++i) {
      states[i].push_back(rows[i]);
    }
  }
  Result result = run(x, mask, std::move(states));
  Stacked stacked{std::move(result.output), {}};
  for (size_t k = 0; k < initial.size(); ++k) {
    std::vector<Variable> rows;
    for (const CellState& each : result.states) {
      rows.push_back(each[k]);
    }
    stacked.states.push_back(rows.size() == 1 ? unsqueeze(rows[0], 0) : stack(rows, 0));
  }
  return stacked;
}

RecurrentOutput OneStateLayer::forward(const Variable& x, const RecurrentArguments& arguments) const {
  const Stacked result = run_stacked(x, arguments.mask, {arguments.h});
  return {result.output, result.states[0]};
}

}  // namespace heed
