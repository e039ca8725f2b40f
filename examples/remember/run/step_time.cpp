// Measures steps: see step_time.h.
#include "run/step_time.h"

#include <algorithm>
#include <limits>
#include <memory>

#include "run/data_source.h"
#include "run/trainer.h"

namespace remember {

namespace {

/// The first updates allocate.
constexpr int64_t kNotCounted = 2;
constexpr int64_t kFewest = 5;
constexpr double kEnoughSeconds = 0.5;

}  // namespace

double seconds_per_step(RunOptions options, double most_seconds) {
  options.data.grow_lengths = 0;  // the first lengths take less time than those to come
  const std::unique_ptr<Dataset> dataset = open_dataset(options);
  Progress silent(true);
  Trainer probe(options, *dataset, "", silent);
  const double first = probe.time_steps(kNotCounted, most_seconds);
  if (first * static_cast<double>(kNotCounted + 1) >= most_seconds) {
    return first;
  }
  const double seconds = std::min(most_seconds, std::max(kEnoughSeconds, static_cast<double>(kFewest) * first));
  return probe.time_steps(std::numeric_limits<int64_t>::max(), seconds);
}

}  // namespace remember
