// Model: see model.h.
#include "run/model.h"

#include <algorithm>
#include <utility>

#include <heed/autograd/grad_mode.h>
#include <heed/autograd/softmax.h>
#include <heed/nn/seq2seq/beam_search.h>
#include <heed/nn/seq2seq/seq2seq_config.h>
#include <heed/nn/seq2seq/transformer_seq2seq.h>
#include <heed/tensor/index.h>

namespace remember {

namespace {

std::unique_ptr<heed::Seq2Seq> make_transformer(const ModelOptions& options, int64_t source_size, int64_t target_size) {
  heed::TransformerSeq2SeqConfig config;
  config.source_vocabulary = source_size;
  config.target_vocabulary = target_size;
  config.positions = heed::parse_position_kind(options.positions);
  config.num_layers = options.layers;
  config.heads = options.heads;
  config.size = options.hidden;
  config.layer.dim_feedforward = 2 * options.hidden;
  config.layer.dropout = options.dropout;
  config.tokens = {kPadToken, kStartToken, kEndToken};
  return heed::make_transformer_seq2seq(config);
}

std::unique_ptr<heed::Seq2Seq> make_network(const ModelOptions& options, int64_t source_size, int64_t target_size) {
  if (options.cell == "transformer") {
    return make_transformer(options, source_size, target_size);
  }
  heed::Seq2SeqConfig config;
  config.source_vocabulary = source_size;
  config.target_vocabulary = target_size;
  config.stack.cell = heed::parse_cell_kind(options.cell);
  config.stack.embedding = options.embedding == 0 ? options.hidden : options.embedding;
  config.stack.hidden = options.hidden;
  config.stack.layers.num_layers = options.layers;
  config.stack.layers.bidirectional = options.bidirectional;
  config.stack.layers.dropout = options.dropout;
  config.attention = heed::parse_attention_kind(options.attention);
  config.tokens = {kPadToken, kStartToken, kEndToken};
  config.truncated_walk = true;
  return heed::make_seq2seq(config);
}

}  // namespace

Model::Model(const ModelOptions& options, Vocabulary source, Vocabulary target)
    : options_(options),
      source_vocabulary_(std::move(source)),
      target_vocabulary_(std::move(target)),
      network_(make_network(options, source_vocabulary_.size(), target_vocabulary_.size())) {}

heed::Variable Model::loss(const Batch& batch, double teacher_forcing, double label_smoothing) {
  const heed::DecoderOutput output =
      network_->forward(batch.source.ids, batch.source.lengths, batch.target, {.ratio = teacher_forcing});
  return heed::cross_entropy(output.logits, batch.target,
                             {.ignore_index = kPadToken, .label_smoothing = label_smoothing});
}

double Model::mean_loss(const std::vector<Problem>& problems, int64_t batch) {
  const heed::NoGrad no_grad;
  const bool was_training = network_->training();
  network_->eval();
  double sum = 0;
  int64_t count = 0;
  for (size_t begin = 0; begin < problems.size(); begin += static_cast<size_t>(batch)) {
    const size_t end = std::min(problems.size(), begin + static_cast<size_t>(batch));
    std::vector<Example> examples;
    int64_t tokens = 0;
    for (size_t i = begin; i < end; ++i) {
      examples.push_back({problems[i].source, problems[i].answers.front()});
      tokens += static_cast<int64_t>(examples.back().target.size()) + 1;
    }
    sum += static_cast<double>(tokens) * loss(make_batch(examples, source_form()), 1, 0).item();
    count += tokens;
  }
  network_->train(was_training);
  return count == 0 ? 0 : sum / static_cast<double>(count);
}

std::vector<heed::Hypothesis> Model::decode(const std::vector<Tokens>& sources, int64_t limit, int64_t beam) {
  const Padded source = pad_sources(sources, source_form());
  std::vector<heed::Hypothesis> outputs;
  if (beam == 1) {
    outputs = heed::greedy_search(*network_, source.ids, source.lengths, limit);
  } else {
    for (auto& best : heed::beam_search(*network_, source.ids, source.lengths, {.beam = beam, .max_length = limit})) {
      outputs.push_back(std::move(best.front()));
    }
  }
  for (heed::Hypothesis& output : outputs) {
    if (options_.reverse_source && output.weights.defined()) {
      output.weights = heed::flip(output.weights, {1});
    }
  }
  return outputs;
}

Decoder Model::decoder(int64_t beam) {
  return [this, beam](const std::vector<Tokens>& sources, int64_t limit) { return decode(sources, limit, beam); };
}

int64_t default_limit(int64_t source_length) { return 2 * source_length + 10; }

}  // namespace remember
