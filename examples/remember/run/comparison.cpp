// Comparison: see comparison.h.
#include "run/comparison.h"

#include "data/task_data.h"
#include "run/matched_size.h"
#include "run/model_spec.h"

namespace remember {

std::vector<RunOptions> planned_runs(const ComparisonOptions& options) {
  std::vector<RunOptions> runs;
  for (const std::string& task : options.tasks) {
    int64_t parameters = 0;  // of the first model of the task
    for (const ModelOptions& model : parse_models(options.models, options.base.model, "--models")) {
      RunOptions run = options.base;
      run.data.task = task;
      run.model = model;
      validate(run);
      if (options.match_parameters) {
        parameters = parameters == 0 ? parameter_count(run) : parameters;
        run.model.hidden = matched_hidden(run, parameters);
      }
      for (const uint64_t seed : options.seeds) {
        run.training.seed = seed;
        runs.push_back(run);
      }
    }
  }
  return runs;
}

std::vector<Trial> planned_trials(const ComparisonOptions& options) {
  std::vector<Trial> trials;
  for (const RunOptions& run : planned_runs(options)) {
    for (const LengthRange& length : options.test_lengths) {
      lengths_in_steps(*find_task(run.data.task), run.data.symbols, length);
    }
    trials.push_back({.name = run_name(run),
                      .label = model_name(run.model),
                      .options = run,
                      .test_lengths = options.test_lengths,
                      .test_count = options.test_count});
  }
  return trials;
}

std::string run_name(const RunOptions& options) {
  return options.data.task + '-' + model_name(options.model) + (options.model.reverse_source ? "-reversed" : "") +
         "-seed" + std::to_string(options.training.seed);
}

}  // namespace remember
