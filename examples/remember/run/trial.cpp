// Trials: see trial.h.
#include "run/trial.h"

#include <algorithm>
#include <chrono>
#include <filesystem>
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
#include "run/trainer.h"
#include "run/trial_test.h"
#include "text/number.h"
#include "text/usage_error.h"

namespace remember {

namespace {

using Json = nlohmann::ordered_json;
constexpr const char* kResultFile = "/result.json";
/// Number of steps that are timed to find how many fit into the budget.
constexpr int64_t kProbed = 12;
/// The share of a trial's minutes for training steps; the rest is for validation and tests.
constexpr double kTrainingShare = 0.8;

/// Throws UsageError unless the run has the options of the trial. With a budget it may have fewer steps.
void require_same(const Trial& trial, RunOptions found, const std::string& folder) {
  const RunOptions& wanted = trial.options;
  if (trial.minutes > 0 && found.training.steps <= wanted.training.steps) {
    found.training.steps = wanted.training.steps;
    found.training.warmup = wanted.training.warmup;
  }
  refuse_changes(option_changes(found, wanted), folder);
}

/// The result of a finished trial, if its tests are those of this trial.
std::optional<RunResult> finished_result(const Trial& trial, const std::string& folder) {
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
  require_same(trial, result.options, folder);
  result.options.data = trial.options.data;
  const bool is_pairs = trial.options.data.task == "pairs";
  bool same_tests =
      result.beam == trial.beam &&
      (is_pairs || (result.test_count == trial.test_count && result.scores.size() == trial.test_lengths.size()));
  for (size_t i = 0; same_tests && !is_pairs && i < result.scores.size(); ++i) {
    same_tests = result.scores[i].length == trial.test_lengths[i];
  }
  return same_tests ? std::optional(result) : std::nullopt;
}

/// Number of steps that fit into that time, estimated from a few: at least 1, at most that of the options.
int64_t affordable_steps(RunOptions options, Dataset& dataset, const std::string& folder, double seconds) {
  using Clock = std::chrono::steady_clock;
  if (options.training.steps <= kProbed) {
    return options.training.steps;
  }
  options.training.valid_every = options.training.checkpoint_every = options.training.steps;
  Progress silent(true);
  Trainer probe(options, dataset, folder, silent);
  probe.run(2);
  const Clock::time_point begin = Clock::now();
  probe.run(kProbed);
  const double one = std::chrono::duration<double>(Clock::now() - begin).count() / static_cast<double>(kProbed - 2);
  for (const char* file : {kLastCheckpoint, kMetricsFile}) {
    std::filesystem::remove(folder + '/' + file);
  }
  return std::clamp<int64_t>(static_cast<int64_t>(seconds / one), 1, options.training.steps);
}

struct Trained {
  RunOptions options;
  RunState state;
  int64_t steps = 0;
  TrainingCost cost;
};

/// Trains, or goes on, to the last step. Throws Interrupted.
Trained train_to_end(const Trial& trial, const std::string& folder, Progress& progress, const std::string& label) {
  make_folder(folder);
  RunOptions options = trial.options;
  const std::string last = folder + '/' + kLastCheckpoint;
  std::optional<SavedRun> saved;
  if (std::filesystem::exists(last)) {
    saved = load_run(last);
    require_same(trial, saved->description.options, folder);
    options = saved->description.options;
    options.data = trial.options.data;
  }
  const std::unique_ptr<Dataset> dataset = open_dataset(options);
  if (!saved && trial.minutes > 0) {
    options.training.steps = affordable_steps(options, *dataset, folder, kTrainingShare * 60 * trial.minutes);
    options.training.warmup = std::min(options.training.warmup, options.training.steps / 5);
  }
  Trainer trainer(options, *dataset, folder, progress, label, saved ? &*saved : nullptr);
  if (trainer.run(std::numeric_limits<int64_t>::max()) != Trainer::Ending::finished) {
    throw Interrupted();
  }
  return {options, trainer.state(), trainer.step(), trainer.cost()};
}

std::string last_line(const RunResult& result, const std::string& label) {
  std::string text = label + "  exact";
  for (const LengthScore& entry : result.scores) {
    text += "  " + to_string(entry.length) + ": " + percent(entry.score.exact_rate());
  }
  return text + "  (" + clock(result.cost.seconds) + ")";
}

}  // namespace

std::string trial_folder(const std::string& folder, const std::string& name) { return folder + "/runs/" + name; }

RunResult make_trial(const Trial& trial, const std::string& folder, Progress& progress, const std::string& label) {
  const std::string own = trial_folder(folder, trial.name);
  std::optional<RunResult> result = finished_result(trial, own);
  const bool was_there = result.has_value();
  if (!was_there) {
    const Trained trained = train_to_end(trial, own, progress, label);
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

std::vector<RunResult> make_trials(const std::vector<Trial>& trials, const std::string& folder, bool quiet) {
  std::vector<RunResult> results(trials.size());
  Progress progress(quiet);
  make_side_by_side(trials.size(), [&](size_t i) {
    const Trial& trial = trials[i];
    const std::string label = '[' + std::to_string(i + 1) + '/' + std::to_string(trials.size()) + "] " +
                              trial.options.data.task + ' ' + trial.label + " seed " +
                              std::to_string(trial.options.training.seed);
    results[i] = make_trial(trial, folder, progress, label);
  });
  return results;
}

}  // namespace remember
