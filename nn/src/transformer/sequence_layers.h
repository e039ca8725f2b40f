// SequenceLayers: as many SequenceLayer as a configuration says.
#pragma once

#include <heed/nn/core/module_list.h>
#include <heed/nn/seq2seq/transformer_seq2seq.h>

#include "transformer/sequence_layer.h"

namespace heed::detail {

class SequenceLayers : public ModuleList<SequenceLayer> {
 public:
  SequenceLayers(const TransformerSeq2SeqConfig& config, bool reads_memory) {
    for (int64_t layer = 0; layer < config.layers; ++layer) {
      add(SequenceLayerOptions{config.size, config.heads, config.feedforward, config.dropout, reads_memory,
                               config.positions == PositionKind::relative ? config.max_distance : 0});
    }
  }
};

}  // namespace heed::detail
