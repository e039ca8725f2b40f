// Seq2Seq: training with the true previous symbols, or with the model's own.
#include <heed/autograd/index.h>
#include <heed/autograd/softmax.h>
#include <heed/autograd/view.h>
#include <heed/nn/seq2seq/seq2seq.h>
#include <heed/tensor/create.h>
#include <heed/tensor/elementwise.h>
#include <heed/tensor/error.h>
#include <heed/tensor/index.h>
#include <heed/tensor/scope.h>

#include "seq2seq/decoder_run.h"
#include "seq2seq/decoding.h"

namespace heed {
namespace {

/// What the decoder is fed: bos, then the target without its last column.
Tensor shifted(const Tensor& target, int64_t bos) {
  const int64_t batch = target.size(0);
  return cat(std::vector<Tensor>{full({batch, 1}, bos, DType::int64), narrow(target, 1, 0, target.size(1) - 1)}, 1);
}

void check_sequences(const Tensor& source, const Tensor& target) {
  detail::check_source("Seq2Seq", source);
  check<DTypeError>(target.dtype() == DType::int64, "Seq2Seq", "target must be int64, got ", target.dtype());
  check<ShapeError>(target.rank() == 2 && target.size(0) == source.size(0) && target.size(1) >= 1, "Seq2Seq",
                    "target must be (B=", source.size(0), ", T) with at least one step, got ", target.shape());
}

}  // namespace

Seq2Seq::Seq2Seq(std::unique_ptr<Encoder> encoder, std::unique_ptr<Decoder> decoder, const SpecialTokens& tokens)
    : encoder_(std::move(encoder)), decoder_(std::move(decoder)), tokens_(tokens) {
  check(encoder_ != nullptr && decoder_ != nullptr, "Seq2Seq", "needs an encoder and a decoder, got a null pointer");
  check(tokens.pad >= 0 && tokens.bos >= 0 && tokens.eos >= 0 && tokens.pad != tokens.bos && tokens.bos != tokens.eos &&
            tokens.pad != tokens.eos,
        "Seq2Seq", "pad, bos and eos must be different and at least 0, got ", tokens.pad, ", ", tokens.bos, ", ",
        tokens.eos);
  register_module("encoder", *encoder_);
  register_module("decoder", *decoder_);
}

DecoderOutput Seq2Seq::forward(const Tensor& source, const Tensor& source_lengths, const Tensor& target,
                               const TeacherForcing& teacher) const {
  const NameScope scope(path());
  check_sequences(source, target);
  check(teacher.ratio >= 0 && teacher.ratio <= 1, "Seq2Seq", "the ratio of teacher forcing must be in 0 … 1, got ",
        teacher.ratio);
  const Tensor target_in = shifted(target, tokens_.bos);
  detail::DecoderRun run(*encoder_, *decoder_, source, source_lengths);
  if (teacher.ratio == 1) {
    DecoderOutput output = run.forward(target_in);
    return {record("output", std::move(output.logits)), std::move(output.weights)};
  }
  Generator& generator = teacher.generator == nullptr ? default_generator() : *teacher.generator;
  const Tensor coins = bernoulli(target_in.shape(), teacher.ratio, generator);
  return run.loop(target_in.size(1), [&](int64_t t, const Variable& logits) {
    const Tensor told = contiguous(select(target_in, 1, t));
    return t == 0 ? told : where(contiguous(select(coins, 1, t)), told, detail::most_probable(logits.value(), tokens_));
  });
}

Variable Seq2Seq::loss(const Tensor& source, const Tensor& source_lengths, const Tensor& target,
                       const TeacherForcing& teacher) const {
  const Variable logits = forward(source, source_lengths, target, teacher).logits;
  return cross_entropy(logits, target, {.ignore_index = tokens_.pad});
}

}  // namespace heed
