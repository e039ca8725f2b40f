// LocationDecoder: BahdanauDecoder with an attention that goes on from where it looked last.
#pragma once

#include <cstdint>
#include <memory>

#include <heed/nn/location_attention.h>
#include <heed/nn/recurrent_decoder.h>

namespace heed {

namespace detail {
class CellStack;
}

/// As BahdanauDecoder, but c_i is what a LocationAttention makes of s_{i-1}, the memory and its own state. With
/// `truncated`, where it looked last is a constant in each step, as in truncated back-propagation through time: a step
/// of the walk then learns from what it led to itself, and gradients do not grow along the walk.
/// Parts: `embedding`, `cell_l0` …, `bridge`, `attention`, `output`.
class LocationDecoder : public Decoder {
 public:
  /// `attention` asks with the state: its query_size must be `hidden`. Throws ValueError for that or a null pointer,
  /// for sizes below 1 and a dropout outside 0 … 1.
  LocationDecoder(int64_t vocabulary, std::unique_ptr<LocationAttention> attention,
                  const RecurrentDecoderOptions& options = {}, bool truncated = false);
  ~LocationDecoder() override;
  /// changing: the states, then those of the attention; fixed: what LocationAttention::prepare() gives.
  DecoderState start(const Encoding& encoding) override;
  DecoderStep step(const Tensor& tokens, const DecoderState& state) override;
  DecoderOutput forward(const Tensor& target_in, const DecoderState& state) override;

 private:
  struct Advanced {
    Variable features;               // [s; c] (B, H + M)
    Variable weights;                // (B, S)
    std::vector<Variable> changing;  // states, the attention's last
  };
  /// One step from the embedding (B, E) of the previous symbol.
  Advanced advance(const Variable& input, const std::vector<Variable>& changing, const LocationMemory& memory);

  int64_t layers_;
  bool truncated_;
  Embedding embedding_;
  Dropout dropout_;
  std::unique_ptr<LocationAttention> attention_;
  std::unique_ptr<detail::CellStack> cells_;
  std::unique_ptr<detail::StateBridge> bridge_;
  Linear output_;
};

}  // namespace heed
