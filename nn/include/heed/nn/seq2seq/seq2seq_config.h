// Seq2SeqConfig: the recurrent sequence-to-sequence models of the literature by name, and the factory that makes them.
#pragma once

#include <cstdint>
#include <memory>
#include <optional>
#include <string>
#include <vector>

#include <heed/nn/attention/attention_kind.h>
#include <heed/nn/core/config_problem.h>
#include <heed/nn/seq2seq/recurrent_stack_options.h>
#include <heed/nn/seq2seq/seq2seq.h>

namespace heed {

/// Additive and location attention feed the cell (BahdanauDecoder, LocationDecoder); every other kind joins the cell's
/// output, and none leaves the fixed-length vector (RecurrentDecoder). The decoder starts from the encoder's final
/// states.
struct Seq2SeqConfig {
  int64_t source_vocabulary = 0;
  int64_t target_vocabulary = 0;
  RecurrentStackOptions stack = {};  ///< the encoder's, and but for `bidirectional` the decoder's
  AttentionKind attention = AttentionKind::additive;
  bool truncated_walk = false;  ///< location attention: LocationDecoder's `truncated`
  SpecialTokens tokens = {};
};

/// The first rule that a configuration breaks: those of its stack, special tokens within the target vocabulary, no
/// locked or recurrent dropout where what is attended to feeds the cell, no dot or scaled attention with a
/// bidirectional encoder, whose memory is twice as wide as the state.
std::optional<ConfigProblem> problem_of(const Seq2SeqConfig& config);

/// Throws ValueError for problem_of(config).
std::unique_ptr<Seq2Seq> make_seq2seq(const Seq2SeqConfig& config);

/// The encoders there are: the names of cell_kinds(), and "transformer" (transformer_seq2seq.h).
std::vector<std::string> encoder_names();

}  // namespace heed
