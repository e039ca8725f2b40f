// Model: see model.h.
#include "run/model.h"

#include <algorithm>
#include <utility>

#include <heed/autograd/grad_mode.h>
#include <heed/autograd/softmax.h>
#include <heed/tensor/index.h>

#include "run/network.h"

namespace remember {

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

std::vector<std::vector<heed::Hypothesis>> Model::search(const std::vector<Tokens>& sources,
                                                         const heed::BeamOptions& options) {
  const Padded source = pad_sources(sources, source_form());
  auto outputs = heed::beam_search(*network_, source.ids, source.lengths, options);
  for (std::vector<heed::Hypothesis>& best : outputs) {
    for (heed::Hypothesis& output : best) {
      if (options_.reverse_source && output.weights.defined()) {
        output.weights = heed::flip(output.weights, {1});
      }
    }
  }
  return outputs;
}

std::vector<heed::Hypothesis> Model::decode(const std::vector<Tokens>& sources, int64_t limit, int64_t beam) {
  return decoder(beam)(sources, limit);
}

std::vector<heed::Hypothesis> Model::decode_n_best(const Tokens& source, int64_t limit, int64_t beam, int64_t n_best) {
  return std::move(search({source}, {.beam = beam, .max_length = limit, .n_best = n_best}).front());
}

Decoder Model::decoder(int64_t beam, const std::function<void()>& each_step) {
  heed::DecodingRules rules;
  if (each_step) {
    rules.push_back({"each_step", [each_step](heed::Tensor&, const heed::DecodingContext&) { each_step(); }});
  }
  return [this, beam, rules](const std::vector<Tokens>& sources, int64_t limit) {
    std::vector<heed::Hypothesis> outputs;
    for (std::vector<heed::Hypothesis>& best : search(sources, {.beam = beam, .max_length = limit, .rules = rules})) {
      outputs.push_back(std::move(best.front()));
    }
    return outputs;
  };
}

int64_t default_limit(int64_t source_length) { return 2 * source_length + 10; }

}  // namespace remember
