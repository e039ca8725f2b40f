// Encoder: the half of a sequence-to-sequence model that reads. Derive from it to bring your own.
#pragma once

#include <vector>

#include <heed/nn/module.h>

namespace heed {

/// What an encoder hands to a decoder.
struct Encoding {
  Variable memory;              ///< (B, S, M): a vector for each source position, zero where `mask` hides it
  std::vector<Variable> state;  ///< final states, each (B, ·), as the decoder expects them
  Tensor mask;                  ///< (B, S) bool, true = hidden; undefined when nothing is
};

class Encoder : public Module {
 public:
  /// source: int64 (B, S); lengths: int64 (B), or undefined when all sequences have length S.
  virtual Encoding forward(const Tensor& source, const Tensor& lengths) = 0;
};

}  // namespace heed
