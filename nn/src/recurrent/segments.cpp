// Segments of a recurrence: states go from one to the next.
#include <heed/nn/recurrent/segments.h>

#include <algorithm>
#include <utility>

#include <heed/autograd/index.h>
#include <heed/nn/core/gradient_checkpoint.h>
#include <heed/tensor/elementwise.h>
#include <heed/tensor/error.h>
#include <heed/tensor/scope.h>

namespace heed {
namespace {

void check_layer_of(const RecurrentLayer& layer, const Variable& x, int64_t steps) {
  const char* const type = layer.kind()->type();
  check(steps >= 1, type, "a segment must have at least 1 step, got ", steps);
  check(!layer.options().bidirectional, type, "has no segments: it is bidirectional");
  check(layer.options().recurrent_dropout == 0 && (!layer.options().locked_dropout || layer.options().dropout == 0),
        type, "has no segments: its dropout has one mask for all time steps");
  check<ShapeError>(x.rank() == 3, type, "input must be ", layer.options().batch_first ? "(B, T, ·)" : "(T, B, ·)",
                    ", got ", x.shape());
}

/// One segment: inputs are x and then the states by layer, outputs alike.
std::vector<Variable> run_segment(const RecurrentLayer& layer, const std::vector<Variable>& inputs,
                                  const Tensor& lengths) {
  const auto layers = static_cast<size_t>(layer.options().num_layers), kinds = (inputs.size() - 1) / layers;
  std::vector<CellState> states(layers);
  for (size_t i = 1; i < inputs.size(); ++i) {
    states[(i - 1) / kinds].push_back(inputs[i]);
  }
  RecurrentLayer::Result result = layer.run(inputs[0], Mask::lengths(lengths), std::move(states));
  std::vector<Variable> outputs{std::move(result.output)};
  for (CellState& state : result.states) {
    std::move(state.begin(), state.end(), std::back_inserter(outputs));
  }
  return outputs;
}

}  // namespace

RecurrentLayer::Result run_in_segments(const RecurrentLayer& layer, const Variable& x, int64_t steps, const Mask& mask,
                                       std::vector<CellState> states) {
  const NameScope scope(layer.path());
  check_layer_of(layer, x, steps);
  const int64_t axis = layer.options().batch_first ? 1 : 0, total = x.size(axis);
  if (total <= steps) {
    return layer.run(x, mask, std::move(states));
  }
  const auto layers = static_cast<size_t>(layer.options().num_layers), kinds = layer.kind()->states().size();
  check(states.empty() || states.size() == layers, layer.kind()->type(), "needs a state per layer, ", layers,
        ", or none, got ", states.size());
  states.resize(layers);
  std::vector<Variable> carried(1);
  for (CellState& state : states) {
    state.resize(kinds);
    carried.insert(carried.end(), state.begin(), state.end());
  }
  const Tensor lengths = mask.sequence_lengths(x.size(1 - axis), total, layer.kind()->type());
  std::vector<Variable> outputs;
  int64_t from = 0;
  for (const Variable& part : split(x, steps, axis)) {
    const int64_t count = part.size(axis);
    const Tensor left = lengths.defined() ? clamp(lengths - from, 0, count) : Tensor();
    carried[0] = part;
    carried = gradient_checkpoint(
        [&layer, left](const std::vector<Variable>& inputs) { return run_segment(layer, inputs, left); }, carried);
    outputs.push_back(carried[0]);
    from += count;
  }
  RecurrentLayer::Result result{cat(outputs, axis), std::vector<CellState>(layers)};
  for (size_t i = 1; i < carried.size(); ++i) {
    result.states[(i - 1) / kinds].push_back(carried[i]);
  }
  return result;
}

CellState detached(const CellState& state) {
  CellState result;
  std::transform(state.begin(), state.end(), std::back_inserter(result),
                 [](const Variable& each) { return each.detach(); });
  return result;
}

std::vector<CellState> detached(const std::vector<CellState>& states) {
  std::vector<CellState> result;
  for (const CellState& state : states) {
    result.push_back(detached(state));
  }
  return result;
}

}  // namespace heed
