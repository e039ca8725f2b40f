// Beam search.
#include <heed/nn/seq2seq/beam_search.h>

#include <cmath>

#include <heed/tensor/error.h>

#include "seq2seq/search.h"

namespace heed {

std::vector<std::vector<Hypothesis>> beam_search(const Seq2Seq& model, const Tensor& source,
                                                 const Tensor& source_lengths, const BeamOptions& options) {
  constexpr const char* kOp = "beam_search";
  check(options.beam >= 1, kOp, "beam must be at least 1, got ", options.beam);
  check(options.n_best >= 1 && options.n_best <= options.beam, kOp, "n_best must be in 1 … beam (", options.beam,
        "), got ", options.n_best);
  check(std::isfinite(options.length_penalty) && options.length_penalty >= 0, kOp,
        "length_penalty must be finite and at least 0, got ", options.length_penalty);
  return detail::search(kOp, model, source, source_lengths,
                        {.beam = options.beam,
                         .max_length = options.max_length,
                         .length_penalty = options.length_penalty,
                         .n_best = options.n_best,
                         .rules = options.rules});
}

}  // namespace heed
