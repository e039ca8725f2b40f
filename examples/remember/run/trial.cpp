// Trials: see trial.h.
#include "run/trial.h"

#include <algorithm>
#include <chrono>
#include <cmath>
#include <filesystem>
#include <limits>
#include <memory>
#include <optional>

#include <heed/tensor/error.h>
#include <heed/tensor/file.h>

#include "run/data_source.h"
#include "run/json_text.h"
#include "run/option_changes.h"
#include "run/output_folder.h"
#include "run/run_option.h"
#include "run/shared_time.h"
#include "run/side_by_side.h"
#include "run/step_time.h"
#include "run/time_plan.h"
#include "run/trainer.h"
#include "run/trial_test.h"
#include "system/folder_lock.h"
#include "system/interrupt.h"
#include "text/number.h"
#include "text/usage_error.h"

namespace remember {

namespace {

using Json = nlohmann::ordered_json;
using Clock = std::chrono::steady_clock;
constexpr const char* kResultFile = "/result.json";
/// Estimates of how many steps fit differ by less than this factor.
constexpr double kManyMore = 1.25;

/// Throws UsageError unless the run has the options of the trial.
void require_same(const Trial& trial, const RunOptions& found, const std::string& folder) {
  refuse_changes(option_changes(found, trial.options), folder);
}

/// The options that were asked for.
RunOptions asked_options(const RunDescription& description, const Trial& trial) {
  RunOptions options = description.options;
  if (description.asked_steps > 0) {
    options.training.steps = description.asked_steps;
    options.training.warmup = trial.options.training.warmup;  // was lowered with the steps
  }
  return options;
}

/// Whether training came to the end that was asked for.
bool was_finished(const RunResult& result) {
  return result.converged || result.steps >= most_steps(result.options.training);
}

/// Whether the time was enough to test all pairs. Results of before it was limited do not say how many there are.
bool all_tested(const RunResult& result) {
  return !result.scores.empty() && result.scores.front().score.problems >= result.test_count;
}

/// The result of a finished trial, if its tests are those of this trial.
std::optional<RunResult> finished_result(const Trial& trial, const std::string& folder) {
  const std::string path = folder + kResultFile;
  if (!std::filesystem::exists(path)) {
    return std::nullopt;
  }
  RunResult result;
  try {
    read_json_file(path).get_to(result);
  } catch (const Json::exception& error) {
    heed::fail<heed::FileError>(path, "must be a result that remember wrote, got: ", error.what());
  } catch (const UsageError& error) {  // a value that is not allowed
    heed::fail<heed::FileError>(path, "must be a result that remember wrote, got: ", error.what());
  } catch (const heed::ValueError& error) {
    heed::fail<heed::FileError>(path, "must be a result that remember wrote, got: ", error.what());
  }
  require_same(trial, result.options, folder);
  result.options.data = trial.options.data;
  const bool is_pairs = trial.options.data.task == "pairs";
  bool same_tests =
      was_finished(result) && result.beam == trial.beam &&
      (is_pairs ? all_tested(result)
                : result.test_count == trial.test_count && result.scores.size() == trial.test_lengths.size());
  for (size_t i = 0; same_tests && !is_pairs && i < result.scores.size(); ++i) {
    same_tests = result.scores[i].length == trial.test_lengths[i] &&
                 result.scores[i].score.problems == trial.test_count;  // fewer: those that fitted into the time
  }
  return same_tests ? std::optional(result) : std::nullopt;
}

struct Trained {
  RunState state;
  int64_t steps = 0;
  TrainingCost cost;
};

/// Seconds until `end`, at least 0.
double seconds_until(Clock::time_point end) {
  return end == Clock::time_point::max() ? std::numeric_limits<double>::infinity()
                                         : std::max(0.0, std::chrono::duration<double>(end - Clock::now()).count());
}

Clock::time_point end_after(double seconds) {
  return std::isfinite(seconds)
             ? Clock::now() + std::chrono::duration_cast<Clock::duration>(std::chrono::duration<double>(seconds))
             : Clock::time_point::max();
}

/// How many of the steps fit into the time: at least 1.
int64_t fitting_steps(const RunOptions& options, double seconds) {
  const auto steps = static_cast<double>(options.training.steps);
  const double fitting = std::isfinite(seconds) ? seconds / seconds_per_step(options, seconds / 10) : steps;
  return static_cast<int64_t>(std::clamp(fitting, 1.0, steps));
}

/// A run with a fixed number of steps makes as many of them as fit, since its learning rate falls with their number. If
/// it was made shorter before and now many more fit, it starts anew: `saved` is emptied.
void fit_steps(TrainingOptions& training, std::optional<SavedRun>& saved, int64_t fitting) {
  const int64_t before = saved ? saved->description.options.training.steps : 0;
  const bool many_more = static_cast<double>(fitting) >= kManyMore * static_cast<double>(before);
  if (!saved || fitting == training.steps || many_more) {
    saved.reset();
    training.steps = fitting;
    training.warmup = std::min(training.warmup, fitting / 5);
  } else {
    training = saved->description.options.training;
  }
}

/// Trains, or goes on, to the end or as far as the time allows. Throws Interrupted.
Trained train_to_end(const Trial& trial, const std::string& folder, Progress& progress, const std::string& label,
                     double seconds) {
  const Clock::time_point end = end_after(kTrainingShare * seconds);
  RunOptions options = trial.options;
  const std::string last = folder + '/' + kLastCheckpoint;
  std::optional<SavedRun> saved;
  if (std::filesystem::exists(last)) {
    saved = load_run(last);
    require_same(trial, asked_options(saved->description, trial), folder);
  }
  const bool may_be_shorter = saved ? saved->description.asked_steps > 0 : std::isfinite(seconds);
  if (!until_plateau(options.training) && may_be_shorter) {
    fit_steps(options.training, saved, fitting_steps(options, seconds_until(end)));
    take_free_options(options, trial.options);
  }
  const bool shorter = options.training.steps < trial.options.training.steps;
  const std::unique_ptr<Dataset> dataset = open_dataset(options);
  Trainer trainer(options, *dataset, folder, progress, label, saved ? &*saved : nullptr,
                  shorter ? trial.options.training.steps : 0);
  if (trainer.run(std::numeric_limits<int64_t>::max(), seconds_until(end)) == Trainer::Ending::interrupted) {
    throw Interrupted();
  }
  return {trainer.state(), trainer.step(), trainer.cost()};
}

std::string last_line(const RunResult& result, const std::string& label) {
  const auto is_tested = [](const LengthScore& entry) { return entry.score.problems > 0; };
  const bool tested = std::any_of(result.scores.begin(), result.scores.end(), is_tested);
  std::string text = label + "  " + ending({&result}) + (tested ? "  exact" : "  not tested");
  for (const LengthScore& entry : tested ? result.scores : std::vector<LengthScore>()) {
    const int64_t tests = entry.score.problems;
    text += "  " + to_string(entry.length) + ": " + (tests == 0 ? "not tested" : percent(entry.score.exact_rate()));
    text += tests > 0 && tests < result.test_count ? " of " + std::to_string(tests) : "";
  }
  return text + "  (" + clock(result.cost.seconds) + ")";
}

std::string trial_label(const std::vector<Trial>& trials, size_t i) {
  return '[' + std::to_string(i + 1) + '/' + std::to_string(trials.size()) + "] " + trials[i].options.data.task + ' ' +
         trials[i].label + " seed " + std::to_string(trials[i].options.training.seed);
}

/// make_trial() of one that has no finished result.
RunResult train_and_test(const Trial& trial, const std::string& folder, Progress& progress, const std::string& label,
                         double seconds) {
  const Clock::time_point end = end_after(seconds);
  const std::string own = trial_folder(folder, trial.name);
  make_folder(own);
  const FolderLock lock(own);
  const Trained trained = train_to_end(trial, own, progress, label, seconds);
  RunResult result = test_trial(trial, own, seconds_until(end));
  result.cost = trained.cost;
  result.converged = trained.state.plateau.converged;
  result.steps = trained.steps;
  result.examples = trained.state.examples;
  result.multiply_adds = std::max<int64_t>(0, trained.state.multiply_adds);
  result.reached = reached_in(own + '/' + kMetricsFile);
  heed::write_file(own + kResultFile, Json(result).dump(1) + '\n');
  progress.finish(label, last_line(result, label));
  return result;
}

}  // namespace

std::string trial_folder(const std::string& folder, const std::string& name) { return folder + "/runs/" + name; }

RunResult make_trial(const Trial& trial, const std::string& folder, Progress& progress, const std::string& label,
                     double seconds) {
  if (const std::optional<RunResult> result = finished_result(trial, trial_folder(folder, trial.name))) {
    progress.finish(label, last_line(*result, label) + "  finished before");
    return *result;
  }
  return train_and_test(trial, folder, progress, label, seconds);
}

std::vector<RunResult> make_trials(const std::vector<Trial>& trials, const std::string& folder,
                                   const TrialsOptions& options) {
  std::vector<std::optional<RunResult>> results;
  std::vector<Trial> left;
  std::vector<size_t> to_make;
  Progress progress(options.quiet);
  for (size_t i = 0; i < trials.size(); ++i) {
    results.push_back(finished_result(trials[i], trial_folder(folder, trials[i].name)));
    if (results[i]) {
      const std::string label = trial_label(trials, i);
      progress.finish(label, last_line(*results[i], label) + "  finished before");
    } else {
      left.push_back(trials[i]);
      to_make.push_back(i);
    }
  }
  const size_t at_once = made_at_once(to_make.size(), options.jobs);
  SharedTime time(std::vector<double>(to_make.size(), 1.0), at_once, options.minutes);
  if (options.minutes > 0 && !options.quiet) {
    say_plan(left, options.minutes, at_once);
  }
  make_side_by_side(to_make.size(), options.jobs, [&](size_t number) {
    const size_t i = to_make[number];
    time.begin(number);
    results[i] = train_and_test(trials[i], folder, progress, trial_label(trials, i), time.seconds_left(number));
    time.end(number);
  });
  std::vector<RunResult> made;
  for (std::optional<RunResult>& result : results) {
    made.push_back(*std::move(result));
  }
  return made;
}

}  // namespace remember
