// Greedy decoding: a beam of 1.
#include <heed/nn/seq2seq/greedy_search.h>

#include "seq2seq/search.h"

namespace heed {

std::vector<Hypothesis> greedy_search(const Seq2Seq& model, const Tensor& source, const Tensor& source_lengths,
                                      int64_t max_length, const DecodingRules& rules) {
  std::vector<Hypothesis> outputs;
  for (auto& best :
       detail::search("greedy_search", model, source, source_lengths, {.max_length = max_length, .rules = rules})) {
    outputs.push_back(std::move(best.front()));
  }
  return outputs;
}

}  // namespace heed
