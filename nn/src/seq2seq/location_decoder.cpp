// LocationDecoder: its attention, whose state it carries along.
#include <heed/nn/seq2seq/location_decoder.h>

namespace heed {
namespace {

/// The attention's state.
struct Walk {
  LocationMemory memory;
  LocationState at;
  void list(StateMembers& members) {
    members.changing("weights", at.weights);
    members.changing("shift", at.shift);
    members.fixed("memory", memory.content);
    members.fixed("targets", memory.targets);
    members.fixed("marks", memory.marks);
  }
};

}  // namespace

LocationDecoder::LocationDecoder(int64_t vocabulary, std::unique_ptr<LocationAttention> attention,
                                 const RecurrentDecoderOptions& options, bool truncated)
    : AttendingDecoder("LocationDecoder", vocabulary, part_of(attention), options),
      attention_(std::move(attention)),
      truncated_(truncated) {}

DecoderState LocationDecoder::prepare(const Encoding& encoding) const {
  LocationMemory memory = attention_->prepare(encoding.memory, encoding.mask);
  LocationState first = attention_->start(memory);
  return Walk{std::move(memory), std::move(first)};
}

LocationDecoder::Seen LocationDecoder::attend(const Variable& query, const DecoderState& state) const {
  const Walk& walk = state.as<Walk>();
  LocationOutput seen = attention_->forward(query, walk.memory, walk.at);
  const Variable weights = seen.state.weights;
  if (truncated_) {
    seen.state.weights = weights.detach();
  }
  return {std::move(seen.context), weights, Walk{walk.memory, std::move(seen.state)}};
}

}  // namespace heed
