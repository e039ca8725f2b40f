// Plans: see time_plan.h.
#include "run/time_plan.h"

#include <algorithm>
#include <cstdio>
#include <utility>

#include <heed/tensor/parallel.h>

#include "run/plateau.h"
#include "run/step_time.h"
#include "system/interrupt.h"
#include "text/number.h"

namespace remember {

namespace {

/// The share of the time for measuring.
constexpr double kProbeShare = 0.02;

/// The first trial of each model and task, and the number of its trials.
std::vector<std::pair<const Trial*, size_t>> by_model(const std::vector<Trial>& trials) {
  std::vector<std::pair<const Trial*, size_t>> models;
  for (const Trial& trial : trials) {
    const auto found = std::find_if(models.begin(), models.end(), [&](const auto& model) {
      return model.first->label == trial.label && model.first->options.data.task == trial.options.data.task;
    });
    if (found == models.end()) {
      models.emplace_back(&trial, 1);
    } else {
      ++found->second;
    }
  }
  return models;
}

/// The fewest updates after which a model that does not learn everything can have converged.
int64_t least_steps(const RunOptions& options) {
  return first_judged_step(options) + options.training.valid_every * least_validations(options.training.patience);
}

}  // namespace

std::string plan_line(const Trial& trial, size_t runs, double seconds_per_run, double seconds_per_step) {
  const TrainingOptions& training = trial.options.training;
  const auto fitting = static_cast<int64_t>(kTrainingShare * seconds_per_run / seconds_per_step);
  const int64_t steps = std::clamp<int64_t>(fitting, 1, most_steps(training));
  std::string line = "  " + trial.options.data.task + ' ' + trial.label + ": " + std::to_string(runs) +
                     (runs == 1 ? " run" : " runs") + " of " + (until_plateau(training) ? "up to " : "") + "about " +
                     grouped(steps) + (steps == 1 ? " step" : " steps");
  if (!until_plateau(training) && steps < training.steps) {
    line += " of " + grouped(training.steps);
  }
  if (until_plateau(training) && steps < least_steps(trial.options)) {
    line += "; too few for a plateau unless all is learned";
  }
  return line;
}

void say_plan(const std::vector<Trial>& trials, double minutes, size_t at_once) {
  if (trials.empty()) {
    return;
  }
  const auto models = by_model(trials);
  const int threads = heed::num_threads();
  heed::set_num_threads(std::max(1, threads / static_cast<int>(at_once)));
  const size_t rounds = (trials.size() + at_once - 1) / at_once;
  const double seconds_per_run = 60 * minutes / static_cast<double>(rounds);
  std::fprintf(stderr, "time: %s for %zu runs, %zu at once: about %s each, and what others leave\n",
               clock(60 * minutes).c_str(), trials.size(), at_once, clock(seconds_per_run).c_str());
  for (const auto& [trial, runs] : models) {
    stop_if_interrupted();
    const double probed =
        seconds_per_step(trial->options, kProbeShare * 60 * minutes / static_cast<double>(models.size()));
    std::fprintf(stderr, "%s\n", plan_line(*trial, runs, seconds_per_run, probed).c_str());
  }
  heed::set_num_threads(threads);
}

}  // namespace remember
