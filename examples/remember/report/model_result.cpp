// Groups of results: see model_result.h.
#include "report/model_result.h"

#include <algorithm>
#include <limits>
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

std::vector<std::vector<ModelResult>> group_by_lengths(const std::vector<ModelResult>& models) {
  const auto lengths = [](const ModelResult& model) { return model.runs.front()->options.data.train_length; };
  std::vector<std::vector<ModelResult>> groups;
  for (const ModelResult& model : models) {
    const auto found = std::find_if(groups.begin(), groups.end(), [&](const std::vector<ModelResult>& group) {
      return lengths(group.front()) == lengths(model);
    });
    (found == groups.end() ? groups.emplace_back() : *found).push_back(model);
  }
  return groups;
}

std::vector<double> exact_rates(const ModelResult& model, size_t length) {
  std::vector<double> rates;
  for (const RunResult* run : model.runs) {
    if (const Score& score = run->scores[length].score; score.problems > 0) {
      rates.push_back(score.exact_rate());
    }
  }
  if (rates.empty()) {
    rates.push_back(std::numeric_limits<double>::quiet_NaN());  // there was no time for tests
  }
  return rates;
}

Spread exact_spread(const ModelResult& model, size_t length) { return spread_of(exact_rates(model, length)); }

bool converged(const ModelResult& model) {
  return std::all_of(model.runs.begin(), model.runs.end(), [](const RunResult* run) { return run->converged; });
}

bool cut_off(const ModelResult& model) {
  return std::any_of(model.runs.begin(), model.runs.end(), [](const RunResult* run) { return cut_off(*run); });
}

std::string shown_name(const ModelResult& model) { return model.model + (cut_off(model) ? " (cut off)" : ""); }

std::string ending(const ModelResult& model) { return ending(model.runs); }

}  // namespace remember
