// RecurrentLayer: hands each layer's output to the next, and puts the states of all layers and directions together.
#include <heed/nn/recurrent/recurrent_layer.h>

#include <string>

#include <heed/autograd/index.h>
#include <heed/autograd/view.h>
#include <heed/nn/core/dropout.h>
#include <heed/tensor/create.h>
#include <heed/tensor/error.h>

#include "recurrent/recurrent_weights.h"

namespace heed {
namespace {

void check_options(const char* type, int64_t input_size, int64_t hidden_size, const RecurrentLayerOptions& options) {
  detail::check_recurrent_sizes(type, input_size, hidden_size);
  check(options.num_layers >= 1, type, "num_layers must be at least 1, got ", options.num_layers);
  check(options.dropout >= 0 && options.dropout <= 1, type, "dropout must be from 0 to 1, got ", options.dropout);
  check(options.recurrent_dropout >= 0 && options.recurrent_dropout <= 1, type,
        "recurrent_dropout must be from 0 to 1, got ", options.recurrent_dropout);
}

/// What each layer and direction starts from: (L·D, B, H) → for each of L·D its (B, H).
std::vector<std::vector<Variable>> taken_apart(const std::vector<Variable>& states, size_t count) {
  std::vector<std::vector<Variable>> parts(count);
  for (const Variable& state : states) {
    const std::vector<Variable> rows = state.defined() ? unbind(state, 0) : std::vector<Variable>(count);
    for (size_t i = 0; i < count; ++i) {
      parts[i].push_back(rows[i]);
    }
  }
  return parts;
}

/// The converse.
std::vector<Variable> put_together(const std::vector<std::vector<Variable>>& parts) {
  std::vector<Variable> states;
  for (size_t kind = 0; kind < parts[0].size(); ++kind) {
    std::vector<Variable> rows;
    for (const auto& part : parts) {
      rows.push_back(part[kind]);
    }
    states.push_back(rows.size() == 1 ? unsqueeze(rows[0], 0) : stack(rows, 0));
  }
  return states;
}

}  // namespace

RecurrentLayer::RecurrentLayer(const char* type, int64_t gates, int64_t input_size, int64_t hidden_size,
                               const RecurrentLayerOptions& options)
    : type_(type), input_size_(input_size), hidden_size_(hidden_size), options_(options) {
  check_options(type, input_size, hidden_size, options);
  weights_.resize(static_cast<size_t>(options.num_layers * directions()));
  for (int64_t layer = 0; layer < options.num_layers; ++layer) {
    const int64_t inputs = layer == 0 ? input_size : directions() * hidden_size;
    for (int64_t direction = 0; direction < directions(); ++direction) {
      RecurrentWeights& made = weights(layer, direction == 1);
      made = detail::make_recurrent_weights(gates, inputs, hidden_size, options.bias);
      const std::string suffix = "_l" + std::to_string(layer) + (direction == 1 ? "_reverse" : "");
      register_parameter("weight_ih" + suffix, made.w_ih);
      register_parameter("weight_hh" + suffix, made.w_hh);
      register_parameter("bias_ih" + suffix, made.b_ih);
      register_parameter("bias_hh" + suffix, made.b_hh);
    }
  }
}

RecurrentWeights& RecurrentLayer::weights(int64_t layer, bool reverse) {
  check<IndexError>(layer >= 0 && layer < options_.num_layers, type_, "layer must be one of ", options_.num_layers,
                    ", got ", layer);
  check<IndexError>(!reverse || options_.bidirectional, type_, "has no reverse direction: it is not bidirectional");
  return weights_[static_cast<size_t>(layer * directions() + (reverse ? 1 : 0))];
}

void RecurrentLayer::check_inputs(const Variable& x, const Tensor& ids, const Tensor& lengths,
                                  const std::vector<Variable>& states) const {
  const char* sizes = options_.batch_first ? "B, T" : "T, B";
  if (ids.defined()) {
    check<DTypeError>(ids.dtype() == DType::int64, type_, "ids must be int64, got ", ids.dtype());
    check<ShapeError>(ids.rank() == 2, type_, "ids must be (", sizes, "), got ", ids.shape());
    check<ShapeError>(x.rank() == 2 && x.size(1) == input_size_, type_, "the table that ids read must be (V, ",
                      input_size_, "), got ", x.shape());
  } else {
    check<ShapeError>(x.rank() == 3 && x.size(2) == input_size_, type_, "input must be (", sizes, ", ", input_size_,
                      "), got ", x.shape());
  }
  const int64_t batch_axis = options_.batch_first ? 0 : 1;
  const int64_t batch = ids.defined() ? ids.size(batch_axis) : x.size(batch_axis);
  if (lengths.defined()) {
    check<DTypeError>(lengths.dtype() == DType::int64, type_, "lengths must be int64, got ", lengths.dtype());
    check<ShapeError>(lengths.shape() == Shape{batch}, type_, "lengths must be (", batch, ",), got ", lengths.shape());
  }
  const Shape state_shape{options_.num_layers * directions(), batch, hidden_size_};
  for (const Variable& state : states) {
    check<ShapeError>(!state.defined() || state.shape() == state_shape, type_, "initial states must be ", state_shape,
                      ", got ", state.defined() ? state.shape() : Shape());
  }
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

RecurrentWeights RecurrentLayer::dropped_weights(const RecurrentWeights& weights) const {
  RecurrentWeights result = weights;
  if (training() && options_.recurrent_dropout > 0) {
    result.w_hh = dropout(weights.w_hh, options_.recurrent_dropout);
  }
  return result;
}

Variable RecurrentLayer::exchanged(const Variable& x) const { return options_.batch_first ? transpose(x, 0, 1) : x; }

Variable RecurrentLayer::run_layer(int64_t layer, const Variable& x, RecurrentOptions options, StateList& states) {
  std::vector<Variable> outputs;
  for (int64_t direction = 0; direction < directions(); ++direction) {
    const auto place = static_cast<size_t>(layer * directions() + direction);
    options.reverse = direction == 1;
    Result result = run_direction(x, states[place], dropped_weights(weights_[place]), options);
    outputs.push_back(exchanged(result.output));
    states[place] = std::move(result.states);
  }
  return outputs.size() == 1 ? outputs[0] : cat(outputs, -1);
}

RecurrentLayer::Result RecurrentLayer::run(const Variable& x, const Tensor& lengths,
                                           const std::vector<Variable>& initial, const Tensor& ids) {
  check_inputs(x, ids, lengths, initial);
  StateList states = taken_apart(initial, weights_.size());
  const RecurrentOptions options{.lengths = lengths};
  Variable output;
  if (ids.defined()) {
    RecurrentOptions first = options;
    first.ids = options_.batch_first ? contiguous(transpose(ids, 0, 1)) : ids;
    output = run_layer(0, x, first, states);
  } else {
    output = run_layer(0, exchanged(x), options, states);
  }
  for (int64_t layer = 1; layer < options_.num_layers; ++layer) {
    output = run_layer(layer, exchanged(dropped_between(output)), options, states);
  }
  return {output, put_together(states)};
}

}  // namespace heed
