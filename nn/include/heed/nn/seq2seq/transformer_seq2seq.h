// The transformer as a sequence-to-sequence model: an encoder and a decoder that fit Seq2Seq, greedy and beam search.
#pragma once

#include <cstdint>
#include <memory>
#include <optional>

#include <heed/nn/core/config_problem.h>
#include <heed/nn/core/dropout.h>
#include <heed/nn/core/embedding.h>
#include <heed/nn/seq2seq/seq2seq.h>
#include <heed/nn/transformer/position_kind.h>
#include <heed/nn/transformer/transformer_decoder.h>
#include <heed/nn/transformer/transformer_encoder.h>

namespace heed {

/// Vaswani et al. 2017, with the norms before each part (Xiong et al. 2020) and one behind the last.
struct TransformerSeq2SeqConfig {
  int64_t source_vocabulary = 0;
  int64_t target_vocabulary = 0;
  PositionKind positions = PositionKind::sinusoidal;
  int64_t num_layers = 1;  ///< of encoder and decoder
  int64_t heads = 1;
  int64_t size = 128;             ///< of all vectors
  int64_t position_range = 2048;  ///< randomized, both_ends: what positions are drawn from in training
  int64_t max_distance = 16;      ///< relative: larger distances count as this
  /// Each layer's; its dropout also acts on the embeddings. Its score term is the one that `positions` needs, if any.
  TransformerOptions layer = {.dim_feedforward = 256, .dropout = 0, .norm_first = true};
  SpecialTokens tokens = {};

  /// `layer` with that score term, and the norm after all layers.
  TransformerOptions layer_options() const;
};

/// embedding · √E and positions, TransformerEncoderLayers, a norm. The one state it hands on is (B, 2): start and
/// stride of the positions that a decoder is to give its own steps. Parts: `embedding`, `layers`, `norm`.
class TransformerSequenceEncoder : public EmbeddingEncoder {
 public:
  /// Throws ValueError as make_transformer_seq2seq().
  explicit TransformerSequenceEncoder(const TransformerSeq2SeqConfig& config);
  Variable embed(const Tensor& source) const override;
  Encoding encode(const Variable& embedded, const Tensor& lengths) const override;
  const ModuleList<TransformerEncoderLayer>& layers() const { return stack_.layers(); }

 private:
  TransformerSeq2SeqConfig config_;
  Embedding embedding_;
  Dropout dropout_;
  TransformerEncoder stack_;
};

/// embedding · √E and positions, TransformerDecoderLayers that see the steps before and the memory, a norm, logits =
/// Linear. A step computes its own keys and values alone and keeps them in the state. The weights are those of the last
/// layer, the mean over its heads. Positions that are added begin at 1: the source's begin at 0, where a mark may
/// stand. Those inside attention (relative, rotary, alibi, hard_alibi) are self-attention's alone; what is asked of the
/// memory knows of positions what self-attention has put into it. Parts: `embedding`, `layers`, `norm`, `output`.
class TransformerSequenceDecoder : public Decoder {
 public:
  /// Throws ValueError as make_transformer_seq2seq().
  explicit TransformerSequenceDecoder(const TransformerSeq2SeqConfig& config);
  DecoderState start(const Encoding& encoding) const override;
  DecoderStep step(const Tensor& tokens, const DecoderState& state) const override;
  /// In training with randomized positions these are drawn anew; else as step by step.
  DecoderOutput forward(const Tensor& target_in, const DecoderState& state) const override;
  const ModuleList<TransformerDecoderLayer>& layers() const { return stack_.layers(); }

 private:
  struct State;
  /// Continues the state by tokens (B, T) at positions (B, T).
  DecoderOutput run(const Tensor& tokens, const Tensor& positions, State& state) const;

  TransformerSeq2SeqConfig config_;
  Embedding embedding_;
  Dropout dropout_;
  Linear output_;
  TransformerDecoder stack_;
};

/// The first rule that a configuration breaks: sizes of at least 1, a size that size_unit() divides, a dropout in [0,
/// 1], special tokens within the target vocabulary.
std::optional<ConfigProblem> problem_of(const TransformerSeq2SeqConfig& config);

/// Throws ValueError for problem_of(config).
std::unique_ptr<Seq2Seq> make_transformer_seq2seq(const TransformerSeq2SeqConfig& config);

}  // namespace heed
