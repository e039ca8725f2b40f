// Seq2SeqConfig: the recurrent sequence-to-sequence models of the literature by name, and the factory that makes them.
#pragma once

#include <cstdint>
#include <memory>

#include <heed/nn/attention/attention_kind.h>
#include <heed/nn/recurrent/cell_kind.h>
#include <heed/nn/seq2seq/seq2seq.h>

namespace heed {

/// Additive and location attention feed the cell (BahdanauDecoder, LocationDecoder); every other kind joins the cell's
/// output, and none leaves the fixed-length vector (RecurrentDecoder). The decoder starts from the encoder's final
/// states.
struct Seq2SeqConfig {
  int64_t source_vocabulary = 0;
  int64_t target_vocabulary = 0;
  CellKind cell = CellKind::lstm;
  AttentionKind attention = AttentionKind::additive;
  bool bidirectional = false;
  int64_t layers = 1;
  int64_t embedding = 128;
  int64_t hidden = 128;  ///< of each direction
  double dropout = 0;    ///< on embeddings, between layers and before the output
  SpecialTokens tokens = {};
  bool truncated_walk = false;  ///< location attention: LocationDecoder's `truncated`
};

/// Throws ValueError, naming the field, for sizes below 1, a dropout outside [0, 1), special tokens outside the target
/// vocabulary, and dot or scaled attention with a bidirectional encoder, whose memory is twice as wide as the state.
std::unique_ptr<Seq2Seq> make_seq2seq(const Seq2SeqConfig& config);

}  // namespace heed
