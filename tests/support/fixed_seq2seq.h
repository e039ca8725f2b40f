// A model whose scores are known: the same logits at each step, whatever it reads and is fed.
#pragma once

#include <memory>
#include <utility>
#include <vector>

#include "support/toy_seq2seq.h"

namespace heed::test {

/// Logits that are the same at each step: those given.
class FixedDecoder : public Decoder {
 public:
  explicit FixedDecoder(const std::vector<double>& logits)
      : logits_(from_vector(logits, {1, static_cast<int64_t>(logits.size())})) {}
  DecoderState start(const Encoding&) const override { return {}; }
  DecoderStep step(const Tensor& tokens, const DecoderState& state) const override {
    return {Variable(expand(logits_, {tokens.size(0), logits_.size(1)})), Variable(), state};
  }

 private:
  Tensor logits_;
};

inline std::unique_ptr<Seq2Seq> seq2seq_of(std::unique_ptr<Decoder> decoder, const SpecialTokens& tokens = {}) {
  constexpr int64_t kSourceSymbols = 5;
  return std::make_unique<Seq2Seq>(std::make_unique<ToyEncoder>(kSourceSymbols, 3, 1), std::move(decoder), tokens);
}

inline std::unique_ptr<Seq2Seq> fixed_seq2seq(const std::vector<double>& logits, const SpecialTokens& tokens = {}) {
  return seq2seq_of(std::make_unique<FixedDecoder>(logits), tokens);
}

}  // namespace heed::test
