// Sampling: searches of one hypothesis that draw their symbols.
#include <heed/nn/seq2seq/sample.h>

#include <utility>

#include <heed/tensor/error.h>

#include "seq2seq/search.h"

namespace heed {

std::vector<std::vector<Hypothesis>> sample(const Seq2Seq& model, const Tensor& source, const Tensor& source_lengths,
                                            const SampleOptions& options, Generator& generator) {
  check(options.samples >= 1, "sample", "samples must be at least 1, got ", options.samples);
  auto drawn = detail::search(
      "sample", model, source, source_lengths,
      {.max_length = options.max_length, .rules = options.rules, .samples = options.samples, .generator = &generator});
  const auto samples = static_cast<size_t>(options.samples);
  std::vector<std::vector<Hypothesis>> outputs(drawn.size() / samples);
  for (size_t i = 0; i < drawn.size(); ++i) {
    outputs[i / samples].push_back(std::move(drawn[i].front()));
  }
  return outputs;
}

}  // namespace heed
