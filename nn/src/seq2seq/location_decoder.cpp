// LocationDecoder: its attention, whose state it carries along.
#include <heed/nn/seq2seq/location_decoder.h>

#include <heed/tensor/error.h>
#include <heed/tensor/scope.h>

#include "recurrent/cell_stack.h"
#include "recurrent/state_bridge.h"

namespace heed {

LocationDecoder::Part LocationDecoder::part_of(const std::unique_ptr<LocationAttention>& attention) {
  check(attention != nullptr, "LocationDecoder", "needs an attention, got a null pointer");
  return {*attention, attention->query_size(), attention->memory_size()};
}

LocationDecoder::LocationDecoder(int64_t vocabulary, std::unique_ptr<LocationAttention> attention,
                                 const RecurrentDecoderOptions& options, bool truncated)
    : AttendingDecoder("LocationDecoder", vocabulary, part_of(attention), options),
      attention_(std::move(attention)),
      truncated_(truncated) {}

DecoderState LocationDecoder::start(const Encoding& encoding) {
  const NameScope scope(path());
  const LocationMemory prepared = attention_->prepare(encoding.memory, encoding.mask);
  DecoderState state;
  state.changing = first_states(encoding);
  LocationState first = attention_->start(prepared);
  state.changing.insert(state.changing.end(), {std::move(first.weights), std::move(first.shift)});
  state.fixed = {prepared.content.memory, prepared.content.keys, prepared.targets, prepared.marks};
  state.mask = prepared.content.mask;
  return state;
}

LocationDecoder::Seen LocationDecoder::attend(const Variable& query, const std::vector<Variable>& carried,
                                              const DecoderState& state) {
  const LocationMemory memory{{state.fixed[0], state.fixed[1], state.mask}, state.fixed[2], state.fixed[3]};
  LocationOutput seen = attention_->forward(query, memory, {carried[0], carried[1]});
  const Variable left_at = truncated_ ? seen.state.weights.detach() : seen.state.weights;
  return {std::move(seen.context), seen.state.weights, {left_at, seen.state.shift}};
}

}  // namespace heed
