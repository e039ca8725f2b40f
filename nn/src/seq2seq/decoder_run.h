// DecoderRun: runs a model's encoder and decoder on a batch. Seq2Seq and the searches call them through it alone, so
// that results of a wrong shape, which a user's own decoder may give, are refused by name.
#pragma once

#include <functional>

#include <heed/nn/seq2seq/decoder.h>

namespace heed::detail {

class DecoderRun {
 public:
  /// Reads source (B, S) with lengths (B) or undefined, and starts.
  DecoderRun(const Encoder& encoder, const Decoder& decoder, const Tensor& source, const Tensor& lengths);
  /// Goes on from the state of B sequences.
  DecoderRun(const Decoder& decoder, DecoderState state, int64_t batch);

  /// decoder.step(); the state stays here.
  DecoderStep step(const Tensor& tokens);
  /// decoder.forward().
  DecoderOutput forward(const Tensor& target_in);
  /// `steps` times step(), fed with what `tokens` makes of the step's number and of the logits before it, undefined at
  /// first.
  DecoderOutput loop(int64_t steps, const std::function<Tensor(int64_t step, const Variable& logits)>& tokens);
  /// The sequences that `rows` names go on. With `same_sources` each stays with its source, and what is fixed is kept.
  void select(const Tensor& rows, bool same_sources = false);

 private:
  void check_output(const char* function, const Shape& leading, const Variable& logits, const Variable& weights);
  void check_state(const char* function) const;
  void check_fixed(const DecoderState& next) const;

  const Decoder& decoder_;
  DecoderState state_;
  int64_t batch_;
  int64_t positions_ = -1, symbols_ = -1;  // S and V; -1 as long as they are not known
};

}  // namespace heed::detail
