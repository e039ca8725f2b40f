// Decoder: the half of a sequence-to-sequence model that writes. Derive from it to bring your own: start() and step()
// are enough.
#pragma once

#include <vector>

#include <heed/nn/seq2seq/encoder.h>

namespace heed {

/// Everything a decoder needs for its next step. Axis 0 of each entry is the batch.
struct DecoderState {
  std::vector<Variable> changing;  ///< new after each step: cell states
  std::vector<Variable> fixed;     ///< computed once: memory, keys
  Tensor mask;                     ///< (B, S) bool, true = hidden, or undefined

  /// The rows that `rows` (int64, rank 1) names, in that order; one may be named several times.
  DecoderState select(const Tensor& rows) const;
  /// The same with the rows of `changing` alone selected.
  DecoderState select_changing(const Tensor& rows) const;
};

struct DecoderStep {
  Variable logits;   ///< (B, V)
  Variable weights;  ///< (B, S), or undefined for a decoder that does not attend
  DecoderState state;
};

struct DecoderOutput {
  Variable logits;   ///< (B, T, V)
  Variable weights;  ///< (B, T, S), or undefined
};

class Decoder : public Module {
 public:
  virtual DecoderState start(const Encoding& encoding) = 0;
  /// One symbol further: tokens int64 (B).
  virtual DecoderStep step(const Tensor& tokens, const DecoderState& state) = 0;
  /// The whole target at once: target_in int64 (B, T) is what step() would be fed. Agrees with step() to rounding;
  /// unless overridden it is a loop of it. Throws ShapeError for T = 0.
  virtual DecoderOutput forward(const Tensor& target_in, const DecoderState& state);
};

}  // namespace heed
