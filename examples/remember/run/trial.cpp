// Trials: see trial.h.
#include "run/trial.h"

#include <algorithm>
#include <cmath>
#include <filesystem>
#include <iterator>
#include <limits>
#include <memory>
#include <optional>

#include <heed/tensor/error.h>
#include <heed/tensor/file.h>

#include "run/data_source.h"
#include "run/interrupt.h"
#include "run/option_changes.h"
#include "run/output_folder.h"
#include "run/side_by_side.h"
#include "run/step_time.h"
#include "run/time_budget.h"
#include "run/time_plan.h"
#include "run/trainer.h"
#include "run/trial_test.h"
#include "text/number.h"
#include "text/usage_error.h"

namespace remember {

namespace {

using Json = nlohmann::ordered_json;
constexpr const char* kResultFile = "/result.json";
/// Throws UsageError unless the run has the options of the trial. In bounded time it may have fewer steps.
void require_same(const Trial& trial, RunOptions found, const std::string& folder, double seconds) {
  const RunOptions& wanted = trial.options;
  if (std::isfinite(seconds) && found.training.steps <= wanted.training.steps) {
    found.training.steps = wanted.training.steps;
    found.training.warmup = wanted.training.warmup;
  }
  refuse_changes(option_changes(found, wanted), folder);
}

/// Whether training came to its end, which may be the steps that fitted into the time.
bool was_finished(const RunResult& result) {
  return result.converged || result.steps >= most_steps(result.options.training);
}

/// The result of a finished trial, if its tests are those of this trial.
std::optional<RunResult> finished_result(const Trial& trial, const std::string& folder, double seconds) {
  const std::string path = folder + kResultFile;
  if (!std::filesystem::exists(path)) {
    return std::nullopt;
  }
  RunResult result;
  try {
    Json::parse(heed::read_file(path)).get_to(result);
  } catch (const Json::exception& error) {
    heed::fail<heed::FileError>(path, "must be a result that remember wrote, got: ", error.what());
  } catch (const UsageError& error) {  // a value that is not allowed
    heed::fail<heed::FileError>(path, "must be a result that remember wrote, got: ", error.what());
  }
  require_same(trial, result.options, folder, seconds);
  result.options.data = trial.options.data;
  const bool is_pairs = trial.options.data.task == "pairs";
  bool same_tests =
      was_finished(result) && result.beam == trial.beam &&
      (is_pairs || (result.test_count == trial.test_count && result.scores.size() == trial.test_lengths.size()));
  for (size_t i = 0; same_tests && !is_pairs && i < result.scores.size(); ++i) {
    same_tests = result.scores[i].length == trial.test_lengths[i];
  }
  return same_tests ? std::optional(result) : std::nullopt;
}

struct Trained {
  RunOptions options;
  RunState state;
  int64_t steps = 0;
  TrainingCost cost;
};

/// Fewer steps if they would take longer than `seconds`: at least 1.
void shorten(TrainingOptions& training, double seconds, double seconds_per_step) {
  const double steps = std::min(seconds / seconds_per_step, static_cast<double>(training.steps));
  training.steps = std::max<int64_t>(1, static_cast<int64_t>(steps));
  training.warmup = std::min(training.warmup, training.steps / 5);
}

/// Trains, or goes on, to the end or as far as the time allows. Throws Interrupted.
Trained train_to_end(const Trial& trial, const std::string& folder, Progress& progress, const std::string& label,
                     double seconds) {
  make_folder(folder);
  RunOptions options = trial.options;
  const std::string last = folder + '/' + kLastCheckpoint;
  std::optional<SavedRun> saved;
  if (std::filesystem::exists(last)) {
    saved = load_run(last);
    require_same(trial, saved->description.options, folder, seconds);
    options = saved->description.options;
    options.data = trial.options.data;
  }
  const std::unique_ptr<Dataset> dataset = open_dataset(options);
  seconds *= kTrainingShare;
  if (!until_plateau(options.training)) {
    if (!saved && std::isfinite(seconds)) {
      shorten(options.training, seconds, seconds_per_step(options, folder + "/probe", seconds / 10));
    }
    seconds = std::numeric_limits<double>::infinity();
  }
  Trainer trainer(options, *dataset, folder, progress, label, saved ? &*saved : nullptr);
  if (trainer.run(std::numeric_limits<int64_t>::max(), seconds) == Trainer::Ending::interrupted) {
    throw Interrupted();
  }
  return {options, trainer.state(), trainer.step(), trainer.cost()};
}

std::string last_line(const RunResult& result, const std::string& label) {
  std::string text = label + "  " + ending(result) + "  exact";
  for (const LengthScore& entry : result.scores) {
    text += "  " + to_string(entry.length) + ": " + percent(entry.score.exact_rate());
  }
  return text + "  (" + clock(result.cost.seconds) + ")";
}

std::string trial_label(const std::vector<Trial>& trials, size_t i) {
  return '[' + std::to_string(i + 1) + '/' + std::to_string(trials.size()) + "] " + trials[i].options.data.task + ' ' +
         trials[i].label + " seed " + std::to_string(trials[i].options.training.seed);
}

}  // namespace

std::string trial_folder(const std::string& folder, const std::string& name) { return folder + "/runs/" + name; }

RunResult make_trial(const Trial& trial, const std::string& folder, Progress& progress, const std::string& label,
                     double seconds) {
  const std::string own = trial_folder(folder, trial.name);
  std::optional<RunResult> result = finished_result(trial, own, seconds);
  const bool was_there = result.has_value();
  if (!was_there) {
    const Trained trained = train_to_end(trial, own, progress, label, seconds);
    result = test_trial(trial, trained.options, own);
    result->cost = trained.cost;
    result->converged = trained.state.plateau.converged;
    result->steps = trained.steps;
    result->examples = trained.state.examples;
    result->multiply_adds = trained.state.multiply_adds;
    result->reached = reached_in(own + '/' + kMetricsFile);
    heed::write_file(own + kResultFile, Json(*result).dump(1) + '\n');
  }
  progress.finish(label, last_line(*result, label) + (was_there ? "  finished before" : ""));
  return *result;
}

std::vector<RunResult> make_trials(const std::vector<Trial>& trials, const std::string& folder,
                                   const TrialsOptions& options) {
  std::vector<RunResult> results(trials.size());
  std::vector<size_t> to_make;
  Progress progress(options.quiet);
  const double limit = options.minutes > 0 ? 60 * options.minutes : std::numeric_limits<double>::infinity();
  for (size_t i = 0; i < trials.size(); ++i) {
    if (finished_result(trials[i], trial_folder(folder, trials[i].name), limit)) {
      results[i] = make_trial(trials[i], folder, progress, trial_label(trials, i), limit);
    } else {
      to_make.push_back(i);
    }
  }
  const size_t at_once = made_at_once(to_make.size(), options.jobs);
  TimeBudget budget(options.minutes, to_make.size(), at_once);
  if (options.minutes > 0 && !options.quiet) {
    std::vector<Trial> left;
    std::transform(to_make.begin(), to_make.end(), std::back_inserter(left), [&](size_t i) { return trials[i]; });
    say_plan(left, folder, options.minutes, at_once);
  }
  make_side_by_side(to_make.size(), options.jobs, [&](size_t number) {
    const size_t i = to_make[number];
    results[i] = make_trial(trials[i], folder, progress, trial_label(trials, i), budget.next());
  });
  return results;
}

}  // namespace remember
