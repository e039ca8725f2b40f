// Trainer: one training run in its own folder. It can stop after any step and resume exactly.
#pragma once

#include <chrono>
#include <cstdint>
#include <limits>
#include <string>
#include <vector>

#include <heed/nn/core/step_cost.h>
#include <heed/nn/optim/adam.h>
#include <heed/nn/optim/lr_schedule.h>

#include "data/dataset.h"
#include "run/batch.h"
#include "run/metrics.h"
#include "run/model.h"
#include "run/progress.h"
#include "run/run_result.h"
#include "run/saved_run.h"
#include "run/validation_problems.h"

namespace remember {

/// The file of measurements in a run's folder.
inline constexpr const char* kMetricsFile = "metrics.jsonl";

class Trainer {
 public:
  /// stopped: at `stop_at`, or because the time was over.
  enum class Ending { finished, interrupted, stopped };

  /// A new run or, with `saved`, a resumed one. An empty folder: one for seconds_per_step() only. Initial parameters
  /// depend only on the seed. `dataset` and `progress` must outlive the trainer. Throws heed::FileError if the folder
  /// cannot be written or the data have changed.
  Trainer(const RunOptions& options, Dataset& dataset, const std::string& folder, Progress& progress,
          std::string label = "", const SavedRun* saved = nullptr, int64_t asked_steps = 0);

  /// Trains to the end (the last step, or convergence), to `stop_at`, for `most_seconds`, or until interrupted(), and
  /// saves the last checkpoint. When the time is over before the first validation, the best checkpoint is what there
  /// is. Throws heed::ValueError if the loss or a weight is not finite, before it is saved; heed::FileError.
  Ending run(int64_t stop_at, double most_seconds = std::numeric_limits<double>::infinity());

  /// Makes `steps` updates, fewer if they take longer than `most_seconds`, without measuring or saving anything.
  /// Returns the seconds of one. Throws heed::ValueError as run().
  double time_steps(int64_t steps, double most_seconds);

  /// What the next update will cost, but for the optimiser's part; measured, with nothing changed.
  heed::StepCost forecast();

  Model& model() { return model_; }
  int64_t step() const { return step_; }
  const RunState& state() const { return state_; }
  bool finished() const;
  /// Time of training and validation, also before a resume.
  double seconds() const;
  TrainingCost cost() const;

 private:
  double train_step();
  double gradients(const Batch& batch);
  void validate_now();
  void take_step();
  void report(bool validated, double gradient_norm);
  void save(const std::string& file);
  void save_last();
  ProgressState progress_state() const;

  RunDescription description_;
  Dataset& dataset_;
  std::string folder_;
  Progress& progress_;
  std::string label_;
  Model model_;
  std::vector<std::pair<std::string, heed::Variable>> parameters_;
  heed::Adam optimizer_;
  heed::LRSchedule schedule_;
  Metrics metrics_;
  std::vector<Problem> problems_;  // for validation
  LongestProblems longest_;
  RunState state_;
  Score validation_;
  double validation_loss_ = 0;
  Score validation_longest_;
  int64_t step_ = 0;
  int64_t first_step_ = 0;   // since the start or resume
  int64_t saved_step_ = -1;  // of the last checkpoint; -1: there is none
  double loss_ = 0;
  int64_t tokens_ = 0;           // since the start or resume
  double training_seconds_ = 0;  // since the start or resume, without validation
  double cpu_before_ = 0;
  double seconds_before_ = 0;  // of earlier calls of run()
  std::chrono::steady_clock::time_point begin_;
  double most_seconds_ = std::numeric_limits<double>::infinity();
};

}  // namespace remember
