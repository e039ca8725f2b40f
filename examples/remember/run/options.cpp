// Checks options: see options.h.
#include "run/options.h"

#include <algorithm>

#include "data/task_data.h"
#include "run/network.h"
#include "run/run_option.h"
#include "text/usage_error.h"

namespace remember {

namespace {

void validate_transformer(const ModelOptions& options) {
  require(options.attention == "none", "--attention", "left out with a transformer, which has its own",
          "'" + options.attention + "'");
  require(!options.bidirectional, "--bidirectional", "left out with a transformer, which sees all of its source",
          "given");
}

/// Throws UsageError that names the option for the field of the library's configuration.
[[noreturn]] void refuse(const heed::ConfigProblem& problem, const RunOptions& options) {
  const std::string key = problem.field == "num_layers" ? "layers" : problem.field == "size" ? "hidden" : problem.field;
  const auto option = std::find_if(run_options().begin(), run_options().end(),
                                   [&key](const RunOption& entry) { return entry.key == key; });
  if (option == run_options().end()) {
    throw UsageError(problem.field + ": must be " + problem.requirement + ", got " + problem.given);
  }
  throw UsageError(option->name + ": must be " + problem.requirement + ", got " + quoted(value_of(*option, options)));
}

void validate_data(const DataOptions& options) {
  if (options.task == "pairs") {
    require(!options.data.empty(), "--data", "given with --task pairs", "nothing");
    return;
  }
  require(options.data.empty(), "--data", "given with --task pairs only", "--task " + options.task);
  require(options.valid.empty(), "--valid", "given with --task pairs only", "--task " + options.task);
  require(options.test.empty(), "--test", "given with --task pairs only", "--task " + options.task);
  require(options.train_size == 0 || options.grow_lengths == 0, "--grow-lengths", "left out with --train-size",
          options.grow_lengths);
  lengths_in_steps(*find_task(options.task), options.symbols, options.train_length);
}

}  // namespace

bool is_transformer(const ModelOptions& options) { return options.cell == "transformer"; }

bool attends(const ModelOptions& options) { return is_transformer(options) || options.attention != "none"; }

bool until_plateau(const TrainingOptions& options) { return options.until == "plateau"; }

int64_t most_steps(const TrainingOptions& options) {
  return until_plateau(options) ? options.max_steps : options.steps;
}

const char* steps_option(const TrainingOptions& options) { return until_plateau(options) ? "--max-steps" : "--steps"; }

bool reads_characters(const DataOptions& options) { return options.task == "pairs" && options.source_tokens == "char"; }

void validate(const RunOptions& options) {
  for (const RunOption& option : run_options()) {
    if (option.use.has_effect(options)) {
      option.check(options);
    }
  }
  if (is_transformer(options.model)) {
    validate_transformer(options.model);
  }
  if (const auto problem = problem_of(options.model)) {
    refuse(*problem, options);
  }
  validate_data(options.data);
}

}  // namespace remember
