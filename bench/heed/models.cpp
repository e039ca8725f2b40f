// W1 to W3 are Seq2Seq models; W4 puts the transformer's stacks together.
#include "heed/models.h"

#include <cmath>

#include <heed/autograd/elementwise.h>
#include <heed/autograd/softmax.h>
#include <heed/nn/core/embedding.h>
#include <heed/nn/core/linear.h>
#include <heed/nn/seq2seq/seq2seq_config.h>
#include <heed/nn/transformer/positional.h>
#include <heed/nn/transformer/transformer.h>

namespace heed::bench {
namespace {

class RecurrentModel : public Model {
 public:
  RecurrentModel(const StepSize& size, AttentionKind attention, bool bidirectional)
      : seq2seq_(make_seq2seq(
            {.source_vocabulary = size.vocabulary,
             .target_vocabulary = size.vocabulary,
             .stack = {.embedding = size.hidden, .hidden = size.hidden, .layers = {.bidirectional = bidirectional}},
             .attention = attention})) {}
  Module& module() override { return *seq2seq_; }
  Variable loss(const Sequences& batch) override { return seq2seq_->loss(batch.source, Tensor(), batch.target); }

 private:
  std::unique_ptr<Seq2Seq> seq2seq_;
};

TransformerOptions transformer_options(int64_t hidden) {
  return {.dim_feedforward = 4 * hidden, .dropout = 0, .norm_first = true};
}

class Transformer : public Module {
 public:
  explicit Transformer(const StepSize& size)
      : scale_(std::sqrt(static_cast<double>(size.hidden))),
        source_embedding_(size.vocabulary, size.hidden),
        target_embedding_(size.vocabulary, size.hidden),
        positions_(size.steps, size.hidden),
        encoder_(size.hidden, 4, 2, transformer_options(size.hidden)),
        decoder_(size.hidden, 4, 2, transformer_options(size.hidden)),
        output_(size.hidden, size.vocabulary) {
    register_module("source_embedding", source_embedding_);
    register_module("target_embedding", target_embedding_);
    register_module("encoder", encoder_);
    register_module("decoder", decoder_);
    register_module("output", output_);
  }

  Variable forward(const Tensor& source, const Tensor& target_in) {
    const Variable memory = encoder_.forward(positions_.forward(source_embedding_.forward(source) * scale_));
    const Variable target = positions_.forward(target_embedding_.forward(target_in) * scale_);
    return output_.forward(decoder_.forward(target, memory, {.target = Mask::causal()}));
  }

 private:
  double scale_;
  Embedding source_embedding_, target_embedding_;
  SinusoidalPositionalEncoding positions_;
  TransformerEncoder encoder_;
  TransformerDecoder decoder_;
  Linear output_;
};

class TransformerModel : public Model {
 public:
  explicit TransformerModel(const StepSize& size) : transformer_(size) {}
  Module& module() override { return transformer_; }
  Variable loss(const Sequences& batch) override {
    return cross_entropy(transformer_.forward(batch.source, batch.target_in), batch.target);
  }

 private:
  Transformer transformer_;
};

}  // namespace

std::unique_ptr<Model> make_model(const std::string& workload, const StepSize& size) {
  if (workload == "W1") return std::make_unique<RecurrentModel>(size, AttentionKind::none, false);
  if (workload == "W2") return std::make_unique<RecurrentModel>(size, AttentionKind::additive, true);
  if (workload == "W3") return std::make_unique<RecurrentModel>(size, AttentionKind::dot, false);
  if (workload == "W4") return std::make_unique<TransformerModel>(size);
  return nullptr;
}

}  // namespace heed::bench
