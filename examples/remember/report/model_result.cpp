// Groups of results: see model_result.h.
#include "report/model_result.h"

#include <algorithm>
#include <utility>

namespace remember {

std::vector<ModelResult> group_by_model(const std::vector<RunResult>& results) {
  std::vector<ModelResult> models;
  for (const RunResult& result : results) {
    const auto found = std::find_if(models.begin(), models.end(), [&](const ModelResult& model) {
      return model.task == result.options.data.task && model.model == result.model;
    });
    if (found == models.end()) {
      models.push_back({result.options.data.task, result.model, {&result}});
    } else {
      found->runs.push_back(&result);
    }
  }
  return models;
}

std::vector<std::vector<ModelResult>> group_by_task(const std::vector<RunResult>& results) {
  std::vector<std::vector<ModelResult>> tasks;
  for (ModelResult& model : group_by_model(results)) {
    const auto found = std::find_if(tasks.begin(), tasks.end(), [&](const std::vector<ModelResult>& task) {
      return task.front().task == model.task;
    });
    (found == tasks.end() ? tasks.emplace_back() : *found).push_back(std::move(model));
  }
  return tasks;
}

Spread exact_spread(const ModelResult& model, size_t length) {
  Spread spread{0, 1, 0};
  for (const RunResult* run : model.runs) {
    const double rate = run->scores[length].score.exact_rate();
    spread.mean += rate / static_cast<double>(model.runs.size());
    spread.least = std::min(spread.least, rate);
    spread.most = std::max(spread.most, rate);
  }
  return spread;
}

}  // namespace remember
