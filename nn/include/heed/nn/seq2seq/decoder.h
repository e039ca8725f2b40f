// Decoder: the half of a sequence-to-sequence model that writes. Derive from it to add your own: start() and step()
// are enough.
#pragma once

#include <heed/nn/seq2seq/decoder_state.h>
#include <heed/nn/seq2seq/encoder.h>

namespace heed {

struct DecoderStep {
  Variable logits = {};   ///< (B, V)
  Variable weights = {};  ///< (B, S), or undefined for a decoder that does not attend
  DecoderState state = {};
};

struct DecoderOutput {
  Variable logits;   ///< (B, T, V)
  Variable weights;  ///< (B, T, S), or undefined
};

/// Seq2Seq and the searches check the shapes of what a decoder gives, and throw ShapeError naming it:
/// "decoder.step: logits must be (2, V), got (2, 1, 12)".
class Decoder : public Module {
 public:
  virtual DecoderState start(const Encoding& encoding) const = 0;
  /// One symbol further: tokens int64 (B).
  virtual DecoderStep step(const Tensor& tokens, const DecoderState& state) const = 0;
  /// The whole target at once: target_in int64 (B, T) is what step() would be fed. Agrees with step() to rounding;
  /// unless overridden it is a loop of it. Throws ShapeError for T = 0.
  virtual DecoderOutput forward(const Tensor& target_in, const DecoderState& state) const;

 protected:
  /// Throws ShapeError unless target_in is (B, T) with T ≥ 1.
  void check_target(const Tensor& target_in) const;
};

}  // namespace heed
