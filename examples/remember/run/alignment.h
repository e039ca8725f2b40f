// Alignment: whether a model attends to the source token that each token of the answer comes from.
#pragma once

#include <cstdint>
#include <vector>

#include <heed/nn/seq2seq/greedy_search.h>

#include "data/example.h"
#include "data/task.h"

namespace remember {

/// Sums over the output steps, without that of the end token.
struct Alignment {
  int64_t steps = 0;
  double mass = 0;     ///< of the weights on the right source token
  int64_t hits = 0;    ///< steps whose largest weight is on it
  double entropy = 0;  ///< of the weights, in nats

  double mass_rate() const { return steps == 0 ? 0 : mass / static_cast<double>(steps); }
  double hit_rate() const { return steps == 0 ? 0 : static_cast<double>(hits) / static_cast<double>(steps); }
  double mean_entropy() const { return steps == 0 ? 0 : entropy / static_cast<double>(steps); }

  Alignment& operator+=(const Alignment& other);
};

/// Of one output. `columns_before`: number of columns of the weights before the source's first token. All zero for an
/// output without weights.
Alignment measure_alignment(const heed::Hypothesis& output, const std::vector<int64_t>& true_places,
                            int64_t columns_before);

/// Of the outputs that evaluate() returned for these problems.
Alignment measure_alignment(const Task& task, const std::vector<Problem>& problems,
                            const std::vector<heed::Hypothesis>& outputs, int64_t columns_before);

}  // namespace remember
