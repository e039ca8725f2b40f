// Encoder: the half of a sequence-to-sequence model that reads. Derive from it to add your own.
#pragma once

#include <vector>

#include <heed/nn/core/module.h>
#include <heed/nn/recurrent/cell_kind.h>

namespace heed {

/// What an encoder hands to a decoder.
struct Encoding {
  Variable memory = {};               ///< (B, S, M): a vector for each source position, zero where `mask` hides it
  std::vector<CellState> state = {};  ///< final states of each layer, (B, ·), as the decoder expects them
  Tensor mask = {};                   ///< (B, S) bool, true = hidden; undefined when nothing is
};

class Encoder : public Module {
 public:
  /// source: int64 (B, S); lengths: int64 (B), or undefined when all sequences have length S.
  virtual Encoding forward(const Tensor& source, const Tensor& lengths) const = 0;
};

/// An encoder that reads vectors made of the symbols one by one. With its halves apart, gradients can be taken with
/// respect to each position of a source: what the model still remembers of it.
class EmbeddingEncoder : public Encoder {
 public:
  /// source: int64 (B, S) → (B, S, E).
  virtual Variable embed(const Tensor& source) const = 0;
  /// embedded: what embed() gives.
  virtual Encoding encode(const Variable& embedded, const Tensor& lengths) const = 0;
  Encoding forward(const Tensor& source, const Tensor& lengths) const override {
    return encode(embed(source), lengths);
  }
};

}  // namespace heed
