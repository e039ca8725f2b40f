// RecurrentStackOptions: what recurrent encoders and decoders are made of.
#pragma once

#include <cstdint>

#include <heed/nn/recurrent/cell_kind.h>
#include <heed/nn/recurrent/recurrent_layer.h>

namespace heed {

/// An embedding and recurrent layers. `layers.dropout` acts on the embeddings as well as between layers.
struct RecurrentStackOptions {
  CellKind cell = CellKind::lstm;
  int64_t embedding = 128;
  int64_t hidden = 128;  ///< of each direction
  RecurrentLayerOptions layers = {};
};

/// The first rule that the options of an encoder or decoder break: sizes of at least 1, those of the layers,
/// batch_first.
std::optional<ConfigProblem> problem_of(const RecurrentStackOptions& stack);

}  // namespace heed
