// Tests a trial's best checkpoint: see trial_test.h.
#include "run/trial_test.h"

#include <algorithm>
#include <memory>

#include "data/task_data.h"
#include "run/data_source.h"
#include "run/interrupt.h"
#include "run/saved_run.h"
#include "run/trainer.h"

namespace remember {

namespace {

LengthScore measure(Model& model, const std::vector<Problem>& problems, const Task* task, int64_t beam) {
  const Evaluation evaluation = evaluate(model.decoder(beam), problems);
  LengthScore entry;
  entry.score = evaluation.total;
  entry.loss = model.mean_loss(readable(problems));
  entry.by_length = evaluation.by_length;
  entry.by_position = evaluation.by_position;
  if (task != nullptr) {
    entry.alignment = measure_alignment(*task, problems, evaluation.outputs, model.options().source_marks ? 1 : 0);
  }
  return entry;
}

/// All held-out pairs, as one entry.
LengthScore measure_pairs(Model& model, RunOptions options, int64_t beam) {
  const std::unique_ptr<Dataset> dataset = open_dataset(options);
  const std::vector<Problem>& problems = dataset->validation();
  LengthScore entry = measure(model, problems, nullptr, beam);
  entry.length = {entry.by_length.begin()->first, entry.by_length.rbegin()->first};
  return entry;
}

}  // namespace

RunResult test_trial(const Trial& trial, const RunOptions& options, const std::string& run_folder) {
  const std::string path = run_folder + '/' + kBestCheckpoint;
  const SavedRun saved = load_run(path);
  const std::unique_ptr<Model> model = restore_model(saved, path);
  RunResult result;
  result.name = trial.name;
  result.options = options;
  result.model = trial.label;
  result.parameters = model->network().parameter_count();
  result.best_step = saved.checkpoint.progress.step;
  result.test_count = trial.test_count;
  result.beam = trial.beam;
  const Task* task = find_task(options.data.task);
  if (task == nullptr) {
    result.scores.push_back(measure_pairs(*model, options, trial.beam));
    return result;
  }
  for (const LengthRange& length : trial.test_lengths) {
    stop_if_interrupted();
    const auto problems = task_problems(*task, options.data.symbols, length, Part::test, trial.test_count);
    result.scores.push_back(measure(*model, problems, task, trial.beam));
    result.scores.back().length = length;
  }
  return result;
}

}  // namespace remember
