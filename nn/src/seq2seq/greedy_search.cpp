// Greedy decoding of a batch; sequences that have ended leave it.
#include <heed/nn/seq2seq/greedy_search.h>

#include <algorithm>
#include <numeric>

#include <heed/tensor/error.h>
#include <heed/tensor/view.h>

#include "seq2seq/decoder_run.h"
#include "seq2seq/decoding.h"

namespace heed {
namespace {

/// A sequence in the making.
struct Growing {
  Hypothesis hypothesis;
  std::vector<Tensor> weights;
};

/// Appends the best symbol to the sequence of each row; returns the rows that go on.
std::vector<int64_t> extend(std::vector<Growing>& growing, const std::vector<int64_t>& sources, const DecoderStep& step,
                            const SpecialTokens& tokens) {
  const Tensor log_p = detail::log_probabilities("greedy_search", step.logits.value(), tokens);
  const int64_t symbols = log_p.size(1);
  std::vector<int64_t> going_on;
  for (size_t row = 0; row < sources.size(); ++row) {
    const double* scores = log_p.data<double>() + static_cast<int64_t>(row) * symbols;
    const int64_t best = std::max_element(scores, scores + symbols) - scores;
    Growing& sequence = growing[static_cast<size_t>(sources[row])];
    sequence.hypothesis.log_probability += scores[best];
    if (step.weights.defined()) {
      sequence.weights.push_back(select(step.weights.value(), 0, static_cast<int64_t>(row)));
    }
    if (best == tokens.eos) {
      sequence.hypothesis.ended = true;
    } else {
      sequence.hypothesis.tokens.push_back(best);
      going_on.push_back(static_cast<int64_t>(row));
    }
  }
  return going_on;
}

}  // namespace

std::vector<Hypothesis> greedy_search(Seq2Seq& model, const Tensor& source, const Tensor& source_lengths,
                                      int64_t max_length) {
  detail::check_source("greedy_search", source);
  check(max_length >= 1, "greedy_search", "max_length must be at least 1, got ", max_length);
  const detail::DecodingScope scope(model);
  std::vector<Growing> growing(static_cast<size_t>(source.size(0)));
  std::vector<int64_t> sources(growing.size());
  std::iota(sources.begin(), sources.end(), 0);
  std::vector<int64_t> inputs(growing.size(), model.tokens().bos);
  detail::DecoderRun run(model.encoder(), model.decoder(), source, source_lengths);
  for (int64_t length = 0; length < max_length && !sources.empty(); ++length) {
    const DecoderStep step = run.step(detail::index_tensor(inputs));
    const std::vector<int64_t> going_on = extend(growing, sources, step, model.tokens());
    if (going_on.size() < sources.size()) {
      run.select(detail::index_tensor(going_on));
    }
    inputs.clear();
    for (size_t i = 0; i < going_on.size(); ++i) {
      sources[i] = sources[static_cast<size_t>(going_on[i])];
      inputs.push_back(growing[static_cast<size_t>(sources[i])].hypothesis.tokens.back());
    }
    sources.resize(going_on.size());
  }
  const std::vector<int64_t> lengths = detail::lengths_or(source_lengths, source.size(0), source.size(1));
  std::vector<Hypothesis> result;
  for (size_t i = 0; i < growing.size(); ++i) {
    Hypothesis& hypothesis = growing[i].hypothesis;
    hypothesis.score = hypothesis.log_probability;
    hypothesis.weights = detail::attention_map(growing[i].weights, lengths[i]);
    result.push_back(std::move(hypothesis));
  }
  return result;
}

}  // namespace heed
