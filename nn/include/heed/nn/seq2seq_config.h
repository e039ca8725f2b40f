// Seq2SeqConfig: the recurrent sequence-to-sequence models of the literature by name, and the factory that makes them.
#pragma once

#include <cstdint>
#include <memory>
#include <string_view>

#include <heed/nn/recurrent_kind.h>
#include <heed/nn/seq2seq.h>

namespace heed {

/// What the decoder sees of the source beside the encoder's final state.
///   none      nothing: the fixed-length vector (Sutskever, Vinyals, Le 2014; Cho et al. 2014)
///   additive  v·tanh(W s + U h), the context feeding the cell (Bahdanau, Cho, Bengio 2015)
///   dot, general, concat  Luong, Pham, Manning 2015, section 3.1, the context joining the cell's output
///   scaled    dot over the root of the size (Vaswani et al. 2017), in Luong's arrangement
enum class AttentionKind { none, additive, dot, general, concat, scaled };

const char* name_of(AttentionKind kind);
/// Throws ValueError listing the names there are.
AttentionKind parse_attention_kind(std::string_view name);

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
};

/// Throws ValueError, naming the field, for sizes below 1, a dropout outside [0, 1), special tokens outside the target
/// vocabulary, and dot or scaled attention with a bidirectional encoder, whose memory is twice as wide as the state.
std::unique_ptr<Seq2Seq> make_seq2seq(const Seq2SeqConfig& config);

}  // namespace heed
