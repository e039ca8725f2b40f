// BahdanauDecoder: Bahdanau, Cho, Bengio 2015: what is attended to feeds the cell, so steps must follow one another.
#pragma once

#include <cstdint>
#include <memory>

#include <heed/nn/attention/attention.h>
#include <heed/nn/seq2seq/attending_decoder.h>

namespace heed {

/// c_i = Σ_j α_ij h_j with α from what the attention makes of s_{i-1}, the top layer's state, and the memory, whose
/// share is computed once; the rest is AttendingDecoder's (appendix A.1.2, A.2.2). The state starts as
/// RecurrentDecoder's does.
class BahdanauDecoder : public AttendingDecoder {
 public:
  /// The queries of `attention` are states: its query_size must be `hidden`. Throws ValueError as AttendingDecoder.
  BahdanauDecoder(int64_t vocabulary, std::unique_ptr<Attention> attention,
                  const RecurrentDecoderOptions& options = {});
  DecoderOutput forward(const Tensor& target_in, const DecoderState& state) const override;

 protected:
  DecoderState prepare(const Encoding& encoding) const override;
  Seen attend(const Variable& query, const DecoderState& state) const override;

 private:
  /// forward() as one operation, which an LSTM of one layer with additive scores has.
  DecoderOutput forward_at_once(const Tensor& target_in, const DecoderState& state, const AdditiveScore& score) const;

  std::unique_ptr<Attention> attention_;
};

}  // namespace heed
