// Shown models: see shown_models.h.
#include "report/shown_models.h"

#include <algorithm>

#include "data/task_data.h"
#include "run/saved_run.h"
#include "run/trainer.h"
#include "run/trial.h"

namespace remember {

namespace {

constexpr int64_t kTried = 16;

/// Per problem: whether the model's output is right in full.
std::vector<bool> right_ones(Model& model, const std::vector<Problem>& problems) {
  const Evaluation evaluation = evaluate(model.decoder(), problems);
  std::vector<bool> right;
  for (size_t i = 0; i < problems.size(); ++i) {
    right.push_back(score_output(evaluation.outputs[i], problems[i]).exact == 1);
  }
  return right;
}

}  // namespace

ShownModel load_shown(const std::string& name, const RunOptions& options, const std::string& folder) {
  const std::string path = folder + '/' + kBestCheckpoint;
  return {name, options, restore_model(load_run(path), path)};
}

std::vector<ShownModel> load_shown(const std::vector<ModelResult>& models, const std::string& folder) {
  std::vector<ShownModel> shown;
  for (const ModelResult& model : models) {
    const RunResult& run = *model.runs.front();
    shown.push_back(load_shown(model.model, run.options, trial_folder(folder, run.name)));
  }
  return shown;
}

size_t first_right_of_best(const std::vector<std::vector<bool>>& right) {
  const auto best = std::max_element(right.begin(), right.end(), [](const auto& a, const auto& b) {
    return std::count(a.begin(), a.end(), true) < std::count(b.begin(), b.end(), true);
  });
  const auto first = std::find(best->begin(), best->end(), true);
  return first == best->end() ? 0 : static_cast<size_t>(first - best->begin());
}

Problem shown_problem(const std::vector<ShownModel>& models, const LengthRange& length) {
  const DataOptions& data = models.front().options.data;
  const std::vector<Problem> problems = task_problems(*find_task(data.task), data.symbols, length, Part::test, kTried);
  std::vector<std::vector<bool>> right;
  for (const ShownModel& shown : models) {
    right.push_back(right_ones(*shown.model, problems));
  }
  return problems[first_right_of_best(right)];
}

}  // namespace remember
