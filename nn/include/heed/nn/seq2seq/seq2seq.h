// Seq2Seq: any encoder with any decoder, and its training loss. Decoding: greedy_search.h, beam_search.h; the models of
// the literature ready made: seq2seq_config.h.
#pragma once

#include <memory>

#include <heed/nn/seq2seq/decoder.h>
#include <heed/nn/seq2seq/encoder.h>
#include <heed/tensor/random.h>

namespace heed {

/// The symbols with a meaning: what fills up short sequences, what the decoder is fed first, what ends an output.
struct SpecialTokens {
  int64_t pad = 0;
  int64_t bos = 1;
  int64_t eos = 2;
};

/// How often the decoder is fed the true previous symbol instead of its own best guess.
struct TeacherForcing {
  double ratio = 1;
  Generator* generator = nullptr;  ///< draws the coins; null: the default generator
};

class Seq2Seq : public Module {
 public:
  /// Throws ValueError for a null part and for special tokens that are negative or equal to each other.
  Seq2Seq(std::unique_ptr<Encoder> encoder, std::unique_ptr<Decoder> decoder, const SpecialTokens& tokens = {});

  /// source: int64 (B, S), source_lengths: int64 (B) or undefined; target: int64 (B, T), each sequence closed by eos
  /// and filled up with pad. The decoder is fed bos, then target without its last column. With a ratio below 1 each
  /// sequence flips a coin at each step (scheduled sampling: Bengio, Vinyals, Jaitly, Shazeer 2015) between the
  /// target's symbol and what greedy_search would write, which is not differentiated through; that takes a loop over T.
  /// Throws ShapeError, DTypeError, and ValueError for a ratio outside 0 … 1.
  DecoderOutput forward(const Tensor& source, const Tensor& source_lengths, const Tensor& target,
                        const TeacherForcing& teacher = {}) const;
  /// Mean cross-entropy of forward()'s logits over all symbols of `target` that are not pad.
  Variable loss(const Tensor& source, const Tensor& source_lengths, const Tensor& target,
                const TeacherForcing& teacher = {}) const;

  Encoder& encoder() { return *encoder_; }
  Decoder& decoder() { return *decoder_; }
  const Encoder& encoder() const { return *encoder_; }
  const Decoder& decoder() const { return *decoder_; }
  const SpecialTokens& tokens() const { return tokens_; }

 private:
  std::unique_ptr<Encoder> encoder_;
  std::unique_ptr<Decoder> decoder_;
  SpecialTokens tokens_;
};

}  // namespace heed
