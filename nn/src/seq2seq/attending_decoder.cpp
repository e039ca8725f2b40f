// AttendingDecoder: a loop over the target, with embeddings and logits of all steps at once.
#include <heed/nn/seq2seq/attending_decoder.h>

#include <heed/autograd/index.h>
#include <heed/autograd/view.h>
#include <heed/tensor/error.h>
#include <heed/tensor/scope.h>

#include "recurrent/state_bridge.h"
#include "seq2seq/stack_rules.h"

namespace heed {
namespace {

/// Throws ValueError in the name of the decoder.
const RecurrentStackOptions& checked(const char* owner, const RecurrentStackOptions& stack) {
  detail::refuse(owner, detail::problem_of_steps(stack));
  return detail::checked_decoder(owner, stack);
}

std::vector<std::unique_ptr<RecurrentCell>> make_cells(const RecurrentStackOptions& stack, int64_t input) {
  std::vector<std::unique_ptr<RecurrentCell>> cells;
  for (int64_t layer = 0; layer < stack.layers.num_layers; ++layer) {
    cells.push_back(std::make_unique<RecurrentCell>(
        stack.cell, layer == 0 ? input : stack.hidden, stack.hidden,
        RecurrentCellOptions{.nonlinearity = stack.layers.nonlinearity, .bias = stack.layers.bias}));
  }
  return cells;
}

}  // namespace

AttendingDecoder::AttendingDecoder(const char* kind, int64_t vocabulary, const Part& attention,
                                   const RecurrentDecoderOptions& options)
    : embedding_(vocabulary, checked(kind, options.stack).embedding),
      dropout_(options.stack.layers.dropout),
      cells_(make_cells(options.stack, options.stack.embedding + attention.memory_size)),
      bridge_(std::make_unique<detail::StateBridge>(options.stack.cell, options.stack.layers.num_layers,
                                                    options.state_size, options.stack.hidden)),
      output_(options.stack.hidden + attention.memory_size, vocabulary) {
  check(attention.module != nullptr, kind, "needs an attention, got a null pointer");
  detail::check_query_size(kind, options.stack, attention.query_size);
  register_module("embedding", embedding_);
  register_module("dropout", dropout_);
  for (size_t layer = 0; layer < cells_.size(); ++layer) {
    register_module("cell_l" + std::to_string(layer), *cells_[layer]);
  }
  register_module("bridge", *bridge_);
  register_module("attention", *attention.module);
  register_module("output", output_);
}

AttendingDecoder::~AttendingDecoder() = default;

void AttendingDecoder::State::list(StateMembers& members) {
  members.changing("cells", cells);
  attention.list(members);
}

DecoderState AttendingDecoder::start(const Encoding& encoding) const {
  const NameScope scope(path());
  return State{bridge_->forward(encoding.state), prepare(encoding)};
}

AttendingDecoder::Advanced AttendingDecoder::advance(const Variable& input, const State& state) const {
  Seen seen = attend(state.cells.back()[0], state.attention);
  Variable output = cat({input, seen.context}, -1);
  std::vector<CellState> cells;
  for (size_t layer = 0; layer < cells_.size(); ++layer) {
    cells.push_back(cells_[layer]->step(layer == 0 ? output : dropout_.forward(output), state.cells[layer]));
    output = cells.back()[0];
  }
  Variable features = cat({output, seen.context}, -1);
  return {std::move(features), std::move(seen.weights), {std::move(cells), std::move(seen.state)}};
}

DecoderStep AttendingDecoder::step(const Tensor& tokens, const DecoderState& state) const {
  const NameScope scope(path());
  Advanced next = advance(dropout_.forward(embedding_.forward(tokens)), state.as<State>());
  Variable logits = record("output", output_.forward(dropout_.forward(next.features)));
  return {std::move(logits), std::move(next.weights), std::move(next.state)};
}

DecoderOutput AttendingDecoder::forward(const Tensor& target_in, const DecoderState& state) const {
  const NameScope scope(path());
  check_target(target_in);
  std::vector<Variable> features, weights;
  State current = state.as<State>();
  for (const Variable& input : unbind(dropout_.forward(embedding_.forward(target_in)), 1)) {
    Advanced next = advance(input, current);
    features.push_back(std::move(next.features));
    weights.push_back(std::move(next.weights));
    current = std::move(next.state);
  }
  return {record("output", output_.forward(dropout_.forward(stack(features, 1)))), stack(weights, 1)};
}

}  // namespace heed
