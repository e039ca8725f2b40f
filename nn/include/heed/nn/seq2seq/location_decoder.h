// LocationDecoder: BahdanauDecoder with an attention that goes on from where it looked last.
#pragma once

#include <cstdint>
#include <memory>

#include <heed/nn/attention/location_attention.h>
#include <heed/nn/seq2seq/attending_decoder.h>

namespace heed {

/// As BahdanauDecoder, but c_i is what a LocationAttention makes of s_{i-1}, the memory and its own state. With
/// `truncated`, where it looked last is a constant in each step, as in truncated back-propagation through time: a step
/// of the walk then learns from what it led to itself, and gradients do not grow along the walk.
class LocationDecoder : public AttendingDecoder {
 public:
  /// `attention` asks with the state: its query_size must be `hidden`. Throws ValueError as AttendingDecoder.
  LocationDecoder(int64_t vocabulary, std::unique_ptr<LocationAttention> attention,
                  const RecurrentDecoderOptions& options = {}, bool truncated = false);

 protected:
  DecoderState prepare(const Encoding& encoding) const override;
  Seen attend(const Variable& query, const DecoderState& state) const override;

 private:
  std::unique_ptr<LocationAttention> attention_;
  bool truncated_;
};

}  // namespace heed
