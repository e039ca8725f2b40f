// Products of the models, counted by hand. B batch, T steps, H hidden, V vocabulary.
#include "driver/operations.h"

#include <stdexcept>

namespace heed::bench {

double step_operations(const std::string& workload, const StepSize& size) {
  const double positions = static_cast<double>(size.batch * size.steps);
  const double steps = static_cast<double>(size.steps), hidden = static_cast<double>(size.hidden);
  const double vocabulary = static_cast<double>(size.vocabulary);
  // Of one position each: (H → H) products, (T × H) products, (H → V) products.
  double square = 0, attending = 0, logits = 1;
  if (workload == "W1") {
    square = 8 + 8;  // 4 gates from input and state, in encoder and decoder
  } else if (workload == "W2") {
    square = 16 + 16 + 2 + 1;  // two directions; gates from [embedding; context; state]; U h; W s
    attending = 1 + 2;         // scores; context of 2H
    logits = 3;                // from [s; context]
  } else if (workload == "W3") {
    square = 8 + 8 + 2;  // and the combination of [context; s]
    attending = 1 + 1;
  } else if (workload == "W4") {
    square = 2 * (4 + 8) + 2 * (4 + 4 + 8);  // projections and feed-forward, in encoder and decoder
    attending = 2 * 2 + 2 * (2 + 2);
  } else {
    throw std::invalid_argument("no such workload: " + workload);
  }
  const double forward = 2 * positions * hidden * (square * hidden + attending * steps + logits * vocabulary);
  return 3 * forward;
}

}  // namespace heed::bench
